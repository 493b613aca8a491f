"""Baskets: vouchers, offers, wish lists, reviews; and what others may not touch."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.shop.listing.models import ProductCard, ProductText
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_product, make_user
from tests.shop.shelves import make_family_of_sizes

pytestmark = pytest.mark.django_db
HOSTILE = ["<script>alert(1)</script>", "'\"; DROP TABLE x; --", "x" * 10_000]


def make_range() -> Any:
    return get_model("offer", "Range").objects.create(name="Everything", includes_all_products=True)


def make_offer(kind: str = "Site", percent: int = 10) -> Any:
    everything = make_range()
    condition = get_model("offer", "Condition").objects.create(
        range=everything, type="Count", value=1
    )
    benefit = get_model("offer", "Benefit").objects.create(
        range=everything, type="Percentage", value=percent
    )
    return get_model("offer", "ConditionalOffer").objects.create(
        name="Ten off", offer_type=kind, condition=condition, benefit=benefit
    )


def make_voucher(code: str = "LINDEN") -> Any:
    now = timezone.now()
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Linden week",
        code=code,
        usage="Multi-use",
        start_datetime=now - timedelta(days=1),
        end_datetime=now + timedelta(days=1),
    )
    voucher.offers.add(make_offer("Voucher"))
    return voucher


def add(client: Client, product: Any, **fields: Any) -> Any:
    return client.post(f"/shop/basket/add/{product.pk}/", {"quantity": 1, **fields})


def lines() -> list[tuple[str, int]]:
    rows = get_model("basket", "Line").objects.order_by("pk")
    return [(line.product.get_title(), line.quantity) for line in rows]


def test_adding_comes_back_to_the_page_it_was_on(client: Client) -> None:
    soap = make_product("Soap")
    assert add(client, soap, next="/shop/catalogue/?page=2").url == "/shop/catalogue/?page=2"
    assert add(client, soap, next="https://evil.example/").url == "/shop/basket/"
    assert lines() == [("Soap", 2)]
    assert b"Soap" in client.get("/shop/basket/").content


def test_a_variant_is_chosen_on_its_products_page(client: Client) -> None:
    towel = make_family_of_sizes()
    large = towel.children.get(title="Large")
    add(client, towel, child_id=large.pk)
    assert lines() == [("Large", 1)]
    for bad in ("", "999999", "x", make_product("Soap").pk):
        add(client, towel, child_id=bad)
    assert lines() == [("Large", 1)]


def test_a_hidden_product_cannot_be_added_by_its_number(client: Client) -> None:
    towel = make_family_of_sizes()
    small = towel.children.get(title="Small")
    get_model("catalogue", "Product").objects.filter(pk=towel.pk).update(is_public=False)
    add(client, small)
    add(client, towel, child_id=small.pk)
    assert lines() == []


@pytest.mark.parametrize("quantity", ["0", "-1", "21", "1e9", "9" * 5_000, "<b>", ""])
def test_a_quantity_that_cannot_be_is_refused(client: Client, quantity: str) -> None:
    soap = make_product("Soap", stock=20)
    assert add(client, soap, quantity=quantity).status_code == 302
    assert lines() == []
    assert client.get("/shop/basket/").status_code == 200


@pytest.mark.parametrize("count", ["1", "9" * 30, "-1", "x"])
def test_a_basket_sent_without_its_counts_breaks_nothing(client: Client, count: str) -> None:
    product = make_product()
    client.post(f"/shop/basket/add/{product.pk}/", {"quantity": 1})
    counts = {"form-TOTAL_FORMS": count, "form-INITIAL_FORMS": count}

    answer = client.post("/shop/basket/", {**counts, "form-0-id": "x", "form-0-quantity": "9"})

    assert answer.status_code in (200, 302)
    assert get_model("basket", "Line").objects.get().quantity == 1


def test_a_voucher_takes_off_and_can_be_taken_out(client: Client) -> None:
    make_voucher()
    add(client, make_product("Soap", price="10.00"))
    client.post("/shop/basket/vouchers/add/", {"code": " linden "})
    basket = client.get("/shop/basket/").context["basket"]
    assert basket.total_incl_tax == Decimal("9.00")
    voucher = get_model("voucher", "Voucher").objects.get()
    client.post(f"/shop/basket/vouchers/{voucher.pk}/remove/")
    assert client.get("/shop/basket/").context["basket"].total_incl_tax == Decimal("10.00")


@pytest.mark.parametrize("code", ["", "NOSUCH", *HOSTILE])
def test_a_wrong_voucher_code_is_answered_in_words(client: Client, code: str) -> None:
    add(client, make_product("Soap", price="10.00"))
    response = client.post("/shop/basket/vouchers/add/", {"code": code}, follow=True)
    assert response.status_code == 200
    assert b"<script>alert(1)" not in response.content
    assert response.context["basket"].total_incl_tax == Decimal("10.00")


def test_an_offer_of_the_site_is_taken_off_the_price_with_tax(client: Client) -> None:
    make_offer()
    add(client, make_product("Soap", price="10.00"), quantity=2)
    page = client.get("/shop/basket/")
    assert page.context["basket"].total_incl_tax == Decimal("18.00")
    assert b"Ten off" in page.content
    assert client.get("/shop/offers/").status_code == 200
    assert client.get("/shop/offers/ten-off/").status_code == 200


def test_quantities_change_lines_go_and_wait_for_later(client: Client) -> None:
    client.force_login(make_user("dora"))
    soap, oil = make_product("Soap"), make_product("Oil")
    add(client, soap)
    add(client, oil)
    first, second = get_model("basket", "Line").objects.order_by("pk")
    form = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 2,
        "form-0-id": first.pk,
        "form-0-quantity": 3,
        "form-1-id": second.pk,
        "form-1-quantity": 1,
    }
    client.post("/shop/basket/", form)
    assert lines() == [("Soap", 3), ("Oil", 1)]
    client.post("/shop/basket/", {**form, "form-1-save_for_later": "on"})
    assert b"Saved for later" in client.get("/shop/basket/").content
    client.post(
        "/shop/basket/",
        {**form, "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-DELETE": "on"},
    )
    assert client.get("/shop/basket/").context["basket"].is_empty


def test_a_step_price_is_no_price_that_changed(client: Client) -> None:
    from storefront.shop.prices.services import PriceRow, set_buyer_prices

    soap = make_product("Soap", price="10.00", stock=50)
    record = soap.stockrecords.get()
    set_buyer_prices(rows=[PriceRow(record.pk, "retail", "", 10, Decimal("8.00"))])
    add(client, soap, quantity=10)
    page = client.get("/shop/basket/")
    assert page.context["basket_warnings"] == []
    assert page.context["basket"].total_incl_tax == Decimal("80.00")
    record.price = Decimal("11.00")
    record.save()
    assert len(client.get("/shop/basket/").context["basket_warnings"]) == 1


def test_the_basket_and_the_checkout_name_products_in_the_visitors_language(client: Client) -> None:
    soap, tea = make_product("Linden soap"), make_product("Evening tea")
    ProductText.objects.create(product=soap, language="ru", title="Липовое мыло")
    client.cookies["django_language"] = "ru"
    add(client, soap)
    page = client.get("/shop/basket/")
    assert "Липовое мыло" in str(next(iter(page.context["messages"])))
    add(client, tea)
    for address in ("/shop/basket/", "/shop/checkout/shipping-address/"):
        page = client.get(address).content.decode()
        assert "Липовое мыло" in page
        assert "Linden soap" not in page
        assert "Evening tea" in page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_basket_page_takes_the_same_queries_for_few_and_many_lines(
    client: Client, language: str
) -> None:
    client.cookies["django_language"] = language
    counts = []
    for count in (2, 6):
        for number in range(count):
            soap = make_product(f"Soap {count} {number}")
            ProductText.objects.create(product=soap, language="ru", title=f"Мыло {number}")
            add(client, soap)
        rebuild_listing()
        client.get("/shop/basket/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/shop/basket/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- of other people ------------------------------------------------------------------------------


def test_a_basket_line_of_somebody_else_cannot_be_changed(client: Client) -> None:
    ada, ben = Client(), client
    ada.force_login(make_user("ada"))
    ben.force_login(make_user("ben"))
    soap = make_product("Soap")
    add(ada, soap)
    add(ben, soap)
    theirs = get_model("basket", "Line").objects.get(basket__owner__email="ada@example.com")
    for extra in ({"form-0-quantity": 9}, {"form-0-DELETE": "on", "form-0-quantity": 1}):
        form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": theirs.pk, **extra}
        assert ben.post("/shop/basket/", form).status_code in {200, 302}
    theirs.refresh_from_db()
    assert theirs.quantity == 1


def test_a_forged_basket_cookie_opens_no_basket(client: Client) -> None:
    ada = Client()
    add(ada, make_product("Soap"))
    basket = get_model("basket", "Basket").objects.get()
    for value in (str(basket.pk), f"{basket.pk}:forged", "x" * 3_000):
        client.cookies["oscar_open_basket"] = value
        assert client.get("/shop/basket/").context["basket"].is_empty


def test_a_voucher_of_another_basket_is_not_removed(client: Client) -> None:
    voucher = make_voucher()
    ada = Client()
    soap = make_product("Soap")
    add(ada, soap)
    add(client, soap)
    ada.post("/shop/basket/vouchers/add/", {"code": "LINDEN"})
    client.post(f"/shop/basket/vouchers/{voucher.pk}/remove/")
    assert get_model("basket", "Basket").vouchers.through.objects.count() == 1


def test_wish_lists_addresses_and_orders_of_others_are_not_found(client: Client) -> None:
    ada, ben = make_user("ada"), make_user("ben")
    soap = make_product("Soap")
    private = ada.wishlists.create(name="Mine")
    line = private.lines.create(product=soap, title="Soap")
    country = get_model("address", "Country").objects.create(
        iso_3166_1_a2="DE", printable_name="Germany", name="Germany"
    )
    address = ada.addresses.create(
        last_name="Lindt", line1="Lindenweg 4", line4="Jena", country=country
    )
    order = get_model("order", "Order").objects.create(
        number="100001", user=ada, total_incl_tax=1, total_excl_tax=1, currency="EUR"
    )
    client.force_login(ben)
    for path in (
        f"wishlists/{private.key}/update/",
        f"wishlists/{private.key}/delete/",
        f"wishlists/{private.key}/lines/{line.pk}/delete/",
        f"addresses/{address.pk}/",
        f"addresses/{address.pk}/delete/",
        f"orders/{order.number}/",
    ):
        for answer in (client.get(f"/shop/accounts/{path}"), client.post(f"/shop/accounts/{path}")):
            assert answer.status_code in {403, 404, 405}, path
    assert client.post(f"/shop/accounts/wishlists/{private.key}/add/{soap.pk}/").status_code == 404
    assert client.get(f"/shop/wishlists/{private.key}/").status_code == 403
    assert get_model("wishlists", "Line").objects.count() == 1


def test_a_product_is_put_on_the_wish_list(client: Client) -> None:
    dora = make_user("dora")
    client.force_login(dora)
    soap = make_product("Soap")
    rebuild_listing()
    answer = client.post(f"/shop/accounts/wishlists/add/{soap.pk}/", follow=True)
    assert answer.status_code == 200
    wishlist = dora.wishlists.get()
    for address in ("/shop/accounts/wishlists/", f"/shop/accounts/wishlists/{wishlist.key}/"):
        assert client.get(address).status_code == 200
    assert b"Soap" in client.get(f"/shop/wishlists/{wishlist.key}/").content


# --- reviews and alerts ---------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_a_review_shows_what_was_written_and_runs_nothing(client: Client, words: str) -> None:
    client.force_login(make_user("dora"))
    soap = make_product("Soap")
    address = f"/shop/catalogue/soap_{soap.pk}/reviews/add/"
    client.post(address, {"title": words[:200], "score": 5, "body": words})
    ProductReview = get_model("reviews", "ProductReview")
    ProductReview.objects.update(status=ProductReview.APPROVED)
    soap.update_rating()
    rebuild_listing()
    page = client.get(soap.get_absolute_url())
    assert page.status_code == 200
    assert b"<script>alert(1)" not in page.content
    if ProductReview.objects.exists():
        assert soap.card.reviews == 1 and soap.card.rating == 50


@pytest.mark.parametrize("email", HOSTILE)
def test_a_stock_alert_takes_only_an_address(client: Client, email: str) -> None:
    soap = make_product("Soap", stock=0)
    rebuild_listing()
    assert b"Tell me when it is back" in client.get(soap.get_absolute_url()).content
    answer = client.post(f"/shop/accounts/alerts/create/{soap.pk}/", {"email": email})
    assert answer.status_code in {200, 302, 422}
    assert b"<script>alert(1)" not in answer.content
    assert not get_model("customer", "ProductAlert").objects.exists()


# --- pictures -------------------------------------------------------------------------------------


def test_a_card_has_its_picture_in_the_sizes_pages_show(client: Client) -> None:
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (1600, 800), "green").save(data, "PNG")
    soap = make_product("Soap")
    soap.images.create(original=ContentFile(data.getvalue(), "soap.png"), caption="A soap")
    soap.images.create(original=ContentFile(b"no picture", "bad.png"), display_order=1)
    rebuild_listing()
    (picture,) = ProductCard.objects.get(product=soap).pictures
    assert (picture["small"]["width"], picture["small"]["height"]) == (480, 240)
    assert picture["large"]["path"].endswith("-1200.webp")
    assert rebuild_listing() == 0
    soap.images.order_by("pk").first().original.delete(save=False)
    soap.images.filter(caption="A soap").update(caption="The soap")
    assert rebuild_listing() == 1
    assert ProductCard.objects.get(product=soap).pictures[0]["caption"] == "The soap"
    html = client.get("/shop/catalogue/").content.decode()
    assert picture["small"]["path"] in html and 'width="480"' in html
