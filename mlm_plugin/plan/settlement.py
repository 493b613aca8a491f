"""From what was earned to what is paid: balances, hold, payout minimum, deductions (1.14, 1.15).

Per payee: what was carried, what is earned now, and what a hold releases make the sum due. Less than
the payout minimum is carried on, and so is a sum below nothing, until later earnings have covered it.
Where something is paid out, each deduction and fee is a line of its own. Where a plan says whose
membership has ended, what is held for them is set off at once, and what they owe becomes a claim in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.document.lasting import Money
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths
from mlm_plugin.plan.windows import first_day_of_window

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

BALANCE, HOLD, OWED = "balance", "hold", "owed"


@dataclass(frozen=True)
class Settlement:
    """Money per owner in the smallest unit: before + earned - held + released - taken - paid + claimed
    = after.

    `taken` are deductions and fees by name.
    """

    before: Column
    earned: Column
    held: Column
    released: Column
    taken: Mapping[str, Column]
    paid: Column
    after: Column
    state: Mapping[tuple[str, str], StateRows] = field(default_factory=dict)
    claimed: Column | None = None
    """What becomes a claim outside of this plan; None for a plan that knows none."""

    def lines(self) -> list[tuple[str, Column]]:
        """What a statement lists, in its order, each with its sign."""
        return [
            ("balance_before", self.before), ("earned", self.earned), ("held", -self.held),
            ("released", self.released),
            *((f"deduction:{name}", -column) for name, column in self.taken.items()),
            ("paid", -self.paid),
            *([] if self.claimed is None else [("claimed", self.claimed)]),
            ("balance", self.after),
        ]  # fmt: skip


def settle(computation: "Computation", awards: Mapping[str, Awards]) -> Settlement:
    """Settle what all bonuses of a run come to."""
    positions, document = computation.snapshot.positions, computation.plan.document
    owners = len(positions.owners)
    earned = np.zeros(owners, dtype=np.int64)
    for lines in awards.values():
        np.add.at(earned, positions.owner[lines.payee], lines.amount)
    places = document.plan.places
    before = np.zeros(owners, dtype=np.int64)
    carried = computation.snapshot.earlier.state.find(BALANCE, "")
    if carried is not None:
        np.add.at(before, positions.owner[carried.member], carried.value.to_places(places).values)
    ended = _ended(computation)
    held, released, kept = _hold(computation, earned, ended)
    gross = before + earned - held + released
    if document.returns.collect == "forgive":
        gross = np.maximum(gross, 0)
    minimum = int(Numbers.constant(document.money.payout_minimum).to_places(places).values)
    out = np.where(gross >= np.where(ended, 1, max(minimum, 1)), gross, 0)
    taken = _take(computation, document.money, out)
    paid = out - sum(taken.values(), np.zeros(owners, dtype=np.int64))
    claimed, owed = _claim(computation, np.where(ended, gross, 0))
    after = gross - out if claimed is None else gross - out + claimed
    rows = np.flatnonzero(after)
    member = stand_ins(computation, rows)
    balance = StateRows.make(member=member, value=Numbers(after[rows], places))
    return Settlement(
        before, earned, held, released, taken, paid, after,
        {(BALANCE, ""): balance, (HOLD, ""): kept, **owed}, claimed,
    )  # fmt: skip


def _ended(computation: "Computation") -> Truths:
    """The owners all of whose memberships have ended."""
    positions = computation.snapshot.positions
    formula = computation.plan.optional("returns.ended_when")
    if formula is None:
        return np.zeros(len(positions.owners), dtype=bool)
    ended = np.ones(len(positions.owners), dtype=bool)
    ended[positions.owner[~computation.truths(formula)]] = False
    return ended


def _claim(
    computation: "Computation", gross: Column
) -> tuple[Column | None, dict[tuple[str, str], StateRows]]:
    """What is owed for so long that it becomes a claim, and since when everything else is owed."""
    days = computation.plan.document.returns.claim_days
    if days is None:
        return None, {}
    _first, last = computation.snapshot.period.days
    since = np.full(len(gross), last, dtype=np.int64)
    before = computation.snapshot.earlier.state.find(OWED, "")
    if before is not None:
        since[computation.snapshot.positions.owner[before.member]] = before.day
    is_due = (gross < 0) & (last - since >= days)
    rows = np.flatnonzero((gross < 0) & ~is_due)
    state = StateRows.make(
        member=stand_ins(computation, rows), day=since[rows],
        value=Numbers(np.ones(len(rows), dtype=np.int64)),
    )  # fmt: skip
    return np.where(is_due, -gross, 0), {(OWED, ""): state}


def _take(computation: "Computation", money: Money, out: Column) -> dict[str, Column]:
    """Deductions and fees of what is paid out, never more than it."""
    head = computation.plan.document.plan
    left = out.copy()
    taken: dict[str, Column] = {}
    for name, share in money.deductions.items():
        exact = Numbers(out, head.places) * Numbers.constant(share)
        taken[name] = np.minimum(exact.to_places(head.places, head.rounding.mode).values, left)
        left = left - taken[name]
    for name, fee in money.fees.items():
        amount = int(Numbers.constant(fee).to_places(head.places, head.rounding.mode).values)
        taken[name] = np.minimum(np.where(out > 0, amount, 0), left)
        left = left - taken[name]
    return taken


def _hold(
    computation: "Computation", earned: Column, ended: Truths
) -> tuple[Column, Column, StateRows]:
    """What is held back now, what is released, and what stays held for later."""
    money, places = computation.plan.document.money, computation.plan.document.plan.places
    owner = computation.snapshot.positions.owner
    held, released = np.zeros_like(earned), np.zeros_like(earned)
    nothing = np.zeros(0, dtype=np.int64)
    waiting = computation.snapshot.earlier.state.find(HOLD, "")
    member, day, value = nothing, nothing, nothing
    if waiting is not None:
        start = first_day_of_window(
            period=computation.snapshot.period,
            length=max(money.hold_periods, 1),
            calendars=computation.plan.calendars,
        )
        values = waiting.value.to_places(places).values
        free = (waiting.day < start) | (not money.hold_periods) | ended[owner[waiting.member]]
        np.add.at(released, owner[waiting.member[free]], values[free])
        member, day, value = waiting.member[~free], waiting.day[~free], values[~free]
    if money.hold_periods:
        held = np.where(ended, 0, np.maximum(earned, 0))
        rows = np.flatnonzero(held)
        _first, last = computation.snapshot.period.days
        member = np.concatenate([member, stand_ins(computation, rows)])
        day = np.concatenate([day, np.full(len(rows), last, dtype=np.int64)])
        value = np.concatenate([value, held[rows]])
    return held, released, StateRows.make(member=member, day=day, value=Numbers(value, places))


def stand_ins(computation: "Computation", owners: Rows) -> Rows:
    """The position under whose name each owner's state goes: the owner's own, or the first."""
    if not len(owners):
        return owners
    positions = computation.snapshot.positions
    first = np.full(len(positions.owners), positions.size, dtype=np.int64)
    np.minimum.at(first, positions.owner, np.arange(positions.size))
    own = np.flatnonzero(positions.ids == positions.owners[positions.owner])
    first[positions.owner[own]] = own
    return first[owners]
