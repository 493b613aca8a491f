"""Find what was left behind: payments without an order, attempts nobody finished, open refunds."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storefront.shop.payments import gateway
from storefront.shop.payments.models import CheckoutAttempt, ProcessedEvent, RefundRequest
from storefront.shop.payments.refunds import complete_refund
from storefront.shop.payments.services import place_order_from_attempt, settle_attempt

logger = logging.getLogger(__name__)

State = CheckoutAttempt.State

# A request that still works on an attempt gets this long before anybody looks after it.
GRACE = timedelta(minutes=1)
BATCH = 200
# The provider repeats events for three days; a repeated one would be harmless anyway.
REMEMBERED = timedelta(days=30)


@dataclass
class Findings:
    """What one round did, by attempt and refund; `unsettled` could not be cleared up this time."""

    placed: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    refunded: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)


def reconcile_payments(*, at: datetime) -> Findings:
    """Bring every attempt and refund that was left behind to its end; harmless to repeat.

    Money that came is turned into its order, or given back where that is impossible. What the
    bank has not answered is given up when the attempt has expired.
    """
    findings = Findings()
    left = CheckoutAttempt.objects.filter(
        state__in=[*CheckoutAttempt.LIVE, State.PAID], updated_at__lt=at - GRACE
    )
    for attempt in left.order_by("updated_at")[:BATCH]:
        try:
            _finish(attempt, at=at, findings=findings)
        except Exception:
            # One that cannot be settled must not keep the others from it.
            logger.exception("attempt %s is not settled", attempt.number)
            findings.unsettled.append(str(attempt.number))
    requested = RefundRequest.objects.filter(
        state=RefundRequest.State.REQUESTED, created_at__lt=at - GRACE
    )
    ProcessedEvent.objects.filter(received_at__lt=at - REMEMBERED).delete()
    for refund in requested.order_by("created_at")[:BATCH]:
        done = complete_refund(refund_id=refund.pk, at=at)
        target = findings.refunded if done.state == done.State.DONE else findings.unsettled
        target.append(done.key)
    return findings


def _finish(attempt: CheckoutAttempt, *, at: datetime, findings: Findings) -> None:
    if attempt.state == State.PAID:
        place_order_from_attempt(attempt_id=attempt.pk, at=at)
        attempt.refresh_from_db()
    else:
        # Without a payment nothing was charged; with one the provider says how it stands.
        give_up = attempt.payment_id is None or at >= attempt.expires_at
        attempt = settle_attempt(attempt_id=attempt.pk, at=at, give_up=give_up)
    if attempt.state == State.PLACED:
        findings.placed.append(str(attempt.number))
    elif attempt.state == State.REFUNDED:
        findings.refunded.append(str(attempt.number))
    elif attempt.state in (State.FAILED, State.EXPIRED):
        findings.given_up.append(str(attempt.number))


def find_unknown_payments(*, limit: int = 100) -> list[gateway.Payment]:
    """Money at the provider that no attempt knows of, among its newest `limit` payments.

    It should not exist; after a database was restored from an older copy it does.
    """
    paid = [payment for payment in gateway.recent_payments(limit=limit) if payment.is_paid]
    known = set(
        CheckoutAttempt.objects.filter(payment_id__in=[payment.id for payment in paid]).values_list(
            "payment_id", flat=True
        )
    )
    return [payment for payment in paid if payment.id not in known]
