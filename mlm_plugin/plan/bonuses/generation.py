"""Generations: a rate per leader above, each leader's group being one generation (1.7).

A leader is a member that fulfils `boundary`. A source belongs to the group of the nearest leader at
or above it; the next leader above is paid generation 1 on it, the one above that generation 2, and so
on. With `own_group` counting starts with the leader of the group itself. With `rolls_up` a leader who
may not be paid is no leader at all: the group below counts on, and no generation is used up.
Otherwise that leader's generation is lost.
"""

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.skipping import passed_over, skip_unpaid
from mlm_plugin.plan.document.bonuses import Generation
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths


def calculate(bench: Bench) -> Lines:
    """Lines of a generation bonus; `level` is the generation."""
    bonus = bench.bonus
    assert isinstance(bonus, Generation)
    tree, base = bench.tree, bench.numbers("base")
    leaders = bench.truths("boundary")
    assert leaders is not None
    named = leaders
    if bonus.rolls_up:
        everybody = np.arange(tree.size)
        alone = Pairs.make(payee=everybody, source=everybody, level=1, base=base)
        leaders = leaders & bench.conditions.hold(bench.environment(alone))
    next_leader = tree.nearest_above(leaders)
    heads = tree.head_of_group(leaders)
    walker = bench.sources(base)
    here = heads[walker]
    if not bonus.own_group:
        # Volume above the first leader belongs to no group and is generation 1 of nobody.
        walker, here = walker[here >= 0], here[here >= 0]
        here = _go_up(bench, walker, here, next_leader, base, named=named, generation=1)
    for generation in range(1, bonus.generations + 1):
        walker, here = walker[here >= 0], here[here >= 0]
        if not len(here):
            break
        pairs = Pairs.make(payee=here, source=walker, level=generation, base=base)
        bench.settle(pairs, bench.worked("rate", bench.environment(pairs)))
        here = _go_up(
            bench, walker, here, next_leader, base, named=named, generation=generation + 1
        )
    return bench.finish()


def _go_up(
    bench: Bench, walker: Rows, here: Rows, next_leader: Rows, base: Numbers, *, named: Truths,
    generation: int,
) -> Rows:  # fmt: skip
    """The next leaders, with skips of those who would be leaders but may not be paid."""
    reached = next_leader[here]
    if bench.wants_skips:
        pairs = Pairs.make(payee=here, source=walker, level=generation, base=base)
        for passed in passed_over(bench, pairs, reached):
            leaders = passed.at(np.flatnonzero(named[passed.payee]))
            rate = bench.worked("rate", bench.environment(leaders))
            skip_unpaid(bench, leaders, Numbers(rate.spread(leaders.size), rate.places))
    return reached
