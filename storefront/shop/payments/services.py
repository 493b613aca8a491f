"""From a basket to exactly one order: start an attempt, pay it, place the order it froze.

`place_order_from_attempt` is the only way an order comes into being, whoever asks for it: the
browser that returns, the webhook, `payments_reconcile`, or several of them at once. It lives in
`placing` and is named here, where callers look for it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from mlm_plugin.shop.attribution import Attribution
from storefront.shop.accounting.troubles import note_trouble
from storefront.shop.listing.naming import get_titles_here
from storefront.shop.payments import gateway, placing, tasks
from storefront.shop.payments.addresses import remember_address
from storefront.shop.payments.cards import ForeignCard, get_customer_id
from storefront.shop.payments.models import CheckoutAttempt, ProcessedEvent
from storefront.shop.payments.money import minor_units, price
from storefront.shop.payments.placing import note_money, place_order_from_attempt
from storefront.shop.payments.records import note_paid, note_status
from storefront.shop.payments.snapshot import LegalText, freeze_basket
from storefront.shop.payments.stock import Unavailable, hold_stock, release_stock
from storefront.shop.payments.vouchers import claim_vouchers
from storefront.shop.payments.wallet import (
    agree_on_share,
    release_share,
    reserve_share,
    settle_share,
)

__all__ = [
    "Busy",
    "CannotPay",
    "Changed",
    "Unclear",
    "confirm_attempt",
    "fail_attempt",
    "give_order_to",
    "mark_transfer_paid",
    "name_versions",
    "note_money",
    "place_order_from_attempt",
    "receive_event",
    "settle_attempt",
    "start_attempt",
]

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
    keeps_card: bool = False,
    from_wallet: int = 0,
    gift_note: str = "",
    legal_texts: Sequence[LegalText] = (),
    seen_legal: str | None = None,
) -> CheckoutAttempt:
    """Freeze a basket as it is now, under a lock, with a number of its own.

    `basket` has a strategy for the destination; `user` is None for a guest; `seen_total` is what
    the page said, in smallest units: it is compared, never charged. A total of nothing makes the
    method "free". With `keeps_card` the buyer finds the card again next time; a guest keeps none.
    `from_wallet` is what the page said comes from the buyer's wallet, the rest by `method`; where it
    is all, the method is "wallet". `gift_note` travels with the goods. `legal_texts` are in force now
    and become part of the order; `seen_legal` is `name_versions` of those on the page. The basket
    itself stays with the shopper until the order is placed.

    Raises Changed (sold out, no longer for sale, another total, less in the wallet, other terms) or
    Busy.
    """
    if seen_legal is not None and seen_legal != name_versions(legal_texts):
        raise Changed(_("Our terms have just changed. Please look at them again before you pay."))
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
                gift_note=gift_note,
                legal_texts=legal_texts,
            )
            currency = fresh.currency
            total = minor_units(fresh.total_incl_tax + charge.incl_tax, currency=currency)
            if seen_total is not None and seen_total != total:
                raise Changed(_("A price has changed. Please check the new total and pay again."))
            share = agree_on_share(user=user, currency=currency, total=total, wanted=from_wallet)
            if share.amount != from_wallet:
                raise Changed(_("Your wallet has changed. Please check what is taken from it."))
            if share.amount == total:
                method = Method.WALLET if total else Method.FREE
            attempt = CheckoutAttempt.objects.create(
                method=method,
                wallet_amount=share.amount,
                wallet_owner=share.owner,
                user=user,
                email=email,
                basket=fresh,
                snapshot=snapshot,
                currency=currency,
                total=total,
                language=language,
                keeps_card=keeps_card and user is not None and method == Method.CARD,
                created_at=at,
                updated_at=at,
                expires_at=at + LIFETIME,
            )
            attempt.number = str(100_000 + attempt.pk)
            attempt.save(update_fields=["number"])
            return attempt
    except IntegrityError:
        # Another tab was faster; any other broken constraint is a fault, and is told as one.
        live = _live_attempts(basket_id=basket.pk).first()
        if live is None:
            raise
        raise Busy(live) from None


def name_versions(texts: Sequence[LegalText]) -> str:
    """Which versions these are, for a form to send back: "3-5-8"."""
    return "-".join(str(text.version) for text in texts)


def _live_attempts(*, basket_id: int) -> Any:
    return CheckoutAttempt.objects.filter(basket_id=basket_id, state__in=CheckoutAttempt.LIVE)


def _load(basket: Any, *, strategy: Any, user: Any) -> None:
    """Price the locked basket and apply its offers. Raises Changed if something cannot be sold."""
    basket.strategy = strategy
    if basket.status != Basket.OPEN or basket.is_empty:
        raise Changed(_("Your basket is empty."))
    for line in basket.all_lines():
        line.stockrecord.refresh_from_db()
        permitted, reason = line.purchase_info.availability.is_purchase_permitted(line.quantity)
        if not permitted:
            title = get_titles_here(products=[line.product])[line.product_id]
            raise Changed(f"{title}: {reason}")
    get_class("offer.applicator", "Applicator")().apply(basket, user or AnonymousUser())


def _close_former_attempt(*, basket_id: int, at: datetime) -> None:
    """A shopper who starts anew gives up the former try, unless it is being paid this moment."""
    former = _live_attempts(basket_id=basket_id).first()
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
    """Hold pieces and wallet's share, take the rest by card; who comes second is told how it stands.

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
            amount=attempt.charged,
            currency=attempt.currency,
            payment_method=payment_method,
            attempt=attempt.public_id,
            number=attempt.number or "",
            customer=get_customer_id(attempt=attempt, payment_method=payment_method),
            keeps_card=attempt.keeps_card,
        )
    except (gateway.Declined, gateway.Refused, gateway.Unreachable, ForeignCard) as error:
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
    attempt = placing.lock_attempt(attempt_id)
    if attempt.state != State.OPEN:
        return attempt, False
    try:
        with transaction.atomic():
            claim_vouchers(attempt=attempt)
            hold_stock(lines=attempt.snapshot["lines"])
            reserve_share(attempt=attempt, at=at)
    except Unavailable as error:
        placing.move_attempt(attempt, State.FAILED, at=at, failure=str(error))
        return attempt, False
    attempt.stock_held = True
    placing.move_attempt(attempt, State.PAYING, at=at)
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
    if attempt.state in (State.PLACED, State.REFUNDED):
        return attempt
    if attempt.payment_id is None:
        # Also a transfer whose request died before it was placed: nothing else would end it.
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


def fail_attempt(*, attempt_id: int, reason: str, at: datetime, state: str = State.FAILED) -> None:
    """End an attempt that is not money: its pieces go back on sale, the basket is untouched.

    Money that comes all the same (a bank that was slow) is noted later and placed or given back.
    """
    with transaction.atomic():
        attempt = placing.lock_attempt(attempt_id)
        if attempt.state not in CheckoutAttempt.LIVE:
            return
        if attempt.stock_held:
            release_stock(lines=attempt.snapshot["lines"])
            attempt.stock_held = False
        release_share(attempt=attempt, at=at)
        placing.move_attempt(attempt, state, at=at, failure=reason)
    if attempt.payment_id:
        try:
            gateway.cancel_payment(payment_id=attempt.payment_id)
        except (gateway.Refused, gateway.Unreachable) as error:
            logger.info("payment %s was not cancelled: %s", attempt.payment_id, error)


@transaction.atomic
def give_order_to(*, order_id: int, user: Any) -> bool:
    """A guest's order belongs to the account its buyer just made; False if it had an owner."""
    free = get_model("order", "Order").objects.filter(pk=order_id, user=None)
    if not free.update(user=user, guest_email=""):
        return False
    CheckoutAttempt.objects.filter(order_id=order_id, user=None).update(user=user)
    order = get_model("order", "Order").objects.get(pk=order_id)
    address = order.shipping_address
    if address is not None:
        remember_address(user=user, address=address)
        if not (user.first_name or user.last_name):
            user.first_name, user.last_name = address.first_name[:150], address.last_name[:150]
            user.save(update_fields=["first_name", "last_name"])
    return True


def receive_event(*, event: gateway.Event, at: datetime) -> bool:
    """Handle a verified webhook event; False when it was known or says nothing to us.

    The event only says where to look: what is true is asked from the provider, so that order and
    repetition of events do not matter. Raises gateway.Unreachable, and then is not marked done.
    """
    if ProcessedEvent.objects.filter(event_id=event.id).exists():
        return False
    attempt = None
    if event.reference:
        note_trouble(event=event, at=at)
    elif event.payment_id:
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
        attempt = CheckoutAttempt.objects.select_for_update().filter(order=order).first()
        if attempt is not None:
            settle_share(attempt=attempt, at=at)
        note_paid(
            order=order,
            reference=f"transfer:{order.number}",
            amount=order.total_incl_tax,
            source=Method.TRANSFER,
            wallet=price(attempt.wallet_amount if attempt else 0, currency=order.currency),
            at=at,
        )
        note_status(order=order, status="Paid", by=by, text=_("Marked as paid by transfer."), at=at)
        tasks.mail_payment_received.enqueue(order_id=order.pk)
    return True
