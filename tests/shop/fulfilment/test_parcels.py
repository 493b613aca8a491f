"""Pieces are sent once, and the order's status follows its parcels."""

from typing import Any

import pytest
from django.core import mail

from storefront.shop.fulfilment import services, tasks
from storefront.shop.fulfilment.models import Parcel
from storefront.shop.fulfilment.selectors import get_lines_to_send, get_work
from storefront.shop.payments import refunds
from storefront.shop.payments.models import RefundRequest
from tests.factories import make_user
from tests.shop.orders.buying import DAY, NOON, buy, send

pytestmark = pytest.mark.django_db


def left(order: Any) -> list[int]:
    return [each.left for each in get_lines_to_send(orders=[order])[order.pk]]


def status(order: Any) -> str:
    order.refresh_from_db()
    return str(order.status)


def test_two_parcels_make_an_order_partly_and_then_wholly_shipped() -> None:
    order = buy("Soap", "Towel")
    soap, towel = order.lines.all()

    first = send(order, {soap.pk: 1, towel.pk: 2})
    assert (status(order), left(order)) == ("Partly shipped", [1, 0])
    second = send(order, {soap.pk: 1})

    assert (first.number, second.number) == (1, 2)
    assert (status(order), left(order)) == ("Shipped", [0, 0])
    assert [line.stockrecord.num_in_stock for line in order.lines.all()] == [18, 18]
    assert [line.stockrecord.num_allocated for line in order.lines.all()] == [0, 0]


def test_the_order_is_complete_when_its_last_parcel_arrived() -> None:
    order = buy()
    line = order.lines.get()
    parcels = [send(order, {line.pk: 1}), send(order, {line.pk: 1})]

    for parcel in parcels:
        assert services.note_delivered(parcel_id=parcel.pk, by=None, at=NOON + 3 * DAY)
        assert not services.note_delivered(parcel_id=parcel.pk, by=None, at=NOON + 4 * DAY)

    assert status(order) == "Complete"
    change = order.status_changes.get(new_status="Complete")
    assert change.date_created == NOON + 3 * DAY


def test_the_same_form_sends_one_parcel() -> None:
    order = buy()
    line = order.lines.get()

    first = send(order, {line.pk: 1}, key="form")
    again = send(order, {line.pk: 1}, key="form")

    assert first == again
    assert Parcel.objects.count() == 1
    with pytest.raises(services.CannotSend, match="another order"):
        send(buy("Towel"), {1: 1}, key="form")


@pytest.mark.parametrize("pieces", [0, -1, 3])
def test_more_than_is_left_or_nothing_is_refused(pieces: int) -> None:
    order = buy()

    with pytest.raises(services.CannotSend, match="2 can still be sent"):
        send(order, {order.lines.get().pk: pieces})
    with pytest.raises(services.CannotSend, match="Choose"):
        send(order, {})

    assert not Parcel.objects.exists()


def test_an_order_without_money_is_neither_packed_nor_sent() -> None:
    order = buy(is_paid=False)

    with pytest.raises(services.CannotSend):
        services.pack_order(order_id=order.pk, by=None, at=NOON)
    with pytest.raises(services.CannotSend):
        send(order, {order.lines.get().pk: 1})


def test_what_was_refunded_need_not_be_sent() -> None:
    order = buy(quantity=3)
    line = order.lines.get()
    send(order, {line.pk: 2})

    refund = refunds.request_refund(
        order_id=order.pk,
        pieces={line.pk: 1},
        shipping=0,
        reason="",
        key="r",
        by=None,
        at=NOON + DAY,
    )
    refunds.complete_refund(refund_id=refund.pk, at=NOON + DAY)

    assert left(order) == [0]
    assert status(order) == "Shipped"
    record = order.lines.get().stockrecord
    assert (record.num_in_stock, record.num_allocated) == (18, 0)


def test_an_order_that_is_being_cancelled_is_not_sent() -> None:
    order = buy()
    refunds.request_cancel(order_id=order.pk, reason="", key="c", by=None, at=NOON)

    with pytest.raises(services.CannotSend, match="being cancelled"):
        services.pack_order(order_id=order.pk, by=None, at=NOON)
    with pytest.raises(services.CannotSend, match="being cancelled"):
        send(order)


def test_two_cancellations_under_different_keys_are_one() -> None:
    order = buy()
    first = refunds.request_cancel(order_id=order.pk, reason="", key="tab 1", by=None, at=NOON)
    second = refunds.request_cancel(order_id=order.pk, reason="", key="tab 2", by=None, at=NOON)
    refunds.complete_refund(refund_id=first.pk, at=NOON)
    third = refunds.request_cancel(order_id=order.pk, reason="", key="tab 3", by=None, at=NOON)

    assert first == second == third
    assert RefundRequest.objects.count() == 1


def test_points_stay_on_the_day_of_payment_however_the_order_is_sent() -> None:
    order = buy()
    paid = order.payment_events.get(event_type__name="Paid").date_created

    send(order, {order.lines.get().pk: 1})
    send(order)

    assert order.payment_events.get().date_created == paid == NOON


def test_the_buyer_reads_what_is_in_the_parcel_and_where_it_is() -> None:
    order = buy("Soap")
    parcel = send(order, {order.lines.get().pk: 1}, by=make_user("olga"))

    tasks.mail_parcel_sent.call(parcel_id=parcel.pk)

    body = mail.outbox[0].body
    assert "1 × Soap" in body
    assert "00340434" in body
    assert "another parcel" in body
    assert order.number in mail.outbox[0].subject


def test_the_work_list_shows_who_has_waited_longest_first() -> None:
    late, packed, sent = buy("Soap"), buy("Towel"), buy("Balm")
    services.pack_order(order_id=packed.pk, by=None, at=NOON)
    send(sent)

    def shown(which: str, days: int = 0) -> list[int]:
        return [order.pk for order in get_work(which=which, at=NOON + days * DAY)]

    assert shown("to-pick") == [late.pk]
    assert shown("packed") == [packed.pk]
    assert shown("sent") == [sent.pk]
    assert shown("late", days=1) == []
    assert shown("late", days=3) == [late.pk, packed.pk]
