"""Places below members, filled one after the other, and quick ways to find a free one.

Where somebody is placed depends on everybody placed before, so this is a loop over members. What it
asks is kept at hand: the nearest free place, the end of an outer line, the size of a branch.
"""

from collections.abc import Iterator

FREE = -1


class Slots:
    """Members' places: `children[row]` holds who stands on each of the `width` sides."""

    def __init__(self, *, members: int, width: int) -> None:
        self.width = width
        self.parent = [FREE] * members
        self.side = [FREE] * members
        self.children: list[list[int]] = [[] for _member in range(members)]
        self.is_placed = [False] * members
        # Levels down to the nearest free place, itself excluded.
        self._distance = [1] * members
        # A step along the outer line of each side that was found before.
        self._ahead: list[list[int]] = [[] for _side in range(width)]
        # How many stand in a branch; counted only where somebody asked.
        self._size = [0] * members

    def put_root(self, row: int) -> None:
        """Somebody at the top of a tree of its own."""
        self.is_placed[row] = True
        self.children[row] = [FREE] * self.width

    def put(self, row: int, *, parent: int, side: int) -> None:
        """Somebody on a free side of a member."""
        assert self.children[parent][side] == FREE
        self.put_root(row)
        self.parent[row], self.side[row] = parent, side
        self.children[parent][side] = row
        self._size[row] = 1 if self._size[parent] else 0
        self._update_distance(parent)
        while parent >= 0 and self._size[parent]:
            self._size[parent] += 1
            parent = self.parent[parent]

    def first_free_side(self, row: int) -> int:
        """The leftmost free side of a member, FREE where there is none."""
        children = self.children[row]
        return children.index(FREE) if FREE in children else FREE

    def _update_distance(self, row: int) -> None:
        distance = self._distance
        while row >= 0 and FREE not in self.children[row]:
            # Each member's distance only grows, and no further than a full tree is deep.
            nearest = 1 + min(distance[child] for child in self.children[row])
            if nearest == distance[row]:
                return
            distance[row] = nearest
            row = self.parent[row]

    def nearest_free(self, row: int) -> tuple[int, int]:
        """The first free place level by level, from the left: parent and side."""
        while (side := self.first_free_side(row)) == FREE:
            nearest = self._distance[row] - 1
            row = next(child for child in self.children[row] if self._distance[child] == nearest)
        return row, side

    def deepest_free(self, row: int, *, height: int) -> tuple[int, int]:
        """The leftmost free place on at most `height` levels, going down before going right."""
        if self._distance[row] > height:
            return self.nearest_free(row)
        while True:
            height -= 1
            for side, child in enumerate(self.children[row]):
                if child == FREE:
                    return row, side
                if self._distance[child] <= height:
                    row = child
                    break

    def outer_end(self, row: int, *, side: int) -> int:
        """The last member of the line that always goes on this side."""
        ahead = self._ahead[side]
        if not ahead:
            ahead.extend([FREE] * len(self.parent))
        passed = []
        while (onwards := self._onwards(row, side)) != FREE:
            passed.append(row)
            row = onwards
        for each in passed:
            ahead[each] = row
        return row

    def _onwards(self, row: int, side: int) -> int:
        ahead = self._ahead[side][row]
        return ahead if ahead != FREE else self.children[row][side]

    def balanced_free(self, row: int) -> tuple[int, int]:
        """The place that going always to the smallest branch leads to, the left one of equals."""
        while (side := self.first_free_side(row)) == FREE:
            row = min(self.children[row], key=self.size)
        return row, side

    def size(self, row: int) -> int:
        """How many stand in a branch, its head included; kept up to date from now on."""
        if row == FREE:
            return 0
        if not self._size[row]:
            self._count(row)
        return self._size[row]

    def _count(self, row: int) -> None:
        """Count a branch from below; branches inside it that are counted are taken as they are."""
        order = list(self._uncounted(row))
        for each in reversed(order):
            self._size[each] = 1 + sum(
                self._size[child] for child in self.children[each] if child != FREE
            )

    def _uncounted(self, row: int) -> Iterator[int]:
        waiting = [row]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += [
                child for child in self.children[each] if child != FREE and not self._size[child]
            ]
