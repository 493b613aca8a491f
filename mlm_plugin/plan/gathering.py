"""What is known of earlier periods while it is read, value by value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from mlm_plugin.plan.calendars import EPOCH, Period
from mlm_plugin.plan.earlier import Known
from mlm_plugin.plan.expressions import DATE, NUMBER, TEXT, TRUTH, Kind, Words
from mlm_plugin.plan.numbers import MOST_PLACES, Numbers
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.sheets import Sheet
from mlm_plugin.plan.snapshot import Positions
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.tables import make_column

YES_AND_NO = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}


Key = tuple[str, str, str]


# A number, a day, a code of a word, or a text.
Read = Decimal | str


@dataclass(frozen=True)
class Result:
    """A folder of an earlier result, and the period its summary names."""

    folder: Path
    period: Period


@dataclass
class Gathered:
    """Values by calendar, period and name, each by member."""

    plan: Plan
    row_of: Mapping[str, int]
    periods: dict[tuple[str, str], Period] = field(default_factory=dict)
    values: dict[Key, dict[int, Read]] = field(default_factory=dict)
    told: set[Key] = field(default_factory=set)

    def note(
        self, sheet: Sheet, row: int, *, period: Period, name: str, member: int, text: str
    ) -> None:
        """A value, which may be there already only if it is the same. Raises BadInput."""
        key = (period.calendar, period.id, name)
        self.periods[period.calendar, period.id] = period
        value = read_value(sheet, row, self.plan.kind_of_known(name), text, period)
        there = self.values.setdefault(key, {})
        if there.setdefault(member, value) != value:
            raise sheet.bad(
                row,
                f"“{name}” of {period.id} is {text} here and {there[member]} in an earlier row or "
                "result",
            )

    def add(self, *, period: Period, name: str, member: int, value: Decimal) -> None:
        """Add to a number, which is nothing before."""
        self.periods[period.calendar, period.id] = period
        there = self.values.setdefault((period.calendar, period.id, name), {})
        there[member] = Decimal(there.get(member, 0)) + value

    def known(self) -> tuple[Known, ...]:
        """Everything as columns, by period and name."""
        order = sorted(self.values, key=lambda key: (self.periods[key[:2]].first, key))
        return tuple(self._column(key) for key in order)

    def _column(self, key: Key) -> Known:
        values = self.values[key]
        rows = sorted(values)
        kind = self.plan.kind_of_known(key[2]) or TEXT
        listed = [values[row] for row in rows]
        value: Numbers | Words
        if kind.name in ("text", "choice"):
            words = kind.words or tuple(sorted({"", *map(str, listed)}))
            codes = [words.index(str(each)) for each in listed]
            value = Words(np.array(codes, dtype=np.int64), words)
        else:
            value = make_column([Decimal(each) for each in listed])
        member = np.array(rows, dtype=np.int64)
        return Known(self.periods[key[:2]], key[2], member, value, told=key in self.told)


def read_value(sheet: Sheet, row: int, kind: Kind | None, text: str, period: Period) -> Read:
    """A value as its kind asks for. Raises BadInput."""
    if kind == TRUTH:
        if text.lower() not in YES_AND_NO:
            raise sheet.bad(row, f"“{text}” is neither yes nor no")
        return Decimal(YES_AND_NO[text.lower()])
    if kind == NUMBER:
        try:
            number = Decimal(text if text.isascii() and "_" not in text else "NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**18:
            raise sheet.bad(row, f"“{text}” is no number that can be used")
        if -int(number.as_tuple().exponent) > MOST_PLACES:
            raise sheet.bad(row, f"“{text}” has more than {MOST_PLACES} decimal places")
        return number
    if kind == DATE:
        day = _read_day(sheet, row, text) if text else period.first
        return Decimal((day - EPOCH).days if text or period else NO_DATE)
    if kind is not None and kind.words and text not in kind.words:
        listed = ", ".join(word for word in kind.words if word)
        raise sheet.bad(row, f"“{text}” is none of {listed}")
    return text


def _read_day(sheet: Sheet, row: int, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise sheet.bad(row, f"“{text}” is no date like 2026-01-31")
    return day


def row_of_member(sheet: Sheet, row: int, row_of: Mapping[str, int], member: str) -> int:
    if member not in row_of:
        raise sheet.bad(row, f"there is no member {member}")
    return row_of[member]


def row_of_owners(positions: Positions) -> dict[str, int]:
    """For each owner the position that stands for it: that of the same name, or the first."""
    row_of: dict[str, int] = {}
    for row, owner in enumerate(positions.owner.tolist()):
        name = str(positions.owners[owner])
        if name not in row_of or str(positions.ids[row]) == name:
            row_of[name] = row
    return row_of
