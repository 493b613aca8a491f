"""What a buyer sees and does with an order, and what staff find on theirs."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from storefront.shop.accounting import troubles
from storefront.shop.accounting.models import PaymentTrouble
from storefront.shop.fulfilment.mails import send_parcel_sent
from storefront.shop.listing.models import ProductText
from storefront.shop.order.selectors import get_page_url
from storefront.shop.payments.gateway import Event
from storefront.shop.payments.mails import send_order_placed, send_refunded
from storefront.shop.payments.selectors import get_status_url
from storefront.shop.returns import services as returns
from storefront.shop.returns.mails import send_return
from storefront.shop.returns.models import ReturnRequest
from tests.factories import make_account, make_user
from tests.shop.orders.buying import DAY, NOON, buy, send
from tests.shop.orders.test_papers import give_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(client: Client) -> Any:
    user = make_user("dora")
    client.force_login(user)
    return user


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_account("olga", "Operators"))
    return client


def test_the_timeline_says_what_happened_and_what_is_to_come(client: Client, dora: Any) -> None:
    order = buy("Soap", user=dora)
    send(order, {order.lines.get().pk: 1})

    page = client.get(get_status_url(order=order))

    labels = [(step.label, step.state) for step in page.context["page"].timeline]
    assert labels == [
        ("Order placed", "done"),
        ("Paid", "done"),
        ("Parcel 1 sent", "done"),
        ("Sent", "next"),
        ("Delivered", "next"),
    ]
    assert "00340434" in page.content.decode()


def test_the_page_asks_the_database_the_same_for_many_lines(
    client: Client, dora: Any, django_assert_num_queries: Any
) -> None:
    short, long = buy("Soap", user=dora), buy("Towel", "Balm", "Oil", "Tea", user=dora)
    for line in (*short.lines.all(), *long.lines.all()):
        send(line.order, {line.pk: 1}, key=f"parcel:{line.pk}")
    client.get(get_status_url(order=short))
    with CaptureQueriesContext(connection) as for_one:
        client.get(get_status_url(order=short))

    with django_assert_num_queries(len(for_one)):
        client.get(get_status_url(order=long))


def test_the_buyer_reads_the_order_in_the_language_of_the_page(client: Client, dora: Any) -> None:
    """Pages follow the reader; what is written to the buyer follows the purchase."""
    order = buy("Soap", user=dora, language="ru")
    soap = order.lines.get()
    ProductText.objects.create(product=soap.product, language="ru", title="Мыло")
    send(order)
    item = returns.request_return(
        order_id=order.pk, pieces={soap.pk: 1}, reason="other", words="", key="r", by=None, at=NOON + DAY
    )  # fmt: skip
    ReturnRequest.objects.update(state="approved")
    pages = [
        get_status_url(order=order),
        reverse("customer:summary"),
        get_page_url(order=order, name="return-new"),
        get_page_url(order=order, name="return", number=item.number),
        get_page_url(order=order, name="slip", number=item.number),
    ]
    for language, here, elsewhere in (("ru", "Мыло", "Soap"), ("en", "Soap", "Мыло")):
        client.cookies["django_language"] = language
        for url in pages:
            text = client.get(url).content.decode()
            assert here in text and elsewhere not in text, (url, language)
    client.cookies["django_language"] = "ru"
    assert "Германия" in client.get(get_status_url(order=order)).content.decode()

    send_order_placed(order_id=order.pk)
    assert "Германия" in str(mail.outbox[0].body)
    send_parcel_sent(parcel_id=order.parcels.get().pk)
    send_return(return_id=item.pk, state="approved")
    refund = give_back(order, 1, key="r")
    send_refunded(refund_id=refund.pk)
    assert len(mail.outbox) >= 4
    for sent in mail.outbox:
        if "Soap" in str(sent.body):
            pytest.fail(f"{sent.subject}: {sent.body}")
    assert sum("Мыло" in str(sent.body) for sent in mail.outbox) >= 4


def test_an_order_is_cancelled_once_by_its_buyer(client: Client, dora: Any) -> None:
    order = buy(user=dora)
    url = get_page_url(order=order, name="cancel")
    key = client.get(url).context["form"]["key"].value()

    for _ in range(2):
        assert client.post(url, {"key": key}).status_code == 302

    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert order.refunds.count() == 1


def test_a_packed_order_is_not_cancelled_by_its_buyer(client: Client, dora: Any) -> None:
    order = buy(user=dora)
    send(order)

    page = client.post(get_page_url(order=order, name="cancel"), {"key": "k"}, follow=True)

    order.refresh_from_db()
    assert order.status == "Shipped"
    assert "sent cannot be cancelled" in page.content.decode()


def test_what_is_still_sold_goes_to_the_basket_and_the_rest_is_named(
    client: Client, dora: Any
) -> None:
    order = buy("Soap", "Towel", "Oil", user=dora)
    gone = order.lines.get(title="Towel").stockrecord
    gone.num_in_stock = gone.num_allocated = 0
    gone.save()
    hidden = order.lines.get(title="Oil").product
    hidden.is_public = False
    hidden.save()

    page = client.post(get_page_url(order=order, name="reorder"), follow=True)

    basket = dora.baskets.get(status="Open")
    assert [line.product.title for line in basket.lines.all()] == ["Soap"]
    assert "Towel" in page.content.decode()
    assert "Oil: This product is no longer available." in page.content.decode()


def test_a_return_is_asked_for_with_reason_and_followed(client: Client, dora: Any) -> None:
    order = buy(user=dora)
    send(order)
    url = get_page_url(order=order, name="return-new")
    form = client.get(url).context["form"]
    line = f"line_{order.lines.get().pk}"
    said = {"key": form["key"].value(), line: 1, "reason": "damaged", "words": "<b>lid</b>"}

    page = client.post(url, said, follow=True)
    client.post(url, said)

    assert ReturnRequest.objects.get().lines.get().quantity == 1
    assert "<b>lid" not in page.content.decode()
    for wrong in ({line: 3}, {line: 0}, {line: "x"}, {"reason": "?"}, {"words": "x" * 1001}):
        answer = client.post(url, {**said, "key": "other", **wrong})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    number = ReturnRequest.objects.get().number
    assert client.get(get_page_url(order=order, name="slip", number=number)).status_code == 404
    ReturnRequest.objects.update(state="approved")
    for name in ("return", "slip", "slip-pdf"):
        assert client.get(get_page_url(order=order, name=name, number=number)).status_code == 200


def test_pages_of_an_order_are_nobody_elses(client: Client, dora: Any) -> None:
    order = buy(user=make_user("cleo"))
    for name in ("invoice", "cancel", "return-new", "reorder"):
        url = get_page_url(order=order, name=name)
        assert client.get(url).status_code in (404, 405)
        assert client.post(url).status_code in (404, 405)


@pytest.mark.parametrize("query", ["date_from=0001-01-01", "date_to=9999-12-31", "date_from=x"])
@pytest.mark.parametrize(
    "name", ["customer:order-list", "dashboard:order-list", "dashboard:order-stats",
             "dashboard:reviews-list"]
)  # fmt: skip
def test_dates_beyond_the_calendar_break_no_search(name: str, query: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_account("olga", "Operators"))
    assert client.get(f"{reverse(name)}?{query}").status_code == 200


@pytest.mark.parametrize("code", ["order_report", "customer_report", "vouchers"])
def test_reports_hold_no_formulas(operator: Client, code: str) -> None:
    buy(user=make_user("dora", first_name="=HYPERLINK(1)", last_name="x"))
    day = timezone.localdate().isoformat()
    answer = operator.get(
        reverse("dashboard:reports-index"),
        {"report_type": code, "date_from": "2026-01-01", "date_to": day, "download": "on"},
    )
    assert answer.status_code == 200
    assert ",=HYPERLINK" not in answer.content.decode()


def test_staff_pack_and_send_several_orders_at_once(operator: Client) -> None:
    orders = [buy("Soap"), buy("Towel")]
    url = reverse("dashboard:order-work")
    page = operator.get(url)
    chosen = {"order": [order.pk for order in orders], "key": page.context["key"]}

    operator.post(url, {**chosen, "action": "pack"})
    for _ in range(2):
        operator.post(
            url, {**chosen, "action": "send", "carrier": "dhl", f"tracking_{orders[0].pk}": "T1"}
        )

    for order in orders:
        order.refresh_from_db()
        assert order.status == "Shipped"
    assert [p.tracking_number for order in orders for p in order.parcels.all()] == ["T1", ""]
    assert operator.post(url, {"order": "x", "action": "pack"}).status_code == 302


@pytest.mark.parametrize("sheets", ["order-pick-list", "order-packing-slips"])
def test_sheets_to_print_name_the_pieces_and_cost_the_same_for_many_orders(
    operator: Client, sheets: str, django_assert_num_queries: Any
) -> None:
    orders = [buy("Soap"), buy("Towel"), buy("Balm"), buy("Oil")]
    url = reverse(f"dashboard:{sheets}")
    operator.get(url)
    with CaptureQueriesContext(connection) as for_one:
        page = operator.get(url, {"order": orders[0].pk})
    assert "Soap" in page.content.decode() and "Towel" not in page.content.decode()

    with django_assert_num_queries(len(for_one)):
        page = operator.get(url, {"order": [order.pk for order in orders]})
    assert all(title in page.content.decode() for title in ("Soap", "Towel", "Balm", "Oil"))


def test_staff_take_a_return_back_and_pay_after_typing_its_number(operator: Client) -> None:
    from storefront.shop.returns import services

    order = buy()
    send(order)
    line = order.lines.get().pk
    item = services.request_return(
        order_id=order.pk, pieces={line: 1}, reason="other", words="", key="r", by=None, at=NOON + DAY
    )  # fmt: skip
    url = reverse("dashboard:return-detail", kwargs={"number": item.number})
    refund_url = reverse("dashboard:return-refund", kwargs={"number": item.number})

    operator.post(url, {"action": "approve"})
    operator.post(url, {"action": "receive", f"quantity_{line}": 1, f"condition_{line}": "opened"})
    assert operator.post(refund_url, {"confirm": "yes"}).status_code == 200
    assert not order.refunds.exists()
    operator.post(refund_url, {"confirm": item.number})

    item.refresh_from_db()
    assert item.state == "refunded"
    history = operator.get(reverse("dashboard:order-detail", kwargs={"number": order.number}))
    assert "olga@example.com" in history.content.decode()


def test_finance_looks_at_returns_and_does_not_touch() -> None:
    client = Client()
    client.force_login(make_account("fedor", "Finance"))
    assert client.get(reverse("dashboard:return-list")).status_code == 200
    assert client.get(reverse("dashboard:order-work")).status_code == 200
    order = buy()
    for name, said in (("order-parcel", {}), ("order-pack", {})):
        url = reverse(f"dashboard:{name}", kwargs={"number": order.number})
        assert client.post(url, said).status_code == 403
    work = {"order": order.pk, "action": "pack"}
    assert client.post(reverse("dashboard:order-work"), work).status_code == 403


def test_finance_cannot_send_the_goods_elsewhere(operator: Client) -> None:
    order = buy()
    client = Client()
    client.force_login(make_account("frieda", "Finance"))
    url = reverse("dashboard:order-shipping-address", kwargs={"number": order.number})
    said = {
        "first_name": "Nora", "last_name": "Novak", "line1": "Elsewhere 9", "line4": "Jena",
        "postcode": "07743", "country": "DE",
    }  # fmt: skip

    assert client.post(url, said).status_code == 403
    order.shipping_address.refresh_from_db()
    assert order.shipping_address.line1 != "Elsewhere 9"

    assert operator.post(url, said).status_code == 302
    order.shipping_address.refresh_from_db()
    assert order.shipping_address.line1 == "Elsewhere 9"


def test_a_refund_that_comes_back_later_is_a_question_for_staff(operator: Client) -> None:
    order = buy()
    refund = give_back(order, 1, key="r")
    event = Event(
        "evt_1", "refund.failed", "", str(refund.provider_id), "failed", 1200, "lost_card"
    )

    for _ in range(2):
        assert troubles.note_trouble(event=event, at=NOON + DAY)
    pending = Event("evt_2", "refund.updated", "", str(refund.provider_id), "succeeded", 1200)
    assert troubles.note_trouble(event=pending, at=NOON + DAY) is None

    trouble = PaymentTrouble.objects.get()
    page = operator.get(reverse("dashboard:order-detail", kwargs={"number": order.number}))
    assert "A refund came back" in page.content.decode()
    operator.post(
        reverse("dashboard:trouble-solve", kwargs={"pk": trouble.pk}), {"solution": "Paid by hand."}
    )
    trouble.refresh_from_db()
    assert (trouble.solution, trouble.solved_by.email) == ("Paid by hand.", "olga@example.com")


def test_a_disputed_payment_is_a_question_for_staff() -> None:
    event = Event("evt_3", "charge.dispute.created", "pi_unknown", "dp_1", "needs_response", 2890)
    assert troubles.note_trouble(event=event, at=NOON).kind == "dispute"


def test_several_reviews_are_decided_at_once(operator: Client) -> None:
    from oscar.core.loading import get_model

    order = buy("Soap", "Towel", user=make_user("dora"))
    reviews = [
        line.product.reviews.create(score=5, title=title, body="Good.", user=order.user)
        for line, title in zip(order.lines.all(), ("First", "Second"), strict=True)
    ]
    url = reverse("dashboard:reviews-list")
    assert "Good." in operator.get(url).content.decode()

    operator.post(url, {"decide": "approve", "selected_review": [review.pk for review in reviews]})
    operator.post(url, {"decide": f"reject:{reviews[0].pk}"})
    for nonsense in ("approve", "approve:x", "burn:1", ""):
        assert operator.post(url, {"decide": nonsense}).status_code == 302

    statuses = get_model("reviews", "ProductReview").objects.order_by("pk")
    assert [review.status for review in statuses] == [2, 1]
