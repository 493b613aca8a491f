"""Board: seats fill up, the top cycles out and is paid, the board splits (plan catalogue, 1.9).

Seats are bought by order lines, in the order of day, order and line. A new seat is the next free one of
the oldest open board, or of the oldest open board on which the nearest upline sits. When a board is
full, its top is paid and each member right below becomes the top of a new board, the leftmost first;
with `re_entry` the top takes a new seat, which may fill the next board. That ends, since a split opens
more seats than the one it fills. Seats are a queue, so this is a loop over seats, not over members.

A board pays for seats alone. Where those are not goods that somebody wants, the plan is illegal nearly
everywhere; no line without CV buys a seat.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.further import Board
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows

STATE = "seat"
# Who cycled out, and on account of whose purchase.
Cycled = tuple[list[int], list[int]]


class Boards:
    """All open boards by number, older ones first; each a list of members, level by level."""

    def __init__(self, *, width: int, height: int, re_entry: bool) -> None:
        self.width = width
        self.height = height
        self.re_entry = re_entry
        self.open: dict[int, list[int]] = {}
        self.last = 0
        self.seats = sum(width**level for level in range(height + 1))
        self._branches = [_taking(list(self._branch(child))) for child in range(width)]

    def fill_oldest(self, buyers: list[int]) -> Cycled:
        """Seats for buyers, one after the other, each on the oldest board.

        A board takes all the buyers it has room for at once.
        """
        tops: list[int] = []
        sources: list[int] = []
        # Boards that wait are tuples, which cost the collector of garbage nothing.
        waiting: deque[tuple[int, Sequence[int]]] = deque(self.open.items())
        bought, everybody, size = 0, len(buyers), self.seats
        returning: list[int] = []
        while bought < everybody or returning:
            number, sitting = waiting.popleft() if waiting else (self._next(), ())
            seats = [*sitting, *returning]
            room = size - len(seats)
            seats += buyers[bought : bought + room]
            bought += room
            returning = []
            if len(seats) < size:
                waiting.appendleft((number, seats))
                break
            for take in self._branches:
                waiting.append((self._next(), take(seats)))
            tops.append(seats[0])
            sources.append(buyers[bought - 1])
            if self.re_entry:
                returning = [seats[0]]
        self.open = {number: list(seats) for number, seats in waiting}
        return tops, sources

    def fill_by_sponsor(self, buyers: list[int], parent: list[int]) -> Cycled:
        """As `fill_oldest`, each buyer on the oldest board of the nearest upline who sits on one."""
        tops: list[int] = []
        sources: list[int] = []
        sitting = _Sitting(self.open, members=len(parent))
        for buyer in buyers:
            above = parent[buyer]
            while above >= 0 and not sitting.boards_of[above]:
                above = parent[above]
            number = sitting.boards_of[above][0] if above >= 0 else None
            top: int | None = buyer
            while top is not None:
                top = self._sit(sitting, top, number)
                if top is not None:
                    tops.append(top)
                    sources.append(buyer)
                    if not self.re_entry:
                        break
                # Who cycled out comes back on the oldest board of all.
                number = None
        return tops, sources

    def _sit(self, sitting: "_Sitting", member: int, number: int | None) -> int | None:
        """A seat on a board, or on the oldest one; who cycles out on account of it."""
        if number is None:
            number = sitting.oldest(self.open)
            if number is None:
                number = self._next()
                self.open[number] = []
                sitting.begin(number, [])
        seats = self.open[number]
        seats.append(member)
        if len(seats) < self.seats:
            sitting.join(member, number)
            return None
        del self.open[number]
        sitting.end(number, seats[:-1])
        for take in self._branches:
            young = self._next()
            self.open[young] = [*take(seats)]
            sitting.begin(young, self.open[young])
        return seats[0]

    def _next(self) -> int:
        self.last += 1
        return self.last

    def _branch(self, child: int) -> Iterator[int]:
        """The seats of the branch below one of the members right below the top, level by level."""
        start = 1
        for level in range(self.height):
            width = self.width**level
            yield from range(start + child * width, start + (child + 1) * width)
            start += self.width ** (level + 1)


def _taking(places: list[int]) -> Callable[[Sequence[int]], Sequence[int]]:
    """Takes the seats of some places."""
    if len(places) == 1:
        return lambda seats: (seats[places[0]],)
    return itemgetter(*places)


class _Sitting:
    """Who sits on which open boards, older ones first, and all boards by age."""

    def __init__(self, boards: Mapping[int, list[int]], *, members: int) -> None:
        self.boards_of: list[list[int]] = [[] for _member in range(members)]
        # Among them some that are gone.
        self._by_age: deque[int] = deque()
        for number, seats in boards.items():
            self.begin(number, seats)

    def begin(self, number: int, seats: list[int]) -> None:
        """A new board, the youngest."""
        self._by_age.append(number)
        for each in dict.fromkeys(seats):
            self.boards_of[each].append(number)

    def end(self, number: int, seats: list[int]) -> None:
        """A board that split."""
        for each in dict.fromkeys(seats):
            self.boards_of[each].remove(number)

    def join(self, member: int, number: int) -> None:
        """One more seat on a board."""
        own = self.boards_of[member]
        if number not in own:
            insort(own, number)

    def oldest(self, boards: Mapping[int, list[int]]) -> int | None:
        """The oldest board that is open."""
        while self._by_age and self._by_age[0] not in boards:
            self._by_age.popleft()
        return self._by_age[0] if self._by_age else None


def calculate(bench: Bench) -> Lines:
    """Lines of a board: the source is whose purchase made the payee cycle out, the base one cycle."""
    bonus = bench.bonus
    assert isinstance(bonus, Board)
    boards = _read(bench, bonus)
    buyers = _buyers(bench, bonus)
    if bonus.enter == "sponsor":
        payees, sources = boards.fill_by_sponsor(buyers, bench.tree.parent.tolist())
    else:
        payees, sources = boards.fill_oldest(buyers)
    cycled = np.array(payees, dtype=np.int64)
    one = Numbers(np.ones(bench.computation.size, dtype=np.int64))
    pairs = Pairs.make(payee=cycled, source=np.array(sources, dtype=np.int64), level=0, base=one)
    if len(cycled):
        bench.settle(pairs, bench.numbers("pay").at(cycled))
    return bench.finish({(STATE, bench.name): _state(boards)})


def _buyers(bench: Bench, bonus: Board) -> list[int]:
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
    taken: list[int] = np.repeat(lines.member[rows], seats[rows]).tolist()
    return taken


def _read(bench: Bench, bonus: Board) -> Boards:
    boards = Boards(width=bonus.width, height=bonus.height, re_entry=bonus.re_entry)
    rows = bench.computation.snapshot.earlier.state.find(STATE, bench.name)
    if rows is None:
        return boards
    places = rows.value.to_places(0).values
    order = np.lexsort((places, rows.leg))
    found: dict[int, list[int]] = {}
    for row in order.tolist():
        found.setdefault(int(rows.leg[row]), []).append(int(rows.member[row]))
    boards.open = found
    boards.last = max(found, default=0)
    return boards


def _state(boards: Boards) -> StateRows:
    """A row per seat: the leg column has the board, the value the seat on it, from 1."""
    counts = [len(seats) for seats in boards.open.values()]
    member = np.fromiter(chain.from_iterable(boards.open.values()), dtype=np.int64)
    number = np.repeat(np.array(list(boards.open), dtype=np.int64), counts)
    place = np.arange(1, len(member) + 1) - np.repeat(np.cumsum(counts) - counts, counts)
    return StateRows.make(member=member, leg=number, value=Numbers(place))
