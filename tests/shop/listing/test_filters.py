"""Filters narrow, counts are right under the other filters, and changes are seen at once."""

import random
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.shop.details.services import name_option
from storefront.shop.listing.models import CategoryText, FilterAttribute, ProductCard
from storefront.shop.listing.services import count_sales, rebuild_listing
from storefront.shop.prices.models import BuyerPrice
from tests.factories import make_member, make_product, make_user
from tests.shop.listing.goods import give, make_attribute
from tests.shop.shelves import make_category

pytestmark = pytest.mark.django_db
ALL = "/shop/catalogue/"
MOST_QUERIES = 12


def show(client: Client, query: str = "", path: str = ALL, **headers: Any) -> BeautifulSoup:
    response = client.get(f"{path}?{query}" if query else path, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text().strip() for each in page.select(".product-card-name")]


def counts(page: BeautifulSoup) -> dict[str, int]:
    """Count by field name and value, as `attr_material=linen`."""
    found = {}
    for option in page.select(".filter-option"):
        box = option.select_one("input")
        number = option.select_one(".number").get_text(strip=True)
        found[f"{box['name']}={box['value']}"] = int(number)
    return found


@pytest.fixture
def shelf() -> dict[str, Any]:
    """Soap (linen, 5.00), towel (linen and cotton, 15.00), brush (beech, 25.00, sold out)."""
    material = make_attribute("material", "Material", "multi_option")
    vegan = make_attribute("vegan", "Vegan", "boolean", position=1)
    bath, kitchen = make_category("Bath"), make_category("Kitchen")
    soap = make_product("Soap", price="5.00")
    towel = make_product("Towel", price="15.00")
    brush = make_product("Brush", price="25.00", stock=0)
    for product, category in ((soap, bath), (towel, bath), (brush, kitchen)):
        product.categories.add(category)
    give(soap, material, "Linen")
    give(towel, material, "Linen", "Cotton")
    give(brush, material, "Beech")
    give(soap, vegan, True)
    give(brush, vegan, True)
    rebuild_listing()
    return {"soap": soap, "towel": towel, "brush": brush, "bath": bath, "kitchen": kitchen}


def test_filters_narrow_together_and_values_of_one_widen(client: Client, shelf: Any) -> None:
    for query, expected in {
        "": ["Brush", "Towel", "Soap"],
        "attr_material=linen": ["Towel", "Soap"],
        "attr_material=cotton&attr_material=beech": ["Brush", "Towel"],
        "attr_material=linen&attr_vegan=yes": ["Soap"],
        "stock=1": ["Towel", "Soap"],
        "price_from=5&price_to=15": ["Towel", "Soap"],
        "price_from=20&price_to=10": ["Towel"],
        "price_to=5,00": ["Soap"],
        f"category={shelf['kitchen'].pk}": ["Brush"],
        f"category={shelf['kitchen'].pk}&attr_material=linen": [],
    }.items():
        assert names(show(client, query)) == expected, query


def test_the_count_at_a_choice_is_right_under_all_other_filters(client: Client, shelf: Any) -> None:
    page = counts(show(client, "attr_material=linen&stock=1"))
    assert page["attr_material=linen"] == 2
    # Cotton widens linen, so it is counted without it; beech is sold out.
    assert page["attr_material=cotton"] == 1
    assert page["attr_material=beech"] == 0
    assert page["attr_vegan=yes"] == 1
    assert page["stock=1"] == 2
    assert page[f"category={shelf['bath'].pk}"] == 2
    assert page[f"category={shelf['kitchen'].pk}"] == 0


def test_counts_agree_with_counting_by_hand(client: Client) -> None:
    """Forty random products: every choice's count is the length of the list that choosing it gives."""
    chance = random.Random(7)  # noqa: S311
    material = make_attribute("material", "Material", "option")
    colour = make_attribute("colour", "Colour", position=1)
    for number in range(40):
        stock = chance.choice([0, 5])
        product = make_product(f"Thing {number}", price=f"{number + 1}.00", stock=stock)
        give(product, material, chance.choice(["Linen", "Wool", "Cork"]))
        give(product, colour, chance.choice(["Red", "Blue"]))
    rebuild_listing()
    active = "attr_material=wool&price_from=8&price_to=33"
    for choice, number in counts(show(client, active)).items():
        name, _, value = choice.partition("=")
        others = "&".join(each for each in active.split("&") if not each.startswith(name))
        listed = client.get(f"{ALL}?{others}&{name}={value}")
        assert listed.context["found"] == number, choice


def test_chips_name_what_is_set_and_lead_to_the_list_without_it(client: Client, shelf: Any) -> None:
    page = show(client, "attr_material=linen&stock=1&sort=price")
    chips = {chip.contents[0].strip(): chip["href"] for chip in page.select(".chip.remove")}
    assert chips == {
        "Material: Linen": f"{ALL}?stock=1&sort=price",
        "In stock": f"{ALL}?attr_material=linen&sort=price",
    }
    assert page.select_one(".chip-clear")["href"] == f"{ALL}?sort=price"
    assert names(page) == ["Soap", "Towel"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Brush", "Towel", "Soap"]),
        ("price", ["Soap", "Towel", "Brush"]),
        ("-price", ["Brush", "Towel", "Soap"]),
        ("name", ["Brush", "Soap", "Towel"]),
        ("rating", ["Towel", "Brush", "Soap"]),
        ("best", ["Soap", "Brush", "Towel"]),
        ("nonsense", ["Brush", "Towel", "Soap"]),
    ],
)
def test_lists_are_sorted(client: Client, shelf: Any, sort: str, expected: list[str]) -> None:
    get_model("catalogue", "Product").objects.filter(pk=shelf["towel"].pk).update(rating=4.5)
    order = get_model("order", "Order").objects.create(
        number="7", total_incl_tax=5, total_excl_tax=5, date_placed=timezone.now()
    )
    order.lines.create(
        product=shelf["soap"], title="Soap", quantity=3, line_price_incl_tax=15,
        line_price_excl_tax=15, line_price_before_discounts_incl_tax=15,
        line_price_before_discounts_excl_tax=15, partner_sku="soap", num_allocated=0,
    )  # fmt: skip
    assert count_sales(at=timezone.now()) == 1
    assert count_sales(at=timezone.now()) == 0
    rebuild_listing()
    assert names(show(client, f"sort={sort}" if sort else "")) == expected


def test_search_engines_follow_pages_but_not_filters(client: Client, shelf: Any) -> None:
    for number in range(40):
        make_product(f"Thing {number}").categories.add(shelf["bath"])
    rebuild_listing()
    second = show(client, "page=2", path=shelf["bath"].get_absolute_url())
    head = second.head
    assert head.select_one('link[rel="canonical"]')["href"].endswith("?page=2")
    assert head.select_one('link[rel="prev"]')["href"] == "?page=1"
    assert head.select_one('link[rel="next"]')["href"] == "?page=3"
    assert head.select_one('meta[name="robots"]') is None
    for query in ("stock=1", "sort=price", "stock=1&page=2"):
        head = show(client, query).head
        assert head.select_one('link[rel="canonical"]')["href"].endswith(ALL)
        assert "noindex" in head.select_one('meta[name="robots"]')["content"]


def test_htmx_gets_the_list_alone_and_the_back_button_a_page(client: Client, shelf: Any) -> None:
    response = client.get(ALL, {"stock": 1}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html and 'id="list-results"' in html
    assert 'id="filter-groups" hx-swap-oob="innerHTML"' in html
    assert "2 products found" in html
    assert "HX-Request" in response["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(ALL, headers=back).content


@pytest.mark.parametrize(
    "name", ["category", "rating", "price_from", "sort", "page", "attr_material"]
)
@pytest.mark.parametrize(
    "value",
    ["-1", "0", "9" * 400, "\0", "<script>alert(1)</script>", "1e999", "NaN", "²", "x" * 9000],
)
def test_any_address_gets_a_list(client: Client, shelf: Any, name: str, value: str) -> None:
    response = client.get(ALL, {name: value})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("who", ["anonymous", "member"])
def test_a_filtered_list_takes_few_queries(client: Client, shelf: Any, who: str) -> None:
    if who == "member":
        ada = make_user("ada")
        make_member("ada", user_id=ada.pk)
        client.force_login(ada)
    bath = shelf["bath"].get_absolute_url()
    for path in (f"{ALL}?attr_material=linen&stock=1&sort=name", f"{bath}?price_to=20"):
        client.get(path, headers={"Accept-Language": "ru"})
        with CaptureQueriesContext(connection) as queries:
            client.get(path, headers={"Accept-Language": "ru"})
        assert len(queries) <= MOST_QUERIES, [query["sql"] for query in queries]


# --- prices depend on the buyer ---------------------------------------------------------------


def test_a_member_filters_and_sorts_by_the_member_price(client: Client, shelf: Any) -> None:
    record = shelf["brush"].stockrecords.get()
    BuyerPrice.objects.create(stockrecord=record, buyer_kind="member", price=Decimal(4))
    rebuild_listing()
    assert names(show(client, "price_to=6")) == ["Soap"]
    ada = make_user("ada")
    make_member("ada", user_id=ada.pk)
    client.force_login(ada)
    assert names(show(client, "price_to=6")) == ["Brush", "Soap"]
    assert names(show(client, "sort=price"))[0] == "Brush"


def test_a_closed_shop_tells_outsiders_nothing_of_prices(client: Client, shelf: Any) -> None:
    with override_settings(MLM={"SALES": "closed"}):
        page = show(client, "price_to=6&sort=price")
    assert len(names(page)) == 3
    assert "€" not in page.get_text()
    assert not page.select("[name=price_from], [name=stock], option[value=price]")


@pytest.mark.parametrize("query", ["sort=price", "sort=-price", "stock=1", "price_from=20"])
def test_no_address_makes_a_closed_shop_tell_what_is_dear_or_sold_out(
    client: Client, shelf: Any, query: str
) -> None:
    with override_settings(MLM={"SALES": "closed"}):
        assert names(show(client, query)) == names(show(client)) == ["Brush", "Towel", "Soap"]


# --- changes are seen at once -----------------------------------------------------------------


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_every_change_is_seen_in_the_next_list(client: Client, shelf: Any, commits: Any) -> None:
    """With the filters' fragment in the cache, which each of these changes has to renew."""
    soap, brush = shelf["soap"], shelf["brush"]
    material = get_model("catalogue", "ProductAttribute").objects.get(code="material")
    show(client)
    with commits():
        record = soap.stockrecords.get()
        record.price = Decimal(50)
        record.save()
    assert names(show(client, "sort=-price"))[0] == "Soap"
    with commits():
        brush.stockrecords.get().save()
        record = brush.stockrecords.get()
        record.num_in_stock = 3
        record.save()
    assert counts(show(client))["stock=1"] == 3
    with commits():
        record.allocate(3)
    assert counts(show(client))["stock=1"] == 2
    with commits():
        give(brush, get_model("catalogue", "ProductAttribute").objects.create(
            code="finish", name="Finish", type="text", product_class=brush.product_class
        ), "Oiled")  # fmt: skip
        FilterAttribute.objects.create(code="finish", position=3)
    assert counts(show(client))["attr_finish=oiled"] == 1
    with commits():
        linen = material.option_group.options.get(option="Linen")
        linen.option = "Flax"
        linen.save()
    assert "Flax" in show(client).select_one("#filter-groups").get_text()
    with commits():
        shelf["bath"].name = "Bathroom"
        shelf["bath"].save()
    assert "Bathroom" in show(client).select_one("#filter-groups").get_text()
    with commits():
        soap.categories.add(shelf["kitchen"])
    assert counts(show(client))[f"category={shelf['kitchen'].pk}"] == 2
    with commits():
        shelf["towel"].is_public = False
        shelf["towel"].save()
    assert "Towel" not in names(show(client))
    with commits():
        brush.delete()
    assert names(show(client)) == ["Soap"]


def test_each_language_has_its_own_words_in_the_cache(
    client: Client, shelf: Any, commits: Any
) -> None:
    material = get_model("catalogue", "ProductAttribute").objects.get(code="material")
    linen = material.option_group.options.get(option="Linen")
    with commits():
        name_option(option_id=linen.pk, names={"ru": "Лён"})
        CategoryText.objects.create(category=shelf["bath"], language="ru", name="Ванная")
    russian = {"Accept-Language": "ru"}
    for _ in range(2):
        english = show(client).select_one("#filter-groups").get_text()
        other = show(client, **russian).select_one("#filter-groups").get_text()
        assert "Linen" in english and "Bath" in english and "Лён" not in english
        assert "Лён" in other and "Ванная" in other and "Linen" not in other


def test_another_process_sees_the_change_without_a_shared_cache(
    client: Client, shelf: Any, commits: Any
) -> None:
    """What this process has read follows the database: a change made elsewhere needs no message."""
    show(client)
    version = ProductCard.objects.order_by("-changed").first().changed
    from storefront.shop.listing import stamp

    ProductCard.objects.filter(pk=shelf["soap"].pk).update(
        in_stock=False, changed=stamp.next_version()
    )
    assert version < ProductCard.objects.get(pk=shelf["soap"].pk).changed
    assert counts(show(client))["stock=1"] == 1
