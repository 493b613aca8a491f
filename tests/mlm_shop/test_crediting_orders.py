"""From Oscar's orders to points: read, frozen, credited; what was missed is found and caught up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from mlm_plugin.shop import orders, services, tasks
from mlm_plugin.shop.attribution import Attribution
from mlm_plugin.shop.models import LinePoints, ProductPoints
from mlm_plugin.volumes.models import CreditedOrder, LineMovement, PeriodTotal
from storefront.shop.payments import refunds
from storefront.shop.payments.services import mark_transfer_paid, place_order_from_attempt
from tests.factories import make_attempt, make_basket, make_family, make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def soap() -> Any:
    """A soap with 10.00 PV and 8.00 CV a piece."""
    product = make_product(price="12.00", stock=100)
    ProductPoints.objects.create(product=product, pv=1000, cv=800)
    return product


@pytest.fixture
def dora() -> Any:
    return make_family()[-1]


def place(product: Any, *, member: Any, quantity: int = 2, **fields: Any) -> Any:
    """An order by bank transfer, not yet paid, that a customer of `member` placed."""
    credited = Attribution(member.pk if member else None, "cookie", "retail", "")
    attempt = make_attempt(
        make_basket(product, quantity=quantity),
        at=NOON,
        method="transfer",
        attribution=credited,
        **fields,
    )
    return place_order_from_attempt(attempt_id=attempt.pk, at=NOON)


def pay(order: Any) -> None:
    mark_transfer_paid(order_id=order.pk, by=None, at=NOON)


def refund(order: Any, pieces: int, key: str) -> None:
    request = refunds.request_refund(
        order_id=order.pk,
        pieces={order.lines.get().pk: pieces},
        shipping=0,
        reason="Damaged",
        key=key,
        by=None,
        at=NOON,
    )
    refunds.complete_refund(refund_id=request.pk, at=NOON)


def customers_pv(member: Any) -> int:
    return sum(PeriodTotal.objects.filter(member=member).values_list("customers_pv", flat=True))


def group_pv(member: Any) -> int:
    return sum(PeriodTotal.objects.filter(member=member).values_list("group_pv", flat=True))


def test_an_order_is_pending_until_paid_and_then_runs_up_the_chain(soap: Any, dora: Any) -> None:
    """Two pieces at 10.00 PV: 20.00, once the money is there."""
    order = place(soap, member=dora)
    assert CreditedOrder.objects.get().paid_at is None
    assert customers_pv(dora) == 0
    pay(order)
    assert customers_pv(dora) == group_pv(dora.get_root()) == 2000


def test_pieces_refunded_take_their_points_back(soap: Any, dora: Any) -> None:
    order = place(soap, member=dora, quantity=3)
    pay(order)
    refund(order, 1, "first")
    assert group_pv(dora) == 2000
    refund(order, 2, "second")
    assert group_pv(dora) == group_pv(dora.get_root()) == 0


def test_a_cancelled_paid_order_takes_all_its_points_back_once(soap: Any, dora: Any) -> None:
    order = place(soap, member=dora)
    pay(order)
    request = refunds.request_cancel(
        order_id=order.pk, reason="Changed mind", key="cancel", by=None, at=NOON
    )
    refunds.complete_refund(refund_id=request.pk, at=NOON)
    assert group_pv(dora) == 0
    assert sum(LineMovement.objects.values_list("quantity", flat=True)) == 0
    assert orders.find_waiting(since=None) == []


def test_an_anonymous_guest_without_referrer_credits_nobody(soap: Any) -> None:
    order = place(soap, member=None)
    pay(order)
    assert CreditedOrder.objects.get().member is None
    assert not PeriodTotal.objects.exists()
    assert orders.find_waiting(since=None) == []


def test_points_are_frozen_with_the_order(soap: Any, dora: Any) -> None:
    order = place(soap, member=dora)
    ProductPoints.objects.update(pv=99_999, cv=99_999)
    pay(order)
    assert group_pv(dora) == 2000


def test_a_variant_inherits_the_points_of_its_parent(dora: Any) -> None:
    from tests.shop.shelves import make_family_of_sizes

    towel = make_family_of_sizes()
    ProductPoints.objects.create(product=towel, pv=700, cv=500)
    pay(place(towel.children.first(), member=dora, quantity=1))
    assert group_pv(dora) == 700


@pytest.mark.parametrize(("reduces", "points"), [(False, 2000), (True, 1500)])
def test_a_voucher_lowers_cv_with_the_price_and_pv_by_setting(
    soap: Any, dora: Any, settings: Any, reduces: bool, points: int
) -> None:
    """A quarter off: CV 2 × 8.00 = 16.00 becomes 12.00; PV 20.00 stays or becomes 15.00."""
    settings.MLM = {**settings.MLM, "DISCOUNT_REDUCES_PV": reduces}
    order = place(soap, member=dora)
    line = order.lines.get()
    LinePoints.objects.all().delete()
    get_model("order", "Line").objects.filter(pk=line.pk).update(
        line_price_excl_tax=line.line_price_before_discounts_excl_tax * Decimal("0.75")
    )
    facts = orders.read_orders(order_ids=[order.pk])[0]
    assert (facts.lines[0].pv, facts.lines[0].cv) == (points, 1200)


def test_the_same_signal_twice_credits_once(soap: Any, dora: Any) -> None:
    from oscar.apps.order.signals import order_placed

    order = place(soap, member=dora)
    pay(order)
    for _again in range(2):
        order_placed.send(sender=None, order=order, user=None)
    assert group_pv(dora) == 2000
    assert CreditedOrder.objects.count() == 1


@pytest.fixture
def crediting_is_broken() -> Any:
    """The total of a member cannot be written, as when a disk is full."""
    table = "mlm_plugin_periodtotal"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")

    def repair() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")

    return repair


def test_checkout_goes_on_while_crediting_fails_and_is_caught_up(
    soap: Any, dora: Any, crediting_is_broken: Any
) -> None:
    order = place(soap, member=dora)
    pay(order)
    order.refresh_from_db()
    assert order.status == "Paid"
    assert orders.find_waiting(since=None) == [order.pk]
    crediting_is_broken()
    call_command("mlm_reconcile", stdout=StringIO())
    assert group_pv(dora) == 2000
    assert orders.find_waiting(since=None) == []


def test_a_crash_between_order_and_credit_is_caught_up(soap: Any, dora: Any, settings: Any) -> None:
    """With the worker crediting, an order whose process dies right after its commit is waiting."""
    settings.MLM = {**settings.MLM, "CREDIT": "worker"}
    order = place(soap, member=dora)
    pay(order)
    assert not CreditedOrder.objects.exists()
    out = StringIO()
    with pytest.raises(CommandError, match="1 problems"):
        call_command("mlm_reconcile", "--check", stdout=out, stderr=out)
    assert tasks.credit_waiting(at=NOON + timedelta(days=8)) == 0
    assert tasks.credit_waiting(at=NOON + timedelta(days=1)) == 1
    assert group_pv(dora) == 2000
    assert services.credit_waiting_orders(since=None) == 0


def test_refund_and_cancellation_wait_for_the_worker_too(
    soap: Any, dora: Any, settings: Any
) -> None:
    settings.MLM = {**settings.MLM, "CREDIT": "worker"}
    order = place(soap, member=dora)
    pay(order)
    services.credit_waiting_orders(since=None)
    refund(order, 1, "one")
    assert services.credit_waiting_orders(since=None) == 1
    assert group_pv(dora) == 1000
    unpaid = place(soap, member=dora)
    services.credit_waiting_orders(since=None)
    refunds.cancel_unpaid(order_id=unpaid.pk, by=None, at=NOON)
    assert services.credit_waiting_orders(since=None) == 1
    assert CreditedOrder.objects.get(number=unpaid.number).cancelled_at is not None


def test_an_order_that_cannot_be_credited_does_not_keep_the_others_waiting(
    soap: Any, dora: Any, settings: Any
) -> None:
    settings.MLM = {**settings.MLM, "CREDIT": "worker"}
    good = [place(soap, member=dora) for _number in range(3)]
    CreditedOrder.objects.bulk_create(
        [
            CreditedOrder(
                number="x", member=dora, buyer_kind="retail", source="cookie", placed_at=NOON
            )
        ]
    )
    bad = place(soap, member=dora)
    pay(bad)
    # Written earlier for somebody else: crediting refuses to contradict itself.
    CreditedOrder.objects.filter(number="x").update(number=bad.number, member=dora.get_parent())
    services.credit_waiting_orders(since=None)
    numbers = set(CreditedOrder.objects.filter(member=dora).values_list("number", flat=True))
    assert numbers == {order.number for order in good}
    assert orders.find_waiting(since=None) == [bad.pk]


def test_reading_orders_takes_the_same_queries_for_one_and_for_many(soap: Any, dora: Any) -> None:
    numbers = [place(soap, member=dora).pk for _number in range(8)]
    with CaptureQueriesContext(connection) as one:
        orders.read_orders(order_ids=numbers[:1])
    with CaptureQueriesContext(connection) as many:
        orders.read_orders(order_ids=numbers)
    assert len(one) == len(many)
    with CaptureQueriesContext(connection) as few:
        orders.find_waiting(since=NOON)
    assert len(few) <= 5


def test_reconciling_reports_totals_that_are_not_what_the_books_say(soap: Any, dora: Any) -> None:
    pay(place(soap, member=dora))
    PeriodTotal.objects.filter(member=dora).update(group_pv=1)
    err = StringIO()
    with pytest.raises(CommandError, match="1 problems"):
        call_command("mlm_reconcile", stdout=StringIO(), stderr=err)
    assert f"member {dora.pk}" in err.getvalue()
    call_command("mlm_rebuild_totals", stdout=StringIO())
    call_command("mlm_reconcile", stdout=StringIO())


def test_a_refund_of_pieces_without_points_is_done_with_at_once(soap: Any, dora: Any) -> None:
    """A bag carries none: nothing is to be reversed, so nobody may go on waiting for it."""
    bag = make_product("Bag", price="2.00")
    attempt = make_attempt(
        make_basket(soap, bag),
        at=NOON,
        method="transfer",
        attribution=Attribution(dora.pk, "cookie", "retail", ""),
    )
    order = place_order_from_attempt(attempt_id=attempt.pk, at=NOON)
    pay(order)

    asked = refunds.request_refund(
        order_id=order.pk,
        pieces={order.lines.get(product=bag).pk: 1},
        shipping=0,
        reason="Torn",
        key="bag",
        by=None,
        at=NOON,
    )
    refunds.complete_refund(refund_id=asked.pk, at=NOON)

    assert orders.find_waiting(since=None) == []
    assert customers_pv(dora) == 1000


def test_a_share_that_rounds_to_no_points_is_waited_for_by_nobody(
    soap: Any, dora: Any, settings: Any
) -> None:
    """0.01 PV on three pieces: the first that comes back carries nothing, the second all of it."""
    settings.MLM = {**settings.MLM, "CREDIT": "worker"}
    order = place(soap, member=dora, quantity=3)
    LinePoints.objects.filter(line__order=order).update(pv=1, cv=0)
    settings.MLM = {**settings.MLM, "CREDIT": "request"}
    pay(order)

    for number, points in enumerate((1, 0, 0)):
        refund(order, 1, key=f"piece {number}")
        assert orders.find_waiting(since=None) == []
        assert customers_pv(dora) == points
