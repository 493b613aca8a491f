"""A tree of members as arrays, and the passes over it that everything else is made of.

No pass loops over members. What follows parents upwards doubles its step, so a leg 50,000 deep
takes 16 rounds; what gathers from below goes level by level over siblings that stand together.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import LARGEST, TooLarge, add_up, largest

Rows = NDArray[np.int64]
Truths = NDArray[np.bool_]
NOBODY = -1


class NoSides(ValueError):
    """Left and right are asked for in a tree that has none."""


class Loop(ValueError):
    """The parents lead in a circle; `member` is the row of one that is in it."""

    def __init__(self, member: int) -> None:
        super().__init__(f"row {member} is below itself")
        self.member = member


class Tree:
    """Parents by row, -1 for who has none; several roots are allowed.

    `side` says for each row on which side of its parent it stands (0, 1, …), where sides matter.
    `counted` says which rows are in the tree at all; the others hang on as leaves, so that money can
    go up from them, and sums over the tree see nothing of them. Raises Loop when a row is above itself.
    """

    def __init__(
        self, parent: Rows, *, side: Rows | None = None, counted: Truths | None = None
    ) -> None:
        self.parent = np.ascontiguousarray(parent, dtype=np.int64)
        self.side = side
        self.counted = counted
        self.depth = self._measure_depth()

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.parent)

    def _measure_depth(self) -> Rows:
        depth = (self.parent >= 0).astype(np.int64)
        above = self.parent.copy()
        moving = np.flatnonzero(above >= 0)
        # Steps double, so more rounds than a line of all rows needs mean a circle.
        for _round in range(self.size.bit_length() + 1):
            if not len(moving):
                return depth
            reached = above[moving]
            gained, further = depth[reached], above[reached]
            depth[moving] += gained
            above[moving] = further
            moving = moving[further >= 0]
        raise Loop(int(moving[0]))

    @cached_property
    def order(self) -> Rows:
        """Rows from the roots down, siblings beside each other in row order."""
        return np.lexsort((np.arange(self.size), self.parent, self.depth)).astype(np.int64)

    @cached_property
    def family_starts(self) -> Rows:
        """Where in `order` each family of siblings starts; the roots are one family."""
        parents = self.parent[self.order]
        starts_family = np.ones(self.size, dtype=bool)
        starts_family[1:] = parents[1:] != parents[:-1]
        return np.flatnonzero(starts_family)

    @cached_property
    def levels(self) -> list[tuple[Rows, Rows, Rows]]:
        """Per level below the roots: its rows, where each family starts, and the families' parents."""
        ends = np.searchsorted(self.depth[self.order], np.arange(self.deepest + 2))
        starts = self.family_starts
        parents = self.parent[self.order[starts]]
        bounds = np.searchsorted(starts, ends)
        return [
            (
                self.order[ends[level] : ends[level + 1]],
                starts[bounds[level] : bounds[level + 1]] - ends[level],
                parents[bounds[level] : bounds[level + 1]],
            )
            for level in range(1, self.deepest + 1)
        ]

    @property
    def deepest(self) -> int:
        """The depth of the deepest row; roots have 0."""
        return int(self.depth.max(initial=0))

    @cached_property
    def sizes(self) -> Rows:
        """How many rows each subtree has, itself included."""
        return self.gather(np.ones(self.size, dtype=np.int64))

    @cached_property
    def place(self) -> Rows:
        """Each row's place in a walk that finishes a branch before it starts the next.

        A subtree stands together: places `place[row]` to `place[row] + sizes[row]`.
        """
        sizes = self.sizes[self.order]
        before = np.cumsum(sizes) - sizes
        lengths = np.diff(self.family_starts, append=self.size)
        place = np.empty(self.size, dtype=np.int64)
        place[self.order] = before - np.repeat(before[self.family_starts], lengths)
        place += self.parent >= 0
        return self._sum_upwards(place)

    def _sum_upwards(self, values: Column) -> Column:
        """For each row the sum over itself and everybody above; the step doubles every round."""
        sums, above = values, self.parent.copy()
        moving = np.flatnonzero(above >= 0)
        while len(moving):
            reached = above[moving]
            gained, further = sums[reached], above[reached]
            sums[moving] += gained
            above[moving] = further
            moving = moving[further >= 0]
        return sums

    @cached_property
    def by_place(self) -> Rows:
        """Rows in the order of their places."""
        rows = np.empty(self.size, dtype=np.int64)
        rows[self.place] = np.arange(self.size)
        return rows

    def subtree(self, row: int) -> Rows:
        """The rows of one subtree, its head first."""
        first = int(self.place[row])
        return self.by_place[first : first + int(self.sizes[row])]

    def is_inside(self, rows: Rows, head: int) -> Truths:
        """Which rows stand in the subtree of `head`, itself included."""
        if self.sizes[head] == self.size:
            return np.ones(len(rows), dtype=bool)
        places = self.place[rows]
        first = self.place[head]
        return np.asarray((places >= first) & (places < first + self.sizes[head]))

    def gather(self, values: Column) -> Column:
        """For each row the sum over its subtree, itself included."""
        return self.gather_with(values, np.add)

    def gather_with(self, values: Column, operation: np.ufunc) -> Column:
        """For each row `operation` (np.add, np.maximum, …) over its subtree, itself included."""
        gathered = values.astype(np.int64, copy=True)
        for rows, starts, parents in reversed(self.levels):
            families = operation.reduceat(gathered[rows], starts)
            gathered[parents] = operation(gathered[parents], families)
        return gathered

    def sum_subtrees(self, values: Column) -> Column:
        """As `gather`, in one pass however deep the tree is, once places are known."""
        sums = np.concatenate(([0], np.cumsum(values[self.by_place])))
        if largest(values) * self.size > LARGEST:
            # Rare: is it so much below one of them, or only a bound that is too careful?
            sizes = np.abs(values[self.by_place].astype(np.float64))
            above = np.concatenate(([0.0], np.cumsum(sizes)))
            if (above[self.place + self.sizes] - above[self.place]).max() > LARGEST:
                raise TooLarge("the sum over a subtree is too large for 64 bits")
        return np.asarray(sums[self.place + self.sizes] - sums[self.place])

    def sum_children(self, values: Column) -> Column:
        """For each row the sum over those directly below."""
        below = self.parent >= 0
        return add_up(values[below], groups=self.parent[below], count=self.size)

    def sum_levels(self, values: Column, *, first: int, last: int) -> Column:
        """For each row the sum over levels `first` to `last` below; level 0 is the row itself."""
        total = values.copy() if first == 0 else np.zeros(self.size, dtype=np.int64)
        layer = values
        for level in range(1, min(last, self.deepest) + 1):
            layer = self.sum_children(layer)
            if level >= first:
                total = total + layer
        return total

    def sum_group(self, values: Column, *, boundary: Truths) -> Column:
        """For each row the sum over its subtree without branches that begin with a boundary row.

        The row itself counts whether or not it is a boundary (its own group, plan catalogue 1.1).
        """
        whole = self.sum_subtrees(values)
        # What a boundary row's own group is worth is taken off once for all rows above it: the
        # groups of all boundary rows inside a branch add up to the branches that begin with one.
        heads = self.head_of_group(boundary)
        groups = np.zeros(self.size, dtype=np.int64)
        inside = heads >= 0
        np.add.at(groups, heads[inside], values[inside])
        cut = np.where(boundary, groups, 0)
        return whole - (self.sum_subtrees(cut) - cut)

    def head_of_group(self, boundary: Truths) -> Rows:
        """The nearest boundary row at or above each row, -1 where there is none."""
        above = self.nearest_above(boundary)
        return np.where(boundary, np.arange(self.size), above)

    def nearest_above(self, wanted: Truths) -> Rows:
        """For each row the nearest row above it that is wanted, -1 where there is none."""
        found = self.parent.copy()
        while True:
            moving = np.flatnonzero((found >= 0) & ~wanted[found])
            if not len(moving):
                return found
            found[moving] = found[found[moving]]

    def counted_only(self, values: Column) -> Column:
        """The values, 0 for rows that are not counted."""
        return values if self.counted is None else np.where(self.counted, values, 0)

    @property
    def heads(self) -> Rows:
        """The counted rows that have a parent: the heads of legs."""
        below = self.parent >= 0
        return np.flatnonzero(below if self.counted is None else below & self.counted)

    def legs_descending(self, values: Column) -> tuple[Rows, Rows, Column]:
        """The heads of legs, by parent and then by falling value: parents, ranks, values.

        The rank of the largest leg of a parent is 0. Equal legs keep row order.
        """
        below = self.heads
        order = below[np.lexsort((below, -values[below], self.parent[below]))]
        parents = self.parent[order]
        starts = np.searchsorted(parents, parents)
        return parents, np.arange(len(order)) - starts, values[order]

    def child_on(self, side: int) -> Rows:
        """For each row the one directly below on this side, -1 where the place is free."""
        child = np.full(self.size, NOBODY, dtype=np.int64)
        if self.side is None:
            raise NoSides("left and right are asked for in a tree without “side” in the plan")
        there = np.flatnonzero((self.parent >= 0) & (self.side == side))
        child[self.parent[there]] = there
        return child
