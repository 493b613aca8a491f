"""Staff edit points and prices with the product, as a table and by file."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from oscar.core.loading import get_model

from mlm_plugin.shop.models import ProductPoints
from storefront.accounts.roles import FINANCE, OPERATORS
from storefront.shop.prices.models import BuyerPrice, ShippingCharge, TaxRate
from tests.factories import make_account, make_country, make_product, make_user
from tests.shop.shelves import make_category, make_family_of_sizes

pytestmark = pytest.mark.django_db
TABLE = "/dashboard/catalogue/points-and-prices/"
FILE = f"{TABLE}import/"
HOSTILE = "<p onclick='x()'>Kind <b>to</b> hands.</p><form></form>"
TAX = "/dashboard/catalogue/tax-and-delivery/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_account("operator", OPERATORS))
    return client


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of the page's largest form, as it was shown."""
    forms = BeautifulSoup(html, "html.parser").find_all("form")
    form = max(forms, key=lambda each: len(each.find_all("input")))
    sent = {}
    for field in form.find_all(["input", "select", "textarea"]):
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            value = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            value = field.text.strip()
        elif field.get("type") in {"checkbox", "radio"}:
            if not field.has_attr("checked"):
                continue
            value = field.get("value", "on")
        elif field.get("type") in {"file", "submit"}:
            continue
        else:
            value = field.get("value", "")
        if field.get("name"):
            sent[field["name"]] = value
    return sent


def test_points_and_prices_are_edited_with_the_product(staff: Client) -> None:
    soap = make_product("Soap", price="10.00")
    soap.categories.add(make_category())
    address = f"/dashboard/catalogue/products/{soap.pk}/"
    sent = fields_of(staff.get(address).content.decode())
    sent |= {
        "points-pv": "12.50",
        "points-cv": "10",
        "buyer_prices-0-buyer_kind": "member",
        "buyer_prices-0-rank": "gold",
        "buyer_prices-0-min_quantity": "10",
        "buyer_prices-0-price": "7.50",
        "texts-0-language": "ru",
        "texts-0-title": "Мыло",
        "texts-0-description": HOSTILE,
        "description": HOSTILE,
        "action": "continue",
    }
    response = staff.post(address, sent)
    assert response.status_code == 302, response.context["form"].errors
    points = ProductPoints.objects.get(product=soap)
    assert (points.pv, points.cv) == (1250, 1000)
    price = BuyerPrice.objects.get()
    assert (price.buyer_kind, price.rank, price.min_quantity) == ("member", "gold", 10)
    assert soap.texts.get().title == "Мыло"
    soap.refresh_from_db()
    # The shop shows both as HTML, so whoever writes them gets no script in.
    assert soap.description == soap.texts.get().description == "<p>Kind <b>to</b> hands.</p>"

    html = staff.get(address).content.decode()
    assert 'value="12.50"' in html and 'value="7.50"' in html
    sent = fields_of(html) | {"points-pv": "", "points-cv": "", "buyer_prices-0-DELETE": "on"}
    assert staff.post(address, sent).status_code == 302
    assert not ProductPoints.objects.exists()
    assert not BuyerPrice.objects.exists()


@pytest.mark.parametrize("bad", ["1.234", "-1", "x", "9" * 10_000])
def test_bad_points_are_refused_beside_the_field(staff: Client, bad: str) -> None:
    soap = make_product("Soap")
    soap.categories.add(make_category())
    address = f"/dashboard/catalogue/products/{soap.pk}/"
    sent = fields_of(staff.get(address).content.decode()) | {"points-pv": bad, "points-cv": "1"}
    response = staff.post(address, sent)
    assert response.status_code == 200
    assert response.context["points_form"].errors["pv"]
    assert not ProductPoints.objects.exists()


def test_a_new_product_is_made_on_the_same_page(staff: Client) -> None:
    make_product("Soap")
    category = make_category()
    address = "/dashboard/catalogue/products/create/goods/"
    sent = fields_of(staff.get(address).content.decode())
    sent |= {
        "title": "Oil",
        "productcategory_set-0-category": category.pk,
        "stockrecords-0-partner": get_model("partner", "Partner").objects.get().pk,
        "stockrecords-0-partner_sku": "oil",
        "stockrecords-0-price": "9.00",
        "stockrecords-0-price_currency": "EUR",
        "stockrecords-0-num_in_stock": "5",
        "points-pv": "3",
        "points-cv": "2",
    }
    response = staff.post(address, sent)
    assert response.status_code == 302, response.context["form"].errors
    oil = get_model("catalogue", "Product").objects.get(title="Oil")
    assert oil.points.pv == 300


def test_the_table_saves_a_page_of_points_and_prices(staff: Client) -> None:
    soap = make_product("Soap", price="10.00")
    towel = make_family_of_sizes()
    html = staff.get(TABLE).content.decode()
    sent = fields_of(html)
    row = next(
        key.rsplit("-", 1)[0]
        for key, value in sent.items()
        if key.endswith("product_id") and value == str(soap.pk)
    )
    parent = next(
        key.rsplit("-", 1)[0]
        for key, value in sent.items()
        if key.endswith("product_id") and value == str(towel.pk)
    )
    sent |= {f"{row}-pv": "5,50", f"{row}-cv": "4", f"{row}-member": "8.00", f"{parent}-pv": "2"}
    assert staff.post(TABLE, sent).status_code == 302
    assert soap.points.pv == 550
    assert towel.points.pv == 200
    assert BuyerPrice.objects.get().price == Decimal("8.00")
    assert soap.stockrecords.get().price == Decimal("10.00")


def test_one_bad_cell_of_the_table_and_nothing_is_saved(staff: Client) -> None:
    make_product("Soap")
    sent = fields_of(staff.get(TABLE).content.decode()) | {
        "form-0-pv": "5",
        "form-0-cv": "5",
        "form-0-member": "<b>8</b>",
    }
    response = staff.post(TABLE, sent)
    assert response.status_code == 422
    assert b"<b>8" not in response.content and b"&lt;b&gt;8" in response.content
    assert not ProductPoints.objects.exists()


def test_the_file_goes_out_and_comes_in(staff: Client) -> None:
    make_product("Soap", price="10.00")
    out = staff.get(f"{TABLE}export/")
    assert out["Content-Type"].startswith("text/csv")
    text = out.content.decode("utf-8-sig").replace("10.00", "11.00")
    file = SimpleUploadedFile("prices.csv", text.encode())
    assert staff.post(FILE, {"file": file}).status_code == 302
    assert get_model("partner", "StockRecord").objects.get().price == Decimal("11.00")


def test_a_bad_file_is_answered_with_line_and_reason(staff: Client) -> None:
    make_product("Soap")
    file = SimpleUploadedFile("prices.csv", b"sku,pv,cv\nsoap,1,1\n<i>no</i>,1,1\n")
    response = staff.post(FILE, {"file": file})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Line 3:" in html and "&lt;i&gt;no" in html
    assert not ProductPoints.objects.exists()
    assert staff.post(FILE, {}).status_code == 422


def test_tax_and_delivery_are_edited_on_one_page(staff: Client) -> None:
    make_country("AT", "Austria")
    sent = fields_of(staff.get(TAX).content.decode()) | {
        "rates-0-country": "AT",
        "rates-0-basis_points": "2000",
        "rates-0-taxes_shipping": "on",
        "charges-0-method": "standard",
        "charges-0-country": "AT",
        "charges-0-charge": "8.00",
        "charges-0-is_offered": "on",
    }
    assert staff.post(TAX, sent).status_code == 302
    assert TaxRate.objects.get().basis_points == 2000
    assert ShippingCharge.objects.get().charge == Decimal("8.00")
    sent = fields_of(staff.get(TAX).content.decode()) | {"rates-0-basis_points": "10001"}
    assert staff.post(TAX, sent).status_code == 422


@pytest.mark.parametrize("address", [TABLE, f"{TABLE}export/", FILE, TAX])
def test_nobody_else_opens_these_pages(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(make_user("dora"))
    assert client.get(address).status_code == 403
    client.force_login(make_account("finance", FINANCE))
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
