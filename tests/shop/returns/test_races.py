"""Two at once on PostgreSQL: pieces come back and are refunded once."""

from functools import partial

import pytest

from storefront.shop.payments.models import RefundRequest
from storefront.shop.returns import services
from storefront.shop.returns.models import ReturnRequest
from tests.racing import run_together
from tests.shop.orders.buying import DAY, NOON, buy, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_tabs_cannot_send_back_more_than_was_bought() -> None:
    order = buy(quantity=3)
    send(order)
    line = order.lines.get()

    results = run_together(
        [
            partial(
                services.request_return,
                order_id=order.pk,
                pieces={line.pk: 2},
                reason="other",
                words="",
                key=f"tab-{tab}",
                by=None,
                at=NOON + 3 * DAY,
            )
            for tab in range(4)
        ]
    )

    assert ReturnRequest.objects.count() == 1
    assert sum(isinstance(result, services.CannotReturn) for result in results) == 3


def test_two_staff_refund_and_restock_a_return_once() -> None:
    order = buy(quantity=2)
    send(order)
    line = order.lines.get()
    request = services.request_return(
        order_id=order.pk, pieces={line.pk: 2}, reason="other", words="", key="r", by=None,
        at=NOON + 3 * DAY,
    )  # fmt: skip
    services.approve_return(return_id=request.pk, by=None, at=NOON + 3 * DAY)
    arrived = [services.Arrived(line.pk, 2, "unopened", True)]
    receive = partial(
        services.receive_return, return_id=request.pk, arrived=arrived, note="", by=None, at=NOON + 4 * DAY
    )  # fmt: skip
    assert sorted(run_together([receive] * 4)) == [False, False, False, True]
    pay = partial(
        services.refund_return, return_id=request.pk, with_shipping=False, by=None, at=NOON + 5 * DAY
    )  # fmt: skip

    results = run_together([pay] * 4)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert RefundRequest.objects.get().amount == 2400
    assert order.payment_events.filter(event_type__name="Refunded").count() == 1
    assert order.lines.get().stockrecord.num_in_stock == 20
