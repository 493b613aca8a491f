"""Shop pages: few queries, the same for few and many products, and nothing written by looking."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from mlm_plugin.shop.models import ProductPoints
from storefront.shop.catalogue.product_views import HISTORY_COOKIE
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_member, make_product, make_user
from tests.shop.shelves import fill_shop, make_family_of_sizes, writes_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def addresses(products: list[Any]) -> dict[str, str]:
    return {
        "list": "/shop/catalogue/",
        "second page": "/shop/catalogue/?page=2",
        "category": get_model("catalogue", "Category").objects.get().get_absolute_url(),
        "product": products[1].get_absolute_url(),
        "variants": products[0].get_absolute_url(),
        "search": "/shop/search/?q=lin",
    }


def sign_in(client: Client, name: str, *, member: bool) -> Any:
    user = make_user(name)
    if member:
        make_member(name, user_id=user.pk)
    client.force_login(user)
    return user


def count_queries(client: Client, products: list[Any]) -> dict[str, int]:
    counts = {}
    for name, address in addresses(products).items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[name] = len(queries)
    return counts


@pytest.mark.parametrize("who", ["anonymous", "customer", "member"])
def test_pages_take_few_queries_however_many_products(client: Client, who: str) -> None:
    if who != "anonymous":
        user = sign_in(client, "ada", member=who == "member")
        get_model("basket", "Basket").objects.create(owner=user)
    products = fill_shop(3)
    few = count_queries(client, products)
    for number in range(57):
        make_product(f"Linden oil {number}").categories.add(
            get_model("catalogue", "Category").objects.get()
        )
    rebuild_listing()
    many = count_queries(client, products)
    assert many == few
    assert max(many.values()) <= MOST_QUERIES, many


@pytest.mark.parametrize("who", ["anonymous", "member"])
def test_looking_writes_nothing_and_starts_no_session(client: Client, who: str) -> None:
    products = fill_shop(3)
    if who == "member":
        sign_in(client, "ada", member=True)
    pages = [*addresses(products).values(), "/shop/basket/", "/shop/offers/", "/"]
    for address in pages:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, follow=True)
        assert response.status_code == 200, address
        assert writes_of(queries) == [], address
    if who == "anonymous":
        assert "sessionid" not in client.cookies
        assert "oscar_open_basket" not in client.cookies
    assert not get_model("basket", "Basket").objects.exists()


def test_a_page_lists_names_prices_and_a_way_to_the_next_twenty(client: Client) -> None:
    fill_shop(22)
    html = client.get("/shop/catalogue/").content.decode()
    assert html.count('<article class="product-card">') == 20
    assert "?page=2" in html
    second = client.get("/shop/catalogue/?page=2").content.decode()
    assert second.count('<article class="product-card">') == 2
    assert client.get("/shop/catalogue/?page=nonsense").status_code == 200
    assert client.get("/shop/catalogue/?page=99999").status_code == 200


def test_points_are_shown_to_members_only(client: Client) -> None:
    products = fill_shop(2)
    pages = ["/shop/catalogue/", products[0].get_absolute_url(), products[1].get_absolute_url()]
    assert all("12.50 PV" not in client.get(page).content.decode() for page in pages)
    sign_in(client, "ada", member=True)
    assert all("12.50 PV" in client.get(page).content.decode() for page in pages)


def test_a_member_sees_the_member_price(client: Client) -> None:
    soap = fill_shop(2)[1]
    stranger = client.get(soap.get_absolute_url()).content.decode()
    sign_in(client, "ada", member=True)
    member = client.get(soap.get_absolute_url()).content.decode()
    price = soap.stockrecords.get().price
    assert f"€{price}" in stranger and f"€{price - 2}" not in stranger
    assert f"€{price - 2}" in member


def test_a_parent_shows_its_variants_with_their_prices_on_one_page(client: Client) -> None:
    towel = make_family_of_sizes()
    rebuild_listing()
    html = client.get(towel.get_absolute_url()).content.decode()
    for words in ("Small", "Large", "€12.00", "€20.00"):
        assert words in html
    child = towel.children.first()
    chosen = f"{towel.get_absolute_url()}?variant={child.pk}"
    assert client.get(child.get_absolute_url()).url == chosen


def test_hidden_and_unknown_products_are_not_found(client: Client) -> None:
    soap = make_product("Soap")
    soap.is_public = False
    soap.save()
    rebuild_listing()
    assert client.get(soap.get_absolute_url()).status_code == 404
    assert client.get("/shop/catalogue/soap_999999/").status_code == 404
    assert b"Soap" not in client.get("/shop/catalogue/").content
    assert b"product-card" not in client.get("/shop/search/?q=soap").content


def test_a_moved_or_misspelt_address_leads_to_the_right_one(client: Client) -> None:
    Category = get_model("catalogue", "Category")
    care = Category.add_root(name="Care", slug="care")
    hands = care.add_child(name="Hands", slug="hands")
    soap = make_product("Soap")
    soap.categories.add(hands)
    rebuild_listing()
    right = f"/shop/catalogue/category/care/hands_{hands.pk}/"
    assert hands.get_absolute_url() == right
    wrong = client.get(f"/shop/catalogue/category/else_{hands.pk}/")
    assert (wrong.status_code, wrong.url) == (301, right)
    for address in (right, care.get_absolute_url()):
        assert b"Soap" in client.get(address).content
    page = client.get(soap.get_absolute_url()).content.decode()
    assert page.index("Care</a>") < page.index("Hands</a>")
    care.is_public = False
    care.save()
    assert client.get(right).status_code == 404


def test_what_is_sold_out_says_so_and_cannot_be_added(client: Client) -> None:
    soap = make_product("Soap", stock=0)
    rebuild_listing()
    assert b"Sold out" in client.get("/shop/catalogue/").content
    assert b"Add to the basket" not in client.get(soap.get_absolute_url()).content
    client.post(f"/shop/basket/add/{soap.pk}/", {"quantity": 1})
    assert not get_model("basket", "Line").objects.exists()


@pytest.mark.parametrize(
    "query", ["", "'", '"', "*", "a OR (", "<script>alert(1)</script>", "x" * 10_000, "\0", "NEAR("]
)
def test_any_search_gets_an_answer(client: Client, query: str) -> None:
    fill_shop(2)
    response = client.get("/shop/search/", {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_search_finds_words_beginnings_skus_and_other_languages(client: Client) -> None:
    soap = make_product("Linden soap")
    soap.texts.create(language="ru", title="Липовое мыло")
    make_product("Tea tin")
    rebuild_listing()
    for query in ("linden", "lind", "soap linden", "linden-soap", "мыло"):
        html = client.get("/shop/search/", {"q": query}).content.decode()
        assert html.count('<article class="product-card">') == 1, query
        assert "Linden soap" in html
    html = client.get("/shop/search/", {"q": "soap tin"}).content.decode()
    assert "Nothing found" in html


# --- closed -----------------------------------------------------------------------------------


def closed() -> Any:
    return override_settings(MLM={"SALES": "closed"})


@pytest.mark.parametrize("who", ["anonymous", "customer"])
def test_a_closed_shop_shows_outsiders_no_price_anywhere(client: Client, who: str) -> None:
    if who == "customer":
        sign_in(client, "dora", member=False)
    products = fill_shop(3)
    pages = [*addresses(products).values(), "/shop/basket/", "/shop/offers/"]
    client.post(f"/shop/basket/add/{products[1].pk}/", {"quantity": 1})
    with closed():
        for address in pages:
            html = client.get(address).content.decode()
            assert "€" not in html and "EUR" not in html, address
            assert "basket/add/" not in html, address
        assert "For members only" in client.get(products[1].get_absolute_url()).content.decode()
        ajax = client.get("/shop/basket/", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
        assert "€" not in ajax.content.decode()


@pytest.mark.parametrize("who", ["anonymous", "customer"])
def test_a_closed_shop_sells_outsiders_nothing(client: Client, who: str) -> None:
    if who == "customer":
        sign_in(client, "dora", member=False)
    soap, oil = make_product("Soap"), make_product("Oil")
    client.post(f"/shop/basket/add/{soap.pk}/", {"quantity": 1})
    with closed():
        client.post(f"/shop/basket/add/{oil.pk}/", {"quantity": 1})
        lines = get_model("basket", "Line").objects.values_list("product_id", flat=True)
        assert list(lines) == [soap.pk]
        for step in ("", "shipping-address/", "shipping-method/", "payment/"):
            response = client.get(f"/shop/checkout/{step}")
            assert response.status_code == 302, step
            assert "€" not in client.get(f"/shop/checkout/{step}", follow=True).content.decode()
    assert not get_model("order", "Order").objects.exists()


def test_members_of_a_closed_shop_see_prices_and_buy(client: Client) -> None:
    sign_in(client, "ada", member=True)
    soap = fill_shop(2)[1]
    with closed():
        assert "€" in client.get(soap.get_absolute_url()).content.decode()
        client.post(f"/shop/basket/add/{soap.pk}/", {"quantity": 2})
        assert "€" in client.get("/shop/basket/").content.decode()
    assert get_model("basket", "Line").objects.get().quantity == 2


def test_cards_follow_points_after_the_commit(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        soap = make_product("Soap")
    assert soap.card.pv == 0
    with django_capture_on_commit_callbacks(execute=True):
        ProductPoints.objects.create(product=soap, pv=700, cv=600)
    soap.card.refresh_from_db()
    assert soap.card.pv == 700


@pytest.mark.parametrize("cookie", ["[" * 5000, "[1", '["a"]', "[999999999999999999999]", "null"])
def test_a_broken_cookie_of_what_was_seen_breaks_no_page(client: Client, cookie: str) -> None:
    product = fill_shop(1)[0]
    client.cookies[HISTORY_COOKIE] = cookie
    assert client.get(product.get_absolute_url()).status_code == 200
