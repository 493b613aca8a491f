"""The staff's page of an order: whom it credits, why, and where its points went."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlm_plugin.shop.attribution import Attribution
from mlm_plugin.shop.credit import get_order_credit
from mlm_plugin.shop.models import ProductPoints
from mlm_plugin.shop.services import credit_order_now_or_later
from storefront.accounts.roles import OPERATORS
from storefront.shop.payments import refunds
from storefront.shop.payments.services import mark_transfer_paid, place_order_from_attempt
from tests.factories import make_account, make_attempt, make_basket, make_family, make_product

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def place(*titles: str, attribution: Attribution) -> Any:
    """An order of three pieces each, at 10.00 PV and 8.00 CV a piece, by bank transfer."""
    products = [make_product(title) for title in titles]
    for product in products:
        ProductPoints.objects.create(product=product, pv=1000, cv=800)
    basket = make_basket(*products, quantity=3)
    attempt = make_attempt(basket, at=NOON, method="transfer", attribution=attribution)
    order = place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    credit_order_now_or_later(order_id=order.pk)
    return order


def refund_one(order: Any) -> None:
    request = refunds.request_refund(
        order_id=order.pk,
        pieces={order.lines.first().pk: 1},
        shipping=0,
        reason="Damaged",
        key="one",
        by=None,
        at=NOON,
    )
    refunds.complete_refund(refund_id=request.pk, at=NOON)
    credit_order_now_or_later(order_id=order.pk)


def page_of(client: Any, order: Any) -> str:
    client.force_login(make_account("olga", OPERATORS))
    answer = client.get(reverse("dashboard:order-detail", args=[order.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_pending_order_says_whom_it_will_credit_and_why(client: Any) -> None:
    dora = make_family()[-1]
    order = place("Soap", attribution=Attribution(dora.pk, "cookie", "retail", "fair"))
    shown = page_of(client, order)
    for words in ("Dora", "referral link", "campaign fair", "pending", "groups of 4 members"):
        assert words in shown, words
    assert reverse("mlm:staff-member", args=["DORA"]) in shown


def test_movements_of_a_paid_and_partly_refunded_order_are_listed(client: Any) -> None:
    dora = make_family()[-1]
    order = place("Soap", attribution=Attribution(dora.pk, "bound", "retail", ""))
    mark_transfer_paid(order_id=order.pk, by=None, at=NOON)
    credit_order_now_or_later(order_id=order.pk)
    refund_one(order)
    shown = page_of(client, order)
    for words in ("+30", "−10", "+24", "−8", "credited", "reversed", f"order:{order.number}:paid"):
        assert words in shown, words


def test_an_order_of_nobody_says_so(client: Any) -> None:
    shown = page_of(client, place("Soap", attribution=Attribution(None, "none", "retail", "")))
    assert "nobody referred this order" in shown
    assert "groups of" not in shown


def test_the_panel_asks_as_often_for_one_line_as_for_many() -> None:
    dora = make_family()[-1]
    credited = Attribution(dora.pk, "cookie", "retail", "")
    small, large = place("Soap", attribution=credited), place(*"ABCDEF", attribution=credited)
    for order in (small, large):
        mark_transfer_paid(order_id=order.pk, by=None, at=NOON)
        credit_order_now_or_later(order_id=order.pk)
    counts = []
    for order in (small, large):
        with CaptureQueriesContext(connection) as queries:
            credit = get_order_credit(order=order)
            assert all(len(line.movements.all()) == 1 for line in credit.lines)
        counts.append(len(queries))
    assert counts == [5, 5]
