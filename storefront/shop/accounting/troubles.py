"""Money that went another way than written down, as the payment provider tells us later."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from storefront.shop.accounting.models import PaymentTrouble
from storefront.shop.payments.gateway import Event
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest

Kind = PaymentTrouble.Kind
LOST = ("failed", "canceled")


def note_trouble(*, event: Event, at: datetime) -> PaymentTrouble | None:
    """Write down a refund that came back or a payment that is disputed, once; else nothing.

    The books stay as they are: the buyer is still owed, and staff pay by hand.
    """
    if event.kind == "charge.dispute.created":
        kind, refund = Kind.DISPUTE, None
    elif event.status in LOST and not event.kind.startswith("charge.dispute."):
        kind = Kind.REFUND_FAILED
        refund = RefundRequest.objects.filter(provider_id=event.reference).first()
        if refund is None or refund.state != RefundRequest.State.DONE:
            # Refused at once: the request says so itself and can be asked again.
            return None
    else:
        return None
    attempt = None
    if event.payment_id:
        attempt = CheckoutAttempt.objects.filter(payment_id=event.payment_id).first()
    order_id = refund.order_id if refund else None
    trouble, _created = PaymentTrouble.objects.get_or_create(
        reference=event.reference,
        defaults={
            "kind": kind,
            "order_id": order_id or (attempt.order_id if attempt else None),
            "refund": refund,
            "amount": event.amount,
            "text": event.text[:500],
            "happened_at": at,
        },
    )
    return trouble


def solve_trouble(*, trouble_id: int, solution: str, by: Any, at: datetime) -> bool:
    """Staff say how it ended; False when somebody said so before."""
    return bool(
        PaymentTrouble.objects.filter(pk=trouble_id, solved_at=None).update(
            solved_at=at, solved_by=by, solution=solution[:500]
        )
    )


def get_troubles() -> QuerySet[PaymentTrouble]:
    """All of them: what waits for somebody first, then the newest."""
    found = PaymentTrouble.objects.select_related("order", "solved_by")
    return found.order_by(F("solved_at").asc(nulls_first=True), "-happened_at", "-pk")
