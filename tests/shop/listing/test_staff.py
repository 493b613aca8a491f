"""Staff write a category's texts in every language and choose the filters of lists."""

from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.shop.listing.models import CategoryText, FilterAttribute
from tests.factories import make_account, make_product
from tests.shop.listing.goods import make_attribute
from tests.shop.shelves import make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    olga = make_account("olga")
    olga.is_staff = olga.is_superuser = True
    olga.save()
    client.force_login(olga)
    return client


def sent(**changes: str) -> dict[str, str]:
    words = {
        "name": "Bath",
        "slug": "bath",
        "description": "<p>For the <b>bath</b>.</p>",
        "long_description": "<h2>How we choose</h2><p>With care.</p>",
        "meta_title": "Bath things",
        "meta_description": "Everything for the bath.",
        "is_public": "on",
        "treebeard_position": "first-child",
        "treebeard_ref_node": "",
        "text_ru-name": "Ванная",
        "text_ru-description": "<p>Для ванной.</p>",
        "text_ru-long_description": "<p>Подробно.</p>",
        "text_ru-meta_title": "",
        "text_ru-meta_description": "Всё для ванной.",
    }
    return {**words, **changes}


def test_a_categorys_texts_reach_its_page_in_each_language(staff: Client) -> None:
    response = staff.post("/dashboard/catalogue/categories/create/", sent())
    assert response.status_code == 302, response.context["form"].errors
    category = get_model("catalogue", "Category").objects.get()
    english = Client().get(category.get_absolute_url()).content.decode()
    for words in (
        "<b>bath</b>",
        "<h2>How we choose</h2>",
        "Bath things",
        "Everything for the bath.",
    ):
        assert words in english
    headers = {"Accept-Language": "ru"}
    russian = Client().get(category.get_absolute_url(), headers=headers).content.decode()
    for words in ("Для ванной.", "Подробно.", "Всё для ванной.", "<h1>Ванная</h1>"):
        assert words in russian
    page = staff.get(f"/dashboard/catalogue/categories/{category.pk}/update/").content.decode()
    assert "Подробно." in page and "How we choose" in page


def test_a_text_without_a_name_is_refused_beside_the_field_and_nothing_is_saved(
    staff: Client,
) -> None:
    category = make_category("Care")
    address = f"/dashboard/catalogue/categories/{category.pk}/update/"
    response = staff.post(address, sent(**{"text_ru-name": ""}))
    assert response.status_code == 200
    assert "Say what the category is called" in response.content.decode()
    category.refresh_from_db()
    assert category.name == "Care"
    assert not CategoryText.objects.exists()


@pytest.mark.parametrize("changes", [{"name": ""}, {"text_ru-name": ""}, {"name": "x" * 300}])
def test_an_emptied_slug_beside_a_mistake_breaks_no_page(
    staff: Client, changes: dict[str, str]
) -> None:
    category = make_category("Care")
    address = f"/dashboard/catalogue/categories/{category.pk}/update/"
    response = staff.post(address, sent(slug="", **changes))
    assert response.status_code == 200
    assert category.get_absolute_url() in response.content.decode()


def test_what_could_harm_visitors_is_taken_out_of_the_texts(staff: Client) -> None:
    category = make_category("Care")
    harm = '<p onclick="x()">Fine<script>alert(1)</script> <a href="javascript:x()">link</a></p>'
    words = sent(description=harm, **{"text_ru-long_description": harm})
    staff.post(f"/dashboard/catalogue/categories/{category.pk}/update/", words)
    category.refresh_from_db()
    for text in (category.description, CategoryText.objects.get().long_description):
        assert "Fine" in text
        assert not any(word in text for word in ("<script", "onclick", "javascript:"))


def test_texts_are_taken_away_with_their_name(staff: Client) -> None:
    category = make_category("Care")
    CategoryText.objects.create(category=category, language="ru", name="Уход")
    empty = {key: "" for key in sent() if key.startswith("text_ru")}
    staff.post(f"/dashboard/catalogue/categories/{category.pk}/update/", sent(**empty))
    assert not CategoryText.objects.exists()


def test_staff_choose_the_filters_and_their_order(staff: Client) -> None:
    make_attribute("material", "Material")
    make_attribute("colour", "Colour", position=1)
    page = staff.get("/dashboard/catalogue/filters/").content.decode()
    assert page.index("Material (material)") < page.index("Colour (colour)")
    staff.post("/dashboard/catalogue/filters/", {"material": "2", "colour": "1"})
    assert list(FilterAttribute.objects.values_list("code", flat=True)) == ["colour", "material"]
    staff.post("/dashboard/catalogue/filters/", {"material": "1", "colour": ""})
    assert list(FilterAttribute.objects.values_list("code", flat=True)) == ["material"]
    refused = staff.post("/dashboard/catalogue/filters/", {"material": "-4"})
    assert refused.status_code == 200
    assert FilterAttribute.objects.count() == 1


@pytest.mark.parametrize("name", ["page", "page_limit", "initial", "q"])
@pytest.mark.parametrize("value", ["-1", "0", "x", "", "9" * 60, "1,x,,2", "²", "\0"])
def test_a_look_up_of_products_answers_anything(staff: Client, name: str, value: str) -> Any:
    make_product("Soap")
    response = staff.get("/dashboard/catalogue/product-lookup/", {name: value})
    assert response.status_code == 200
    assert "results" in response.json()
