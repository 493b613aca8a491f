"""What a period leaves for the next one, as columns: carried volume, ranks held, balances.

Rows belong to a kind (`binary`) and a name (the bonus). In files they are carry.csv: kind, member,
name, leg, date, order, line, value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.calendars import EPOCH
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.tables import make_column
from mlm_plugin.plan.trees import Rows

# No date: earlier than any date there is.
NO_DATE = -(10**9)
COLUMNS = ("kind", "member", "name", "leg", "date", "order", "line", "value")


@dataclass(frozen=True)
class StateRows:
    """State of one kind and name: a row each, sorted by member, leg and day.

    `leg` counts from 1, 0 where legs mean nothing; `day` counts from 1970.
    """

    member: Rows
    leg: Rows
    day: Rows
    value: Numbers

    @classmethod
    def make(cls, *, member: Rows, leg: Rows, day: Rows, value: Numbers) -> "StateRows":
        """Rows in their order, those with nothing left out."""
        order = np.lexsort((day, leg, member))
        order = order[value.values[order] != 0]
        return cls(member[order], leg[order], day[order], value.at(order))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.member)


@dataclass(frozen=True)
class State:
    """All state, by kind and name."""

    rows: Mapping[tuple[str, str], StateRows] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> StateRows | None:
        """The rows of one kind and name."""
        return self.rows.get((kind, name))

    def lines(self, ids: NDArray[np.str_]) -> Iterator[tuple[str, ...]]:
        """The rows of carry.csv, by kind, name, member, leg and date; `ids` are the members'."""
        for kind, name in sorted(self.rows):
            rows = self.rows[kind, name]
            places, values = rows.value.places, rows.value.values.tolist()
            for row, value in enumerate(values):
                leg, day = int(rows.leg[row]), int(rows.day[row])
                yield (
                    kind,
                    str(ids[rows.member[row]]),
                    name,
                    str(leg) if leg else "",
                    "" if day == NO_DATE else (EPOCH + timedelta(days=day)).isoformat(),
                    "",
                    "",
                    f"{from_minor(value, places=places):f}",
                )


NOTHING = State()


def read_state(lines: Iterable[Sequence[str]], *, row_of: Mapping[str, int]) -> State:
    """State from the rows of carry.csv. Raises KeyError for an unknown member, ValueError else."""
    found: dict[tuple[str, str], list[tuple[int, int, int, Decimal]]] = {}
    for kind, member, name, leg, day, _order, _line, value in lines:
        days = (date.fromisoformat(day) - EPOCH).days if day else NO_DATE
        found.setdefault((kind, name), []).append(
            (row_of[member], int(leg or 0), days, Decimal(value))
        )
    return State({key: _as_rows(rows) for key, rows in found.items()})


def _as_rows(rows: Sequence[tuple[int, int, int, Decimal]]) -> StateRows:
    member, leg, day, value = zip(*rows, strict=True)
    return StateRows.make(
        member=np.array(member, dtype=np.int64),
        leg=np.array(leg, dtype=np.int64),
        day=np.array(day, dtype=np.int64),
        value=make_column(value),
    )
