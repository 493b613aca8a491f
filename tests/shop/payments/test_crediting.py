"""Crediting hears of every order after its commit, and its errors never reach the shopper."""

from datetime import UTC, datetime
from typing import Any

import pytest
from oscar.core.loading import get_model

from mlm_plugin.shop import services as crediting
from mlm_plugin.shop.attribution import Attribution
from mlm_plugin.shop.models import OrderAttribution, ProductPoints
from mlm_plugin.volumes.models import CreditedOrder, PeriodTotal
from storefront.shop.payments import refunds, services
from storefront.shop.payments.models import CheckoutAttempt
from tests.factories import make_attempt, make_basket, make_family, make_product
from tests.localstripe import LocalStripe

pytestmark = pytest.mark.django_db(transaction=True)

Order = get_model("order", "Order")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def buy_for_cleo(localstripe: LocalStripe, *, quantity: int = 2) -> Any:
    """A guest whom cleo sent buys soaps of 10.00 PV each."""
    cleo = make_family()[2]
    soap = make_product()
    ProductPoints.objects.create(product=soap, pv=1000, cv=800)
    attempt = make_attempt(
        make_basket(soap, quantity=quantity),
        at=NOON,
        attribution=Attribution(cleo.pk, "cookie", "retail", "spring"),
    )
    return services.confirm_attempt(
        attempt_id=attempt.pk, payment_method=localstripe.card(), at=NOON
    )


def group_pv() -> dict[str, int]:
    rows = PeriodTotal.objects.filter(group_pv__gt=0)
    return dict(rows.values_list("member__code", "group_pv"))


def test_a_paid_order_runs_up_the_chain_and_its_refund_runs_back(
    localstripe: LocalStripe,
) -> None:
    order = buy_for_cleo(localstripe).order

    assert group_pv() == {"ADA": 2000, "BEN": 2000, "CLEO": 2000}
    credited = CreditedOrder.objects.get()
    assert (credited.number, credited.paid_at, credited.campaign) == (order.number, NOON, "spring")
    assert OrderAttribution.objects.get().source == "cookie"

    asked = refunds.request_refund(
        order_id=order.pk, pieces={order.lines.get().pk: 1}, shipping=0, reason="", key="form-1",
        by=None, at=NOON,
    )  # fmt: skip
    refunds.complete_refund(refund_id=asked.pk, at=NOON)
    assert group_pv() == {"ADA": 1000, "BEN": 1000, "CLEO": 1000}


def test_a_transfer_is_pending_until_staff_see_the_money(localstripe: LocalStripe) -> None:
    cleo = make_family()[2]
    soap = make_product()
    ProductPoints.objects.create(product=soap, pv=1000, cv=800)
    attempt = make_attempt(
        make_basket(soap),
        at=NOON,
        method="transfer",
        attribution=Attribution(cleo.pk, "cookie", "retail", ""),
    )
    order = services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    assert CreditedOrder.objects.get().paid_at is None
    assert group_pv() == {}

    services.mark_transfer_paid(order_id=order.pk, by=None, at=NOON)

    assert group_pv() == {"ADA": 1000, "BEN": 1000, "CLEO": 1000}


def test_an_error_in_crediting_never_reaches_the_shopper(
    localstripe: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**facts: Any) -> None:
        raise RuntimeError("the ledger is on fire")

    with monkeypatch.context() as broken:
        broken.setattr(crediting, "credit_orders", fail)
        attempt = buy_for_cleo(localstripe)

    assert attempt.state == CheckoutAttempt.State.PLACED
    assert Order.objects.get() == attempt.order
    assert not CreditedOrder.objects.exists()
    assert crediting.credit_waiting_orders(since=None) == 1
    assert group_pv() == {"ADA": 2000, "BEN": 2000, "CLEO": 2000}


def test_a_receiver_that_fails_does_not_undo_the_order(localstripe: LocalStripe) -> None:
    from oscar.apps.order.signals import order_placed

    def fail(**order: Any) -> None:
        raise RuntimeError("a receiver is broken")

    order_placed.connect(fail, dispatch_uid="broken")
    try:
        attempt = buy_for_cleo(localstripe)
    finally:
        order_placed.disconnect(dispatch_uid="broken")

    assert Order.objects.get() == attempt.order
    assert group_pv() == {"ADA": 2000, "BEN": 2000, "CLEO": 2000}
