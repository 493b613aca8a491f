"""Differential: each upline is paid the part of its rate that nobody below has had (1.6).

Three forms that agree while rates never fall going up. `source` follows each member's volume up and
pays every rise of the rate. `legs` pays per front-line leg the difference to the leg's rate, nothing
where it is negative. `group` is the same without that floor: what the legs earn more is taken off,
and only the sum is kept from falling below nothing.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.skipping import passed_over, skip_unpaid
from mlm_plugin.plan.document.bonuses import Differential
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, align, plain_number
from mlm_plugin.plan.trees import Rows

BLOCKED = "blocked"


@dataclass
class Walkers:
    """The volume on its way up: whose it is, who was paid last, and the rate paid so far."""

    source: Rows
    here: Rows
    had: Column


@dataclass(frozen=True)
class Rates:
    """Everybody's rate, in units of `places` decimals, and the highest sum one source brings."""

    rates: Column
    places: int
    most: int


def calculate(bench: Bench) -> Lines:
    """Lines of a differential bonus; level 0 is the source's own rate."""
    bonus = bench.bonus
    assert isinstance(bonus, Differential)
    if bonus.form == "source":
        _follow_sources(bench, bonus)
    else:
        _compare_legs(bench, bonus)
    return bench.finish()


def _follow_sources(bench: Bench, bonus: Differential) -> None:
    tree, base = bench.tree, bench.numbers("base")
    rate = bench.numbers("rate")
    start = rate if bonus.start is None else bench.numbers("start")
    # A bound, or what is reserved, may be finer than the rates, and stays as it is written.
    finest = max(Numbers.places_of(each) for each in (bonus.most or Decimal(0), bonus.reserve))
    rate = rate.to_places(max(rate.places, finest))
    rates, starts, places = align(rate, start)
    most = _bound(bonus, places)
    rates, starts = np.minimum(rates, most), np.minimum(starts, most)
    sources = bench.sources(base)
    if bonus.own:
        own = Pairs.make(payee=sources, source=sources, level=0, base=base)
        bench.settle(own, Numbers(starts[sources], places))
    walkers = Walkers(sources, sources.copy(), starts[sources])
    ladder = Rates(rates, places, most)
    if bonus.reserve:
        walkers = _pay_first_upline(bench, bonus, base, walkers, ladder)
    # Whoever had a rate goes on to the next higher one, so lowest rates first meets everybody
    # again at the rate just reached, and each rate is looked up once for all.
    for value in sorted({*np.unique(rates).tolist(), *np.unique(walkers.had).tolist()}):
        waiting = np.flatnonzero(walkers.had == value)
        if not len(waiting) or (value >= most and not bench.wants_skips):
            continue
        above = tree.nearest_above(rates > value)[walkers.here[waiting]]
        sources = walkers.source[waiting]
        if bench.wants_skips:
            passed = Pairs.make(payee=walkers.here[waiting], source=sources, level=0, base=base)
            _note_blocked(bench, passed, above, ladder, had=value)
        going = above >= 0
        waiting, sources, above = waiting[going], sources[going], above[going]
        levels = tree.depth[sources] - tree.depth[above]
        pairs = Pairs.make(payee=above, source=sources, level=levels, base=base)
        bench.settle(pairs, Numbers(rates[above] - value, places))
        walkers.here[waiting], walkers.had[waiting] = above, rates[above]


def _bound(bonus: Differential, places: int) -> int:
    if bonus.most is None:
        return 2**62
    return int(Numbers.constant(bonus.most).to_places(places).values)


def _pay_first_upline(
    bench: Bench, bonus: Differential, base: Numbers, walkers: Walkers, ladder: Rates
) -> Walkers:
    """The first upline, for whom a share may be kept back (the father's courtesy, 1.6)."""
    father = bench.tree.parent[walkers.source]
    going = father >= 0
    source, father, had = walkers.source[going], father[going], walkers.had[going]
    env = bench.computation.environment({"member": father}, len(father))
    kept_back = as_truths(bench.computation.plan.formula(f"{bench.place}.reserve_when"), env)
    reserve = int(Numbers.constant(bonus.reserve).to_places(ladder.places).values)
    gain = ladder.rates[father] - had
    had = had + np.where((gain <= 0) | kept_back, reserve, 0)
    paid = np.clip(np.minimum(gain, ladder.most - had), 0, None)
    due = np.flatnonzero(paid > 0)
    pairs = Pairs.make(payee=father[due], source=source[due], level=1, base=base)
    bench.settle(pairs, Numbers(paid[due], ladder.places))
    return Walkers(source, father.copy(), np.minimum(had + paid, ladder.most))


def _note_blocked(bench: Bench, pairs: Pairs, above: Rows, ladder: Rates, *, had: int) -> None:
    """Skips of the uplines on the way whose rate is no higher than what was paid already."""
    depth = bench.tree.depth
    for passed in passed_over(bench, pairs, above):
        levels = depth[passed.source] - depth[passed.payee]
        _skip_blocked(
            bench, replace(passed, level=levels),
            Numbers(ladder.rates[passed.payee], ladder.places), had=had,
        )  # fmt: skip


def _skip_blocked(bench: Bench, pairs: Pairs, rates: Numbers, *, had: int) -> None:
    """Whoever has a rate was blocked by those below; whoever has none would not be paid anyway."""
    has_rate = np.flatnonzero(rates.values > 0)
    reason = Reason(BLOCKED, plain_number(had, rates.places))
    bench.skip(pairs.at(has_rate), rates.at(has_rate), reason)
    without = np.flatnonzero(rates.values <= 0)
    skip_unpaid(bench, pairs.at(without), rates.at(without))


def _compare_legs(bench: Bench, bonus: Differential) -> None:
    tree = bench.tree
    rate = bench.numbers("rate")
    group = bench.numbers("group")
    own = Numbers(group.values - tree.sum_children(group.values), group.places)
    legs = np.flatnonzero((tree.parent >= 0) & (group.values != 0))
    payee = tree.parent[legs]
    difference = rate.values[payee] - rate.values[legs]
    if bonus.form == "legs":
        difference = np.maximum(difference, 0)
        held = np.ones(tree.size, dtype=bool)
    else:
        # Own part and differences with their signs add up to own rate × group minus the legs'.
        whole = (rate * group).values - tree.sum_children((rate * group).values)
        held = whole > 0
    members = np.flatnonzero((own.values != 0) & held)
    if bonus.own:
        pairs = Pairs.make(payee=members, source=members, level=0, base=own)
        bench.settle(pairs, rate.at(members))
    kept = np.flatnonzero(held[payee])
    level = kept[(difference[kept] == 0) & (rate.values[payee[kept]] > 0)]
    if bench.wants_skips:
        for had in np.unique(rate.values[legs[level]]).tolist():
            rows = level[rate.values[legs[level]] == had]
            pairs = Pairs.make(payee=payee[rows], source=legs[rows], level=1, base=group)
            _skip_blocked(bench, pairs, rate.at(payee[rows]), had=had)
    kept = np.setdiff1d(kept, level, assume_unique=True)
    pairs = Pairs.make(payee=payee[kept], source=legs[kept], level=1, base=group)
    bench.settle(pairs, Numbers(difference[kept], rate.places))
