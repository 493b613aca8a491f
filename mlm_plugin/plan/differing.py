"""What changes when a period is computed anew: award by award, new less old (plan catalogue, 1.15).

The most exact way to deal with returns and other corrections: the old period is run again on the
corrected facts, and the differences are posted. Results are compared by payee, bonus, source, order,
line and level; several awards of one of these are one sum.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.expressions import NUMBER
from mlm_plugin.plan.gathering import read_value
from mlm_plugin.plan.money import Column, from_minor, to_minor
from mlm_plugin.plan.numbers import add_up
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.reading_earlier import identify
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.sheets import BadInput, read_sheet
from mlm_plugin.plan.snapshot import Ids, Snapshot
from mlm_plugin.plan.trees import Rows

FILE = "differences.csv"
HEADINGS = ("payee", "bonus", "source", "order", "line", "level", "before", "after", "amount")
NAMES = ("payee", "bonus", "source", "order", "line")


@dataclass(frozen=True)
class PaidLines:
    """What a result pays, a row per award; ids as files name them, `amount` in the smallest unit."""

    payee: Ids
    bonus: Ids
    source: Ids
    order: Ids
    line: Ids
    level: Rows
    amount: Column

    @classmethod
    def nothing(cls) -> "PaidLines":
        """No awards at all."""
        none, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype="U1")
        return cls(words, words, words, words, words, none, none)

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, str, str, str, int, int]]) -> "PaidLines":
        """Rows of payee, bonus, source, order, line, level and amount."""
        if not rows:
            return cls.nothing()
        *texts, level, amount = zip(*rows, strict=True)
        payee, bonus, source, order, line = (np.array(names, dtype=np.str_) for names in texts)
        numbers = (np.array(column, dtype=np.int64) for column in (level, amount))
        return cls(payee, bonus, source, order, line, *numbers)


@dataclass(frozen=True)
class Difference:
    """One award that is not what it was: money before and after, in the smallest unit."""

    payee: str
    bonus: str
    source: str
    order: str
    line: str
    level: int
    before: int
    after: int

    @property
    def amount(self) -> int:
        """What is still to be paid, below nothing what is to be taken back."""
        return self.after - self.before


def difference(*, before: Result | PaidLines, after: Result | PaidLines) -> list[Difference]:
    """The awards that differ, by payee, bonus, source, order, line and level.

    Both must be of the same period and in the same currency. What is paid in both alike is left out,
    so a result differs from itself by nothing, and the amounts sum to the difference of the totals.
    """
    old, new = (
        each if isinstance(each, PaidLines) else paid_lines(each) for each in (before, after)
    )
    keys: list[NDArray[Any]] = []
    for name in NAMES:
        both = np.concatenate((getattr(old, name), getattr(new, name)))
        keys.append(np.unique(both, return_inverse=True)[1])
    keys.append(np.concatenate((old.level, new.level)))
    if not len(keys[0]):
        return []
    order = np.lexsort(keys[::-1])
    starts = np.zeros(len(order), dtype=bool)
    starts[0] = True
    for key in keys:
        starts[1:] |= key[order][1:] != key[order][:-1]
    groups = np.empty(len(order), dtype=np.int64)
    groups[order] = np.cumsum(starts) - 1
    count, size = int(starts.sum()), len(old.amount)
    was = add_up(old.amount, groups=groups[:size], count=count)
    now = add_up(new.amount, groups=groups[size:], count=count)
    first = order[np.flatnonzero(starts)]
    return [
        _at(old, row, was[group], now[group])
        if row < size
        else _at(new, row - size, was[group], now[group])
        for group in np.flatnonzero(was != now).tolist()
        for row in (int(first[group]),)
    ]


def _at(lines: PaidLines, row: int, before: np.int64, after: np.int64) -> Difference:
    return Difference(
        str(lines.payee[row]), str(lines.bonus[row]), str(lines.source[row]), str(lines.order[row]),
        str(lines.line[row]), int(lines.level[row]), int(before), int(after),
    )  # fmt: skip


def paid_lines(result: Result) -> PaidLines:
    """What a result pays."""
    lists = [_of_bonus(result, awards) for awards in result.awards.values() if awards.size]
    return join_paid_lines(lists)


def _of_bonus(result: Result, awards: Awards) -> PaidLines:
    positions, lines = result.computation.snapshot.positions, result.computation.snapshot.lines
    order = line = np.full(awards.size, "", dtype="U1")
    if awards.line is not None and lines.size:
        there, row = awards.line >= 0, np.maximum(awards.line, 0)
        order = np.where(there, lines.orders[row], "")
        line = np.where(there & (awards.grain == "line"), lines.lines[row], "")
    return PaidLines(
        positions.owners[positions.owner[awards.payee]], np.full(awards.size, awards.bonus),
        positions.ids[awards.source], order, line, awards.level.astype(np.int64), awards.amount,
    )  # fmt: skip


def join_paid_lines(lists: Sequence[PaidLines]) -> PaidLines:
    """All of it, one after the other."""
    if not lists:
        return PaidLines.nothing()
    return PaidLines(
        *(
            np.concatenate([getattr(each, name) for each in lists])
            for name in (*NAMES, "level", "amount")
        )
    )


def read_paid_lines(*, plan: Plan, period: Period, folder: Path) -> PaidLines:
    """What an earlier result of the same plan and period pays. Raises BadInput."""
    found = identify(plan, folder)
    if (found.period.calendar, found.period.id) != (period.calendar, period.id):
        raise BadInput(
            f"{folder} is the result of {found.period.id}; what is computed anew is {period.id}"
        )
    sheet = read_sheet(folder / "awards.csv")
    sheet.need(*NAMES, "level", "amount")
    places = plan.document.plan.places
    level, amount = (np.zeros(sheet.size, dtype=np.int64) for _column in range(2))
    for row, (depth, money) in enumerate(
        zip(sheet.columns["level"], sheet.columns["amount"], strict=True)
    ):
        try:
            values = [
                Decimal(read_value(sheet, row, NUMBER, text, period)) for text in (depth, money)
            ]
            level[row] = to_minor(values[0], places=0)
            amount[row] = to_minor(values[1], places=places)
        except ValueError as error:
            if isinstance(error, BadInput):
                raise
            raise sheet.bad(row, str(error)) from None
    payee, bonus, source, order, line = (
        np.array(sheet.columns[name], dtype=np.str_) for name in NAMES
    )
    return PaidLines(payee, bonus, source, order, line, level, amount)


def with_returns_in_their_period(*, plan: Plan, frozen: Snapshot) -> Snapshot:
    """The facts as they are known by now: each refund counts on the day of its sale.

    Where a plan computes old periods anew for returns (`later_period = "recompute"`), a refund counts
    in the period of the sale alone; under any other rule it stays where it is.
    """
    of = frozen.lines.refund_of
    if plan.document.returns.later_period != "recompute" or of is None:
        return frozen
    day = frozen.lines.day
    moved = np.where(of >= 0, day[np.maximum(of, 0)], day)
    return replace(frozen, lines=replace(frozen.lines, day=moved))


def write_differences(*, found: Sequence[Difference], places: int, folder: Path) -> None:
    """differences.csv beside a result; it takes its name when it is written whole."""
    unfinished = folder / f"{FILE}.part"
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(_rows(found, places))
    unfinished.replace(folder / FILE)


def _rows(found: Sequence[Difference], places: int) -> Iterator[tuple[object, ...]]:
    for each in found:
        money = (
            f"{from_minor(amount, places=places):f}"
            for amount in (each.before, each.after, each.amount)
        )
        yield each.payee, each.bonus, each.source, each.order, each.line, each.level, *money
