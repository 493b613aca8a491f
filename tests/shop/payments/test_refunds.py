"""Money goes back once, never more than was paid, and points follow line by line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from oscar.core.loading import get_model

from storefront.shop.payments import gateway, refunds, services, tasks
from storefront.shop.payments.models import RefundRequest
from storefront.shop.payments.reconcile import reconcile_payments
from tests.factories import make_attempt, make_basket, make_product, make_user
from tests.localstripe import LocalStripe

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
State = RefundRequest.State
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEXT_DAY = NOON + timedelta(days=1)


def buy(localstripe: LocalStripe, *, price: str = "10.00", quantity: int = 3) -> Any:
    """Three soaps at 10.00 and delivery at 4.90: an order of 34.90, paid by card."""
    basket = make_basket(make_product(price=price), quantity=quantity)
    attempt = services.confirm_attempt(
        attempt_id=make_attempt(basket, at=NOON).pk, payment_method=localstripe.card(), at=NOON
    )
    return attempt.order


def give_back(order: Any, pieces: int = 0, *, shipping: int = 0, key: str = "form-1") -> Any:
    line = order.lines.get()
    asked = refunds.request_refund(
        order_id=order.pk,
        pieces={line.pk: pieces} if pieces else {},
        shipping=shipping,
        reason="It was broken.",
        key=key,
        by=None,
        at=NEXT_DAY,
    )
    return refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY)


def refunded_pieces(order: Any) -> int:
    events = order.payment_events.filter(event_type__name="Refunded")
    return sum(sum(event.line_quantities.values_list("quantity", flat=True)) for event in events)


def test_one_piece_goes_back_with_its_share_of_the_line(localstripe: LocalStripe) -> None:
    order = buy(localstripe)

    refund = give_back(order, 1)

    assert refund.state == State.DONE
    event = order.payment_events.get(event_type__name="Refunded")
    assert (event.amount, event.reference) == (Decimal("10.00"), refund.provider_id)
    assert event.date_created == NEXT_DAY
    assert [(q.line_id, q.quantity) for q in event.line_quantities.all()] == [
        (order.lines.get().pk, 1)
    ]
    assert localstripe.charged() == 2490


def test_a_part_and_then_all_the_rest_give_back_exactly_what_was_paid(
    localstripe: LocalStripe,
) -> None:
    """A voucher made three pieces cost 9.99 less: shares of a line may not lose a cent."""
    order = buy(localstripe, price="3.33")
    order.lines.update(line_price_incl_tax=Decimal("9.98"))

    give_back(order, 1)
    asked = refunds.request_cancel(
        order_id=order.pk, reason="", key="form-2", by=make_user("ada"), at=NEXT_DAY
    )
    refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY)

    amounts = [each["amount"] for each in localstripe.refunds()]
    assert sum(amounts) == 998 + 490
    assert refunded_pieces(order) == 3
    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert order.lines.get().stockrecord.num_allocated == 0


def test_the_same_form_twice_gives_back_once(localstripe: LocalStripe) -> None:
    order = buy(localstripe)

    give_back(order, 1)
    give_back(order, 1)

    assert len(localstripe.refunds()) == refunded_pieces(order) == 1


def test_more_than_was_bought_is_refused(localstripe: LocalStripe) -> None:
    order = buy(localstripe)
    give_back(order, 2)

    with pytest.raises(refunds.CannotRefund, match="at most 1"):
        give_back(order, 2, key="form-2")
    with pytest.raises(refunds.CannotRefund, match="shipping"):
        give_back(order, shipping=491, key="form-3")
    with pytest.raises(refunds.CannotRefund, match="Choose"):
        give_back(order, key="form-4")

    assert localstripe.charged() == 1490


def test_lines_of_another_order_are_refused(localstripe: LocalStripe) -> None:
    order, other = buy(localstripe), None
    other = services.confirm_attempt(
        attempt_id=make_attempt(make_basket(make_product("Balm")), at=NOON).pk,
        payment_method=localstripe.card(),
        at=NOON,
    ).order

    with pytest.raises(refunds.CannotRefund, match="not of this order"):
        refunds.request_refund(
            order_id=order.pk, pieces={other.lines.get().pk: 1}, shipping=0, reason="",
            key="form-1", by=None, at=NEXT_DAY,
        )  # fmt: skip


def test_shipping_alone_goes_back_without_pieces(localstripe: LocalStripe) -> None:
    order = buy(localstripe)

    give_back(order, shipping=490)

    assert localstripe.charged() == 3000
    assert refunded_pieces(order) == 0
    assert refunds.get_refundable(order=order).shipping == 0


def test_a_crash_after_the_provider_was_asked_is_completed_without_asking_twice(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = buy(localstripe)

    def die(**result: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(refunds, "_record", die)
        give_back(order, 1)
    assert len(localstripe.refunds()) == 1
    assert refunded_pieces(order) == 0

    findings = reconcile_payments(at=NEXT_DAY + timedelta(minutes=2))

    assert findings.refunded == ["form-1"]
    assert len(localstripe.refunds()) == refunded_pieces(order) == 1


def test_a_provider_that_is_down_only_delays_the_refund(
    localstripe: LocalStripe, settings: Any
) -> None:
    order = buy(localstripe)
    settings.STRIPE_API_BASE, base = "http://127.0.0.1:9", settings.STRIPE_API_BASE
    assert give_back(order, 1).state == State.REQUESTED
    settings.STRIPE_API_BASE = base

    reconcile_payments(at=NEXT_DAY + timedelta(minutes=2))

    assert refunded_pieces(order) == 1


def test_what_the_provider_refuses_is_free_to_be_asked_for_again(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = buy(localstripe)

    def refuse(**asked: Any) -> None:
        raise gateway.Refused("charge disputed")

    with monkeypatch.context() as broken:
        broken.setattr(gateway, "create_refund", refuse)
        failed = give_back(order, 3)
    assert (failed.state, failed.error) == (State.FAILED, "charge disputed")

    assert give_back(order, 3, key="form-2").state == State.DONE


def test_the_buyer_is_told_what_goes_back(localstripe: LocalStripe) -> None:
    order = buy(localstripe)
    refund = give_back(order, 1)

    tasks.mail_refunded.call(refund_id=refund.pk)

    assert "10.00" in mail.outbox[0].body
    assert "It was broken." in mail.outbox[0].body


def test_an_order_that_was_sent_cannot_be_cancelled_but_refunded(
    localstripe: LocalStripe,
) -> None:
    order = buy(localstripe)
    order.set_status("Shipped")

    with pytest.raises(refunds.CannotRefund, match="was sent"):
        refunds.request_cancel(order_id=order.pk, reason="", key="form-1", by=None, at=NEXT_DAY)

    give_back(order, 3)
    assert order.lines.get().num_allocated == 3


def transfer_order() -> Any:
    attempt = make_attempt(make_basket(make_product(), quantity=2), at=NOON, method="transfer")
    return services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)


def test_a_transfer_waits_as_pending_and_is_paid_by_staff_once() -> None:
    order = transfer_order()
    assert order.status == "Pending"
    assert not order.payment_events.exists()

    assert services.mark_transfer_paid(order_id=order.pk, by=None, at=NEXT_DAY)
    assert not services.mark_transfer_paid(order_id=order.pk, by=None, at=NEXT_DAY)

    order.refresh_from_db()
    event = order.payment_events.get()
    assert (order.status, event.event_type.name, event.date_created) == ("Paid", "Paid", NEXT_DAY)


def test_a_paid_transfer_is_refunded_by_hand(localstripe: LocalStripe) -> None:
    order = transfer_order()
    services.mark_transfer_paid(order_id=order.pk, by=None, at=NEXT_DAY)

    assert give_back(order, 1).provider_id == "by-hand:form-1"
    assert refunded_pieces(order) == 1
    assert localstripe.refunds() == []


def test_an_unpaid_order_is_cancelled_and_its_pieces_are_sold_again() -> None:
    order = transfer_order()
    with pytest.raises(refunds.CannotRefund, match="Nothing was paid"):
        give_back(order, 1)

    refunds.cancel_unpaid(order_id=order.pk, by=None, at=NEXT_DAY)
    refunds.cancel_unpaid(order_id=order.pk, by=None, at=NEXT_DAY)

    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert order.lines.get().stockrecord.num_allocated == 0
    with pytest.raises(ValueError, match="waits for its money"):
        services.mark_transfer_paid(order_id=order.pk, by=None, at=NEXT_DAY)


def test_a_paid_order_is_not_cancelled_without_its_money(localstripe: LocalStripe) -> None:
    with pytest.raises(refunds.CannotRefund, match="refund it"):
        refunds.cancel_unpaid(order_id=buy(localstripe).pk, by=None, at=NEXT_DAY)


def test_a_cancelled_order_was_cancelled_at_the_moment_given(localstripe: LocalStripe) -> None:
    order = buy(localstripe)

    asked = refunds.request_cancel(
        order_id=order.pk, reason="Changed my mind.", key="cancel-1", by=None, at=NEXT_DAY
    )
    refunds.complete_refund(refund_id=asked.pk, at=NEXT_DAY)

    assert order.status_changes.get(new_status="Cancelled").date_created == NEXT_DAY
    assert order.notes.get().date_created == NEXT_DAY
