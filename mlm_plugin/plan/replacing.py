"""Returned volume that new volume takes the place of (plan catalogue, 1.15: weekly runs in a month).

Within the longer period that a plan names, only so much of what came back is taken back as the same
member sells anew in the run: the new volume is paid on, what was paid on the old is taken back, and
what changes is the difference. The rest waits, and is taken back in the last run of that period.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import Period, period_of_day
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.returns import Returned, UnknownSale, find_lines, period_of
from mlm_plugin.plan.state import WAITING, StateRows
from mlm_plugin.plan.trees import Rows, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


def lines_that_wait(computation: "Computation") -> Rows:
    """The rows of lines that came back before and for which not everything was taken back yet.

    Raises UnknownSale for one that the volumes' file has not, or without the result of its period.
    """
    found = [np.zeros(0, dtype=np.int64)]
    given = {(each.calendar, each.id) for each in computation.snapshot.earlier.results}
    for (kind, _name), rows in computation.snapshot.earlier.state.rows.items():
        if kind != WAITING or rows.order is None or rows.line is None:
            continue
        place = find_lines(computation, rows.order, rows.line)
        for row, (order, line) in zip(
            place.tolist(), zip(rows.order, rows.line, strict=True), strict=True
        ):
            about = f"line {line} of order {order} came back and waits to be replaced"
            if row < 0:
                raise UnknownSale(f"{about}; it must be in the volumes' file")
            period = period_of(computation, int(computation.snapshot.lines.day[row]))
            if period is None or (period.calendar, period.id) not in given:
                of = "its period" if period is None else period.id
                raise UnknownSale(f"{about}; give the result of {of} with --prior")
        found.append(place)
    return np.unique(np.concatenate(found))


def replace_returned(
    computation: "Computation", returned: Mapping[str, Returned]
) -> tuple[dict[str, Returned], dict[tuple[str, str], StateRows]]:
    """What is to be taken back now in place of what was returned, and what waits, by volume."""
    if computation.plan.document.returns.replace_within is None:
        return dict(returned), {}
    changed, state = {}, {}
    for name, of in returned.items():
        lines, row = computation.snapshot.lines, of.row
        taken = of.before - _waiting(computation, name, of)
        due = of.after - taken
        may_wait = _may_wait(computation, row) & (due > 0)
        now = np.where(may_wait, _replaced(computation, name, of, np.where(may_wait, due, 0)), due)
        left = due - now
        changed[name] = replace(of, before=taken, after=taken + now)
        state[WAITING, name] = StateRows.make(
            member=lines.member[row], day=lines.day[row], order=lines.orders[row],
            line=lines.lines[row], value=Numbers(left, of.places),
        )  # fmt: skip
    return changed, state


def _waiting(computation: "Computation", name: str, of: Returned) -> Column:
    """Of each returned line what came back before and waits."""
    waiting = np.zeros(computation.snapshot.lines.size, dtype=np.int64)
    rows = computation.snapshot.earlier.state.find(WAITING, name)
    if rows is not None and rows.order is not None and rows.line is not None:
        place = find_lines(computation, rows.order, rows.line)
        waiting[place] = rows.value.to_places(of.places).values
    return waiting[of.row]


def _may_wait(computation: "Computation", rows: Rows) -> Truths:
    """The lines sold in the longer period of this run, where a further run is still to come in it."""
    period = computation.snapshot.period
    longer = _longer(computation, period)
    following = period_of_day(
        day=period.last + timedelta(days=1), key=period.calendar,
        calendar=computation.plan.calendars[period.calendar],
    )  # fmt: skip
    if longer is None or following is None or _longer(computation, following) != longer:
        return np.zeros(len(rows), dtype=bool)
    days, which = np.unique(computation.snapshot.lines.day[rows], return_inverse=True)
    periods = [period_of(computation, day) for day in days.tolist()]
    same = [each is not None and _longer(computation, each) == longer for each in periods]
    return np.array(same, dtype=bool)[which]


def _longer(computation: "Computation", period: Period) -> Period | None:
    """The longer period a run belongs to: the one it ends in."""
    name = computation.plan.document.returns.replace_within
    assert name is not None
    calendar = computation.plan.calendars[name]
    return period_of_day(day=period.last, key=name, calendar=calendar)


def _replaced(computation: "Computation", name: str, of: Returned, due: Column) -> Column:
    """How much of each line new volume of its member replaces, what was sold first before the rest."""
    lines = computation.snapshot.lines
    new = computation.payable.column(name)
    assert isinstance(new, Numbers)
    there = np.maximum(new.to_places(of.places).values, 0)
    order = np.lexsort((of.row, lines.day[of.row], lines.member[of.row]))
    member, wanted = lines.member[of.row][order], due[order]
    running = np.cumsum(wanted) - wanted
    starts = np.searchsorted(member, member)
    before = running - running[starts]
    replaced = np.zeros(len(due), dtype=np.int64)
    replaced[order] = np.clip(there[member] - before, 0, wanted)
    return replaced
