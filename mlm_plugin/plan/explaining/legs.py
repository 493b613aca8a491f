"""What stands behind a binary bonus: each leg's volume, and the order lines it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.bonuses.leg_match import CARRY, LEGS
from mlm_plugin.plan.document.bonuses import LegMatch
from mlm_plugin.plan.drilldown import has_lines, line_bases
from mlm_plugin.plan.expressions import Compiled
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.state import State
from mlm_plugin.plan.tracing import Traced, trace
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.payable import Payable


@dataclass(frozen=True)
class Leg:
    """One leg of one position: volume in units of `places`, and the lines of the new volume.

    `lots` is what was carried in: the last day of the period it is from, and how much of it was left.
    """

    number: int
    new: int
    carried: int
    left: int
    places: int
    line: Rows
    brought: Numbers
    lots: Sequence[tuple[int, int]]


def legs_of(result: Result, bonus: str, member: int) -> list[Leg]:
    """The legs that a binary bonus matches for a member, the first (left) one first."""
    computation = result.computation
    part = computation.plan.document.bonuses[bonus]
    assert isinstance(part, LegMatch)
    tree = computation.tree(part.tree)
    formula = computation.plan.formula(f"bonuses.{bonus}.volume")
    # As in the run, legs take late refunds.
    takes_back = computation.plan.takes_back
    frame = computation.payable_and_returned if takes_back else computation.payable
    volume = as_numbers(formula, frame.everybody)
    values = volume.spread(computation.size)
    state = computation.snapshot.earlier.state
    found = []
    for number in range(LEGS):
        head = int(tree.child_on(number)[member])
        inside = np.zeros(computation.size, dtype=bool)
        if head >= 0:
            inside[tree.subtree(head)] = True
        traced = _lines_of(computation, formula, np.flatnonzero(inside & (values != 0)), frame)
        found.append(
            Leg(
                number=number + 1,
                new=int(values[inside].sum()),
                carried=sum(value for _day, value in _lots(state, bonus, member, number, volume)),
                left=sum(
                    value for _day, value in _lots(result.state, bonus, member, number, volume)
                ),
                places=volume.places,
                line=traced.line,
                brought=traced.value,
                lots=_lots(state, bonus, member, number, volume),
            )
        )
    return found


def _lines_of(
    computation: "Computation", formula: Compiled, members: Rows, frame: "Computation | Payable"
) -> Traced:
    """The order lines of the volume of some members, which may itself be a sum over others."""
    if has_lines(computation.plan, formula.node):
        bases = line_bases(computation, formula, members, frame=frame)
        own = np.flatnonzero(np.isin(bases.member, members))
        return Traced(bases.line[own], bases.value.at(own))
    traced = trace(computation, formula.node, members.tolist(), frame=frame)
    return traced or Traced(np.zeros(0, dtype=np.int64), Numbers(np.zeros(0, dtype=np.int64)))


def _lots(
    state: State, bonus: str, member: int, number: int, volume: Numbers
) -> list[tuple[int, int]]:
    """Carried volume of a leg, by the day it is from, the oldest first."""
    rows = state.find(CARRY, bonus)
    if rows is None:
        return []
    own = np.flatnonzero((rows.member == member) & (rows.leg == number + 1))
    values = rows.value.to_places(volume.places).values[own]
    return list(zip(rows.day[own].tolist(), values.tolist(), strict=True))


def shares_in(
    computation: "Computation", bonus: str, payees: Rows, member: int
) -> tuple[Numbers, Numbers]:
    """The shares of one payee of a pool, and of all who share the same fund."""
    plan = computation.plan
    shares = as_numbers(plan.formula(f"bonuses.{bonus}.share"), computation.payable.everybody)
    values = shares.spread(computation.size)
    by = getattr(plan.document.bonuses[bonus], "by", None)
    together = np.unique(payees)
    if by is not None:
        words = computation.column(by)
        codes = getattr(words, "codes", np.zeros(computation.size, dtype=np.int64))
        together = together[codes[together] == codes[member]]
    own, whole = values[member : member + 1], np.array([values[together].sum()])
    return Numbers(own, shares.places), Numbers(whole, shares.places)
