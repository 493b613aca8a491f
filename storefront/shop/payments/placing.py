"""Money becomes an order: under the lock of the attempt, from what it froze, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_class

from mlm_plugin.shop.attribution import Attribution, record_attribution
from mlm_plugin.shop.line_points import freeze_points
from storefront.shop.payments import gateway, tasks
from storefront.shop.payments.addresses import remember_address
from storefront.shop.payments.baskets import empty_ordered_lines
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.payments.records import note_paid
from storefront.shop.payments.refunds import complete_refund
from storefront.shop.payments.stock import Unavailable, hold_stock
from storefront.shop.payments.vouchers import claim_vouchers, lock_vouchers
from storefront.shop.payments.wallet import reserve_share, settle_share

State, Method = CheckoutAttempt.State, CheckoutAttempt.Method


@transaction.atomic
def note_money(*, attempt_id: int, payment: gateway.Payment, at: datetime) -> None:
    """Write down that the money is here, whatever becomes of the order.

    Raises ValueError when the payment is not of this attempt, amount or currency.
    """
    attempt = lock_attempt(attempt_id)
    if (payment.id, payment.amount, payment.currency) != (
        attempt.payment_id,
        attempt.charged,
        attempt.currency,
    ):
        raise ValueError(f"payment {payment.id} does not fit attempt {attempt.number}")
    if attempt.state not in (State.PAID, State.PLACED, State.REFUNDED):
        move_attempt(attempt, State.PAID, at=at)


def place_order_from_attempt(*, attempt_id: int, at: datetime) -> Any | None:
    """Place the order an attempt froze, once; returns it, also when it was placed before.

    The attempt's row is locked, so of two callers the second finds the order of the first. Money
    must be noted already (`note_money`), except for transfers, which wait for it, and for orders
    that cost nothing. When the pieces were sold meanwhile (an attempt that had expired), the
    money goes back and None is returned.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt_id)
        if attempt.state in (State.PLACED, State.REFUNDED):
            return attempt.order
        if attempt.state != State.PAID and not (
            attempt.method != Method.CARD and attempt.state == State.OPEN
        ):
            raise ValueError(f"attempt {attempt.number} is {attempt.state}, not paid")
        lock_vouchers(attempt=attempt)
        if _can_have_pieces(attempt, at=at):
            return _place(attempt, at=at)
        if attempt.method != Method.CARD:
            move_attempt(attempt, State.FAILED, at=at, failure=attempt.failure)
            return None
        refund_id = _give_back(attempt, at=at).pk
    complete_refund(refund_id=refund_id, at=at)
    return None


def _can_have_pieces(attempt: CheckoutAttempt, *, at: datetime) -> bool:
    """Pieces and the wallet's share are held since before the payment, or can be had (again) now."""
    if attempt.stock_held:
        return True
    if _was_bought_again(attempt):
        return False
    try:
        with transaction.atomic():
            if attempt.state != State.PAID:
                claim_vouchers(attempt=attempt)
            hold_stock(lines=attempt.snapshot["lines"])
            reserve_share(attempt=attempt, at=at)
    except Unavailable as error:
        attempt.failure = str(error)
        return False
    return True


def _was_bought_again(attempt: CheckoutAttempt) -> bool:
    """Whether the shopper gave this try up and bought the same basket by another one."""
    return (
        attempt.basket_id is not None
        and CheckoutAttempt.objects.filter(
            basket_id=attempt.basket_id,
            state__in=[*CheckoutAttempt.LIVE, State.PAID, State.PLACED],
        )
        .exclude(pk=attempt.pk)
        .exists()
    )


def _give_back(attempt: CheckoutAttempt, *, at: datetime) -> RefundRequest:
    move_attempt(attempt, State.REFUNDED, at=at, failure=attempt.failure or _("Sold out."))
    tasks.mail_not_placed.enqueue(attempt_id=attempt.pk)
    return RefundRequest.objects.create(
        key=f"attempt:{attempt.public_id}", attempt=attempt, amount=attempt.charged, created_at=at
    )


def _place(attempt: CheckoutAttempt, *, at: datetime) -> Any:
    """Everything that an order is, in the transaction that holds the attempt's lock."""
    creator = get_class("order.utils", "OrderCreator")()
    order = creator.place_frozen(
        snapshot=attempt.snapshot,
        number=attempt.number or "",
        currency=attempt.currency,
        user=attempt.user,
        guest_email=attempt.email,
        basket=attempt.basket,
        status="Pending" if attempt.method == Method.TRANSFER else "Paid",
        placed_at=at,
    )
    record_attribution(
        order=order, attribution=Attribution(**attempt.snapshot["attribution"]), at=at
    )
    freeze_points(order=order)
    if attempt.method != Method.TRANSFER:
        # The share of an order by transfer stays reserved until the transfer has come.
        settle_share(attempt=attempt, at=at)
        note_paid(
            order=order,
            reference=attempt.payment_id or f"{attempt.method}:{order.number}",
            amount=price(attempt.total, currency=attempt.currency),
            source=attempt.method,
            wallet=price(attempt.wallet_amount, currency=attempt.currency),
            at=at,
        )
    remember_address(user=attempt.user, address=order.shipping_address)
    empty_ordered_lines(lines=attempt.snapshot["lines"], basket=attempt.basket, at=at)
    attempt.order = order
    attempt.stock_held = True
    move_attempt(attempt, State.PLACED, at=at)
    tasks.mail_order_placed.enqueue(order_id=order.pk)
    if attempt.keeps_card and attempt.payment_id:
        tasks.keep_card.enqueue(attempt_id=attempt.pk)
    # After the commit and robustly: the order exists, an error of a receiver must not deny it.
    transaction.on_commit(
        lambda: order_placed.send_robust(sender=creator, order=order, user=order.user), robust=True
    )
    return order


def lock_attempt(attempt_id: int) -> CheckoutAttempt:
    """The attempt's row, held until the transaction ends: everybody who changes it comes by here."""
    return CheckoutAttempt.objects.select_for_update().get(pk=attempt_id)


def move_attempt(attempt: CheckoutAttempt, state: str, *, at: datetime, failure: str = "") -> None:
    """Write a locked attempt in its new state."""
    attempt.state = state
    attempt.updated_at = at
    attempt.failure = failure[:500]
    attempt.save()
