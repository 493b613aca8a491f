"""Kept cards: who keeps one, who pays with it, and that nobody else does."""

import urllib.error
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from storefront.shop.payments import cards, gateway, services, tasks
from storefront.shop.payments.models import (
    CheckoutAttempt,
    ForgottenCustomer,
    PaymentCustomer,
    SavedCard,
)
from storefront.shop.payments.selectors import get_gift_note, get_saved_cards
from tests.factories import make_attempt, make_basket, make_product, make_user
from tests.localstripe import ASKS_BANK, DECLINED_WHEN_CHARGED, PAYS, LocalStripe

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def start(user: Any, **fields: Any) -> CheckoutAttempt:
    soap = make_product(f"Soap {CheckoutAttempt.objects.count()}")
    return make_attempt(make_basket(soap, user=user), at=AT, user=user, **fields)


def pay(attempt: CheckoutAttempt, payment_method: str) -> CheckoutAttempt:
    return services.confirm_attempt(attempt_id=attempt.pk, payment_method=payment_method, at=AT)


def keep(user: Any, localstripe: LocalStripe, number: str = PAYS) -> SavedCard:
    """A card somebody paid with once and kept."""
    attempt = pay(start(user, keeps_card=True), localstripe.card(number))
    if attempt.state == CheckoutAttempt.State.REQUIRES_ACTION:
        localstripe.answer_bank(attempt.payment_id or "")
        attempt = services.settle_attempt(attempt_id=attempt.pk, at=AT)
    card = cards.keep_card(attempt_id=attempt.pk, at=AT)
    assert card is not None
    return card


def test_a_card_that_is_kept_pays_again(localstripe: LocalStripe) -> None:
    ada = make_user("ada")
    card = keep(ada, localstripe)
    assert (str(card), card.expires) == ("Visa •••• 4242", "12/31")

    again = pay(start(ada), card.provider_id)

    assert again.state == CheckoutAttempt.State.PLACED
    customers = {payment["customer"] for payment in localstripe.payments()}
    assert customers == {PaymentCustomer.objects.get(user=ada).provider_id}


def test_a_card_is_kept_only_where_somebody_asked_and_signed_in(localstripe: LocalStripe) -> None:
    ada = make_user("ada")
    for attempt in (start(ada), start(None, keeps_card=True)):
        paid = pay(attempt, localstripe.card())
        assert cards.keep_card(attempt_id=paid.pk, at=AT) is None
    assert get_saved_cards(user=ada) == get_saved_cards(user=None) == []
    assert {payment["customer"] for payment in localstripe.payments()} == {None}


def test_keeping_twice_and_the_same_card_again_leave_one_row(localstripe: LocalStripe) -> None:
    ada = make_user("ada")
    first = keep(ada, localstripe)
    second = keep(ada, localstripe)
    cards.keep_card(attempt_id=CheckoutAttempt.objects.latest("pk").pk, at=AT)
    assert get_saved_cards(user=ada) == [second]
    assert first.provider_id != SavedCard.objects.get().provider_id


def test_a_kept_card_may_still_ask_the_bank_or_be_declined(localstripe: LocalStripe) -> None:
    ada = make_user("ada")
    asks = keep(ada, localstripe, ASKS_BANK)
    asked = pay(start(ada), asks.provider_id)
    assert asked.state == CheckoutAttempt.State.REQUIRES_ACTION
    declined = SavedCard.objects.create(
        user=ada,
        provider_id=localstripe.card(DECLINED_WHEN_CHARGED),
        fingerprint="declined",
        brand="Visa",
        last4="0341",
        expires_month=12,
        expires_year=2031,
        created_at=AT,
    )
    attempt = start(ada)
    with pytest.raises(services.CannotPay, match="declined"):
        pay(attempt, declined.provider_id)


def test_nobody_pays_with_a_card_of_somebody_else(localstripe: LocalStripe) -> None:
    card = keep(make_user("ada"), localstripe)
    charged = localstripe.charged()
    for user in (make_user("ben"), None):
        attempt = start(user)
        with pytest.raises(services.CannotPay):
            pay(attempt, card.provider_id)
        attempt.refresh_from_db()
        assert attempt.state == CheckoutAttempt.State.FAILED
    assert localstripe.charged() == charged


def test_the_account_lists_and_removes_its_own_cards_only(localstripe: LocalStripe) -> None:
    ada, ben = make_user("ada"), make_user("ben")
    card = keep(ada, localstripe)
    owner, other = Client(), Client()
    owner.force_login(ada)
    other.force_login(ben)
    assert "•••• 4242" in owner.get(reverse("payments:cards")).content.decode()
    assert "4242" not in other.get(reverse("payments:cards")).content.decode()
    remove = reverse("payments:card-remove", args=[card.pk])
    assert other.post(remove).status_code == 404
    assert Client().post(remove).status_code == 302
    assert SavedCard.objects.exists()
    assert owner.get(remove).status_code == 405
    assert owner.post(remove).url == reverse("payments:cards")
    assert not SavedCard.objects.exists()
    assert owner.post(remove).status_code == 404


def test_a_card_stays_while_the_provider_cannot_be_asked(
    localstripe: LocalStripe, settings: Any
) -> None:
    ada = make_user("ada")
    card = keep(ada, localstripe)
    SavedCard.objects.update(provider_id="pm_attached")
    card.refresh_from_db()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(gateway.Unreachable):
        cards.remove_card(card=card)
    assert SavedCard.objects.exists()
    settings.STRIPE_API_BASE = localstripe.base
    cards.remove_card(card=card)
    assert not SavedCard.objects.exists()


def test_a_person_is_forgotten_by_the_provider_when_it_answers_again(
    localstripe: LocalStripe, settings: Any
) -> None:
    ada = make_user("ada")
    keep(ada, localstripe)
    customer = ada.payment_customer.provider_id
    assert not localstripe.call("GET", f"/v1/customers/{customer}").get("deleted")
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    cards.forget_person(user=ada, at=AT)
    assert not SavedCard.objects.exists() and not PaymentCustomer.objects.exists()
    with pytest.raises(gateway.Unreachable):
        tasks.forget_customer.call(provider_id=customer)

    later = AT + timedelta(minutes=2)
    cards.forget_left_behind(at=later)
    assert ForgottenCustomer.objects.get().provider_id == customer
    settings.STRIPE_API_BASE = localstripe.base
    for _again in range(2):
        cards.forget_left_behind(at=later)

    assert not ForgottenCustomer.objects.exists()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        localstripe.call("GET", f"/v1/customers/{customer}")


def test_a_gift_note_is_frozen_with_the_order(localstripe: LocalStripe) -> None:
    attempt = pay(start(None, gift_note="Happy birthday!\nDora"), localstripe.card())
    assert get_gift_note(order=attempt.order) == "Happy birthday!\nDora"
    plain = pay(start(None), localstripe.card())
    assert get_gift_note(order=plain.order) == ""


def test_a_broken_constraint_is_no_busy_basket() -> None:
    basket = make_basket(make_product())
    with pytest.raises(IntegrityError):
        make_attempt(basket, at=AT, language=None)
    make_attempt(basket, at=AT)
    with pytest.raises(services.Busy):
        make_attempt(basket, at=AT)
