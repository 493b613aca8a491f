"""Cards that signed-in shoppers keep at the payment provider, to pay with them again."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from storefront.shop.payments import gateway, tasks
from storefront.shop.payments.models import (
    CheckoutAttempt,
    ForgottenCustomer,
    PaymentCustomer,
    SavedCard,
)

# The job that was put on the list with the closing gets this long before the round looks itself.
GRACE = timedelta(minutes=1)


logger = logging.getLogger(__name__)


class ForeignCard(Exception):
    """The card is kept by somebody else."""


def get_customer_id(*, attempt: CheckoutAttempt, payment_method: str) -> str:
    """The provider's customer that this attempt is charged to; empty for a card used once.

    Raises ForeignCard, and gateway.Refused or gateway.Unreachable where a customer has to be made.
    """
    kept = SavedCard.objects.filter(provider_id=payment_method).first()
    if kept is not None and kept.user_id != attempt.user_id:
        raise ForeignCard
    if attempt.user is None or not (kept or attempt.keeps_card):
        return ""
    known = PaymentCustomer.objects.filter(user=attempt.user).first()
    if known is None:
        # The key is the same for both of two requests, so both are told the same customer.
        made = gateway.create_customer(key=str(attempt.user_id), email=attempt.user.email)
        known, _created = PaymentCustomer.objects.get_or_create(
            user=attempt.user, defaults={"provider_id": made}
        )
    return known.provider_id


def keep_card(*, attempt_id: int, at: datetime) -> SavedCard | None:
    """Write down the card an attempt was paid with, if its buyer asked for that; repeatable.

    The same card again replaces what was kept of it. Raises gateway.Unreachable or gateway.Refused.
    """
    attempt = CheckoutAttempt.objects.get(pk=attempt_id)
    if not attempt.keeps_card or attempt.user is None or not attempt.payment_id:
        return None
    if not attempt.user.is_active:
        # The account was closed meanwhile, and the provider is told to forget all its cards.
        return None
    card = gateway.read_card(payment_id=attempt.payment_id)
    if card is None:
        return None
    with transaction.atomic():
        same = SavedCard.objects.select_for_update().filter(
            user_id=attempt.user_id, fingerprint=card.fingerprint
        )
        former = same.first()
        kept, _created = SavedCard.objects.update_or_create(
            user_id=attempt.user_id,
            fingerprint=card.fingerprint,
            defaults={
                "provider_id": card.id,
                "brand": card.brand[:32],
                "last4": card.last4[:4],
                "expires_month": card.expires_month,
                "expires_year": card.expires_year,
                "created_at": at,
            },
        )
    if former is not None and former.provider_id != card.id:
        _detach(former.provider_id)
    return kept


def remove_card(*, card: SavedCard) -> None:
    """Forget a kept card here and at the provider. Raises gateway.Unreachable: nothing is removed."""
    _detach(card.provider_id)
    SavedCard.objects.filter(pk=card.pk).delete()


def forget_person(*, user: Any, at: datetime) -> None:
    """Forget the cards of a person whose account is closed; the worker tells the provider.

    Call it inside the transaction that closes: the provider is asked only once that is done.
    """
    SavedCard.objects.filter(user=user).delete()
    for known in PaymentCustomer.objects.filter(user=user):
        ForgottenCustomer.objects.get_or_create(
            provider_id=known.provider_id, defaults={"asked_at": at}
        )
        known.delete()
        tasks.forget_customer.enqueue(provider_id=known.provider_id)


def forget_customer(*, provider_id: str) -> None:
    """Have the provider forget somebody; repeatable. Raises gateway.Unreachable."""
    waiting = ForgottenCustomer.objects.filter(provider_id=provider_id)
    if not waiting.exists():
        return
    try:
        gateway.forget_customer(customer_id=provider_id)
    except gateway.Refused:
        # Unknown there already, which is what is wanted.
        logger.info("The payment provider does not know customer %s.", provider_id)
    waiting.delete()


def forget_left_behind(*, at: datetime) -> None:
    """Ask again where the provider gave no answer; the next round comes in a minute."""
    left = ForgottenCustomer.objects.filter(asked_at__lt=at - GRACE)
    for provider_id in list(left.values_list("provider_id", flat=True)[:100]):
        try:
            forget_customer(provider_id=provider_id)
        except gateway.Unreachable:
            logger.warning("The payment provider does not answer; customers are forgotten later.")
            return


def _detach(provider_id: str) -> None:
    try:
        gateway.forget_card(card_id=provider_id)
    except gateway.Refused:
        # It is gone there already, which is what is wanted.
        return
