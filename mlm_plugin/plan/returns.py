"""What was given back of order lines, in time or late (plan catalogue, 1.15).

A refund in the period of its sale lowers the volume of that period, and nothing more is to be done. A
later one is late. What was returned of a line so far is carried by order and line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.awards import NO_LINE
from mlm_plugin.plan.calendars import EPOCH, Period, period_of_day
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.money import Column, multiply_divide
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.snapshot import ELSEWHERE
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

RETURNED = "returned"


class UnknownSale(ValueError):
    """A refund of a line, or of a period's awards, that the inputs do not have."""


def late_refunds(computation: "Computation") -> Rows:
    """The rows of refunds in this period that are of lines of an earlier one."""
    lines = computation.snapshot.lines
    if lines.refund_of is None:
        return np.zeros(0, dtype=np.int64)
    first, last = computation.snapshot.period.days
    mine = (lines.day >= first) & (lines.day <= last)
    of = lines.refund_of
    late = (of == ELSEWHERE) | ((of >= 0) & (lines.day[np.maximum(of, 0)] < first))
    return np.flatnonzero(mine & late)


def refunds_in_time(computation: "Computation") -> Rows:
    """The rows of refunds in the very period of their sale, whatever period that is."""
    lines = computation.snapshot.lines
    nothing: Rows = np.zeros(0, dtype=np.int64)
    if lines.refund_of is None:
        return nothing
    refunds = np.flatnonzero(lines.refund_of >= 0)
    days, which = np.unique(lines.day[lines.refund_of[refunds]], return_inverse=True)
    ends = np.array([_last_day(computation, day) for day in days.tolist()], dtype=np.int64)
    return refunds[lines.day[refunds] <= ends[which]] if len(refunds) else nothing


def kept_lines(computation: "Computation") -> Truths:
    """The lines that count as bought: no refunds, and none that was given back whole in its period."""
    lines = computation.snapshot.lines
    kept = np.ones(lines.size, dtype=bool)
    of = lines.refund_of
    if of is None:
        return kept
    kept[of != NO_LINE] = False
    refunds = refunds_in_time(computation)
    returned = np.unique(of[refunds])
    gone = np.ones(len(returned), dtype=bool)
    for name in ("pv", "cv"):
        if name in lines.numbers:
            left = lines.numbers[name].values.copy()
            np.add.at(left, of[refunds], lines.numbers[name].values[refunds])
            gone &= left[returned] <= 0
    kept[returned[gone]] = False
    return kept


def values_of_lines(computation: "Computation", name: str, rows: Rows) -> tuple[Truths, Numbers]:
    """Which of some lines a volume counts, and what each brings.

    A refund counts if what it gives back does. Where the formula gives no less for less (a fixed
    amount, say), it takes the part of what was sold that it gives back of the line's CV or PV.
    """
    plan, lines = computation.plan, computation.snapshot.lines
    value = as_numbers(plan.formula(f"volumes.{name}.of"), computation.line_environment(rows))
    places = plan.document.volumes[name].places
    values = Numbers(np.array(value.spread(len(rows))), value.places).to_places(places).values
    where = plan.optional(f"volumes.{name}.where")
    every = np.arange(lines.size)
    counts: Truths = np.ones(lines.size, dtype=bool)
    if where is not None:
        counts = as_truths(where, computation.line_environment(every))
    of = lines.refund_of
    if of is None:
        return counts[rows], Numbers(values, places)
    sold = np.where(of >= 0, of, every)[rows]
    refunds = np.flatnonzero(sold != rows)
    if len(refunds):
        values[refunds] = _given_back(
            computation, name, rows[refunds], sold[refunds], values[refunds]
        )
    return counts[sold], Numbers(values, places)


def _given_back(
    computation: "Computation", name: str, refunds: Rows, sold: Rows, values: Column
) -> Column:
    """What refunds bring; where that is no less than nothing, the part of what the sale brought."""
    lines = computation.snapshot.lines
    _counts, before = values_of_lines(computation, name, sold)
    odd = np.flatnonzero((values != 0) & (np.sign(values) == np.sign(before.values)))
    for column in ("pv", "cv"):
        if column not in lines.numbers:
            continue
        back, whole = (lines.numbers[column].values[rows[odd]] for rows in (refunds, sold))
        part, _rest = multiply_divide(
            np.abs(before.values[odd]), np.abs(back), np.maximum(np.abs(whole), 1)
        )
        known = whole != 0
        # More given back than sold is a sale again.
        signs = np.sign(back) * np.sign(whole) * np.sign(before.values[odd])
        values[odd[known]] = (part * signs)[known]
    return values


@dataclass(frozen=True)
class Returned:
    """What was returned of sold lines of one volume, before this period and with it.

    `sold` is what is left of each line at the end of its own period.
    """

    row: Rows
    sold: Column
    before: Column
    after: Column
    places: int


def refuse_unknown_sales(computation: "Computation", late: Rows) -> None:
    lines = computation.snapshot.lines
    assert lines.refund_of is not None
    unknown = late[lines.refund_of[late] == ELSEWHERE]
    if len(unknown):
        row = int(unknown[0])
        raise UnknownSale(
            f"line {lines.lines[row]} of order {lines.orders[row]} is a refund of a line that is not "
            "in the volumes' file; what it was paid on cannot be known without it"
        )
    given = {(each.calendar, each.id) for each in computation.snapshot.earlier.results}
    for row in late.tolist():
        period = period_of(computation, int(lines.day[lines.refund_of[row]]))
        if period is None or (period.calendar, period.id) not in given:
            day = EPOCH + timedelta(days=int(lines.day[lines.refund_of[row]]))
            of = period.id if period else f"the period of {day}"
            raise UnknownSale(
                f"line {lines.lines[row]} of order {lines.orders[row]} is a refund of a line of "
                f"{of}; give the result of that period with --prior"
            )


def period_of(computation: "Computation", day: int) -> Period | None:
    key = computation.snapshot.period.calendar
    return period_of_day(
        day=EPOCH + timedelta(days=day), key=key, calendar=computation.plan.calendars[key]
    )


def periods_of_sales(computation: "Computation", sales: Rows) -> Iterator[Period]:
    """The periods in which some lines were sold, earliest first."""
    day = computation.snapshot.lines.day[sales]
    found = {period_of(computation, each) for each in np.unique(day).tolist()}
    yield from sorted((each for each in found if each), key=lambda each: each.first)


def find_returned(computation: "Computation", name: str, late: Rows) -> Returned:
    """What was returned of every line that was returned of before or is now."""
    lines, snapshot = computation.snapshot.lines, computation.snapshot
    of = np.full(lines.size, NO_LINE) if lines.refund_of is None else lines.refund_of
    places = computation.plan.document.volumes[name].places
    carried = snapshot.earlier.state.find(RETURNED, name)
    before = np.zeros(lines.size, dtype=np.int64)
    if carried is not None and carried.order is not None and carried.line is not None:
        place = find_lines(computation, carried.order, carried.line)
        here = np.flatnonzero(place >= 0)
        before[place[here]] = carried.value.to_places(places).values[here]
    now = np.zeros(lines.size, dtype=np.int64)
    np.add.at(now, of[late], -_value_of_lines(computation, name, late))
    rows = np.union1d(np.flatnonzero(before), of[late])
    sold = _value_of_lines(computation, name, rows)
    # A refund in the line's own period had lowered what was paid on there already.
    early = refunds_in_time(computation)
    early = early[np.isin(of[early], rows)]
    whole = np.zeros(lines.size, dtype=np.int64)
    whole[rows] = sold
    np.add.at(whole, of[early], _value_of_lines(computation, name, early))
    sold = np.maximum(whole[rows], 0)
    after = np.clip(before[rows] + now[rows], 0, sold)
    return Returned(rows, sold, np.minimum(before[rows], sold), after, places)


def find_lines(
    computation: "Computation", orders: NDArray[np.str_], numbers: NDArray[np.str_]
) -> Rows:
    """The rows of order lines by order and line, -1 for those that are not among the lines."""
    lines = computation.snapshot.lines
    start = np.searchsorted(lines.orders, orders, side="left")
    end = np.searchsorted(lines.orders, orders, side="right")
    found = np.full(len(orders), -1, dtype=np.int64)
    # An order has few lines, which stand together.
    for step in range(int((end - start).max(initial=0))):
        there = np.flatnonzero(start + step < end)
        row = start[there] + step
        same = lines.lines[row] == numbers[there]
        found[there[same]] = row[same]
    return found


def _last_day(computation: "Computation", day: int) -> int:
    period = period_of(computation, day)
    return day if period is None else period.days[1]


def _value_of_lines(computation: "Computation", name: str, rows: Rows) -> Column:
    """What some lines bring to a volume, nothing where it does not count them."""
    counts, values = values_of_lines(computation, name, rows)
    return np.where(counts, values.values, 0)


def state_of_returned(computation: "Computation", name: str, returned: Returned) -> StateRows:
    lines = computation.snapshot.lines
    carried = computation.snapshot.earlier.state.find(RETURNED, name)
    rows = returned.row
    here = StateRows.make(
        member=lines.member[rows], day=lines.day[rows], order=lines.orders[rows],
        line=lines.lines[rows], value=Numbers(returned.after, returned.places),
    )  # fmt: skip
    if carried is None or carried.order is None or carried.line is None:
        return here
    # Lines that this period's file does not have keep what was known of them.
    known = set(zip(lines.orders[rows].tolist(), lines.lines[rows].tolist(), strict=True))
    pairs = zip(carried.order.tolist(), carried.line.tolist(), strict=True)
    other = np.array([pair not in known for pair in pairs], dtype=bool)
    if not other.any():
        return here
    assert here.order is not None
    assert here.line is not None
    return StateRows.make(
        member=np.concatenate((here.member, carried.member[other])),
        day=np.concatenate((here.day, carried.day[other])),
        order=np.concatenate((here.order, carried.order[other])),
        line=np.concatenate((here.line, carried.line[other])),
        value=Numbers(
            np.concatenate(
                (here.value.values, carried.value.to_places(returned.places).values[other])
            ),
            returned.places,
        ),
    )
