"""The payment provider: the only module that speaks to Stripe.

A payment is created first and confirmed in a second call, after its id is stored: money never
moves for a payment that we would not know of. Amounts come from the caller, never from a browser.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext as _


class Declined(Exception):
    """The card was refused; the text may be shown to the shopper."""


class Refused(Exception):
    """The provider understood and said no; asking again would not help."""


class Unreachable(Exception):
    """No clear answer: the call may or may not have taken effect."""


class BadSignature(Exception):
    """The event was not signed with our secret."""


@dataclass(frozen=True)
class Payment:
    """What the provider says of a payment; `amount` in the currency's smallest unit."""

    id: str
    status: str
    amount: int
    currency: str
    attempt: str
    client_secret: str = ""
    error: str = ""

    @property
    def is_paid(self) -> bool:
        return self.status == "succeeded"

    @property
    def is_dead(self) -> bool:
        """Refused or cancelled: this payment will not become money by itself."""
        return self.status in ("requires_payment_method", "canceled")


@dataclass(frozen=True)
class Card:
    """What may be shown of a card that was paid with; `fingerprint` is the same for the same card."""

    id: str
    fingerprint: str
    brand: str
    last4: str
    expires_month: int
    expires_year: int


@dataclass(frozen=True)
class Refund:
    """Money given back, in the currency's smallest unit."""

    id: str
    amount: int
    status: str
    key: str


@dataclass(frozen=True)
class Event:
    """A verified message of the provider.

    `reference`, `status`, `amount` and `text` are filled for refunds and disputes only.
    """

    id: str
    kind: str
    payment_id: str
    reference: str = ""
    status: str = ""
    amount: int = 0
    text: str = ""


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    addresses: Any = {"api": base} if base else None
    return stripe.StripeClient(key, base_addresses=addresses, max_network_retries=1)


def _api() -> Any:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE).v1


def _intents() -> Any:
    return _api().payment_intents


def _refunds() -> Any:
    return _api().refunds


def _is_localstripe() -> bool:
    return bool(settings.STRIPE_API_BASE)


def _ask(call: Any, *args: Any, **kwargs: Any) -> Any:
    """Call the provider and turn its many errors into our four."""
    try:
        return call(*args, **kwargs)
    except stripe.CardError as error:
        raise Declined(_decline_text(error.code, error.user_message)) from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise Refused(str(error.user_message or error)) from error
    except stripe.StripeError as error:
        raise Unreachable(str(error.user_message or error)) from error


def _decline_text(code: str | None, text: str | None) -> str:
    """Why the card was refused, in the shopper's language."""
    known = {
        "card_declined": _("Your bank declined this card. Please try another card."),
        "expired_card": _("This card has expired. Please try another card."),
        "incorrect_cvc": _("The security code of the card is not right."),
        "incorrect_number": _("The card number is not right."),
        "insufficient_funds": _("There is not enough money on this card."),
        "processing_error": _("Your bank could not process this card. Please try again."),
        "authentication_required": _("Your bank wants to check that it is you."),
        "payment_intent_authentication_failure": _(
            "Your bank could not check that it is you. Please try again or use another card."
        ),
    }
    return known.get(code or "", text or _("The card was refused. Please try another card."))


def _payment(intent: Any) -> Payment:
    error = getattr(intent, "last_payment_error", None)
    text = ""
    if error:
        text = _decline_text(getattr(error, "code", None), getattr(error, "message", None))
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return Payment(
        id=intent.id,
        status=intent.status,
        amount=intent.amount,
        currency=intent.currency.upper(),
        attempt=str(metadata.get("attempt", "")),
        client_secret=intent.client_secret or "",
        error=text,
    )


def _refund(refund: Any) -> Refund:
    metadata = refund.metadata.to_dict() if refund.metadata else {}
    return Refund(
        id=refund.id,
        amount=refund.amount,
        status=refund.status or "",
        key=str(metadata.get("refund", "")),
    )


def create_payment(
    *,
    amount: int,
    currency: str,
    payment_method: str,
    attempt: str,
    number: str,
    customer: str = "",
    keeps_card: bool = False,
) -> Payment:
    """Prepare a payment of `amount` smallest units; nothing is charged before `confirm_payment`.

    A kept card is charged with the `customer` it belongs to; with `keeps_card` a new one will belong
    to the customer once it is paid. Raises Declined, Refused or Unreachable.
    """
    if _is_localstripe():
        _decline_as_stripe_would(payment_method)
    params: dict[str, Any] = {
        "amount": amount,
        "currency": currency.lower(),
        "payment_method": payment_method,
        "payment_method_types": ["card"],
        "metadata": {"attempt": attempt, "order": number},
    }
    if customer:
        params["customer"] = customer
    if keeps_card and not _is_localstripe():
        params["setup_future_usage"] = "on_session"
    intent = _ask(_intents().create, params, {"idempotency_key": f"{attempt}:create"})
    return _payment(intent)


def create_customer(*, key: str, email: str) -> str:
    """Somebody who keeps cards; the same `key` gives the same id. Raises Refused or Unreachable."""
    customer = _ask(
        _api().customers.create,
        {"email": email, "metadata": {"buyer": key}},
        {"idempotency_key": f"customer:{key}"},
    )
    return str(customer.id)


def forget_customer(*, customer_id: str) -> None:
    """Nobody is known under this id any more, nor are their cards.

    Raises Refused (unknown) or Unreachable.
    """
    _ask(_api().customers.delete, customer_id)


def read_card(*, payment_id: str) -> Card | None:
    """The card a payment was made with, or None without one. Raises Refused or Unreachable."""
    method_id = _ask(_intents().retrieve, payment_id).payment_method
    if not method_id:
        return None
    method = _ask(_api().payment_methods.retrieve, str(method_id))
    # localstripe answers with the bare card where Stripe wraps it in a payment method.
    card = method.card if method.object == "payment_method" else method
    return Card(
        id=str(method.id),
        fingerprint=str(card.fingerprint),
        brand=str(card.brand).title(),
        last4=str(card.last4),
        expires_month=int(card.exp_month),
        expires_year=int(card.exp_year),
    )


def forget_card(*, card_id: str) -> None:
    """Nobody can be charged with this card any more. Raises Refused (unknown) or Unreachable."""
    if _is_localstripe() and card_id.startswith("card_"):
        # localstripe keeps cards without an owner, and detaches only what was attached.
        return
    _ask(_api().payment_methods.detach, card_id)


def confirm_payment(*, payment_id: str, attempt: str, return_url: str = "") -> Payment:
    """Charge a prepared payment. Raises Declined, Refused or Unreachable.

    `return_url` is where a bank that takes the whole page sends the browser afterwards.
    """
    params: dict[str, Any] = {}
    if not _is_localstripe():
        params = {"return_url": return_url, "use_stripe_sdk": True}
    intent = _ask(_intents().confirm, payment_id, params, {"idempotency_key": f"{attempt}:confirm"})
    return _payment(intent)


def retrieve_payment(*, payment_id: str) -> Payment:
    """What the provider says now. Raises Refused (unknown) or Unreachable."""
    return _payment(_ask(_intents().retrieve, payment_id))


def cancel_payment(*, payment_id: str) -> Payment:
    """Make sure that this payment never becomes money.

    Raises Refused when it is too late (it succeeded, or was cancelled already) or Unreachable.
    """
    return _payment(_ask(_intents().cancel, payment_id))


def recent_payments(*, limit: int) -> Iterator[Payment]:
    """The provider's newest payments, to look for some that we know nothing of."""
    for intent in _ask(_intents().list, {"limit": limit}).data:
        yield _payment(intent)


def find_refund(*, payment_id: str, key: str) -> Refund | None:
    """The refund that was made under our key, if any: asked before asking twice."""
    for refund in _ask(_refunds().list, {"payment_intent": payment_id, "limit": 100}).data:
        if _refund(refund).key == key:
            return _refund(refund)
    return None


def create_refund(*, payment_id: str, amount: int, key: str) -> Refund:
    """Give back `amount` smallest units. Raises Declined, Refused or Unreachable."""
    refund = _ask(
        _refunds().create,
        {"payment_intent": payment_id, "amount": amount, "metadata": {"refund": key}},
        {"idempotency_key": f"refund:{key}"},
    )
    return _refund(refund)


def read_event(*, body: bytes, signature: str) -> Event:
    """The event in a webhook's body. Raises BadSignature, also for a body that is no event."""
    try:
        event = stripe.Webhook.construct_event(
            body, signature, settings.STRIPE_WEBHOOK_SECRET, api_key=settings.STRIPE_SECRET_KEY
        )
        thing: Any = event.data.object
        payment_id = ""
        if event.type.startswith("payment_intent."):
            payment_id = str(thing["id"])
        if event.type.startswith(("refund.", "charge.refund.", "charge.dispute.")):
            return _event_about_money(event, thing)
        return Event(id=str(event.id), kind=str(event.type), payment_id=payment_id)
    except (stripe.StripeError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadSignature(str(error)) from error


def _event_about_money(event: Any, thing: Any) -> Event:
    """A refund that changed or a payment that is disputed."""
    said = thing.to_dict()
    return Event(
        id=str(event.id),
        kind=str(event.type),
        payment_id=str(said.get("payment_intent") or ""),
        reference=str(said["id"]),
        status=str(said.get("status") or ""),
        amount=int(said.get("amount") or 0),
        text=str(said.get("failure_reason") or said.get("reason") or ""),
    )


def _decline_as_stripe_would(payment_method: str) -> None:
    """localstripe refuses 4000 0000 0000 0002 and its like when they are saved, not when charged.

    Saving the card first makes Stripe's documented test cards work in the demo and in the tests.
    """
    intent = _ask(_api().setup_intents.create, {"payment_method_types": ["card"]})
    _ask(_api().setup_intents.confirm, intent.id, {"payment_method": payment_method})
