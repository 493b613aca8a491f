"""The side sheet, undo, vouchers beside their field, delivery before the address, the gift note."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.shop.basket.selectors import get_gift_note
from storefront.shop.listing.services import rebuild_listing
from storefront.shop.prices.models import ShippingCharge, TaxRate
from tests.factories import make_country, make_product, make_user, make_voucher

pytestmark = pytest.mark.django_db
PART = {"X-Part": "basket"}
BASKET = "/shop/basket/"
HOSTILE = ["<script>alert(1)</script>", "x" * 10_000, "{{ 7|add:7 }}", "\u202eﷺ💥"]


def add(client: Client, product: Any, quantity: int = 1, **options: Any) -> Any:
    return client.post(f"/shop/basket/add/{product.pk}/", {"quantity": quantity}, **options)


def lines() -> list[tuple[str, int]]:
    rows = get_model("basket", "Line").objects.order_by("pk")
    return [(line.product.get_title(), line.quantity) for line in rows]


def remove_first(client: Client) -> Any:
    line = get_model("basket", "Line").objects.order_by("pk").first()
    count = get_model("basket", "Line").objects.count()
    rest = get_model("basket", "Line").objects.order_by("pk")
    form: dict[str, Any] = {"form-TOTAL_FORMS": count, "form-INITIAL_FORMS": count}
    for number, each in enumerate(rest):
        form |= {f"form-{number}-id": each.pk, f"form-{number}-quantity": each.quantity}
    assert line is not None
    return client.post(BASKET, {**form, "form-0-DELETE": "on"})


# --- the side sheet -------------------------------------------------------------------------------


def test_a_script_gets_the_sheet_and_everybody_else_a_redirect(client: Client) -> None:
    soap = make_product("Soap", price="12.00")
    sheet = add(client, soap, headers=PART)
    text = sheet.content.decode()
    assert sheet.status_code == 200
    assert "<dialog" in text and "<html" not in text
    assert 'data-pieces="1"' in text
    assert "€48.00</strong> more for free delivery" in text
    assert "€4.90" in text
    assert add(client, soap).status_code == 302
    # What the sheet said is not said again on the next page.
    said = [str(message) for message in client.get(BASKET).context["messages"]]
    assert len(said) == 1


def test_the_sheet_says_when_delivery_is_free(client: Client) -> None:
    sheet = add(client, make_product("Towel", price="60.00"), headers=PART).content.decode()
    assert "Delivery is free." in sheet
    assert "more for free delivery" not in sheet


def test_what_cannot_be_added_is_told_to_the_script(client: Client) -> None:
    answer = add(client, make_product("Soap", stock=2), 3, headers=PART)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert lines() == []


def test_the_sheet_takes_the_same_queries_for_few_and_many_lines(client: Client) -> None:
    counts = []
    for total in (2, 8):
        while get_model("basket", "Line").objects.count() < total:
            add(client, make_product(f"Soap {get_model('basket', 'Line').objects.count()}"))
        rebuild_listing()
        first = get_model("catalogue", "Product").objects.order_by("pk").first()
        add(client, first, headers=PART)
        with CaptureQueriesContext(connection) as queries:
            add(client, first, headers=PART)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_script_is_the_changing_part_only(client: Client) -> None:
    add(client, make_product("Soap"))
    part = client.get(BASKET, headers=PART).content.decode()
    assert 'id="basket"' in part and 'id="messages"' in part and "<html" not in part
    assert 'id="basket"' in client.get(BASKET).content.decode()


# --- undo -----------------------------------------------------------------------------------------


def test_a_removed_line_comes_back_once(client: Client) -> None:
    add(client, make_product("Soap"), 3)
    add(client, make_product("Oil"))
    answer = remove_first(client)
    assert answer.url == f"{BASKET}?removed=1"
    assert "“Soap” is removed." in client.get(answer.url).content.decode()
    assert "is removed" not in client.get(BASKET).content.decode()
    client.post(reverse("basket:undo"))
    assert sorted(lines()) == [("Oil", 1), ("Soap", 3)]
    client.post(reverse("basket:undo"))
    assert sorted(lines()) == [("Oil", 1), ("Soap", 3)]


def test_what_was_sold_out_meanwhile_does_not_come_back(client: Client) -> None:
    soap = make_product("Soap")
    add(client, soap, 3)
    remove_first(client)
    soap.stockrecords.update(num_in_stock=2)
    page = client.post(reverse("basket:undo"), follow=True).content.decode()
    assert "cannot be had any more" in page
    assert lines() == []


def test_nobody_undoes_for_others(client: Client) -> None:
    add(client, make_product("Soap"))
    remove_first(client)
    Client().post(reverse("basket:undo"))
    assert lines() == []


# --- vouchers -------------------------------------------------------------------------------------


def send_code(client: Client, code: str) -> str:
    page = client.post(reverse("basket:vouchers-add"), {"code": code})
    assert page.status_code == 200
    return page.content.decode()


def test_each_reason_against_a_voucher_stands_beside_its_field(client: Client) -> None:
    voucher = make_voucher()
    soap = make_product("Soap", price="10.00")
    empty = client.post(reverse("basket:vouchers-add"), {"code": "SPRING"}, follow=True)
    assert "Put something into the basket first." in empty.content.decode()
    add(client, soap)
    assert "There is no voucher with this code." in send_code(client, "NOSUCH")
    now = timezone.now()
    for start, end, words in (
        (now - timedelta(days=2), now - timedelta(days=1), "has expired"),
        (now + timedelta(days=1), now + timedelta(days=2), "is not valid yet"),
    ):
        voucher.start_datetime, voucher.end_datetime = start, end
        voucher.save()
        assert words in send_code(client, "SPRING")
    voucher.start_datetime, voucher.end_datetime = now - timedelta(1), now + timedelta(1)
    voucher.save()
    voucher.offers.get().benefit.range.excluded_products.add(soap)
    voucher.offers.get().condition.range.excluded_products.add(soap)
    assert "takes nothing off" in send_code(client, "spring")
    voucher.offers.get().condition.range.excluded_products.remove(soap)
    assert client.post(reverse("basket:vouchers-add"), {"code": " spring "}).status_code == 302
    assert client.get(BASKET).context["basket"].total_incl_tax == Decimal("7.00")
    page = send_code(client, "SPRING")
    assert "in your basket already" in page and 'aria-invalid="true"' in page


@pytest.mark.parametrize("code", HOSTILE)
def test_hostile_codes_and_notes_are_answered_in_words(client: Client, code: str) -> None:
    add(client, make_product("Soap"))
    assert "<script>alert" not in send_code(client, code)
    answer = client.post(reverse("basket:gift-note"), {"note": code}, follow=True)
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


# --- delivery before the address ------------------------------------------------------------------


def test_another_country_shows_its_tax_and_delivery(client: Client, settings: Any) -> None:
    """12.00 with 19 % at home is 10.08 net; 20 % on it makes 12.10; delivery 6.00 becomes 6.05."""
    settings.SHOP_COUNTRY = "DE"
    for code, points in (("DE", 1900), ("AT", 2000)):
        TaxRate.objects.create(country=make_country(code, code), basis_points=points)
    ShippingCharge.objects.create(method="standard", country_id="AT", charge=Decimal("6.00"))
    add(client, make_product("Soap", price="12.00"))
    assert client.post(reverse("basket:destination"), {"country": "AT"}).url == BASKET
    page = client.get(BASKET)
    assert page.context["basket"].total_incl_tax == Decimal("12.10")
    assert page.context["delivery"].charge.incl_tax == Decimal("6.05")
    for bad in ("", "XX", "x" * 300):
        client.post(reverse("basket:destination"), {"country": bad})
    assert client.get(BASKET).context["delivery"].charge.incl_tax == Decimal("6.05")


def test_a_country_without_delivery_is_said(client: Client) -> None:
    make_country("DE", "Germany")
    make_country("AT", "Austria")
    for method in ShippingCharge.Method.values:
        ShippingCharge.objects.create(
            method=method, country_id="AT", charge=Decimal(0), is_offered=False
        )
    add(client, make_product("Soap"))
    client.post(reverse("basket:destination"), {"country": "AT"})
    page = client.get(BASKET)
    assert page.status_code == 200
    assert "We do not deliver to this country." in page.content.decode()


# --- the gift note --------------------------------------------------------------------------------


def test_a_gift_note_stays_with_its_basket(client: Client) -> None:
    add(client, make_product("Soap"))
    answer = client.post(reverse("basket:gift-note"), {"note": " For Nina ", "next": "checkout"})
    assert answer.url == reverse("checkout:index")
    assert "For Nina" in client.get(BASKET).content.decode()
    basket = get_model("basket", "Basket").objects.get()
    assert get_gift_note(session=client.session, basket_id=basket.pk) == "For Nina"
    assert get_gift_note(session=client.session, basket_id=basket.pk + 1) == ""
    client.post(reverse("basket:gift-note"), {"note": ""})
    assert "For Nina" not in client.get(BASKET).content.decode()


def test_a_note_that_is_too_long_stays_in_the_field_with_the_reason(client: Client) -> None:
    add(client, make_product("Soap"))
    page = client.post(reverse("basket:gift-note"), {"note": "n" * 301, "next": "checkout"})
    assert page.status_code == 200
    assert "at most 300 characters" in page.content.decode()
    assert client.post(reverse("basket:gift-note"), {"note": "n" * 300}).status_code == 302


def test_a_note_goes_along_to_the_basket_of_the_account(client: Client) -> None:
    from storefront.shop.basket.services import move_gift_note, write_gift_note

    session: dict[str, Any] = {}
    write_gift_note(session=session, basket_id=3, text="For Nina")
    move_gift_note(session=session, old_basket_id=2, new_basket_id=9)
    assert get_gift_note(session=session, basket_id=3) == "For Nina"
    move_gift_note(session=session, old_basket_id=3, new_basket_id=9)
    assert get_gift_note(session=session, basket_id=9) == "For Nina"


def test_an_empty_basket_says_what_to_do_next(client: Client) -> None:
    page = client.get(BASKET).content.decode()
    assert reverse("catalogue:index") in page
    assert "Sign in, and it is here again." in page
    client.force_login(make_user("dora"))
    assert "Sign in, and it is here again." not in client.get(BASKET).content.decode()
