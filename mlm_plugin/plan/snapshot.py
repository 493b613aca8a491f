"""What a run is computed from: members, trees and order lines as arrays, in one fixed order.

Members stand in the order of their ids and lines in the order of theirs, whatever order they came
in; so the same facts give the same arrays, the same result and the same digest.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.earlier import NOTHING_EARLIER, Earlier, Known, OldAwards
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows

Ids = NDArray[np.str_]
# A refund of an order line that is not among the lines.
ELSEWHERE = -2


@dataclass(frozen=True)
class Positions:
    """Members, one row per position, sorted by `ids`.

    `owner` is the row of `owners` that is paid. `parents` and `sides` hold per tree the row of the
    parent (-1 for none) and the side below it (0 is the first). `columns` are attributes.
    """

    ids: Ids
    owners: Ids
    owner: Rows
    parents: Mapping[str, Rows]
    sides: Mapping[str, Rows] = field(default_factory=dict)
    columns: Mapping[str, Value] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many positions there are."""
        return len(self.ids)


@dataclass(frozen=True)
class Lines:
    """Order lines, sorted by order and line.

    `day` counts from 1970; `buyer` is 0 for self, 1 preferred, 2 retail; `refund_of` is the row of
    the line that is given back, -1 for none and -2 for one that is not here.
    """

    orders: Ids
    lines: Ids
    member: Rows
    day: Rows
    buyer: Rows
    numbers: Mapping[str, Numbers]
    texts: Mapping[str, Words] = field(default_factory=dict)
    refund_of: Rows | None = None

    @classmethod
    def nothing(cls) -> "Lines":
        """No lines at all."""
        none, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.str_)
        return cls(words, words, none, none, none, {})

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.member)


@dataclass(frozen=True)
class Snapshot:
    """The frozen inputs of one run."""

    period: Period
    positions: Positions
    lines: Lines
    earlier: Earlier = NOTHING_EARLIER

    def digest(self) -> str:
        """SHA-256 over everything, the same for the same facts on any machine."""
        total = hashlib.sha256()
        total.update(f"{self.period.id} {self.period.first} {self.period.last}".encode())
        positions, lines = self.positions, self.lines
        _add_ids(total, "members", positions.ids)
        _add_ids(total, "owners", positions.owners)
        _add_column(total, "owner", positions.owner)
        for group, columns in (("parents", positions.parents), ("sides", positions.sides)):
            for name in sorted(columns):
                _add_column(total, f"{group} {name}", columns[name])
        for name in sorted(positions.columns):
            _add_value(total, f"member {name}", positions.columns[name])
        _add_ids(total, "orders", lines.orders)
        _add_ids(total, "lines", lines.lines)
        for name, column in (("member", lines.member), ("day", lines.day), ("buyer", lines.buyer)):
            _add_column(total, name, column)
        for name in sorted(lines.numbers):
            _add_value(total, f"line {name}", lines.numbers[name])
        for name in sorted(lines.texts):
            _add_value(total, f"line {name}", lines.texts[name])
        if lines.refund_of is not None:
            _add_column(total, "refund_of", lines.refund_of)
        _add_earlier(total, self.earlier)
        return total.hexdigest()


def _add_column(total: "hashlib._Hash", name: str, column: Column) -> None:
    total.update(f"{name} {len(column)}\n".encode())
    total.update(np.ascontiguousarray(column, dtype="<i8").tobytes())


def _add_ids(total: "hashlib._Hash", name: str, ids: Ids) -> None:
    total.update(f"{name} {len(ids)}\n".encode())
    # UTF-32 of fixed width depends on the longest id alone, which the ids themselves decide.
    total.update(np.ascontiguousarray(ids).astype(ids.dtype.newbyteorder("<")).tobytes())


def _add_value(total: "hashlib._Hash", name: str, value: Value) -> None:
    if isinstance(value, Numbers):
        _add_column(total, f"{name} {value.places}", np.atleast_1d(value.values))
    elif isinstance(value, Words):
        total.update("\0".join((name, *value.words)).encode())
        _add_column(total, name, np.atleast_1d(value.codes))
    else:
        _add_column(total, name, value.astype(np.int64))


def _add_earlier(total: "hashlib._Hash", earlier: Earlier) -> None:
    earlier.state.add_to(total)
    for period in earlier.results:
        total.update(f"result {period.calendar} {period.id}\n".encode())
    for known in earlier.known:
        _add_known(total, known)
    for awards in earlier.awards:
        _add_awards(total, awards)


def _add_known(total: "hashlib._Hash", known: Known) -> None:
    name = f"known {known.period.calendar} {known.period.id} {known.name} {known.told}"
    _add_column(total, name, known.member)
    _add_value(total, name, known.value)


def _add_awards(total: "hashlib._Hash", awards: OldAwards) -> None:
    name = f"awards {awards.period.calendar} {awards.period.id} {awards.bonus}"
    for column in (awards.payee, awards.source, awards.level, awards.amount):
        _add_column(total, name, column)
    for numbers in (awards.base, awards.rate):
        _add_value(total, name, numbers)
    for ids in (awards.order, awards.line):
        _add_ids(total, name, ids)
