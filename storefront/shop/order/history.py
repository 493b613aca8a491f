"""Who did what with an order, for the side of the staff's page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency

from storefront.shop.payments.money import price
from storefront.shop.payments.templatetags.order_status import NAMES
from storefront.shop.returns.models import ReturnStep


@dataclass(frozen=True)
class Entry:
    """One thing that was done; `by` is empty for the shop itself and for guests."""

    at: datetime
    text: str
    by: str = ""


def get_history(*, order: Any) -> list[Entry]:
    """Everything that was done with the order, newest first."""
    entries = [Entry(order.date_placed, _("Order placed"), _name(order.user))]
    notes = list(order.notes.select_related("user"))
    entries += [Entry(note.date_created, note.message, _name(note.user)) for note in notes]
    told = {note.date_created for note in notes}
    entries += [
        Entry(change.date_created, str(NAMES.get(change.new_status, change.new_status)))
        for change in order.status_changes.all()
        if change.date_created not in told
    ]
    for event in order.payment_events.select_related("event_type"):
        amount = currency(event.amount, order.currency)
        entries.append(Entry(event.date_created, f"{_(event.event_type.name)}: {amount}"))
    for refund in order.refunds.select_related("requested_by"):
        amount = currency(price(refund.amount, currency=order.currency), order.currency)
        text = _("Refund of %(amount)s asked for. %(reason)s")
        text = text % {"amount": amount, "reason": refund.reason}
        entries.append(Entry(refund.created_at, text.strip(), _name(refund.requested_by)))
    steps = ReturnStep.objects.filter(return_request__order=order)
    for step in steps.select_related("by", "return_request"):
        text = _("Return %(number)s %(state)s. %(note)s") % {
            "number": step.return_request.number,
            "state": step.get_state_display(),
            "note": step.note,
        }
        entries.append(Entry(step.at, text.strip(), _name(step.by)))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _name(user: Any) -> str:
    return (user.get_full_name() or user.email) if user else ""
