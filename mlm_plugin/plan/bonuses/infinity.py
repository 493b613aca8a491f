"""Infinity: a rate on all depth below, until somebody of the same standing blocks it (1.7).

The way up begins at the `first_level`-th upline, or at the `first_generation`-th leader above the
source's own group. Uplines without a rate are passed over. `full`: each is paid its whole rate, and
only while it is higher than the one paid before (or no lower, where only a higher one blocks); the
first that is blocked ends the walk. `difference`: each is paid what its rate is above the one paid
before, and who is not higher is passed over. The rates paid on one source never sum to more than
`most`. With `inside_blocker` the first that is blocked is still paid on the upper levels of the branch
of who blocks it (a last generation, as where an infinity ends at the blocker's own ninth level).
"""

from dataclasses import dataclass, replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.bonuses import Infinity
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.trees import NOBODY, Rows, Truths

INSIDE = Reason("inside_blocker")


def calculate(bench: Bench) -> Lines:
    """Lines of an infinity bonus; `level` counts the uplines up to the payee."""
    bonus = bench.bonus
    assert isinstance(bonus, Infinity)
    tree, base, rate = bench.tree, bench.numbers("base"), bench.numbers("rate")
    if bonus.most is not None:
        # A bound finer than the rates stays as it is written.
        rate = rate.to_places(max(rate.places, Numbers.places_of(bonus.most)))
    most = _bound(bonus, rate)
    source, here = _start(bench, bonus, bench.sources(base))
    before = np.zeros(len(source), dtype=np.int64)
    left = np.full(len(source), most, dtype=np.int64)
    if bonus.accumulator == "difference" and bench.pays:
        # Awards stand in the same order whether skips are asked for or not.
        paying = replace(bench, wants_skips=False)
        _pay_rises(paying, Way(source, here, before.copy(), left.copy()), base, rate)
        lines = paying.finish()
        if not bench.wants_skips:
            return lines
        return replace(lines, skips=calculate(replace(bench, pays=False)).skips)
    if bonus.blocked_by == "same":
        _pay_each_rate_once(bench, source, here, base, rate=rate, left=left)
        return bench.finish()
    earning = tree.nearest_above(rate.values > 0)
    # Who was paid last and so blocks the next; nobody at first.
    blocker = np.full(len(source), NOBODY, dtype=np.int64)
    while len(source):
        above = earning[here]
        going = (above >= 0) & (left > 0)
        source, here, before, left = source[going], above[going], before[going], left[going]
        blocker = blocker[going]
        gained = _gained(bonus, rate.values[here], before, left)
        due = np.flatnonzero(gained > 0)
        levels = tree.depth[source[due]] - tree.depth[here[due]]
        pairs = Pairs.make(payee=here[due], source=source[due], level=levels, base=base)
        bench.settle(pairs, Numbers(gained[due], rate.places))
        inside = _inside(bench, bonus, source, blocker) & (gained <= 0)
        last = np.flatnonzero(inside)
        if len(last):
            levels = tree.depth[source[last]] - tree.depth[here[last]]
            pairs = Pairs.make(payee=here[last], source=source[last], level=levels, base=base)
            whole = np.minimum(rate.values[here[last]], left[last])
            bench.settle(pairs, Numbers(whole, rate.places), INSIDE)
        if bench.wants_skips:
            out = np.flatnonzero(~inside)
            _note_blocked(
                bench, source[out], here[out], base, rate=rate, before=before[out],
                gained=gained[out],
            )  # fmt: skip
        if bonus.accumulator == "full":
            # Who is blocked by the one before ends the walk for good.
            source, here = source[due], here[due]
            before, left, blocker = rate.values[here], (left - gained)[due], here
        else:
            before, left = np.maximum(before, rate.values[here]), left - gained
    return bench.finish()


def _pay_each_rate_once(
    bench: Bench, source: Rows, here: Rows, base: Numbers, *, rate: Numbers, left: Column
) -> None:
    """On the way up the first of each rate is paid; who has a rate that was paid before is blocked."""
    tree = bench.tree
    earning = tree.nearest_above(rate.values > 0)
    number = np.searchsorted(np.unique(rate.values), rate.values)
    seen = np.zeros((len(source), int(number.max(initial=0)) + 1), dtype=bool)
    while len(source):
        above = earning[here]
        going = (above >= 0) & (left > 0)
        source, here, left, seen = source[going], above[going], left[going], seen[going]
        which = number[here]
        each = np.arange(len(source))
        is_new = ~seen[each, which]
        seen[each, which] = True
        due, blocked = np.flatnonzero(is_new), np.flatnonzero(~is_new)
        worth = np.minimum(rate.values[here], left)
        levels = tree.depth[source] - tree.depth[here]
        pairs = Pairs.make(payee=here, source=source, level=levels, base=base)
        bench.settle(pairs.at(due), Numbers(worth[due], rate.places))
        for had in np.unique(rate.values[here[blocked]]).tolist():
            rows = blocked[rate.values[here[blocked]] == had]
            reason = Reason("blocked", plain_number(had, rate.places))
            bench.skip(pairs.at(rows), rate.at(here[rows]), reason)
        left = np.where(is_new, left - worth, left)


def _inside(bench: Bench, bonus: Infinity, source: Rows, blocker: Rows) -> Truths:
    """Which sources stand on the levels below a blocker that are still paid to who is blocked."""
    if bonus.inside_blocker is None:
        return np.zeros(len(source), dtype=bool)
    depth = bench.tree.depth[source] - bench.tree.depth[np.maximum(blocker, 0)]
    return np.asarray((blocker != NOBODY) & (depth <= bonus.inside_blocker))


@dataclass
class Way:
    """Volume on its way up: whose it is, who was reached, the rate paid last, what may be paid yet."""

    source: Rows
    here: Rows
    before: Column
    left: Column


def _start(bench: Bench, bonus: Infinity, source: Rows) -> tuple[Rows, Rows]:
    """The sources, and for each the member right above whom the first payee may stand."""
    tree, leaders = bench.tree, bench.truths("boundary")
    if leaders is None:
        here, further, steps = source.copy(), tree.parent, bonus.first_level - 1
    else:
        here, further = tree.head_of_group(leaders)[source], tree.nearest_above(leaders)
        steps = bonus.first_generation - 1
    for _step in range(steps):
        source, here = source[here >= 0], here[here >= 0]
        here = further[here]
    return source[here >= 0], here[here >= 0]


def _pay_rises(bench: Bench, way: Way, base: Numbers, rate: Numbers) -> None:
    """Each rise of the rate. Lowest rates first, so each is looked up once for all who had it."""
    tree = bench.tree
    for had in sorted({0, *np.unique(rate.values[rate.values > 0]).tolist()}):
        waiting = np.flatnonzero((way.before == had) & (way.left > 0))
        if not len(waiting):
            continue
        above = tree.nearest_above(rate.values > had)[way.here[waiting]]
        waiting, above = waiting[above >= 0], above[above >= 0]
        source = way.source[waiting]
        gained = np.minimum(rate.values[above] - had, way.left[waiting])
        levels = tree.depth[source] - tree.depth[above]
        pairs = Pairs.make(payee=above, source=source, level=levels, base=base)
        bench.settle(pairs, Numbers(gained, rate.places))
        way.here[waiting], way.before[waiting] = above, rate.values[above]
        way.left[waiting] -= gained


def _bound(bonus: Infinity, rate: Numbers) -> int:
    if bonus.most is None:
        return 2**62
    return int(Numbers.constant(bonus.most).to_places(rate.places).values)


def _gained(bonus: Infinity, rate: Column, before: Column, left: Column) -> Rows:
    higher = rate > before
    if bonus.blocked_by == "higher" and bonus.accumulator == "full":
        higher = rate >= before
    worth = rate if bonus.accumulator == "full" else rate - before
    return np.where(higher, np.minimum(worth, left), 0)


def _note_blocked(
    bench: Bench, source: Rows, here: Rows, base: Numbers, *, rate: Numbers, before: Column,
    gained: Column,
) -> None:  # fmt: skip
    """Skips of uplines whose rate is no higher than the one paid before."""
    for had in np.unique(before[gained <= 0]).tolist():
        rows = np.flatnonzero((gained <= 0) & (before == had))
        levels = bench.tree.depth[source[rows]] - bench.tree.depth[here[rows]]
        pairs = Pairs.make(payee=here[rows], source=source[rows], level=levels, base=base)
        reason = Reason("blocked", plain_number(had, rate.places))
        bench.skip(pairs, rate.at(here[rows]), reason)
