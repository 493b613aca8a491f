"""The menu costs nothing while nothing changes, and shows a change at once."""

from typing import Any

import pytest
from oscar.core.loading import get_model
from wagtail.models import Page

from storefront.cms.models import ContentPage, HomePage
from storefront.navigation import get_menu

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
