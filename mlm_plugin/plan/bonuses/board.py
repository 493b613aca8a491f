"""Board: seats fill up, the top cycles out and is paid, the board splits (plan catalogue, 1.9).

Seats are bought by order lines, in the order of day, order and line. A new seat is the next free one of
the oldest open board, or of the oldest open board on which the nearest upline sits. When a board is
full, its top is paid and each member right below becomes the top of a new board, the leftmost first;
with `re_entry` the top takes a new seat, which may fill the next board. That ends, since a split opens
more seats than the one it fills. Seats are a queue, so this is a loop over seats, not over members.

A board pays for seats alone. Where those are not goods that somebody wants, the plan is illegal nearly
everywhere; no line without CV buys a seat.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.further import Board
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows

STATE = "seat"


@dataclass
class Boards:
    """All open boards by number, older ones first; each a list of members, level by level."""

    width: int
    height: int
    re_entry: bool
    open: dict[int, list[int]] = field(default_factory=dict)
    last: int = 0
    # Boards by age, among them some that are gone, and the boards each member sits on.
    _by_age: deque[int] = field(default_factory=deque)
    _boards_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def seats(self) -> int:
        """How many seats a board has."""
        return sum(self.width**level for level in range(self.height + 1))

    def sit(self, member: int, board: int | None = None) -> Iterator[int]:
        """A new seat; gives whoever cycles out on account of it, one after the other."""
        number = self.oldest() if board is None else board
        seats = self.open[number]
        seats.append(member)
        self._boards_of[member].add(number)
        if len(seats) < self.seats:
            return
        del self.open[number]
        for each in set(seats):
            self._boards_of[each].discard(number)
        for child in range(self.width):
            self.add(self._branch(seats, child))
        yield seats[0]
        if self.re_entry:
            yield from self.sit(seats[0])

    def oldest(self) -> int:
        """The number of the oldest open board; the first one is opened where there is none."""
        while self._by_age and self._by_age[0] not in self.open:
            self._by_age.popleft()
        if not self._by_age:
            self.add([])
        return self._by_age[0]

    def oldest_of(self, member: int) -> int | None:
        """The oldest open board that somebody sits on."""
        return min(self._boards_of.get(member, ()), default=None)

    def add(self, seats: list[int], number: int | None = None) -> None:
        """A new board, the youngest."""
        self.last = self.last + 1 if number is None else number
        self.open[self.last] = seats
        self._by_age.append(self.last)
        for each in seats:
            self._boards_of[each].add(self.last)

    def _branch(self, seats: list[int], child: int) -> list[int]:
        """Who sits in the branch below one of the members right below the top, level by level."""
        branch, start = [], 1
        for level in range(self.height):
            width = self.width**level
            first = start + child * width
            branch += seats[first : first + width]
            start += self.width ** (level + 1)
        return branch


def calculate(bench: Bench) -> Lines:
    """Lines of a board: the source is whose purchase made the payee cycle out, the base one cycle."""
    bonus = bench.bonus
    assert isinstance(bonus, Board)
    boards = _read(bench, bonus)
    by_sponsor = bonus.enter == "sponsor"
    payees, sources = [], []
    for buyer in _buyers(bench, bonus):
        wanted = _board_of_upline(bench, boards, buyer) if by_sponsor else None
        for top in boards.sit(buyer, wanted):
            payees.append(top)
            sources.append(buyer)
    cycled = np.array(payees, dtype=np.int64)
    one = Numbers(np.ones(bench.computation.size, dtype=np.int64))
    pairs = Pairs.make(payee=cycled, source=np.array(sources, dtype=np.int64), level=0, base=one)
    if len(cycled):
        bench.settle(pairs, bench.numbers("pay").at(cycled))
    return bench.finish({(STATE, bench.name): _state(boards)})


def _buyers(bench: Bench, bonus: Board) -> Iterator[int]:
    """Who takes each new seat, first come first."""
    lines = bench.computation.snapshot.lines
    rows, brought = bench.computation.payable.lines_of_volume(bonus.entries)
    values = np.zeros(lines.size, dtype=np.int64)
    values[rows] = brought.values
    if lines.refund_of is not None:
        # What was given back in the same period bought no seat.
        back = np.flatnonzero((lines.refund_of >= 0) & (values < 0))
        np.add.at(values, lines.refund_of[back], values[back])
    seats = (values > 0).astype(np.int64)
    if bonus.seat is not None:
        price = Numbers.constant(bonus.seat).to_places(brought.places)
        seats = np.maximum(values, 0) // np.maximum(price.values, 1)
    rows = np.sort(rows[seats[rows] > 0])
    rows = rows[np.lexsort((rows, lines.day[rows]))]
    yield from np.repeat(lines.member[rows], seats[rows]).tolist()


def _board_of_upline(bench: Bench, boards: Boards, member: int) -> int | None:
    """The oldest open board of the nearest upline who sits on one."""
    parent = bench.tree.parent
    above = int(parent[member])
    while above >= 0:
        number = boards.oldest_of(above)
        if number is not None:
            return number
        above = int(parent[above])
    return None


def _read(bench: Bench, bonus: Board) -> Boards:
    boards = Boards(bonus.width, bonus.height, bonus.re_entry)
    rows = bench.computation.snapshot.earlier.state.find(STATE, bench.name)
    if rows is None:
        return boards
    places = rows.value.to_places(0).values
    order = np.lexsort((places, rows.leg))
    found: dict[int, list[int]] = {}
    for row in order.tolist():
        found.setdefault(int(rows.leg[row]), []).append(int(rows.member[row]))
    for number, seats in found.items():
        boards.add(seats, number)
    return boards


def _state(boards: Boards) -> StateRows:
    """A row per seat: the leg column has the board, the value the seat on it, from 1."""
    taken = [
        (member, number, place)
        for number, seats in boards.open.items()
        for place, member in enumerate(seats, start=1)
    ]
    member, number, place = np.array(taken or np.empty((0, 3)), dtype=np.int64).T
    return StateRows.make(member=member, leg=number, value=Numbers(place))
