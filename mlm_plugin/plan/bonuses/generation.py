"""Generations: a rate per leader above, each leader's group being one generation (1.7).

A leader is a member that fulfils `boundary`. A source belongs to the group of the nearest leader at
or above it; the next leader above is paid generation 1 on it, the one above that generation 2, and so
on. With `own_group` counting starts with the leader of the group itself. With `rolls_up` a leader who
may not be paid is no leader at all: the group below counts on, and no generation is used up.
Otherwise that leader's generation is lost. With `boundary_rank` leaders differ from payee to payee:
whoever has the payee's own rank or a higher one; the ranks are worked one after the other.
"""

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.skipping import passed_over, skip_unpaid
from mlm_plugin.plan.document.bonuses import Generation
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths


def calculate(bench: Bench) -> Lines:
    """Lines of a generation bonus; `level` is the generation."""
    bonus = bench.bonus
    assert isinstance(bonus, Generation)
    base = bench.numbers("base")
    if bonus.boundary_rank is None:
        leaders = bench.truths("boundary")
        assert leaders is not None
        _walk(bench, bonus, base, leaders, np.ones(bench.tree.size, dtype=bool))
        return bench.finish()
    ranks = bench.computation.column(bonus.boundary_rank)
    assert isinstance(ranks, Words)
    for rank in np.unique(ranks.codes[ranks.codes > 0]).tolist():
        _walk(bench, bonus, base, ranks.codes >= rank, ranks.codes == rank)
    return bench.finish()


def _walk(bench: Bench, bonus: Generation, base: Numbers, leaders: Truths, payees: Truths) -> None:
    """Pay the payees on the groups that these leaders make."""
    tree, named = bench.tree, leaders & payees
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
        if not payees.all():
            pairs = pairs.at(np.flatnonzero(payees[here]))
        bench.settle(pairs, bench.worked("rate", bench.environment(pairs)))
        here = _go_up(
            bench, walker, here, next_leader, base, named=named, generation=generation + 1
        )


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
