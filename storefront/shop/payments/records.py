"""What Oscar's tables say of money: payment events, payment sources, statuses and notes.

Call these inside the transaction that holds the order.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from oscar.core.loading import get_model

from mlm_plugin.shop.receivers import ring
from storefront.shop.accounting.tasks import issue_invoice

PaymentEvent = get_model("order", "PaymentEvent")
PaymentEventQuantity = get_model("order", "PaymentEventQuantity")
PaymentEventType = get_model("order", "PaymentEventType")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
OrderNote = get_model("order", "OrderNote")


SOURCES = {
    "card": "Card",
    "transfer": "Bank transfer",
    "free": "Nothing to pay",
    "wallet": "Wallet",
}


def note_paid(
    *,
    order: Any,
    reference: str,
    amount: Decimal,
    source: str,
    at: datetime,
    wallet: Decimal = Decimal(0),
) -> None:
    """The order's money came at `at`, all of it; `source` is the attempt's method.

    `wallet` is the part of `amount` that came from the buyer's wallet; it is a source of its own.

    Who calls this rings as well, by placing the order or by its new status.
    """
    pieces = [(line.pk, line.quantity) for line in order.lines.all()]
    _note_event("Paid", order=order, reference=reference, amount=amount, pieces=pieces, at=at)
    parts = {source: amount - wallet, "wallet": wallet} if wallet < amount else {source: amount}
    for code, part in parts.items():
        if part == 0 and code == "wallet":
            continue
        kind, _created = SourceType.objects.get_or_create(
            code=code, defaults={"name": SOURCES[code]}
        )
        Source.objects.create(
            order=order,
            source_type=kind,
            currency=order.currency,
            amount_allocated=part,
            amount_debited=part,
            reference=reference if code == source else f"wallet:{order.number}",
        )
    issue_invoice.enqueue(order_id=order.pk)


def note_refunded(
    *,
    order: Any,
    reference: str,
    amount: Decimal,
    pieces: list[tuple[int, int]],
    at: datetime,
    wallet: Decimal = Decimal(0),
) -> None:
    """Money went back at `at` for `pieces` (order line id, quantity), which may be none.

    `wallet` is the part of `amount` that went to the buyer's wallet.
    """
    _note_event("Refunded", order=order, reference=reference, amount=amount, pieces=pieces, at=at)
    sources = Source.objects.filter(order=order)
    by_wallet = sources.filter(source_type__code="wallet")
    by_wallet.update(amount_refunded=F("amount_refunded") + wallet)
    others = sources.exclude(source_type__code="wallet")
    others.update(amount_refunded=F("amount_refunded") + (amount - wallet))
    ring(order_id=order.pk)


def note_status(*, order: Any, status: str, by: Any, text: str, at: datetime) -> None:
    """Move the order along its pipeline at `at` and say who did it; the status signal rings.

    An empty `text` leaves no note.
    """
    order.set_status(status)
    # These columns fill themselves with the clock; it happened when it happened.
    order.status_changes.filter(new_status=status).update(date_created=at)
    if text:
        note = OrderNote.objects.create(
            order=order, user=by, note_type=OrderNote.SYSTEM, message=text
        )
        OrderNote.objects.filter(pk=note.pk).update(date_created=at, date_updated=at)


def _note_event(
    name: str,
    *,
    order: Any,
    reference: str,
    amount: Decimal,
    pieces: list[tuple[int, int]],
    at: datetime,
) -> None:
    kind, _created = PaymentEventType.objects.get_or_create(name=name)
    event = PaymentEvent.objects.create(
        order=order, event_type=kind, amount=amount, reference=reference
    )
    # The column fills itself with the clock; the money came when it came.
    PaymentEvent.objects.filter(pk=event.pk).update(date_created=at)
    PaymentEventQuantity.objects.bulk_create(
        PaymentEventQuantity(event=event, line_id=line_id, quantity=quantity)
        for line_id, quantity in pieces
        if quantity
    )
