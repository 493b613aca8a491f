"""The window in which editors choose products, and the pages they put them on."""

import json
from typing import Any

import pytest
from django.urls import reverse

from storefront.cms.blocks.body import BodyBlock
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.services import rebuild_listing
from tests.factories import make_account, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> list[Any]:
    products = [make_product(title) for title in ("Linden soap", "Mint tea")]
    hidden = make_product("Old soap")
    hidden.is_public = False
    hidden.save()
    rebuild_listing()
    return products


def test_the_window_shows_article_number_and_price_and_finds_by_words(
    admin_client: Any, shelf: list[Any]
) -> None:
    page = admin_client.get(reverse("product_chooser:choose")).json()["html"]
    for words in ("Linden soap", "mint-tea", "€12.00"):
        assert words in page
    assert "Old soap" not in page
    found = admin_client.get(reverse("product_chooser:choose_results"), {"q": "mint"})
    assert "Mint tea" in found.content.decode()
    assert "Linden soap" not in found.content.decode()


def test_a_chosen_product_is_named_with_number_and_price(
    admin_client: Any, shelf: list[Any]
) -> None:
    answer = admin_client.get(reverse("product_chooser:chosen", args=[shelf[0].pk])).json()
    assert answer["result"]["title"] == "Linden soap · linden-soap · €12.00"


def test_a_chosen_product_is_shown_with_its_picture_when_chosen_and_when_the_form_opens_again(
    admin_client: Any, shelf: list[Any]
) -> None:
    picture = {"path": "products/soap-small.webp", "width": 300, "height": 300}
    ProductCard.objects.filter(pk=shelf[0].pk).update(pictures=[{"small": picture}])
    address = reverse("product_chooser:chosen", args=[shelf[0].pk])
    assert admin_client.get(address).json()["result"]["picture"] == (
        "/media/products/soap-small.webp"
    )
    widget = BodyBlock().child_blocks["product_row"].child_blocks["products"].child_block.widget
    shown = widget.get_value_data(shelf[0].pk)
    assert shown["picture"] == "/media/products/soap-small.webp"
    assert shown["title"] == "Linden soap · linden-soap · €12.00"
    assert 'src="/media/products/soap-small.webp"' in widget.render("x", shelf[0].pk, {"id": "x"})
    bare = widget.render("x", shelf[1].pk, {"id": "x"})
    assert "data-chooser-picture" in bare and "src=" not in bare.split("<script>")[0]


@pytest.mark.parametrize(
    "query", [{"p": "99"}, {"q": "\0"}, {"q": "x" * 10_000}, {"q": "'\"<script>"}]
)
def test_nothing_typed_breaks_the_window(
    admin_client: Any, shelf: list[Any], query: dict[str, str]
) -> None:
    admin_client.raise_request_exception = False
    answer = admin_client.get(reverse("product_chooser:choose_results"), query)
    assert answer.status_code in (200, 404)


def test_only_people_of_the_cms_open_it(client: Any, shelf: list[Any]) -> None:
    assert client.get(reverse("product_chooser:choose")).status_code == 302
    client.force_login(make_account("ada"))
    assert client.get(reverse("product_chooser:choose")).status_code in (302, 403)


def test_a_row_keeps_numbers_only_and_survives_what_is_gone(shelf: list[Any]) -> None:
    block = BodyBlock().child_blocks["product_row"]
    stored = {"source": "chosen", "count": "4", "products": [shelf[0].pk, 999_999]}
    value = block.to_python(stored)
    assert [card and card.title for card in value["products"]] == ["Linden soap", None]
    kept = json.loads(json.dumps(block.get_prep_value(value)))
    assert [each["value"] for each in kept["products"]] == [shelf[0].pk, None]
    ProductCard.objects.all().delete()
    assert list(block.to_python(stored)["products"]) == [None, None]
