"""Staff move money from an order's page: confirmed, once, and only those who may."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.accounts.roles import FINANCE, OPERATORS
from storefront.shop.payments import services
from storefront.shop.payments.models import RefundRequest
from tests.factories import make_account, make_attempt, make_basket, make_product, make_user
from tests.localstripe import LocalStripe

pytestmark = pytest.mark.django_db

Order = get_model("order", "Order")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PAGES = ("order-refund", "order-cancel", "order-mark-paid")


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_account("olga", role=OPERATORS))
    return client


@pytest.fixture
def order(localstripe: LocalStripe) -> Any:
    """Two soaps at 12.00 and delivery at 4.90, paid by card."""
    attempt = make_attempt(make_basket(make_product(), quantity=2), at=NOON)
    return services.confirm_attempt(
        attempt_id=attempt.pk, payment_method=localstripe.card(), at=NOON
    ).order


def transfer_order(title: str = "Towel") -> Any:
    attempt = make_attempt(make_basket(make_product(title)), at=NOON, method="transfer")
    return services.place_order_from_attempt(attempt_id=attempt.pk, at=NOON)


def url(name: str, order: Any) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def fill_in(client: Client, order: Any, **fields: Any) -> dict[str, Any]:
    """The refund form as the page gives it, with what staff type into it."""
    form = client.get(url("order-refund", order)).context["form"]
    return {"key": form["key"].value(), f"line_{order.lines.get().pk}": 0, **fields}


def test_a_refund_is_shown_before_it_is_made(operator: Client, order: Any) -> None:
    said = fill_in(operator, order, **{f"line_{order.lines.get().pk}": 1, "shipping": "4.90"})

    page = operator.post(url("order-refund", order), said)

    assert "16.90" in page.content.decode()
    assert not RefundRequest.objects.exists()


def test_a_refund_that_is_confirmed_twice_is_made_once(
    operator: Client, order: Any, localstripe: LocalStripe
) -> None:
    line = f"line_{order.lines.get().pk}"
    said = fill_in(operator, order, **{line: 1, "confirm": order.number, "reason": "Broken."})

    for _ in range(2):
        assert operator.post(url("order-refund", order), said).status_code == 302

    refund = RefundRequest.objects.get()
    assert refund.requested_by is not None
    assert refund.requested_by.email == "olga@example.com"
    assert [each["amount"] for each in localstripe.refunds()] == [1200]
    page = operator.get(url("order-detail", order)).content.decode()
    assert "Broken." in page


def test_the_wrong_number_confirms_nothing(operator: Client, order: Any) -> None:
    said = fill_in(operator, order, **{f"line_{order.lines.get().pk}": 1, "confirm": "yes"})
    page = operator.post(url("order-refund", order), said)
    assert "not the number of the order" in page.content.decode()
    assert not RefundRequest.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"pieces": 3}, {"pieces": -1}, {"pieces": "x"}, {"shipping": "99"}, {"shipping": "1e9"},
              {"shipping": "-1"}, {"shipping": "NaN"}, {"key": "k" * 65}, {"reason": "x" * 501}]
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field(
    operator: Client, order: Any, typed: dict[str, Any]
) -> None:
    line = f"line_{order.lines.get().pk}"
    fields = {line if name == "pieces" else name: value for name, value in typed.items()}
    said = fill_in(operator, order, confirm=order.number, **fields)
    page = operator.post(url("order-refund", order), said)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not RefundRequest.objects.exists()


def test_cancelling_a_paid_order_gives_everything_back(
    operator: Client, order: Any, localstripe: LocalStripe
) -> None:
    key = operator.get(url("order-cancel", order)).context["form"]["key"].value()
    said = {"key": key, "confirm": order.number}

    operator.post(url("order-cancel", order), said)

    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert localstripe.charged() == 0
    assert order.lines.get().stockrecord.num_allocated == 0


def test_a_transfer_is_marked_as_paid(operator: Client) -> None:
    order = transfer_order()
    assert "Mark as paid" in operator.get(url("order-detail", order)).content.decode()

    operator.post(url("order-mark-paid", order))

    order.refresh_from_db()
    assert order.status == "Paid"
    assert order.notes.get().user.email == "olga@example.com"
    assert operator.get(url("order-mark-paid", order)).status_code == 405


def test_statuses_that_mean_money_do_what_they_mean(operator: Client, order: Any) -> None:
    waiting, unwanted = transfer_order(), transfer_order("Balm")
    for each, status in ((waiting, "Paid"), (unwanted, "Cancelled"), (order, "Cancelled")):
        operator.post(
            url("order-detail", each), {"order_action": "change_order_status", "new_status": status}
        )
        each.refresh_from_db()

    assert waiting.payment_events.get().event_type.name == "Paid"
    assert unwanted.status == "Cancelled"
    assert order.status == "Paid"


def test_sending_takes_the_pieces_out_of_the_stock(operator: Client, order: Any) -> None:
    for status in ("Packed", "Shipped"):
        operator.post(
            url("order-detail", order),
            {"order_action": "change_order_status", "new_status": status},
        )
    record = order.lines.get().stockrecord
    assert (record.num_in_stock, record.num_allocated) == (18, 0)


def test_money_is_not_written_down_by_hand(operator: Client, order: Any) -> None:
    kind = order.payment_events.get().event_type.code
    for action in (
        {"order_action": "create_order_payment_event"},
        {"line_action": "create_payment_event", "selected_line": order.lines.get().pk},
    ):
        operator.post(
            url("order-detail", order), {**action, "amount": "5", "payment_event_type": kind}
        )
    assert order.payment_events.count() == 1


def test_finance_looks_and_does_not_touch(order: Any) -> None:
    client = Client()
    client.force_login(make_account("fedor", role=FINANCE))
    assert client.get(url("order-detail", order)).status_code == 200
    assert client.get(url("order-refund", order)).status_code == 403
    for name in (*PAGES, "order-detail"):
        said = {"order_action": "change_order_status", "new_status": "Packed"}
        assert client.post(url(name, order), said).status_code == 403
    order.refresh_from_db()
    assert order.status == "Paid"


def test_customers_and_strangers_stay_outside(order: Any) -> None:
    customer = Client()
    customer.force_login(make_user("dora"))
    for name in PAGES:
        assert customer.post(url(name, order)).status_code == 403
        assert "login" in Client().post(url(name, order)).url


def test_orders_that_do_not_exist_are_not_found(operator: Client) -> None:
    for name in ("order-refund", "order-cancel"):
        for number in ("999999", "x' OR 1=1", "<b>"):
            address = reverse(f"dashboard:{name}", kwargs={"number": number})
            assert operator.get(address).status_code == 404


def test_what_a_buyer_typed_is_no_formula_in_the_exported_file(
    operator: Client, order: Any
) -> None:
    order.shipping_address.first_name = '=HYPERLINK("http://evil.example")'
    order.shipping_address.save()

    answer = operator.post(
        reverse("dashboard:order-list"),
        {"selected_order": [order.pk], "action": "download_selected_orders"},
    )

    assert answer.status_code == 200
    assert "'=HYPERLINK" in answer.content.decode()
