"""Guarantee: what each leader brings its upline, never less than a minimum (plan catalogue, 1.7).

A source brings `rate` of its base to the nearest upline that may be paid. Who may be paid also hands on
at least `least`: what its own share lacks is taken from what it is paid here, as far as that goes, and
goes to its own upline. Who may not be paid is passed by, so all of it rolls up. Worked from the
lowest leaders up.
"""

from dataclasses import replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.skipping import passed_over, skip_unpaid
from mlm_plugin.plan.document.further import Guarantee
from mlm_plugin.plan.money import Column, share_out
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Tree, Truths

PASSED_UP = Reason("passed_up")
GIVEN_UP = Reason("guarantee_given")
ONE = Numbers.constant(1)


def calculate(bench: Bench) -> Lines:
    """Lines of a guarantee: from each source its share, from each payee below what it hands on."""
    assert isinstance(bench.bonus, Guarantee)
    base = bench.numbers("base")
    share = base * bench.numbers("rate")
    may = bench.conditions.hold(bench.all)
    above = bench.tree.nearest_above(may)
    sources = bench.sources(base)
    own = np.zeros(bench.tree.size, dtype=np.int64)
    own[sources] = share.values[sources]
    least = bench.numbers("least").to_places(share.places).values
    received, handed_on = _work_up(Tree(above), own=own, least=least, may=may)
    _note_passed(bench, base, above, sources)
    _pay(bench, base, above, own=own, received=received, handed_on=handed_on, places=share.places)
    return bench.finish()


def _note_passed(bench: Bench, base: Numbers, above: Rows, sources: Rows) -> None:
    """Skips of uplines that may not be paid, on the way to who is."""
    if not bench.wants_skips:
        return
    rate = bench.numbers("rate")
    pairs = Pairs.make(payee=sources, source=sources, level=0, base=base)
    for passed in passed_over(bench, pairs, above[sources]):
        levels = bench.tree.depth[passed.source] - bench.tree.depth[passed.payee]
        skip_unpaid(bench, replace(passed, level=levels), rate.at(passed.source))


def _work_up(leaders: Tree, *, own: Column, least: Column, may: Truths) -> tuple[Column, Column]:
    """What each is brought from below, and what it hands on of that."""
    received = np.zeros(leaders.size, dtype=np.int64)
    handed_on = np.zeros(leaders.size, dtype=np.int64)
    for rows, starts, parents in reversed(leaders.levels):
        lacking = np.clip(least[rows] - own[rows], 0, received[rows])
        handed_on[rows] = np.where(may[rows], lacking, 0)
        received[parents] += np.add.reduceat(own[rows] + handed_on[rows], starts)
    return received, handed_on


def _pay(
    bench: Bench,
    base: Numbers,
    above: Rows,
    *,
    own: Column,
    received: Column,
    handed_on: Column,
    places: int,
) -> None:
    """Whole lines where the payee keeps all of it; elsewhere each line bears its part of the loss."""
    bringing = np.flatnonzero((above >= 0) & (own > 0))
    passing = np.flatnonzero((above >= 0) & (handed_on > 0))
    whole = bringing[handed_on[above[bringing]] == 0]
    bench.pay(_pairs(bench, above, whole, base), bench.numbers("rate").at(whole))
    passed_whole = passing[handed_on[above[passing]] == 0]
    handed = Numbers(handed_on, places)
    bench.pay(_pairs(bench, above, passed_whole, handed), ONE, PASSED_UP)
    source = np.concatenate((bringing, passing))
    amount = np.concatenate((own[bringing], handed_on[passing]))
    cut = handed_on[above[source]] > 0
    source, amount = source[cut], amount[cut]
    kept = share_out(amount, groups=above[source], totals=received - handed_on)
    levels = bench.tree.depth[source] - bench.tree.depth[above[source]]
    pairs = Pairs(above[source], source, levels, Numbers(kept, places))
    paid = np.flatnonzero(kept > 0)
    bench.pay(pairs.at(paid), ONE, GIVEN_UP)


def _pairs(bench: Bench, above: Rows, source: Rows, base: Numbers) -> Pairs:
    levels = bench.tree.depth[source] - bench.tree.depth[above[source]]
    return Pairs.make(payee=above[source], source=source, level=levels, base=base)
