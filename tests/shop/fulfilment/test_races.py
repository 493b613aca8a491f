"""Two people at once on PostgreSQL: pieces leave once, and cancelled orders stay."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils.translation import override

from storefront.shop.fulfilment import services
from storefront.shop.fulfilment.models import Parcel
from storefront.shop.payments import refunds
from storefront.shop.payments.models import RefundRequest
from tests.racing import run_together
from tests.shop.orders.buying import DAY, NOON, buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def sending(order: Any) -> list[partial[Any]]:
    line = order.lines.get()
    return [
        partial(
            services.send_parcel,
            order_id=order.pk,
            pieces={line.pk: 2},
            carrier="",
            tracking_number="",
            key=f"desk-{desk}",
            by=None,
            at=NOON + DAY,
        )
        for desk in range(4)
    ]


def test_two_staff_send_the_same_lines_once() -> None:
    order = buy(quantity=2)

    results = run_together(sending(order))

    assert Parcel.objects.count() == 1
    assert sum(isinstance(result, services.CannotSend) for result in results) == 3
    record = order.lines.get().stockrecord
    assert (record.num_in_stock, record.num_allocated) == (18, 0)


def test_without_the_lock_only_the_number_of_the_parcel_is_left_to_stop_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fault is real: each of them reads what is left before the other has written."""
    from oscar.core.loading import get_model

    orders = get_model("order", "Order").objects
    monkeypatch.setattr(services, "lock_order", lambda order_id: orders.get(pk=order_id))
    order = buy(quantity=2)

    results = run_together(sending(order))

    assert any(isinstance(result, IntegrityError) for result in results)


def test_an_order_is_packed_or_cancelled_but_not_both() -> None:
    order = buy()

    with override("en"):
        results = run_together(
            [
                partial(services.pack_order, order_id=order.pk, by=None, at=NOON),
                partial(refunds.cancel_by_buyer, order_id=order.pk, key="c", by=None, at=NOON),
            ]
        )

    order.refresh_from_db()
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], services.CannotSend | refunds.CannotRefund)
    assert (order.status == "Packed") != RefundRequest.objects.filter(cancels_order=True).exists()
