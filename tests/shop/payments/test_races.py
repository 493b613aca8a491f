"""Browser, webhook and reconciling at the same moment on PostgreSQL: one order, one payment."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from storefront.shop.payments import gateway, placing, refunds, services
from storefront.shop.payments.models import CheckoutAttempt, ProcessedEvent, RefundRequest
from storefront.shop.payments.reconcile import reconcile_payments
from tests.factories import make_attempt, make_basket, make_product, make_voucher
from tests.localstripe import ASKS_BANK, LocalStripe
from tests.racing import PATIENCE, run_together, wait_until_somebody_waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

Order = get_model("order", "Order")
State = CheckoutAttempt.State
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)


def paid_attempt(localstripe: LocalStripe, **basket: Any) -> CheckoutAttempt:
    """The bank has said yes, nobody has noticed yet."""
    attempt = make_attempt(make_basket(make_product(), **basket), at=NOON)
    attempt = services.confirm_attempt(
        attempt_id=attempt.pk, payment_method=localstripe.card(ASKS_BANK), at=NOON
    )
    localstripe.answer_bank(attempt.payment_id or "")
    return attempt


def everybody_run_together(attempt: CheckoutAttempt) -> list[Any]:
    event = gateway.Event("evt_1", "payment_intent.succeeded", attempt.payment_id or "")
    return run_together(
        [partial(services.settle_attempt, attempt_id=attempt.pk, at=LATER)] * 3
        + [partial(services.receive_event, event=event, at=LATER)] * 3
        + [partial(reconcile_payments, at=LATER)] * 2
    )


def test_browser_webhook_and_worker_at_once_place_one_order(localstripe: LocalStripe) -> None:
    attempt = paid_attempt(localstripe)

    results = everybody_run_together(attempt)

    assert [result for result in results if isinstance(result, Exception)] == []
    order = Order.objects.get()
    assert CheckoutAttempt.objects.get().order == order
    assert order.payment_events.count() == order.lines.count() == 1
    assert ProcessedEvent.objects.count() == 1
    record = order.lines.get().stockrecord
    assert record.num_allocated == 1


def test_without_the_lock_on_the_attempt_they_get_in_each_others_way(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is real: only the order number's uniqueness is left to stop a second order."""
    monkeypatch.setattr(
        placing, "lock_attempt", lambda attempt_id: CheckoutAttempt.objects.get(pk=attempt_id)
    )
    attempt = paid_attempt(localstripe)
    services.note_money(
        attempt_id=attempt.pk,
        payment=gateway.retrieve_payment(payment_id=attempt.payment_id or ""),
        at=LATER,
    )

    results = run_together(
        [partial(services.place_order_from_attempt, attempt_id=attempt.pk, at=LATER)] * 8
    )

    assert [result for result in results if isinstance(result, Exception)] != []


def test_the_same_attempt_confirmed_by_eight_is_charged_once(localstripe: LocalStripe) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    cards = [localstripe.card() for _ in range(8)]

    results = run_together(
        [
            partial(services.confirm_attempt, attempt_id=attempt.pk, payment_method=card, at=NOON)
            for card in cards
        ]
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert len(localstripe.payments()) == Order.objects.count() == 1


def test_one_basket_started_by_eight_tabs_makes_one_attempt(localstripe: LocalStripe) -> None:
    basket = make_basket(make_product())
    make_attempt(make_basket(make_product("Balm")), at=NOON)  # writes the country before the race

    results = run_together([partial(make_attempt, basket, at=NOON)] * 8)

    assert sorted(type(result).__name__ for result in results) == ["Busy"] * 7 + ["CheckoutAttempt"]


def test_the_last_piece_goes_to_one_of_eight_and_nobody_else_is_charged(
    localstripe: LocalStripe,
) -> None:
    soap = make_product(stock=1)
    attempts = [make_attempt(make_basket(soap), at=NOON) for _ in range(8)]
    cards = [localstripe.card() for _ in attempts]

    results = run_together(
        [
            partial(services.confirm_attempt, attempt_id=attempt.pk, payment_method=card, at=NOON)
            for attempt, card in zip(attempts, cards, strict=True)
        ]
    )

    assert sorted(type(result).__name__ for result in results) == [
        *["CannotPay"] * 7,
        "CheckoutAttempt",
    ]
    assert Order.objects.count() == 1
    assert localstripe.charged() == attempts[0].total
    assert soap.stockrecords.get().num_allocated == 1


def test_refunds_asked_for_by_eight_clerks_give_back_no_more_than_was_paid(
    localstripe: LocalStripe,
) -> None:
    services.settle_attempt(attempt_id=paid_attempt(localstripe, quantity=3).pk, at=LATER)
    order = Order.objects.get()
    line = order.lines.get()

    def refund(key: str) -> RefundRequest:
        asked = refunds.request_refund(
            order_id=order.pk,
            pieces={line.pk: 1},
            shipping=0,
            reason="",
            key=key,
            by=None,
            at=LATER,
        )
        return refunds.complete_refund(refund_id=asked.pk, at=LATER)

    results = run_together([partial(refund, f"clerk-{n}") for n in range(8)])

    assert sum(isinstance(result, refunds.CannotRefund) for result in results) == 5
    assert sum(each["amount"] for each in localstripe.refunds()) == 3 * 1200


def test_the_same_refund_sent_eight_times_is_made_once(localstripe: LocalStripe) -> None:
    services.settle_attempt(attempt_id=paid_attempt(localstripe, quantity=3).pk, at=LATER)
    order = Order.objects.get()
    line = order.lines.get()
    ask = partial(
        refunds.request_refund,
        order_id=order.pk,
        pieces={line.pk: 1},
        shipping=0,
        reason="",
        key="form-1",
        by=None,
        at=LATER,
    )

    assert len({asked.pk for asked in run_together([ask] * 8)}) == 1
    asked = ask()
    run_together([partial(refunds.complete_refund, refund_id=asked.pk, at=LATER)] * 4)

    assert RefundRequest.objects.get().state == RefundRequest.State.DONE
    assert len(localstripe.refunds()) == 1
    assert order.payment_events.filter(event_type__name="Refunded").count() == 1


def test_two_orders_with_one_voucher_never_wait_for_each_other_in_a_circle(
    localstripe: LocalStripe,
) -> None:
    """An order by transfer claims the voucher, then counts the offer; one by card must not hold
    the offer while it waits for the voucher."""
    voucher = make_voucher(usage="Multi-use")
    basket = make_basket(make_product())
    basket.vouchers.add(voucher)
    attempt = make_attempt(basket, at=NOON)
    attempt = services.confirm_attempt(
        attempt_id=attempt.pk, payment_method=localstripe.card(ASKS_BANK), at=NOON
    )
    localstripe.answer_bank(attempt.payment_id or "")
    offers = get_model("offer", "ConditionalOffer").objects

    def claim_and_count() -> None:
        with transaction.atomic():
            get_model("voucher", "Voucher").objects.select_for_update().get(pk=voucher.pk)
            claimed.set()
            wait_until_somebody_waits()
            offers.select_for_update(nowait=True).get()

    def place() -> CheckoutAttempt:
        claimed.wait(PATIENCE)
        return services.settle_attempt(attempt_id=attempt.pk, at=LATER)

    claimed = threading.Event()
    counted, settled = run_together([claim_and_count, place])

    assert counted is None
    assert settled.state == State.PLACED
