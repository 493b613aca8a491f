"""Invoices and credit notes: numbered without gaps, frozen, for the right eyes only."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client

from storefront.shop.accounting import services
from storefront.shop.accounting.models import Invoice
from storefront.shop.order.selectors import get_page_url
from storefront.shop.payments import refunds
from tests.factories import make_account, make_user
from tests.racing import run_together
from tests.shop.orders.buying import DAY, NOON, buy

pytestmark = pytest.mark.django_db


def give_back(order: Any, pieces: int, *, key: str, shipping: int = 0) -> Any:
    refund = refunds.request_refund(
        order_id=order.pk,
        pieces={order.lines.get().pk: pieces} if pieces else {},
        shipping=shipping,
        reason="Broken.",
        key=key,
        by=None,
        at=NOON + DAY,
    )
    return refunds.complete_refund(refund_id=refund.pk, at=NOON + DAY)


def test_numbers_count_up_and_begin_anew_each_year() -> None:
    orders = [buy(title) for title in ("Soap", "Towel", "Balm")]
    december, january = datetime(2026, 12, 31, 22, 0, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    numbers = [
        services.issue_invoice(order_id=order.pk, at=at).number
        for order, at in zip(orders, (NOON, december, january), strict=True)
    ]

    assert numbers == ["2026-00001", "2026-00002", "2027-00001"]


def test_an_order_has_one_invoice_whatever_is_asked_again() -> None:
    order = buy()
    assert services.issue_invoice(order_id=order.pk, at=NOON) == services.issue_invoice(
        order_id=order.pk, at=NOON + DAY
    )
    with pytest.raises(services.NothingToIssue):
        services.issue_invoice(order_id=buy("Towel", is_paid=False).pk, at=NOON)


def test_a_number_is_not_lost_with_what_failed() -> None:
    first, second = buy("Soap"), buy("Towel")
    with pytest.raises(RuntimeError), transaction.atomic():
        services.issue_invoice(order_id=first.pk, at=NOON)
        raise RuntimeError

    assert services.issue_invoice(order_id=second.pk, at=NOON).sequence == 1


def test_the_invoice_adds_up_to_what_was_paid_and_stays_as_issued() -> None:
    order = buy()
    invoice = services.issue_invoice(order_id=order.pk, at=NOON)
    before = services.get_pdf(invoice=invoice)
    order.lines.update(title="Something else")

    total = invoice.facts["total"]
    assert total["gross"] == int(order.total_incl_tax * 100)
    assert total["net"] + total["tax"] == total["gross"]
    assert sum(each["gross"] for each in invoice.facts["rates"]) == total["gross"]
    assert services.get_pdf(invoice=Invoice.objects.get()) == before
    assert before.startswith(b"%PDF")
    assert storages["private"].exists(Invoice.objects.get().file)


def test_credit_notes_of_a_line_come_to_exactly_the_line() -> None:
    order = buy(quantity=3)
    order.lines.update(line_price_incl_tax="9.98", line_price_excl_tax="8.39")
    invoice = services.issue_invoice(order_id=order.pk, at=NOON)
    notes = [
        services.issue_credit_note(
            refund_id=give_back(order, pieces, key=f"r{pieces}").pk, at=NOON + DAY
        )
        for pieces in (1, 2)
    ]

    assert [note.number for note in notes] == ["C-2026-00001", "C-2026-00002"]
    assert sum(note.facts["total"]["gross"] for note in notes) == 998
    assert sum(note.facts["total"]["net"] for note in notes) == 839
    assert notes[0].facts["invoice"] == invoice.number


def test_a_row_of_a_credit_note_adds_up_by_itself() -> None:
    order = buy(quantity=3)
    order.lines.update(line_price_incl_tax="30.00", line_price_excl_tax="25.21")
    services.issue_invoice(order_id=order.pk, at=NOON)
    refund = give_back(order, 1, key="r")
    row = services.issue_credit_note(refund_id=refund.pk, at=NOON + DAY).facts["rows"][0]
    assert row["quantity"] * row["unit"] - row["discount"] == row["gross"] == 1000


@pytest.mark.parametrize(
    ("country", "name", "paper"), [("DE", "Germany", "a4"), ("US", "USA", "us-letter")]
)
def test_paper_is_what_people_print_on_there(country: str, name: str, paper: str) -> None:
    from tests.factories import make_country

    order = buy()
    order.shipping_address.country = make_country(country, name)
    order.shipping_address.save()

    invoice = services.issue_invoice(order_id=order.pk, at=NOON)

    assert invoice.paper == paper
    assert services.get_pdf(invoice=invoice).startswith(b"%PDF")


def test_an_invoice_speaks_the_language_of_its_order() -> None:
    order = buy(language="ru")
    assert services.issue_invoice(order_id=order.pk, at=NOON).language == "ru"


def test_papers_open_to_the_buyer_and_to_staff_only(client: Client) -> None:
    dora, stranger = make_user("dora"), make_user("cleo")
    order = buy(user=dora)
    url = get_page_url(order=order, name="invoice")

    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(dora)
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    staff = f"/dashboard/orders/{order.number}/papers/{Invoice.objects.get().number}.pdf"
    assert client.get(staff).status_code == 403
    client.force_login(make_account("olga", "Operators"))
    assert client.get(staff).status_code == 200


def test_guests_reach_their_papers_by_the_signed_link_after_their_address(client: Client) -> None:
    order = buy()
    url = get_page_url(order=order, name="invoice")
    forged = url.replace(order.verification_hash()[-6:], "AAAAAA")

    asked = client.get(url)
    assert "order-status-form" in asked.url
    client.post(asked.url, {"email": "dora@example.com"})

    assert client.get(url).status_code == 200
    assert client.get(forged).status_code == 302


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_invoices_at_once_leave_no_gap() -> None:
    orders = [buy(f"Soap {number}") for number in range(8)]

    results = run_together(
        [partial(services.issue_invoice, order_id=order.pk, at=NOON) for order in orders]
    )

    assert sorted(invoice.sequence for invoice in results) == list(range(1, 9))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_who_want_the_same_invoice_get_one() -> None:
    order = buy()

    run_together([partial(services.issue_invoice, order_id=order.pk, at=NOON)] * 8)

    assert Invoice.objects.get().sequence == 1
