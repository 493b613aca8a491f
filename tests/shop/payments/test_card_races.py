"""One person pays twice and keeps the card at the same moment on PostgreSQL: one customer, one card."""

from datetime import UTC, datetime
from functools import partial

import pytest

from storefront.shop.payments import cards, services
from storefront.shop.payments.models import PaymentCustomer, SavedCard
from tests.factories import make_attempt, make_basket, make_product, make_user
from tests.localstripe import LocalStripe
from tests.racing import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_card_kept_by_several_at_once_is_one_card_of_one_customer(
    localstripe: LocalStripe,
) -> None:
    ada = make_user("ada")
    attempts = [
        make_attempt(
            make_basket(make_product(f"Soap {number}"), user=ada),
            at=AT,
            user=ada,
            keeps_card=True,
        )
        for number in range(2)
    ]

    paid = run_together(
        [
            partial(
                services.confirm_attempt,
                attempt_id=attempt.pk,
                payment_method=localstripe.card(),
                at=AT,
            )
            for attempt in attempts
        ]
    )
    kept = run_together(
        [partial(cards.keep_card, attempt_id=attempt.pk, at=AT) for attempt in attempts * 2]
    )

    assert [found for found in [*paid, *kept] if isinstance(found, Exception)] == []
    assert PaymentCustomer.objects.count() == SavedCard.objects.count() == 1


def test_an_order_is_given_to_one_account(localstripe: LocalStripe) -> None:
    attempt = make_attempt(make_basket(make_product()), at=AT)
    order = services.confirm_attempt(
        attempt_id=attempt.pk, payment_method=localstripe.card(), at=AT
    ).order
    people = [make_user("ada"), make_user("ben")]
    given = run_together(
        [partial(services.give_order_to, order_id=order.pk, user=user) for user in people]
    )
    assert sorted(given) == [False, True]
    order.refresh_from_db()
    assert order.user == people[given.index(True)]
