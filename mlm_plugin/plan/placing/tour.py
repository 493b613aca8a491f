"""How many stand in a branch, however deep it is, while the tree still grows.

A walk around the tree enters and leaves every member once; what it meets between entering and leaving
somebody is the branch. The walk is kept in short lists, so that a new member is put in quickly and a
place in it is found by counting whole lists.
"""


class Tour:
    """The walk around a growing tree: member n is entered at mark 2n and left at mark 2n + 1."""

    def __init__(self, members: int, *, longest: int = 1_000) -> None:
        self._longest = longest
        self._lists: list[list[int]] = [[]]
        self._list_of = [0] * (2 * members)
        # The lists in the order of the walk, and how long each is.
        self._order = [0]
        self._lengths = [0]

    def add(self, row: int, *, parent: int) -> None:
        """A member as the last one below its parent, or at the end of the walk (-1)."""
        if parent < 0:
            which, place = self._order[-1], len(self._lists[self._order[-1]])
        else:
            which = self._list_of[2 * parent + 1]
            place = self._lists[which].index(2 * parent + 1)
        marks = self._lists[which]
        marks[place:place] = [2 * row, 2 * row + 1]
        self._list_of[2 * row] = self._list_of[2 * row + 1] = which
        position = self._order.index(which)
        self._lengths[position] += 2
        if len(marks) > self._longest:
            self._split(position)

    def size(self, row: int) -> int:
        """How many stand in the branch of a member, itself included."""
        return (self._place(2 * row + 1) - self._place(2 * row) + 1) // 2

    def _place(self, mark: int) -> int:
        which = self._list_of[mark]
        return sum(self._lengths[: self._order.index(which)]) + self._lists[which].index(mark)

    def _split(self, position: int) -> None:
        which = self._order[position]
        marks, half = self._lists[which], self._longest // 2
        moved = marks[half:]
        del marks[half:]
        self._lists.append(moved)
        for mark in moved:
            self._list_of[mark] = len(self._lists) - 1
        self._order.insert(position + 1, len(self._lists) - 1)
        self._lengths[position : position + 1] = [half, len(moved)]
