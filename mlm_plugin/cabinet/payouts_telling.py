"""What a page says about a payout: its way as a timeline, and what holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlm_plugin.payouts.holding import may_fix, write_hold
from mlm_plugin.payouts.models import Payout, PayoutStep
from mlm_plugin.payouts.payees import Hold, Payee

State = Payout.State
# The way of a payout that nothing stops, as the member sees it: who approves what is no news.
WAY = (State.REQUESTED, State.HANDED_OVER, State.PAID)
INSIDE = (State.IN_BATCH, State.APPROVED)
ENDS = (State.PAID, State.BOUNCED, State.CANCELLED)


@dataclass(frozen=True)
class Held:
    """A reason why a payout waits, and whether the member can do something about it."""

    words: str
    may_fix: bool


@dataclass(frozen=True)
class Event:
    """A step as the component `timeline` shows it."""

    label: str
    at: datetime | None
    note: str
    state: str


def tell_holds(payee: Payee, holds: Sequence[Hold] | None = None) -> list[Held]:
    """Everything that holds money of this payee, as sentences."""
    reasons = payee.holds if holds is None else holds
    return [Held(write_hold(hold, payee=payee), may_fix(hold)) for hold in reasons]


def tell_steps(payout: Payout, steps: Sequence[PayoutStep]) -> list[Event]:
    """What a payout went through and what is still to come, for the member."""
    shown = [step for step in _without_detours(steps) if step.state not in INSIDE]
    events = [
        Event(
            label=str(State(step.state).label),
            at=step.at,
            note=step.note,
            state="bad" if step.state in (State.BOUNCED, State.CANCELLED) else "done",
        )
        for step in shown
    ]
    if payout.state not in ENDS:
        done = {step.state for step in shown}
        events += [
            Event(label=str(state.label), at=None, note="", state="next")
            for state in WAY
            if state not in done
        ]
    return events


def _without_detours(steps: Sequence[PayoutStep]) -> list[PayoutStep]:
    """Only the first request: one that a batch gave back is still the same."""
    first = next((step for step in steps if step.state == State.REQUESTED), None)
    return [step for step in steps if step.state != State.REQUESTED or step is first]
