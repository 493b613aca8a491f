"""Giving money back: written down first, asked of the provider second, recorded third.

What the buyer had paid from the own wallet goes back there first (see `wallet`).

Every step can be repeated. A crash after the first step leaves a request that
`payments_reconcile` completes; a crash after the second is found by its key at the provider.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from mlm_plugin.plan.money import share_of_pieces
from storefront.shop.accounting.tasks import issue_credit_note
from storefront.shop.fulfilment.selectors import RETURN_KEY
from storefront.shop.fulfilment.services import close_when_nothing_is_left
from storefront.shop.payments import gateway, tasks
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.records import note_refunded, note_status
from storefront.shop.payments.wallet import release_share, return_part, wallet_part

logger = logging.getLogger(__name__)

Order = get_model("order", "Order")
State = RefundRequest.State
# A process that asked the provider and has not come back after this long is gone.
ASKING = timedelta(minutes=1)
OPEN_STATUSES = ("Paid", "Packed")
# Pieces of these have not all left the house.
KEEPS_PIECES = (*OPEN_STATUSES, "Partly shipped")

# Sent after the commit with `refund_id` and `at`, when the money has gone back.
refund_done = Signal()


class CannotRefund(Exception):
    """More pieces or money than are left, or an order without payment; the text may be shown."""


@dataclass(frozen=True)
class Refundable:
    """What of an order can still go back: pieces and money per order line, shipping, and all."""

    pieces: dict[int, int]
    amounts: dict[int, int]
    shipping: int
    total: int


def get_refundable(*, order: Any) -> Refundable:
    """What is left after every refund that was done or asked for, in smallest units."""
    lines = list(order.lines.all())
    pieces = {line.pk: line.quantity for line in lines}
    amounts = {
        line.pk: minor_units(line.line_price_incl_tax, currency=order.currency) for line in lines
    }
    shipping = minor_units(order.shipping_incl_tax, currency=order.currency)
    total = minor_units(_paid_amount(order), currency=order.currency)
    for refund in order.refunds.exclude(state=State.FAILED):
        for line_id, quantity, amount in refund.lines:
            pieces[line_id] -= quantity
            amounts[line_id] -= amount
        shipping -= refund.shipping
        total -= refund.amount
    return Refundable(pieces=pieces, amounts=amounts, shipping=shipping, total=total)


def price_refund(
    *, order: Any, pieces: Mapping[int, int], shipping: int
) -> tuple[list[list[int]], int]:
    """What these pieces and this shipping come to: [[line id, pieces, amount], ...] and the sum.

    Nothing is written. Raises CannotRefund.
    """
    if not order.payment_events.filter(event_type__name="Paid").exists():
        raise CannotRefund(_("Nothing was paid for this order."))
    left = get_refundable(order=order)
    lines = _line_amounts(order, pieces, left)
    if not 0 <= shipping <= left.shipping:
        raise CannotRefund(_("More shipping than was paid cannot go back."))
    amount = sum(amount for _line, _pieces, amount in lines) + shipping
    if amount > left.total:
        raise CannotRefund(_("More than was paid cannot go back."))
    return lines, amount


def request_refund(
    *,
    order_id: int,
    pieces: Mapping[int, int],
    shipping: int,
    reason: str,
    key: str,
    by: Any,
    at: datetime,
    cancels_order: bool = False,
) -> RefundRequest:
    """Write down a refund of `pieces` (order line id: quantity) and of `shipping` smallest units.

    `key` makes it once: the same form sent again returns the same request. Call `complete_refund`
    with the result. Raises CannotRefund.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        known = RefundRequest.objects.filter(key=key).first()
        if known is not None:
            if known.order_id != order_id:
                raise CannotRefund(_("This refund belongs to another order."))
            return known
        lines, amount = price_refund(order=order, pieces=pieces, shipping=shipping)
        if not lines and not amount and not cancels_order:
            raise CannotRefund(_("Choose what goes back."))
        attempt = CheckoutAttempt.objects.filter(order=order).first()
        return RefundRequest.objects.create(
            key=key,
            attempt=attempt,
            order=order,
            amount=amount,
            wallet_amount=wallet_part(attempt=attempt, amount=amount),
            shipping=shipping,
            lines=lines,
            reason=reason[:500],
            cancels_order=cancels_order,
            requested_by=by,
            created_at=at,
        )


def request_cancel(*, order_id: int, reason: str, key: str, by: Any, at: datetime) -> RefundRequest:
    """Write down that all that is left of a paid order goes back and the order is cancelled.

    An order is cancelled once: whoever asks again, under any key, gets the first request. Raises
    CannotRefund, also when the order has left the house already.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        known = order.refunds.filter(cancels_order=True).exclude(state=State.FAILED).first()
        if known is not None:
            return known
        if order.status not in OPEN_STATUSES:
            raise CannotRefund(_("An order that was sent cannot be cancelled; refund it instead."))
        left = get_refundable(order=order)
        return request_refund(
            order_id=order_id,
            pieces={line_id: quantity for line_id, quantity in left.pieces.items() if quantity},
            shipping=left.shipping,
            reason=reason,
            key=key,
            by=by,
            at=at,
            cancels_order=True,
        )


def cancel_by_buyer(*, order_id: int, key: str, by: Any, at: datetime) -> RefundRequest | None:
    """The buyer gives an order up before it is packed: what was paid goes back.

    Returns the refund to complete, or nothing where no money had come. Raises CannotRefund.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status == "Packed":
            raise CannotRefund(
                _("Your order is packed already. You can send the goods back to us.")
            )
        if order.status == "Pending":
            cancel_unpaid(order_id=order_id, by=by, at=at)
            return None
        reason = _("You cancelled the order.")
        # The form's key comes from the buyer: it must not be taken for one of ours.
        key = f"buyer:{order_id}:{key}"[:64]
        return request_cancel(order_id=order_id, reason=reason, key=key, by=by, at=at)


def cancel_unpaid(*, order_id: int, by: Any, at: datetime) -> None:
    """Cancel an order whose money never came: the pieces go back on sale.

    Raises CannotRefund when it was paid (request_cancel gives the money back) or has moved on.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status == "Cancelled":
            return
        if (
            order.status != "Pending"
            or order.payment_events.filter(event_type__name="Paid").exists()
        ):
            raise CannotRefund(_("This order is paid: refund it to cancel it."))
        for line in order.lines.order_by("stockrecord_id"):
            _return_pieces(line, line.quantity)
        attempt = CheckoutAttempt.objects.select_for_update().filter(order=order).first()
        if attempt is not None and attempt.wallet_key:
            release_share(attempt=attempt, at=at)
            attempt.save(update_fields=["wallet_key"])
        note_status(
            order=order, status="Cancelled", by=by, text=_("Cancelled without payment."), at=at
        )


def complete_refund(*, refund_id: int, at: datetime) -> RefundRequest:
    """Ask the provider and write the result down, once, whoever calls and however often.

    A refund the provider refuses becomes failed and says why; no answer leaves it requested.
    """
    nobody_asks = Q(asked_at=None) | Q(asked_at__lt=at - ASKING)
    claimed = RefundRequest.objects.filter(nobody_asks, pk=refund_id, state=State.REQUESTED)
    is_ours = claimed.update(asked_at=at)
    refund = RefundRequest.objects.select_related("attempt", "order").get(pk=refund_id)
    if not is_ours:
        return refund
    try:
        provider_id = _give(refund)
    except (gateway.Refused, gateway.Declined) as error:
        RefundRequest.objects.filter(pk=refund_id, state=State.REQUESTED).update(
            state=State.FAILED, error=str(error)[:500], finished_at=at
        )
        logger.exception("refund %s was refused", refund.key)
    except gateway.Unreachable as error:
        RefundRequest.objects.filter(pk=refund_id).update(asked_at=None)
        logger.warning("refund %s waits for an answer: %s", refund.key, error)
    else:
        _record(refund_id=refund_id, provider_id=provider_id, at=at)
    return RefundRequest.objects.get(pk=refund_id)


def _give(refund: RefundRequest) -> str:
    """Move what does not go to the wallet; returns the provider's id.

    By transfer staff move it themselves.
    """
    attempt, amount = refund.attempt, refund.amount - refund.wallet_amount
    if refund.wallet_amount and not amount:
        return f"wallet:{refund.key}"
    by_card = attempt is not None and attempt.payment_id
    if not by_card or attempt is None or amount == 0:
        return f"by-hand:{refund.key}"
    payment_id = attempt.payment_id or ""
    made = gateway.find_refund(payment_id=payment_id, key=refund.key)
    if made is None:
        made = gateway.create_refund(payment_id=payment_id, amount=amount, key=refund.key)
    if made.status in ("failed", "canceled"):
        raise gateway.Refused(_("The bank refused the refund."))
    return made.id


@transaction.atomic
def _record(*, refund_id: int, provider_id: str, at: datetime) -> None:
    refund = RefundRequest.objects.select_for_update().get(pk=refund_id)
    if refund.state != State.REQUESTED:
        return
    refund.state, refund.provider_id, refund.finished_at = State.DONE, provider_id, at
    refund.save()
    return_part(refund=refund, at=at)
    if refund.order_id is None:
        return
    order = Order.objects.select_for_update().get(pk=refund.order_id)
    if refund.amount or refund.lines:
        _note(order, refund, at=at)
    if order.status in KEEPS_PIECES and not refund.key.startswith(RETURN_KEY):
        # What has not left the house stays there and can be sold again.
        returned = {line_id: quantity for line_id, quantity, _amount in refund.lines}
        for line in order.lines.filter(pk__in=returned).order_by("stockrecord_id"):
            _return_pieces(line, min(returned[line.pk], line.num_allocated))
        close_when_nothing_is_left(order=order, at=at)
    if refund.cancels_order and "Cancelled" in order.available_statuses():
        note_status(
            order=order,
            status="Cancelled",
            by=refund.requested_by,
            text=_("Cancelled and refunded. %(reason)s") % {"reason": refund.reason},
            at=at,
        )
    tasks.mail_refunded.enqueue(refund_id=refund.pk)
    if refund.amount:
        issue_credit_note.enqueue(refund_id=refund.pk)
    transaction.on_commit(
        lambda: refund_done.send_robust(sender=RefundRequest, refund_id=refund_id, at=at),
        robust=True,
    )


def _note(order: Any, refund: RefundRequest, *, at: datetime) -> None:
    note_refunded(
        order=order,
        reference=str(refund.provider_id),
        amount=price(refund.amount, currency=order.currency),
        pieces=[(line_id, quantity) for line_id, quantity, _amount in refund.lines],
        wallet=price(refund.wallet_amount, currency=order.currency),
        at=at,
    )


def _return_pieces(line: Any, quantity: int) -> None:
    if line.stockrecord_id and line.product_id:
        line.cancel_allocation(quantity)


def _paid_amount(order: Any) -> Any:
    paid = order.payment_events.filter(event_type__name="Paid")
    return sum((event.amount for event in paid), Decimal(0))


def _line_amounts(order: Any, pieces: Mapping[int, int], left: Refundable) -> list[list[int]]:
    """What the pieces cost, so that all portions of a line add up to exactly its price."""
    rows = []
    lines = {line.pk: line for line in order.lines.all()}
    for line_id, quantity in sorted(pieces.items()):
        line = lines.get(line_id)
        if line is None:
            raise CannotRefund(_("A line is not of this order."))
        if not 0 < quantity <= left.pieces[line_id]:
            raise CannotRefund(
                _("Of “%(title)s” at most %(count)s can go back.")
                % {"title": line.title, "count": left.pieces[line_id]}
            )
        amount = share_of_pieces(
            left.amounts[line_id], pieces=left.pieces[line_id], before=0, taken=quantity
        )
        rows.append([line_id, quantity, amount])
    return rows
