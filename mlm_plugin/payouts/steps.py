"""Moving payouts from state to state: the step is written, the member told, all in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from mlm_plugin.ledger.actions import Actor
from mlm_plugin.payouts.models import Payout, PayoutStep
from mlm_plugin.payouts.tasks import mail_payout

BATCH_SIZE = 1_000
# What members get a mail about; who put a payout into which batch is no news to them.
TOLD = {
    Payout.State.REQUESTED,
    Payout.State.HANDED_OVER,
    Payout.State.PAID,
    Payout.State.BOUNCED,
    Payout.State.CANCELLED,
}


class PayoutError(Exception):
    """What was asked for cannot be done with these payouts; the text says why and may be shown."""


def person_of(actor: Actor) -> int:
    """Who does what the schedule may not. Raises PayoutError for nobody."""
    if actor.user_id is None:
        raise PayoutError(_("Somebody has to answer for this."))
    return actor.user_id


def write_steps(
    *,
    payouts: Sequence[Payout],
    state: str,
    actor: Actor,
    at: datetime,
    notes: dict[int, str] | None = None,
    is_told: bool = True,
) -> None:
    """Write down that these payouts have become `state`; the caller saves the rows themselves."""
    notes = notes or {}
    PayoutStep.objects.bulk_create(
        [
            PayoutStep(
                payout=payout,
                state=state,
                at=at,
                author_id=actor.user_id,
                note=notes.get(payout.pk, "")[:200],
            )
            for payout in payouts
        ],
        batch_size=BATCH_SIZE,
    )
    if is_told and state in TOLD:
        for payout in payouts:
            # The job lies in the same database: it is there if and only if the step is.
            mail_payout.enqueue(payout_id=payout.pk, state=str(state))
