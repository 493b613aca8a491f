"""The menu costs nothing while nothing changes, and shows a change at once."""

from typing import Any

import pytest
from oscar.core.loading import get_model
from wagtail.models import Page

from storefront.cms.models import ContentPage, HomePage
from storefront.navigation import get_category_words, get_menu
from storefront.shop.listing.models import CategoryText

pytestmark = pytest.mark.django_db
Category = get_model("catalogue", "Category")


@pytest.fixture
def care() -> Any:
    root = Category.add_root(name="Care")
    root.add_child(name="Hands")
    return root


def names(language: str = "en") -> list[str]:
    return [item.name for item in get_menu(language=language).categories]


def test_menu_lists_two_levels_with_the_addresses_oscar_gives_them(care: Any) -> None:
    [item] = get_menu(language="en").categories
    hands = Category.objects.get(name="Hands")
    assert item.url == care.get_absolute_url()
    assert [(child.name, child.url) for child in item.children] == [
        ("Hands", hands.get_absolute_url())
    ]


def test_a_warm_menu_asks_the_database_nothing(care: Any, django_assert_num_queries: Any) -> None:
    get_menu(language="en")
    with django_assert_num_queries(0):
        get_menu(language="en")


def test_a_cold_menu_asks_once_for_categories_and_once_for_pages(
    care: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        get_menu(language="en")


def test_a_renamed_category_shows_at_once(care: Any) -> None:
    assert names() == ["Care"]
    care.name = "Body care"
    care.save()
    assert names() == ["Body care"]


def test_a_deleted_category_is_gone_at_once(care: Any) -> None:
    assert names() == ["Care"]
    Category.objects.get(name="Care").delete()
    assert names() == []


def test_hidden_categories_stay_out(care: Any) -> None:
    care.is_public = False
    care.save()
    assert names() == []


def test_a_published_page_enters_the_menu_at_once() -> None:
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Home", slug="front"))
    home.sites_rooted_here.create(hostname="example.com", is_default_site=False)
    assert get_menu(language="en").pages == ()
    page = home.add_child(instance=ContentPage(title="About us", slug="about", show_in_menus=True))
    page.save_revision().publish()
    assert [item.name for item in get_menu(language="en").pages] == ["About us"]


def test_a_category_is_called_by_its_name_in_each_language(
    care: Any, django_assert_num_queries: Any
) -> None:
    get_menu(language="ru")
    CategoryText.objects.create(category=care, language="ru", name="Уход")
    assert names("ru") == ["Уход"]
    assert names("en") == ["Care"]
    with django_assert_num_queries(0):
        assert get_category_words(category=care, language="ru").name == "Уход"
        assert get_category_words(category=care, language="en").name == "Care"


def test_what_is_left_out_of_the_menu_takes_what_is_below_with_it(care: Any) -> None:
    care.exclude_from_menu = True
    care.save()
    assert names() == []


def test_the_page_of_a_category_speaks_the_language_too(care: Any, client: Any) -> None:
    CategoryText.objects.create(category=care, language="ru", name="Уход", description="<p>Да</p>")
    client.cookies["django_language"] = "ru"
    html = client.get(care.get_absolute_url()).content.decode()
    assert "<h1>Уход</h1>" in html and "<p>Да</p>" in html
    assert ">Care<" not in html
