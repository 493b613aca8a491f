"""What a member is to the tax office where the data do not say it: written down by staff, never changed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.payouts.models import TaxStatus
from mlm_plugin.payouts.steps import PayoutError, person_of


def set_tax_status(
    *, member_id: int, status: str, valid_from: date, note: str, actor: Actor, at: datetime
) -> TaxStatus:
    """A status from a day on, with the paper that was seen; the same again changes nothing.

    Raises PayoutError without a paper.
    """
    if not note.strip():
        raise PayoutError(_("Say which paper you have seen."))
    with transaction.atomic():
        newest = TaxStatus.objects.filter(member_id=member_id).order_by("valid_from", "pk").last()
        if newest and (newest.status, newest.valid_from) == (status, valid_from):
            return newest
        row = TaxStatus.objects.create(
            member_id=member_id,
            status=status,
            valid_from=valid_from,
            note=note[:200],
            author_id=person_of(actor),
            at=at,
        )
        record_action(
            actor=actor,
            at=at,
            name="payee.tax_status",
            subject=f"member:{member_id}",
            reason=note,
            before={"status": newest.status} if newest else None,
            after={"status": status, "valid_from": valid_from.isoformat()},
        )
    return row
