"""Unilevel: a rate of the source's volume for each level above it (plan catalogue, 1.5).

Level n is the n-th upline. With `compress`, uplines that fail it are passed over and use up no
level. With `dynamic`, level n goes to the first upline, above whoever stands at level n - 1, that may
be paid for level n at all. An upline that may not be paid and is not passed over uses up the level:
nobody gets the money. With `until`, the way up ends with the first who fulfils it, the source included:
so levels stay inside a group that has broken away.
"""

from collections.abc import Callable

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.skipping import skip_compressed
from mlm_plugin.plan.document.bonuses import Unilevel
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Tree

Step = Callable[[int], Rows]


def calculate(bench: Bench) -> Lines:
    """Lines of a unilevel bonus; base × rate × peg each."""
    bonus = bench.bonus
    assert isinstance(bonus, Unilevel)
    walk_levels(
        bench,
        base=bench.numbers("base"),
        first=bonus.first_level,
        last=bonus.levels,
        dynamic=bonus.dynamic,
    )
    return bench.finish()


def walk_levels(
    bench: Bench, *, base: Numbers, first: int, last: int, dynamic: bool = False
) -> None:
    """Pay `base` of every source level by level upwards, `first` to `last`."""
    tree = bench.tree
    sources = bench.sources(base)
    walker, here = sources, sources
    above = _steps(bench, tree, base, dynamic=dynamic)
    passes = dynamic or bench.optional("compress") is not None
    ends = bench.truths("until")
    for level in range(last + 1):
        if level:
            if ends is not None:
                walker, here = walker[~ends[here]], here[~ends[here]]
            reached = above(level)[here]
            if bench.wants_skips and passes:
                pairs = Pairs.make(payee=here, source=walker, level=level, base=base)
                skip_compressed(bench, pairs, reached)
            alive = reached >= 0
            walker, here = walker[alive], reached[alive]
        if level < first or not len(here):
            continue
        pairs = bench.wanted(Pairs.make(payee=here, source=walker, level=level, base=base))
        bench.settle(pairs, bench.worked("rate", bench.environment(pairs)))


def _steps(bench: Bench, tree: Tree, base: Numbers, *, dynamic: bool) -> Step:
    """Who stands one level further up, per level."""
    kept = bench.truths("compress")
    if not dynamic:
        above = tree.parent if kept is None else tree.nearest_above(kept)
        return lambda _level: above
    everybody = np.arange(tree.size)

    def qualified_above(level: int) -> Rows:
        env = bench.environment(
            Pairs.make(payee=everybody, source=everybody, level=level, base=base)
        )
        rate = bench.worked("rate", env).spread(tree.size)
        may = bench.conditions.hold(env) & (rate != 0)
        return tree.nearest_above(may if kept is None else may & kept)

    return qualified_above
