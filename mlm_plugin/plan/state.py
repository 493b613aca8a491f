"""What a period leaves for the next one, as columns: carried volume, ranks held, balances.

Rows belong to a kind (`binary`) and a name (the bonus, or the ladder and rank). In files they are
carry.csv: kind, member, name, leg, date, order, line, value. Kinds and their values:

- `binary`: volume carried in a leg, by bonus; below nothing after returns;
- `career`, `held`: 1 for the highest rank ever and the rank paid as, name `<ladder>.<rank>`;
- `reached`: 1 for a rank that was met, dated by the last day of the period in which it was;
- `once`: how often a one-time bonus was earned, name `<bonus>.<key>`; `instalments` the number and
  `instalment_sum` the money of what is still to be paid of it;
- `granted`: the money so far of a one-time bonus that returns take back, dated by the end of the period
  it was earned in; `granted_cut` what returns took off instalments still to be paid;
- `points`: loyalty points that can still be spent, dated by the period they were collected in;
- `balance`, `hold`: money owed to a payee (below nothing: owed by him), and money not yet released;
- `owed`: 1 for who owes something and whose membership has ended, dated by the end of the period in
  which that was first so;
- `returned`: volume of an order line that was given back so far; `waiting` the part of it that may
  still be replaced by new volume, and for which nothing was taken back yet;
- `averaged`: money of a bonus that was taken back so far at the average rate of a longer period, dated
  by the end of that;
- `first_order`: 1, dated by the day of a member's first own order;
- `first_pair`, `idle`: of a binary, whether the first pair was paid, and periods without activity;
- `code`: the id of the member somebody is coded to.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.calendars import EPOCH
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.tables import make_column
from mlm_plugin.plan.trees import Rows, Truths

# No date: earlier than any date there is.
NO_DATE = -(10**9)
# State of the whole company rather than of a member.
NOBODY = -1
# The kind of what came back and may still be replaced.
WAITING = "waiting"
# The kind of what was taken back at the average of a longer period.
AVERAGED = "averaged"
COLUMNS = ("kind", "member", "name", "leg", "date", "order", "line", "value")
# Kinds whose value is the id of a member.
OF_MEMBERS = frozenset({"code"})
# Kinds whose names are those of ladders, volumes and trees, or that last longer than what bonuses leave.
NOT_OF_BONUSES = frozenset(
    {
        "career",
        "held",
        "reached",
        "returned",
        WAITING,
        AVERAGED,
        "balance",
        "hold",
        "owed",
        "first_order",
        "code",
        "pass_up",
    }
)


@dataclass(frozen=True)
class StateRows:
    """State of one kind and name: a row each, sorted by member, leg, day, order and line.

    `leg` counts from 1, 0 where legs mean nothing; `day` counts from 1970. `order` and `line` name
    an order line where the state is about one. For the kinds of OF_MEMBERS `value` is a row, from 1.
    """

    member: Rows
    leg: Rows
    day: Rows
    value: Numbers
    order: NDArray[np.str_] | None = None
    line: NDArray[np.str_] | None = None

    @classmethod
    def make(
        cls,
        *,
        member: Rows,
        value: Numbers,
        leg: Rows | int = 0,
        day: Rows | int = NO_DATE,
        order: NDArray[np.str_] | None = None,
        line: NDArray[np.str_] | None = None,
    ) -> "StateRows":
        """Rows in their order, those with nothing left out; leg and day may be one for all."""
        count = len(member)
        legs, days = (
            np.broadcast_to(np.asarray(each, dtype=np.int64), (count,)) for each in (leg, day)
        )
        keys: tuple[NDArray[Any], ...] = (days, legs, member)
        if order is not None and line is not None:
            keys = (line, order, *keys)
        values = value.spread(count)
        if all(np.ndim(each) == 0 for each in (leg, day)) and order is None:
            # Most rows come by member already, and one leg and day for all take no memory.
            rows = np.flatnonzero(values)
            if not (member[1:] < member[:-1]).any():
                return cls(
                    member[rows], legs[: len(rows)], days[: len(rows)],
                    Numbers(values[rows], value.places),
                )  # fmt: skip
        rows = np.lexsort(keys)
        rows = rows[values[rows] != 0]
        return cls(
            member[rows], legs[rows], days[rows], Numbers(values[rows], value.places),
            None if order is None else order[rows], None if line is None else line[rows],
        )  # fmt: skip

    @classmethod
    def of_members(cls, members: Truths, *, day: int = NO_DATE) -> "StateRows":
        """The value 1 for some members."""
        rows = np.flatnonzero(members)
        return cls.make(member=rows, value=Numbers(np.ones(len(rows), dtype=np.int64)), day=day)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.member)

    def per_member(self, count: int, places: int) -> Rows:
        """The sum of the values of each of `count` members, with so many places."""
        sums = np.zeros(count, dtype=np.int64)
        np.add.at(sums, self.member, self.value.to_places(places).values)
        return sums


@dataclass(frozen=True)
class State:
    """All state, by kind and name."""

    rows: Mapping[tuple[str, str], StateRows] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> StateRows | None:
        """The rows of one kind and name."""
        return self.rows.get((kind, name))

    def named(self, kind: str, first: str) -> Iterator[tuple[str, StateRows]]:
        """The rows of a kind whose name begins with `first` and a dot, by what follows the dot."""
        for each, name in sorted(self.rows):
            before, _dot, rest = name.partition(".")
            if each == kind and before == first:
                yield rest, self.rows[each, name]

    def with_rows(self, changed: Mapping[tuple[str, str], StateRows]) -> "State":
        """This state with other rows for some kinds and names."""
        return State({**self.rows, **changed})

    def without(self, names: Iterable[str]) -> "State":
        """This state without what bonuses of these names left."""
        gone = set(names)
        return State(
            {
                key: value
                for key, value in self.rows.items()
                if key[0] in NOT_OF_BONUSES or key[1].partition(".")[0] not in gone
            }
        )

    def add_to(self, total: "hashlib._Hash") -> None:
        """Add all rows to a digest; the same for the same carry.csv, wherever the state came from."""
        for (kind, name), rows in sorted(self.rows.items()):
            if not rows.size:
                continue
            values, places = rows.value.values, rows.value.places
            while places and not (values % 10).any():
                values, places = values // 10, places - 1
            total.update(f"{kind} {name} {rows.size} {places}\n".encode())
            for column in (rows.member, rows.leg, rows.day, values):
                total.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
            for ids in (rows.order, rows.line):
                total.update("\0".join([] if ids is None else ids.tolist()).encode())

    def lines(self, ids: NDArray[np.str_]) -> Iterator[tuple[str, ...]]:
        """The rows of carry.csv, by kind, name, member, leg and date; `ids` are the members'."""
        for kind, name in sorted(self.rows):
            rows = self.rows[kind, name]
            places, values = rows.value.places, rows.value.values.tolist()
            for row, value in enumerate(values):
                leg, day = int(rows.leg[row]), int(rows.day[row])
                yield (
                    kind,
                    "" if rows.member[row] == NOBODY else str(ids[rows.member[row]]),
                    name,
                    str(leg) if leg else "",
                    "" if day == NO_DATE else (EPOCH + timedelta(days=day)).isoformat(),
                    "" if rows.order is None else str(rows.order[row]),
                    "" if rows.line is None else str(rows.line[row]),
                    str(ids[value - 1])
                    if kind in OF_MEMBERS
                    else f"{from_minor(value, places=places):f}",
                )


NOTHING = State()

Row = tuple[int, int, int, str, str, Decimal]


def read_state(lines: Iterable[Sequence[str]], *, row_of: Mapping[str, int]) -> State:
    """State from the rows of carry.csv. Raises KeyError for an unknown member, ValueError else."""
    found: dict[tuple[str, str], list[Row]] = {}
    for kind, member, name, leg, day, order, line, value in lines:
        days = (date.fromisoformat(day) - EPOCH).days if day else NO_DATE
        # The row of a member counts from 1 here: rows of nothing are left out.
        number = Decimal(row_of[value] + 1 if kind in OF_MEMBERS else value)
        found.setdefault((kind, name), []).append(
            (row_of[member] if member else NOBODY, int(leg or 0), days, order, line, number)
        )
    return State({key: _as_rows(rows) for key, rows in found.items()})


def _as_rows(rows: Sequence[Row]) -> StateRows:
    member, leg, day, order, line, value = zip(*rows, strict=True)
    about_lines = any(order) or any(line)
    return StateRows.make(
        member=np.array(member, dtype=np.int64),
        leg=np.array(leg, dtype=np.int64),
        day=np.array(day, dtype=np.int64),
        value=make_column(value),
        order=np.array(order, dtype=np.str_) if about_lines else None,
        line=np.array(line, dtype=np.str_) if about_lines else None,
    )
