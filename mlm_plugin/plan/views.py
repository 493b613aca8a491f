"""Compression: a tree from which members were taken out (plan catalogue, 1.4).

Everybody who is not kept is passed over by those below, and stays as a leaf where it would have hung,
so that money goes up from there and its skips can be explained. Sums over the view do not count it,
unless the plan keeps leaves. Volume that moves goes to the nearest upline that may receive it.
Whether an upline may is asked of the tree and the volumes as they were: what somebody receives makes
nobody qualified, and who receives but is taken out as well hands everything on.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.document.parts import View
from mlm_plugin.plan.expressions import Compiled, Value
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.promoting import promote
from mlm_plugin.plan.trees import Rows, Tree, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


@dataclass(frozen=True)
class Compressed:
    """The tree with passing over, who was kept, and the volume where it moved to.

    `target` is for each removed member who receives its volume, -1 for nobody.
    """

    tree: Tree
    kept: Truths
    volume: Numbers
    target: Rows


def compress(computation: "Computation", name: str, view: View) -> Compressed:
    """The view of this name."""
    base = computation.tree(view.of)
    kept = computation.truths(computation.plan.formula(f"views.{name}.keep"))
    receiver = computation.plan.optional(f"views.{name}.receiver")
    if receiver is None:
        target = base.nearest_above(kept)
    else:
        target = _receivers(computation, receiver, base, ~kept)
    counted = base.counted if view.leaves else _both(base.counted, kept)
    if view.promote:
        tree = promote(base, kept, counted=counted)
    elif "children" in view.move:
        tree = Tree(_above(base, kept, target), counted=counted)
    else:
        tree = base
    volume = Numbers(np.zeros(computation.size, dtype=np.int64))
    if view.volume is not None:
        volume = computation.numbers(view.volume)
        if "volume" in view.move:
            values = volume.spread(computation.size)
            volume = Numbers(_move(base, kept, target, values), volume.places)
    return Compressed(tree, kept, volume, target)


def _both(counted: Truths | None, kept: Truths) -> Truths:
    return kept if counted is None else counted & kept


def move_volume(computation: "Computation", name: str, volume: Value) -> Numbers:
    """Another volume moved the way this view moves its own."""
    view, compressed = computation.plan.document.views[name], computation.view(name)
    assert isinstance(volume, Numbers)
    if "volume" not in view.move:
        return volume
    values = volume.spread(computation.size)
    moved = _move(computation.tree(view.of), compressed.kept, compressed.target, values)
    return Numbers(moved, volume.places)


def _receivers(computation: "Computation", receiver: Compiled, base: Tree, removed: Truths) -> Rows:
    """For each removed member the nearest upline that may receive from it, -1 for nobody."""
    target = base.parent.copy()
    waiting = np.flatnonzero(removed & (target >= 0))
    while len(waiting):
        rows: dict[str, Rows | None] = {"payee": target[waiting], "source": waiting}
        env = computation.environment(rows, len(waiting))
        waiting = waiting[~as_truths(receiver, env)]
        target[waiting] = base.parent[target[waiting]]
        waiting = waiting[target[waiting] >= 0]
    return target


def _above(base: Tree, kept: Truths, target: Rows) -> Rows:
    """Everybody's parent in the view: who is removed passes its children on to its receiver."""
    above = base.parent.copy()
    while True:
        moving = np.flatnonzero((above >= 0) & ~kept[above])
        if not len(moving):
            return above
        above[moving] = target[above[moving]]


def _move(base: Tree, kept: Truths, target: Rows, values: Column) -> Column:
    """Volume after the move, from the deepest level up: receivers stand higher than who gives."""
    moved = values.copy()
    for rows, _starts, _parents in reversed(base.levels):
        giving = rows[~kept[rows]]
        arriving = giving[target[giving] >= 0]
        np.add.at(moved, target[arriving], moved[arriving])
    moved[~kept] = 0
    return moved
