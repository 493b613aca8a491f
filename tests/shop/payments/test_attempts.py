"""An order exists exactly once, whatever the browser, the webhook and the clock do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from oscar.core.loading import get_model

from mlm_plugin.shop.models import OrderAttribution
from storefront.shop.payments import gateway, placing, refunds, services, tasks
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.reconcile import reconcile_payments
from tests.factories import make_attempt, make_basket, make_offer, make_product, make_voucher
from tests.localstripe import (
    ASKS_BANK,
    ASKS_BANK_THEN_DECLINED,
    DECLINED,
    DECLINED_WHEN_CHARGED,
    LocalStripe,
)

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
Basket = get_model("basket", "Basket")
State = CheckoutAttempt.State
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
NEXT_DAY = NOON + timedelta(days=1)


def confirm(attempt: CheckoutAttempt, card: str, at: datetime = NOON) -> CheckoutAttempt:
    return services.confirm_attempt(attempt_id=attempt.pk, payment_method=card, at=at)


def stock_of(product: Any) -> tuple[int, int]:
    record = product.stockrecords.get()
    return record.num_in_stock, record.num_allocated or 0


def test_a_paid_attempt_becomes_the_order_it_froze(localstripe: LocalStripe) -> None:
    """Two soaps at 12.00 and the standard delivery at 4.90 make 28.90."""
    soap = make_product(price="12.00", stock=5)
    attempt = make_attempt(make_basket(soap, quantity=2), at=NOON)

    placed = confirm(attempt, localstripe.card())

    order = Order.objects.get()
    assert placed.state == State.PLACED
    assert placed.order == order
    assert order.number == attempt.number
    assert order.total_incl_tax == Decimal("28.90")
    assert order.status == "Paid"
    assert order.date_placed == NOON
    assert order.guest_email == "dora@example.com"
    assert order.shipping_address.line4 == "Jena"
    assert [(line.quantity, line.line_price_incl_tax) for line in order.lines.all()] == [
        (2, Decimal("24.00"))
    ]
    event = order.payment_events.get()
    assert (event.event_type.name, event.amount) == ("Paid", Decimal("28.90"))
    assert event.date_created == NOON
    assert event.reference == placed.payment_id
    assert localstripe.charged() == 2890
    assert stock_of(soap) == (5, 2)
    assert OrderAttribution.objects.get().order == order
    assert order.basket.status == Basket.SUBMITTED


def test_the_webhook_that_comes_before_the_browser_places_the_order(
    localstripe: LocalStripe,
) -> None:
    attempt = confirm(
        make_attempt(make_basket(make_product()), at=NOON), localstripe.card(ASKS_BANK)
    )
    assert attempt.state == State.REQUIRES_ACTION
    assert not Order.objects.exists()
    localstripe.answer_bank(attempt.payment_id or "")

    event = gateway.Event("evt_1", "payment_intent.succeeded", attempt.payment_id or "")
    assert services.receive_event(event=event, at=LATER)
    returned = services.settle_attempt(attempt_id=attempt.pk, at=LATER)

    assert returned.order == Order.objects.get()


def test_both_ways_twice_make_one_order(localstripe: LocalStripe) -> None:
    attempt = confirm(make_attempt(make_basket(make_product()), at=NOON), localstripe.card())
    event = gateway.Event("evt_1", "payment_intent.succeeded", attempt.payment_id or "")

    for _ in range(2):
        services.receive_event(event=event, at=LATER)
        services.settle_attempt(attempt_id=attempt.pk, at=LATER)
        services.place_order_from_attempt(attempt_id=attempt.pk, at=LATER)

    assert Order.objects.count() == 1
    assert Order.objects.get().payment_events.count() == 1
    assert localstripe.charged() == Order.objects.get().total_incl_tax * 100


def test_confirming_twice_charges_once(localstripe: LocalStripe) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    confirm(attempt, localstripe.card())
    again = confirm(attempt, localstripe.card())

    assert again.state == State.PLACED
    assert len(localstripe.payments()) == 1


def test_a_browser_that_never_returns_gets_its_order_all_the_same(
    localstripe: LocalStripe,
) -> None:
    attempt = confirm(
        make_attempt(make_basket(make_product()), at=NOON), localstripe.card(ASKS_BANK)
    )
    localstripe.answer_bank(attempt.payment_id or "")

    findings = reconcile_payments(at=LATER)

    assert findings.placed == [attempt.number]
    assert Order.objects.get().number == attempt.number
    assert reconcile_payments(at=NEXT_DAY).placed == []


def test_a_crash_between_payment_and_order_is_found(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    with monkeypatch.context() as broken:
        broken.setattr(placing, "empty_ordered_lines", None)
        paid = confirm(attempt, localstripe.card())
    assert paid.state == State.PAID
    assert not Order.objects.exists()

    call_command("payments_reconcile")

    assert f"placed: {attempt.number}" in capsys.readouterr().out
    assert Order.objects.get().number == attempt.number
    assert localstripe.charged() == attempt.total


def test_a_process_that_dies_while_paying_charges_nobody_who_gets_nothing(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies right after the provider took the money: nothing of ours knows of it yet."""
    attempt = make_attempt(make_basket(make_product()), at=NOON)

    def die(**payment: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(services, "settle_attempt", die)
        confirm(attempt, localstripe.card())
    assert localstripe.charged() == attempt.total
    assert CheckoutAttempt.objects.get().state == State.PAYING

    assert reconcile_payments(at=LATER).placed == [attempt.number]


@pytest.mark.parametrize("number", [DECLINED, DECLINED_WHEN_CHARGED])
def test_a_declined_card_leaves_basket_and_stock_as_they_were(
    localstripe: LocalStripe, number: str
) -> None:
    soap = make_product(stock=1)
    basket = make_basket(soap)
    attempt = make_attempt(basket, at=NOON)

    with pytest.raises(services.CannotPay, match="declined"):
        confirm(attempt, localstripe.card(number))

    attempt.refresh_from_db()
    assert attempt.state == State.FAILED
    assert stock_of(soap) == (1, 0)
    assert Basket.open.get().num_items == 1
    assert localstripe.charged() == 0
    second = confirm(make_attempt(basket, at=LATER), localstripe.card(), LATER)
    assert second.state == State.PLACED
    assert second.number != attempt.number


def test_failing_the_bank_check_charges_nothing_and_lets_try_again(
    localstripe: LocalStripe,
) -> None:
    basket = make_basket(make_product())
    attempt = confirm(make_attempt(basket, at=NOON), localstripe.card(ASKS_BANK))
    localstripe.answer_bank(attempt.payment_id or "", succeed=False)

    failed = services.settle_attempt(attempt_id=attempt.pk, at=LATER)

    assert failed.state == State.FAILED
    assert "could not check" in failed.failure
    assert confirm(make_attempt(basket, at=LATER), localstripe.card(), LATER).order


def test_a_card_declined_after_the_bank_check_fails(localstripe: LocalStripe) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    confirm(attempt, localstripe.card(ASKS_BANK_THEN_DECLINED))
    attempt.refresh_from_db()
    localstripe.answer_bank(attempt.payment_id or "")

    assert services.settle_attempt(attempt_id=attempt.pk, at=LATER).state == State.FAILED
    assert localstripe.charged() == 0


def test_a_price_that_changes_after_the_freeze_changes_nothing(localstripe: LocalStripe) -> None:
    soap = make_product(price="12.00")
    attempt = make_attempt(make_basket(soap), at=NOON)
    soap.stockrecords.update(price=Decimal("99.00"))
    soap.title = "Something else"
    soap.save()

    order = confirm(attempt, localstripe.card()).order

    assert order.lines.get().line_price_incl_tax == Decimal("12.00")
    assert order.lines.get().title == "Linden soap"
    assert localstripe.charged() == 1690


def test_a_price_that_changed_since_the_page_is_shown_before_it_is_charged(
    localstripe: LocalStripe,
) -> None:
    soap = make_product(price="12.00")
    basket = make_basket(soap)
    soap.stockrecords.update(price=Decimal("13.00"))

    with pytest.raises(services.Changed):
        make_attempt(basket, at=NOON, seen_total=1690)

    assert not CheckoutAttempt.objects.exists()
    assert make_attempt(basket, at=NOON, seen_total=1790).total == 1790


def test_a_product_deleted_while_it_is_paid_is_still_in_the_order(
    localstripe: LocalStripe,
) -> None:
    soap = make_product()
    attempt = confirm(make_attempt(make_basket(soap), at=NOON), localstripe.card(ASKS_BANK))
    soap.delete()
    localstripe.answer_bank(attempt.payment_id or "")

    order = services.settle_attempt(attempt_id=attempt.pk, at=LATER).order

    assert order.lines.get().title == "Linden soap"
    assert order.lines.get().product is None


def test_the_last_piece_is_held_for_who_pays_first(localstripe: LocalStripe) -> None:
    soap = make_product(stock=1)
    ben, cleo = make_basket(soap), make_basket(soap)
    first, second = make_attempt(ben, at=NOON), make_attempt(cleo, at=NOON)
    confirm(first, localstripe.card(ASKS_BANK))

    with pytest.raises(services.CannotPay, match="sold out"):
        confirm(second, localstripe.card())

    assert [p["status"] for p in localstripe.payments()] == ["requires_action"]
    second.refresh_from_db()
    assert second.state == State.FAILED
    assert stock_of(soap) == (1, 1)


def test_money_that_comes_after_the_last_piece_was_sold_goes_back(
    localstripe: LocalStripe,
) -> None:
    """The bank was slow, the attempt expired, somebody else bought; then the bank said yes."""
    soap = make_product(stock=1)
    slow = confirm(make_attempt(make_basket(soap), at=NOON), localstripe.card(ASKS_BANK))
    CheckoutAttempt.objects.filter(pk=slow.pk).update(payment_id=None)
    reconcile_payments(at=LATER)
    CheckoutAttempt.objects.filter(pk=slow.pk).update(payment_id=slow.payment_id)
    confirm(make_attempt(make_basket(soap), at=LATER), localstripe.card(), LATER)
    localstripe.answer_bank(slow.payment_id or "")

    refunded = services.settle_attempt(attempt_id=slow.pk, at=NEXT_DAY)
    services.settle_attempt(attempt_id=slow.pk, at=NEXT_DAY)

    assert refunded.state == State.REFUNDED
    assert Order.objects.count() == 1
    assert [refund["amount"] for refund in localstripe.refunds()] == [slow.total]
    assert RefundRequest.objects.get().state == RefundRequest.State.DONE
    tasks.mail_not_placed.call(attempt_id=slow.pk)
    assert "on their way back" in mail.outbox[0].body


def test_an_attempt_nobody_finishes_expires_and_its_pieces_are_sold_again(
    localstripe: LocalStripe,
) -> None:
    soap = make_product(stock=1)
    attempt = confirm(make_attempt(make_basket(soap), at=NOON), localstripe.card(ASKS_BANK))
    assert reconcile_payments(at=LATER).given_up == []
    assert stock_of(soap) == (1, 1)

    assert reconcile_payments(at=NEXT_DAY).given_up == [attempt.number]

    attempt.refresh_from_db()
    assert attempt.state == State.EXPIRED
    assert stock_of(soap) == (1, 0)
    assert [p["status"] for p in localstripe.payments()] == ["canceled"]


def test_starting_anew_gives_up_the_former_try(localstripe: LocalStripe) -> None:
    basket = make_basket(make_product())
    former = confirm(make_attempt(basket, at=NOON), localstripe.card(ASKS_BANK))

    second = confirm(make_attempt(basket, at=LATER), localstripe.card(), LATER)

    former.refresh_from_db()
    assert (former.state, second.state) == (State.FAILED, State.PLACED)
    assert localstripe.charged() == second.total


def test_two_tabs_cannot_pay_one_basket_at_once(localstripe: LocalStripe) -> None:
    basket = make_basket(make_product())
    first = make_attempt(basket, at=NOON)

    with pytest.raises(services.Busy) as busy:
        make_attempt(basket, at=NOON)

    assert busy.value.attempt == first


def test_what_is_put_into_the_basket_while_it_is_paid_stays_there(
    localstripe: LocalStripe,
) -> None:
    soap, balm = make_product("Soap"), make_product("Balm")
    basket = make_basket(soap)
    attempt = confirm(make_attempt(basket, at=NOON), localstripe.card(ASKS_BANK))
    basket.add_product(balm, 2)
    basket.add_product(soap, 1)
    localstripe.answer_bank(attempt.payment_id or "")

    services.settle_attempt(attempt_id=attempt.pk, at=LATER)

    left = {line.product.title: line.quantity for line in Basket.open.get().lines.all()}
    assert left == {"Balm": 2, "Soap": 1}


def test_a_payment_of_another_amount_is_refused(localstripe: LocalStripe) -> None:
    attempt = confirm(
        make_attempt(make_basket(make_product()), at=NOON), localstripe.card(ASKS_BANK)
    )
    cheap = gateway.Payment(attempt.payment_id or "", "succeeded", 1, "EUR", attempt.public_id)

    with pytest.raises(ValueError, match="does not fit"):
        services.settle_attempt(attempt_id=attempt.pk, at=LATER, payment=cheap)

    assert not Order.objects.exists()


def test_an_order_is_not_placed_without_its_money(localstripe: LocalStripe) -> None:
    attempt = confirm(
        make_attempt(make_basket(make_product()), at=NOON), localstripe.card(ASKS_BANK)
    )

    with pytest.raises(ValueError, match="not paid"):
        services.place_order_from_attempt(attempt_id=attempt.pk, at=LATER)


def test_no_answer_while_confirming_is_settled_later(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    confirm_payment = gateway.confirm_payment

    def lose_the_answer(**asked: Any) -> None:
        confirm_payment(**asked)
        raise gateway.Unreachable("timed out")

    with monkeypatch.context() as broken, pytest.raises(services.Unclear):
        broken.setattr(gateway, "confirm_payment", lose_the_answer)
        confirm(attempt, localstripe.card())

    assert reconcile_payments(at=LATER).placed == [attempt.number]
    assert localstripe.charged() == attempt.total


def test_a_provider_that_is_down_charges_nobody_and_says_so(
    localstripe: LocalStripe, settings: Any
) -> None:
    attempt = make_attempt(make_basket(make_product()), at=NOON)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(services.CannotPay, match="not charged"):
        confirm(attempt, "card_any")


def test_an_order_that_costs_nothing_is_placed_without_payment(
    localstripe: LocalStripe, settings: Any
) -> None:
    settings.SHIPPING_CHARGES = {
        name: {"charge": "0.00", "free_from": None} for name in settings.SHIPPING_CHARGES
    }
    attempt = make_attempt(make_basket(make_product(price="0.00")), at=NOON)

    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)

    assert (attempt.method, order.status) == ("free", "Paid")
    assert localstripe.payments() == []


def test_the_confirmation_names_the_order_and_its_status_page(localstripe: LocalStripe) -> None:
    order = confirm(make_attempt(make_basket(make_product()), at=NOON), localstripe.card()).order

    tasks.mail_order_placed.call(order_id=order.pk)

    assert order.number in mail.outbox[0].subject
    assert order.verification_hash() in mail.outbox[0].body
    assert mail.outbox[0].to == ["dora@example.com"]


def test_money_nobody_knows_of_is_reported_and_given_back_on_request(
    localstripe: LocalStripe, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = confirm(make_attempt(make_basket(make_product()), at=NOON), localstripe.card())
    stray = gateway.create_payment(
        amount=500, currency="EUR", payment_method=localstripe.card(), attempt="lost", number="1"
    )
    gateway.confirm_payment(payment_id=stray.id, attempt="lost")

    call_command("payments_reconcile")
    assert f"unknown payment: {stray.id}" in capsys.readouterr().out
    call_command("payments_reconcile", refund_unknown=True)
    call_command("payments_reconcile", refund_unknown=True)

    assert [refund["amount"] for refund in localstripe.refunds()] == [500]
    assert localstripe.charged() == attempt.total


def test_a_voucher_that_ends_while_it_is_paid_with_still_counts(localstripe: LocalStripe) -> None:
    voucher, basket = make_voucher(), make_basket(make_product(), quantity=2)
    basket.vouchers.add(voucher)
    attempt = confirm(make_attempt(basket, at=NOON), localstripe.card(ASKS_BANK))
    voucher.end_datetime = datetime(2021, 1, 1, tzinfo=UTC)
    voucher.save()
    localstripe.answer_bank(attempt.payment_id or "")

    order = services.settle_attempt(attempt_id=attempt.pk, at=LATER).order

    assert order.total_incl_tax == Decimal("25.90")
    assert order.lines.get().line_price_incl_tax == Decimal("21.00")
    assert order.discounts.get().voucher_code == "SPRING"
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.total_discount) == (1, Decimal("3.00"))
    assert voucher.applications.get().order == order


def test_a_voucher_for_one_use_is_not_used_by_two_at_once(localstripe: LocalStripe) -> None:
    voucher = make_voucher()
    attempts = []
    for _ in range(2):
        basket = make_basket(make_product(f"Soap {_}"))
        basket.vouchers.add(voucher)
        attempts.append(make_attempt(basket, at=NOON))
    confirm(attempts[0], localstripe.card(ASKS_BANK))

    with pytest.raises(services.CannotPay, match="SPRING"):
        confirm(attempts[1], localstripe.card())

    localstripe.answer_bank(CheckoutAttempt.objects.get(pk=attempts[0].pk).payment_id or "")
    assert services.settle_attempt(attempt_id=attempts[0].pk, at=LATER).order
    assert len(localstripe.payments()) == 1


def test_what_was_sold_out_is_not_ordered_by_transfer() -> None:
    soap = make_product(stock=1)
    attempt = make_attempt(make_basket(soap), at=NOON, method="transfer")
    soap.stockrecords.update(num_in_stock=0)

    assert services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON) is None

    attempt.refresh_from_db()
    assert attempt.state == State.FAILED
    assert "sold out" in attempt.failure


@pytest.mark.parametrize("method", ["transfer", "free"])
def test_an_order_that_died_before_it_was_placed_leaves_the_basket_free(method: str) -> None:
    """No payment will ever settle such an attempt, so time alone has to."""
    basket = make_basket(make_product())
    died = make_attempt(basket, at=NOON, method=method)

    again = make_attempt(basket, at=LATER)

    died.refresh_from_db()
    assert (died.state, again.state) == (State.EXPIRED, State.OPEN)


def test_reconciling_gives_up_a_transfer_that_was_never_placed() -> None:
    died = make_attempt(make_basket(make_product()), at=NOON, method="transfer")

    findings = reconcile_payments(at=LATER)

    assert findings.given_up == [died.number]


@pytest.mark.parametrize(
    ("kind", "value", "limit"), [("Multibuy", None, None), ("Absolute", "2.00", 1)]
)
def test_an_offer_that_counts_pieces_is_in_the_order_that_was_paid(
    kind: str, value: str | None, limit: int | None, localstripe: LocalStripe
) -> None:
    """Oscar counts the pieces of an offer in decimals: the paid order could not be written."""
    make_offer(kind=kind, value=value, pieces=2, max_affected_items=limit)
    attempt = make_attempt(make_basket(make_product(), quantity=5), at=NOON)

    attempt = confirm(attempt, localstripe.card())

    assert attempt.state == State.PLACED
    assert sum(price.quantity for price in attempt.order.lines.get().prices.all()) == 5


@pytest.mark.parametrize("country", ["DE", "US"])
def test_lines_of_an_order_add_up_to_what_is_paid(country: str, localstripe: LocalStripe) -> None:
    """66.02 percent off leaves .15, .68, .72 and .62 cents: rounded one by one, a cent too much."""
    make_offer(kind="Percentage", value="66.02")
    prices = ("20.46", "66.19", "87.85", "2.77")
    products = [make_product(f"Soap {price}", price=price) for price in prices]
    attempt = make_attempt(make_basket(*products, quantity=5, country=country), at=NOON)

    order = confirm(attempt, localstripe.card()).order

    lines = list(Order.objects.get(pk=order.pk).lines.all())
    for tax in ("incl_tax", "excl_tax"):
        whole = sum(getattr(line, f"line_price_{tax}") for line in lines)
        order_total = Order.objects.get(pk=order.pk)
        total = getattr(order_total, f"total_{tax}") - getattr(order_total, f"shipping_{tax}")
        assert whole == total
    assert all(line.line_price_excl_tax <= line.line_price_incl_tax for line in lines)
    asked = refunds.request_cancel(order_id=order.pk, reason="", key="all", by=None, at=LATER)
    assert asked.amount == attempt.total
