"""Places that become free and are taken from below (plan catalogue, 1.9: holes).

Who is taken out of a tree with places is followed by the first one directly below, who is followed
by the first one below in turn, down to a place with nobody below, which falls away. Everybody else
keeps a place. This goes from one hole to the next, the lowest first: a loop over holes, not members.
"""

import numpy as np

from mlm_plugin.plan.trees import Rows, Tree, Truths


def promote(base: Tree, kept: Truths, *, counted: Truths | None = None) -> Tree:
    """The tree with every hole filled; who is taken out hangs on as a leaf, on no side."""
    places = _Places(base)
    gone = np.flatnonzero(~kept)
    for row in gone[np.lexsort((gone, -base.depth[gone]))].tolist():
        places.fill(row)
    parent = np.array(places.parent, dtype=np.int64)
    side = None if places.side is None else np.array(places.side, dtype=np.int64)
    if side is not None:
        side[gone] = -1
    return Tree(parent, side=side, counted=counted)


class _Places:
    """Parents and sides that change, and who stands below whom, the first side first."""

    def __init__(self, base: Tree) -> None:
        self.parent = base.parent.tolist()
        self.side: list[int] | None = None if base.side is None else base.side.tolist()
        rows = np.arange(base.size)
        sides = rows if base.side is None else base.side
        order: Rows = np.lexsort((rows, sides, base.parent))
        self._below: dict[int, list[int]] = {}
        for row in order[base.parent[order] >= 0].tolist():
            self._below.setdefault(self.parent[row], []).append(row)

    def fill(self, gone: int) -> None:
        """Take somebody out and let the first ones below move up."""
        above, side = self.parent[gone], None if self.side is None else self.side[gone]
        below = self._below.pop(gone, [])
        if above >= 0:
            self._below[above].remove(gone)
        while below:
            first, *others = below
            further = self._below.get(first, [])
            free = None if self.side is None else self.side[first]
            self.parent[first] = above
            if self.side is not None and side is not None:
                self.side[first] = side
            if above >= 0:
                self._below[above].insert(0, first)
            for each in others:
                self.parent[each] = first
            self._below[first] = others
            above, side, below = first, free, further
