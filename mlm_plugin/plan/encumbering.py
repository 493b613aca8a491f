"""Volume that nobody further down used to qualify: unencumbered volume (plan catalogue, 1.1).

From below upwards: what a member and everybody below brought, less what those below used up. Who
qualifies uses up a part of it, or all. Only those who may qualify are walked, level by level.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.expressions import Environment
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import NOBODY, Tree, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

# Less than any member has.
LOWEST = -(10**9)


@dataclass(frozen=True)
class Unencumbered:
    """Per member what nobody below used, and what the member uses of it itself."""

    free: Numbers
    used: Numbers


def find_unencumbered(
    computation: "Computation", name: str, everybody: Environment
) -> Unencumbered:
    """Work an encumbrance of the plan from the volume of `everybody`.

    Who qualifies, and uses up how much, is settled by all volume; of the part that may be paid on no
    more than that is used up.
    """
    plan, place = computation.plan, f"encumbrances.{name}"
    part = plan.document.encumbrances[name]
    tree = computation.tree(part.tree or plan.scope.default_tree)
    brings = as_numbers(plan.formula(f"{place}.volume"), everybody)
    bound: Numbers | None
    if everybody.frame is computation:
        formula = plan.optional(f"{place}.uses")
        least = as_numbers(plan.formula(f"{place}.least"), everybody)
        bound = None if formula is None else as_numbers(formula, everybody)
        may = as_truths(plan.formula(f"{place}.when"), everybody)
    else:
        least, bound = Numbers.constant(LOWEST), computation.numbers(f"{name}.used")
        may = bound.values > 0
    places = max(each.places for each in (brings, least, *([] if bound is None else [bound])))
    volume, needed = (each.to_places(places).spread(tree.size) for each in (brings, least))
    most = None if bound is None else bound.to_places(places).spread(tree.size)
    before = _used_before(computation, name, part.stays_used, places)
    # No more than is still there: what was used may have come back or left the window since.
    whatever = np.full(tree.size, LOWEST, dtype=np.int64)
    left = volume - _used(tree, before > 0, volume, needed=whatever, bound=before)
    used = _used(tree, may, left, needed=needed, bound=most)
    # What was used by a member itself is its own all the same.
    free = tree.sum_subtrees(left - used) + used
    if before.any():
        # Whoever is below may use again what was used above, which leaves nothing there, and no less.
        now = tree.sum_subtrees(volume - used) + used
        free = np.maximum(free, np.minimum(now, 0))
    return Unencumbered(Numbers(free, places), Numbers(used, places))


def _used_before(computation: "Computation", name: str, periods: int, places: int) -> Column:
    """What each member used up in the periods before this one, as long as it stays used."""
    used = Numbers(np.zeros(computation.size, dtype=np.int64))
    for frame in computation.past.back(periods - 1):
        earlier = frame.column(f"{name}.used")
        assert isinstance(earlier, Numbers)
        used = used + earlier
    return used.to_places(places).values


def _used(
    tree: Tree, may: Truths, volume: Column, *, needed: Column, bound: Column | None
) -> Column:
    """What each of those who may qualify uses up, those furthest down first."""
    rows = np.flatnonzero(np.broadcast_to(may, (tree.size,)))
    found = np.zeros(tree.size, dtype=np.int64)
    if not len(rows):
        return found
    place = np.full(tree.size, NOBODY, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    is_one = place != NOBODY
    heads = tree.head_of_group(is_one)
    free = np.zeros(len(rows), dtype=np.int64)
    inside = heads >= 0
    np.add.at(free, place[heads[inside]], volume[inside])
    above = tree.nearest_above(is_one)[rows]
    chain = Tree(np.where(above >= 0, place[above], NOBODY))
    used = np.zeros(len(rows), dtype=np.int64)
    order = np.argsort(-chain.depth, kind="stable")
    ends = np.flatnonzero(np.diff(chain.depth[order], append=NOBODY)) + 1
    start = 0
    for end in ends.tolist():
        level = order[start:end]
        start = end
        most = free[level] if bound is None else np.minimum(free[level], bound[rows[level]])
        used[level] = np.where(free[level] >= needed[rows[level]], np.maximum(most, 0), 0)
        up = level[chain.parent[level] >= 0]
        np.add.at(free, chain.parent[up], free[up] - used[up])
    found[rows] = used
    return found
