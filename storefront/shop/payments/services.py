"""From a basket to exactly one order: start an attempt, pay it, place the order it froze.

`place_order_from_attempt` is the only way an order comes into being, whoever asks for it: the
browser that returns, the webhook, `payments_reconcile`, or several of them at once.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_class, get_model

from mlm_plugin.shop.attribution import Attribution, record_attribution
from mlm_plugin.shop.line_points import freeze_points
from storefront.shop.payments import gateway, tasks
from storefront.shop.payments.baskets import empty_ordered_lines
from storefront.shop.payments.models import CheckoutAttempt, ProcessedEvent, RefundRequest
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.records import note_paid, note_status
from storefront.shop.payments.refunds import complete_refund
from storefront.shop.payments.snapshot import freeze_basket
from storefront.shop.payments.stock import SoldOut, hold_stock, release_stock

logger = logging.getLogger(__name__)

Basket = get_model("basket", "Basket")
State, Method = CheckoutAttempt.State, CheckoutAttempt.Method

# How long the buyer's bank may take before the pieces are sold to somebody else.
LIFETIME = timedelta(minutes=30)
# An attempt that was started this long ago and is still open was left by a request that died.
ABANDONED = timedelta(minutes=1)


class CannotPay(Exception):
    """The attempt came to nothing and nothing was charged; the text may be shown."""


class Changed(CannotPay):
    """The basket or its prices are not what the shopper saw."""


class Busy(Exception):
    """Another request pays the same basket right now."""

    def __init__(self, attempt: CheckoutAttempt) -> None:
        self.attempt = attempt
        super().__init__(_("This basket is being paid already."))


class Unclear(Exception):
    """The provider gave no clear answer: whether money moved is found out later."""


def start_attempt(
    *,
    basket: Any,
    user: Any,
    email: str,
    shipping_address: Any,
    shipping_method: Any,
    method: str,
    attribution: Attribution,
    language: str,
    at: datetime,
    seen_total: int | None = None,
) -> CheckoutAttempt:
    """Freeze a basket as it is now, under a lock, with a number of its own.

    `basket` has a strategy for the destination; `user` is None for a guest; `seen_total` is what
    the page said, in smallest units: it is compared, never charged. A total of nothing makes the
    method "free". The basket itself stays with the shopper until the order is placed.

    Raises Changed (sold out, no longer for sale, another total) or Busy.
    """
    _close_former_attempt(basket_id=basket.pk, at=at)
    try:
        with transaction.atomic():
            fresh = Basket.objects.select_for_update().get(pk=basket.pk)
            _load(fresh, strategy=basket.strategy, user=user)
            charge = shipping_method.calculate(fresh)
            snapshot = freeze_basket(
                basket=fresh,
                shipping_method=shipping_method,
                shipping_charge=charge,
                shipping_address=shipping_address,
                attribution=attribution,
            )
            currency = fresh.currency
            total = minor_units(fresh.total_incl_tax + charge.incl_tax, currency=currency)
            if seen_total is not None and seen_total != total:
                raise Changed(_("A price has changed. Please check the new total and pay again."))
            attempt = CheckoutAttempt.objects.create(
                method=method if total else Method.FREE,
                user=user,
                email=email,
                basket=fresh,
                snapshot=snapshot,
                currency=currency,
                total=total,
                language=language,
                created_at=at,
                updated_at=at,
                expires_at=at + LIFETIME,
            )
            attempt.number = str(100_000 + attempt.pk)
            attempt.save(update_fields=["number"])
            return attempt
    except IntegrityError:
        raise Busy(
            CheckoutAttempt.objects.get(basket_id=basket.pk, state__in=CheckoutAttempt.LIVE)
        ) from None


def _load(basket: Any, *, strategy: Any, user: Any) -> None:
    """Price the locked basket and apply its offers. Raises Changed if something cannot be sold."""
    basket.strategy = strategy
    if basket.status != Basket.OPEN or basket.is_empty:
        raise Changed(_("Your basket is empty."))
    for line in basket.all_lines():
        line.stockrecord.refresh_from_db()
        permitted, reason = line.purchase_info.availability.is_purchase_permitted(line.quantity)
        if not permitted:
            raise Changed(f"{line.product.get_title()}: {reason}")
    get_class("offer.applicator", "Applicator")().apply(basket, user)


def _close_former_attempt(*, basket_id: int, at: datetime) -> None:
    """A shopper who starts anew gives up the former try, unless it is being paid this moment."""
    former = CheckoutAttempt.objects.filter(
        basket_id=basket_id, state__in=CheckoutAttempt.LIVE
    ).first()
    if former is None:
        return
    fresh = at - former.updated_at < ABANDONED
    if former.state != State.REQUIRES_ACTION and fresh:
        raise Busy(former)
    former = settle_attempt(attempt_id=former.pk, at=at, give_up=True)
    if former.state not in (State.FAILED, State.EXPIRED):
        raise Busy(former)


def confirm_attempt(
    *, attempt_id: int, payment_method: str, at: datetime, return_url: str = ""
) -> CheckoutAttempt:
    """Hold the pieces, then take the money by card; whoever comes second is told how it stands.

    `payment_method` is the provider's id of what the browser collected. The result is placed,
    requires_action (the bank asks the buyer), or as it was when another request confirms already.

    Raises CannotPay (declined, sold out: nothing is charged, the basket is as it was) or Unclear.
    """
    attempt, is_ours = _hold(attempt_id=attempt_id, at=at)
    if not is_ours:
        if attempt.state == State.FAILED:
            raise CannotPay(attempt.failure or _no_answer())
        return attempt
    try:
        payment = gateway.create_payment(
            amount=attempt.total,
            currency=attempt.currency,
            payment_method=payment_method,
            attempt=attempt.public_id,
            number=attempt.number or "",
        )
    except (gateway.Declined, gateway.Refused, gateway.Unreachable) as error:
        # Whatever happened to that call, an unconfirmed payment charges nobody.
        text = str(error) if isinstance(error, gateway.Declined) else _no_answer()
        fail_attempt(attempt_id=attempt.pk, reason=text, at=at)
        raise CannotPay(text) from error
    known = CheckoutAttempt.objects.filter(pk=attempt.pk, state=State.PAYING, payment_id=None)
    if not known.update(payment_id=payment.id, updated_at=at):
        raise CannotPay(_no_answer())
    try:
        payment = gateway.confirm_payment(
            payment_id=payment.id, attempt=attempt.public_id, return_url=return_url
        )
    except gateway.Declined as error:
        fail_attempt(attempt_id=attempt.pk, reason=str(error), at=at)
        raise CannotPay(str(error)) from error
    except (gateway.Refused, gateway.Unreachable) as error:
        raise Unclear(str(error)) from error
    return settle_attempt(attempt_id=attempt.pk, at=at, payment=payment)


def _no_answer() -> str:
    return _("The payment could not be started. You were not charged. Please try again.")


@transaction.atomic
def _hold(*, attempt_id: int, at: datetime) -> tuple[CheckoutAttempt, bool]:
    """Move open → paying with the pieces held; False when the attempt is not open any more."""
    attempt = _lock(attempt_id)
    if attempt.state != State.OPEN:
        return attempt, False
    try:
        with transaction.atomic():
            hold_stock(lines=attempt.snapshot["lines"])
    except SoldOut as error:
        _move(attempt, State.FAILED, at=at, failure=str(error))
        return attempt, False
    attempt.stock_held = True
    _move(attempt, State.PAYING, at=at)
    return attempt, True


def settle_attempt(
    *,
    attempt_id: int,
    at: datetime,
    payment: gateway.Payment | None = None,
    give_up: bool = False,
) -> CheckoutAttempt:
    """Bring an attempt to where its payment is; harmless at any time, by anybody, repeatedly.

    Paid: the order is placed. Refused or cancelled: the attempt fails and its pieces go back on
    sale. With `give_up` a payment that is not money yet is cancelled first.

    Raises gateway.Unreachable.
    """
    attempt = CheckoutAttempt.objects.get(pk=attempt_id)
    if attempt.state in (State.PLACED, State.REFUNDED) or attempt.method != Method.CARD:
        return attempt
    if attempt.payment_id is None:
        if give_up:
            fail_attempt(attempt_id=attempt_id, reason="", at=at, state=State.EXPIRED)
        return CheckoutAttempt.objects.get(pk=attempt_id)
    if payment is None:
        payment = gateway.retrieve_payment(payment_id=attempt.payment_id)
    if give_up and not payment.is_paid and payment.status != "processing":
        payment = _cancel(payment)
    if payment.is_paid:
        note_money(attempt_id=attempt_id, payment=payment, at=at)
        try:
            place_order_from_attempt(attempt_id=attempt_id, at=at)
        except Exception:
            # The money is noted: the shopper is told so, and `payments_reconcile` tries again.
            logger.exception("attempt %s is paid, its order could not be placed", attempt.number)
    elif payment.is_dead:
        state = State.EXPIRED if give_up and at >= attempt.expires_at else State.FAILED
        fail_attempt(attempt_id=attempt_id, reason=payment.error, at=at, state=state)
    elif payment.status == "requires_action":
        CheckoutAttempt.objects.filter(pk=attempt_id, state=State.PAYING).update(
            state=State.REQUIRES_ACTION, updated_at=at
        )
    return CheckoutAttempt.objects.get(pk=attempt_id)


def _cancel(payment: gateway.Payment) -> gateway.Payment:
    try:
        return gateway.cancel_payment(payment_id=payment.id)
    except gateway.Refused:
        # Too late, it has become money or is cancelled already.
        return gateway.retrieve_payment(payment_id=payment.id)


@transaction.atomic
def note_money(*, attempt_id: int, payment: gateway.Payment, at: datetime) -> None:
    """Write down that the money is here, whatever becomes of the order.

    Raises ValueError when the payment is not of this attempt, amount or currency.
    """
    attempt = _lock(attempt_id)
    if (payment.id, payment.amount, payment.currency) != (
        attempt.payment_id,
        attempt.total,
        attempt.currency,
    ):
        raise ValueError(f"payment {payment.id} does not fit attempt {attempt.number}")
    if attempt.state not in (State.PAID, State.PLACED, State.REFUNDED):
        _move(attempt, State.PAID, at=at)


def place_order_from_attempt(*, attempt_id: int, at: datetime) -> Any | None:
    """Place the order an attempt froze, once; returns it, also when it was placed before.

    The attempt's row is locked, so of two callers the second finds the order of the first. Money
    must be noted already (`note_money`), except for transfers, which wait for it, and for orders
    that cost nothing. When the pieces were sold meanwhile (an attempt that had expired), the
    money goes back and None is returned.
    """
    with transaction.atomic():
        attempt = _lock(attempt_id)
        if attempt.state in (State.PLACED, State.REFUNDED):
            return attempt.order
        if attempt.state != State.PAID and not (
            attempt.method != Method.CARD and attempt.state == State.OPEN
        ):
            raise ValueError(f"attempt {attempt.number} is {attempt.state}, not paid")
        if _can_have_pieces(attempt):
            return _place(attempt, at=at)
        if attempt.method != Method.CARD:
            _move(attempt, State.FAILED, at=at, failure=_("Sold out."))
            return None
        refund_id = _give_back(attempt, at=at).pk
    complete_refund(refund_id=refund_id, at=at)
    return None


def _can_have_pieces(attempt: CheckoutAttempt) -> bool:
    """Pieces are held since before the payment, or can be had again after an attempt expired."""
    if attempt.stock_held:
        return True
    if _was_bought_again(attempt):
        return False
    try:
        with transaction.atomic():
            hold_stock(lines=attempt.snapshot["lines"])
    except SoldOut:
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
    _move(attempt, State.REFUNDED, at=at, failure=_("Sold out."))
    tasks.mail_not_placed.enqueue(attempt_id=attempt.pk)
    return RefundRequest.objects.create(
        key=f"attempt:{attempt.public_id}", attempt=attempt, amount=attempt.total, created_at=at
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
        note_paid(
            order=order,
            reference=attempt.payment_id or f"free:{order.number}",
            amount=price(attempt.total, currency=attempt.currency),
            source=attempt.method,
            at=at,
        )
    empty_ordered_lines(lines=attempt.snapshot["lines"], basket=attempt.basket, at=at)
    attempt.order = order
    attempt.stock_held = True
    _move(attempt, State.PLACED, at=at)
    tasks.mail_order_placed.enqueue(order_id=order.pk)
    # After the commit and robustly: the order exists, an error of a receiver must not deny it.
    transaction.on_commit(
        lambda: order_placed.send_robust(sender=creator, order=order, user=order.user), robust=True
    )
    return order


def fail_attempt(
    *, attempt_id: int, reason: str, at: datetime, state: str = State.FAILED
) -> None:
    """End an attempt that is not money: its pieces go back on sale, the basket is untouched.

    Money that comes all the same (a bank that was slow) is noted later and placed or given back.
    """
    with transaction.atomic():
        attempt = _lock(attempt_id)
        if attempt.state not in CheckoutAttempt.LIVE:
            return
        if attempt.stock_held:
            release_stock(lines=attempt.snapshot["lines"])
            attempt.stock_held = False
        _move(attempt, state, at=at, failure=reason)
    if attempt.payment_id:
        try:
            gateway.cancel_payment(payment_id=attempt.payment_id)
        except (gateway.Refused, gateway.Unreachable) as error:
            logger.info("payment %s was not cancelled: %s", attempt.payment_id, error)


def receive_event(*, event: gateway.Event, at: datetime) -> bool:
    """Handle a verified webhook event; False when it was known or says nothing to us.

    The event only says where to look: what is true is asked from the provider, so that order and
    repetition of events do not matter. Raises gateway.Unreachable, and then is not marked done.
    """
    if ProcessedEvent.objects.filter(event_id=event.id).exists():
        return False
    attempt = None
    if event.payment_id:
        attempt = CheckoutAttempt.objects.filter(payment_id=event.payment_id).first()
    if attempt is not None:
        settle_attempt(attempt_id=attempt.pk, at=at)
    ProcessedEvent.objects.get_or_create(
        event_id=event.id, defaults={"kind": event.kind[:100], "received_at": at}
    )
    return attempt is not None


def mark_transfer_paid(*, order_id: int, by: Any, at: datetime) -> bool:
    """Staff saw the money on the bank account; False when the order was paid already.

    Raises ValueError when the order is cancelled.
    """
    with transaction.atomic():
        order = get_model("order", "Order").objects.select_for_update().get(pk=order_id)
        if order.payment_events.filter(event_type__name="Paid").exists():
            return False
        if order.status != settings.OSCAR_INITIAL_ORDER_STATUS:
            raise ValueError(_("Only an order that waits for its money can be marked as paid."))
        note_paid(
            order=order,
            reference=f"transfer:{order.number}",
            amount=order.total_incl_tax,
            source=Method.TRANSFER,
            at=at,
        )
        note_status(order=order, status="Paid", by=by, text=_("Marked as paid by transfer."))
        tasks.mail_payment_received.enqueue(order_id=order.pk)
    return True


def _lock(attempt_id: int) -> CheckoutAttempt:
    return CheckoutAttempt.objects.select_for_update().get(pk=attempt_id)


def _move(attempt: CheckoutAttempt, state: str, *, at: datetime, failure: str = "") -> None:
    attempt.state = state
    attempt.updated_at = at
    attempt.failure = failure[:500]
    attempt.save()
