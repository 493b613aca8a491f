"""Which order lines belong to a member's first own order (plan catalogue, 1.11).

The day of the first order is carried, for files that do not go back so far; history.csv may tell it
as `first_order`. Refunds are no orders, and neither is what was given back whole.
"""

from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.returns import kept_lines
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.state import NO_DATE, StateRows
from mlm_plugin.plan.trees import Rows, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

FIRST_ORDER = "first_order"
LATER = 2**40


def first_order_lines(computation: "Computation") -> Truths:
    """For all order lines whether they are of their member's first own order."""
    lines = computation.snapshot.lines
    rows = _own_lines(computation)
    found = np.zeros(lines.size, dtype=bool)
    if not len(rows):
        return found
    member = lines.member[rows]
    starts = np.flatnonzero(np.diff(member, prepend=-1))
    families = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    first = rows[starts][families]
    same = (lines.orders[rows] == lines.orders[first]) & (lines.day[rows] == lines.day[first])
    known = known_days(computation)[member]
    found[rows[same & (lines.day[rows] <= known)]] = True
    return found


def known_days(computation: "Computation") -> Rows:
    """The day of each member's first own order by what came before this run; far off for none."""
    days = np.full(computation.size, LATER, dtype=np.int64)
    carried = computation.snapshot.earlier.state.find(FIRST_ORDER, "")
    if carried is not None:
        np.minimum.at(days, carried.member, carried.day)
    for known in computation.snapshot.earlier.known:
        if known.name == FIRST_ORDER and isinstance(known.value, Numbers):
            told = known.value.values
            np.minimum.at(days, known.member, np.where(told == NO_DATE, known.period.days[0], told))
    return days


def state_of_first_orders(computation: "Computation") -> dict[tuple[str, str], StateRows]:
    """The days of first orders, where the plan asks for them."""
    formulas = computation.plan.formulas.values()
    if not any("line.first_order" in formula.text for formula in formulas):
        return {}
    days = known_days(computation)
    lines, rows = computation.snapshot.lines, _own_lines(computation)
    np.minimum.at(days, lines.member[rows], lines.day[rows])
    member = np.flatnonzero(days < LATER)
    ones = Numbers(np.ones(len(member), dtype=np.int64))
    return {(FIRST_ORDER, ""): StateRows.make(member=member, day=days[member], value=ones)}


def _own_lines(computation: "Computation") -> Rows:
    """Members' own lines up to the end of the period, by member, day and order."""
    lines = computation.snapshot.lines
    _first, last = computation.snapshot.period.days
    own = (lines.buyer == BUYERS.index("self")) & (lines.day <= last) & kept_lines(computation)
    rows = np.flatnonzero(own)
    return rows[np.lexsort((rows, lines.day[rows], lines.member[rows]))]
