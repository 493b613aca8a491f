"""What the provider sends is believed only when signed, and changes nothing when repeated."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from django.test import Client
from oscar.core.loading import get_model

from storefront.shop.payments import services
from storefront.shop.payments.models import CheckoutAttempt, ProcessedEvent
from tests.factories import make_attempt, make_basket, make_product
from tests.localstripe import ASKS_BANK, LocalStripe

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = "whsec_of_the_suite"  # noqa: S105


def send(client: Client, event: dict[str, Any], *, secret: str = SECRET) -> int:
    body = json.dumps(event)
    signature = stripe.WebhookSignature.generate_signature_header(body, secret)
    return client.post(
        "/payments/webhook/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    ).status_code


@pytest.fixture
def attempt(localstripe: LocalStripe) -> CheckoutAttempt:
    """An attempt whose bank has said yes."""
    started = make_attempt(make_basket(make_product()), at=NOON)
    waiting = services.confirm_attempt(
        attempt_id=started.pk, payment_method=localstripe.card(ASKS_BANK), at=NOON
    )
    localstripe.answer_bank(waiting.payment_id or "")
    return waiting


def test_a_signed_event_places_the_order(
    client: Client, attempt: CheckoutAttempt, localstripe: LocalStripe
) -> None:
    event = localstripe.events("payment_intent.succeeded")[0]

    assert send(client, event) == 200
    assert Order.objects.get().number == attempt.number


def test_a_replay_changes_nothing(
    client: Client, attempt: CheckoutAttempt, localstripe: LocalStripe
) -> None:
    event = localstripe.events("payment_intent.succeeded")[0]

    assert [send(client, event) for _ in range(3)] == [200, 200, 200]
    assert Order.objects.count() == ProcessedEvent.objects.count() == 1


@pytest.mark.parametrize("secret", ["whsec_of_somebody_else", "x"])
def test_a_bad_signature_is_refused(
    client: Client, attempt: CheckoutAttempt, localstripe: LocalStripe, secret: str
) -> None:
    event = localstripe.events("payment_intent.succeeded")[0]

    assert send(client, event, secret=secret) == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Stripe-Signature": "t=1,v1=00"}, {"Stripe-Signature": "💥"}]
)
def test_no_signature_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(
        "/payments/webhook/", "{}", content_type="application/json", headers=headers
    )
    assert answer.status_code == 400


def test_without_a_secret_nothing_is_believed(client: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert send(client, {"id": "evt_1", "object": "event", "type": "ping", "data": {}}) == 400


@pytest.mark.parametrize(
    "event",
    [
        {"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}},
        {
            "id": "evt_2",
            "object": "event",
            "type": "payment_intent.succeeded",
            "data": {"object": {"id": "pi_of_somebody_else", "object": "payment_intent"}},
        },
    ],
)
def test_events_about_nothing_of_ours_are_accepted_and_ignored(
    client: Client, event: dict[str, Any]
) -> None:
    assert send(client, event) == 200
    assert not Order.objects.exists()


@pytest.mark.parametrize("body", ["[]", "null", '{"id": 1}', "{", '{"object": "v2.core.event"}'])
def test_signed_nonsense_is_refused(client: Client, body: str) -> None:
    signature = stripe.WebhookSignature.generate_signature_header(body, SECRET)
    answer = client.post(
        "/payments/webhook/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert answer.status_code == 400


def test_events_out_of_order_end_where_the_payment_is(
    client: Client, attempt: CheckoutAttempt, localstripe: LocalStripe
) -> None:
    """ "Failed" of an earlier card comes after "succeeded": the payment is asked, not the event."""
    succeeded = localstripe.events("payment_intent.succeeded")[0]
    failed = {**succeeded, "id": "evt_late", "type": "payment_intent.payment_failed"}

    assert [send(client, event) for event in (failed, succeeded, failed)] == [200, 200, 200]

    assert Order.objects.count() == 1
    attempt.refresh_from_db()
    assert attempt.state == CheckoutAttempt.State.PLACED


def test_an_event_is_sent_again_when_the_provider_could_not_be_asked(
    client: Client, attempt: CheckoutAttempt, localstripe: LocalStripe, settings: Any
) -> None:
    event = localstripe.events("payment_intent.succeeded")[0]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert send(client, event) == 503
    settings.STRIPE_API_BASE = localstripe.base

    assert send(client, event) == 200
    assert Order.objects.exists()


def test_only_posting_is_answered(client: Client) -> None:
    assert client.get("/payments/webhook/").status_code == 405
