"""Reads about orders and their money, for pages and mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from storefront.shop.payments.models import CheckoutAttempt, SavedCard
from storefront.shop.payments.money import price
from storefront.shop.payments.snapshot import LegalText


@dataclass(frozen=True)
class TransferDetails:
    """What a buyer needs to pay an order by bank transfer."""

    holder: str
    iban: str
    bic: str
    bank: str
    amount: Decimal
    currency: str
    reference: str


def get_status_url(*, order: Any) -> str:
    """The page of an order: in the account, or by a signed address for guests."""
    if order.user_id:
        return reverse("customer:order", kwargs={"order_number": order.number})
    return reverse(
        "customer:anon-order",
        kwargs={"order_number": order.number, "hash": order.verification_hash()},
    )


def get_transfer_details(*, order: Any) -> TransferDetails | None:
    """How to pay an order that waits for a transfer; None for every other order."""
    attempt = get_attempt(order=order)
    waits = order.status == settings.OSCAR_INITIAL_ORDER_STATUS
    if not waits or attempt is None or attempt.method != CheckoutAttempt.Method.TRANSFER:
        return None
    return TransferDetails(
        holder=settings.BANK_TRANSFER_HOLDER,
        iban=settings.BANK_TRANSFER_IBAN,
        bic=settings.BANK_TRANSFER_BIC,
        bank=settings.BANK_TRANSFER_BANK,
        amount=price(attempt.charged, currency=order.currency),
        currency=order.currency,
        reference=order.number,
    )


def get_wallet_share(*, order: Any) -> Decimal:
    """What of an order its buyer paid, or is to pay, from the own wallet."""
    attempt = get_attempt(order=order)
    return price(attempt.wallet_amount if attempt else 0, currency=order.currency)


def get_attempt(*, order: Any) -> CheckoutAttempt | None:
    """The attempt an order was placed from."""
    return CheckoutAttempt.objects.filter(order=order).first()


def get_gift_note(*, order: Any) -> str:
    """What the buyer writes to whom the goods are for; empty where nothing was written."""
    attempt = get_attempt(order=order)
    return attempt.snapshot.get("gift_note", "") if attempt else ""


def get_legal_texts(*, order: Any) -> list[LegalText]:
    """The versions of terms and the like that the buyer ordered under; empty for old orders."""
    attempt = get_attempt(order=order)
    frozen = attempt.snapshot.get("legal_texts", []) if attempt else []
    return [
        LegalText(**{**text, "valid_from": date.fromisoformat(text["valid_from"])})
        for text in frozen
    ]


def get_gift_notes(*, orders: Sequence[Any]) -> dict[int, str]:
    """The gift notes of these orders by order id, one query; orders without one are left out."""
    attempts = CheckoutAttempt.objects.filter(order__in=[order.pk for order in orders])
    rows = attempts.values_list("order_id", "snapshot__gift_note")
    return {order_id: note for order_id, note in rows if note}


def get_saved_cards(*, user: Any) -> list[SavedCard]:
    """The cards somebody kept, newest first; none for guests (None)."""
    return list(SavedCard.objects.filter(user=user)) if user is not None else []
