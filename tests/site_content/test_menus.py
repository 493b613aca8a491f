"""Menus made in the CMS: what they lead to, in each language, renewed at once."""

import json
from typing import Any

import pytest
from oscar.core.loading import get_model
from wagtail.models import Locale, Page, Site

from storefront.cms.models import ContentPage
from storefront.navigation import get_menu
from storefront.shop.listing.services import rebuild_listing
from storefront.site_content.models import Menu
from tests.factories import make_product

pytestmark = pytest.mark.django_db
Category = get_model("catalogue", "Category")


@pytest.fixture
def about() -> ContentPage:
    home = Site.objects.get(is_default_site=True).root_page
    page = home.add_child(instance=ContentPage(title="About us", slug="about-us"))
    page.save_revision().publish()
    return page


@pytest.fixture
def russian() -> Locale:
    return Locale.objects.get_or_create(language_code="ru")[0]


def make_menu(*entries: tuple[str, dict[str, Any]], place: str = "header", **fields: Any) -> Menu:
    raw = [{"type": kind, "value": value} for kind, value in entries]
    return Menu.objects.create(place=place, entries=json.dumps(raw), **fields)


def header(language: str = "en") -> list[tuple[str, str]]:
    return [(item.name, item.url) for item in get_menu(language=language).header]


def test_without_entries_categories_and_pages_are_the_menu() -> None:
    Category.add_root(name="Care")
    menu = get_menu(language="en")
    assert [item.name for item in menu.header] == ["All products", "Care"]
    assert [column.title for column in menu.footer] == ["Shop"]
    assert not menu.is_made


def test_entries_take_name_and_address_of_what_they_lead_to(about: ContentPage) -> None:
    care = Category.add_root(name="Care")
    soap = make_product("Linden soap")
    rebuild_listing()
    make_menu(
        ("page", {"page": about.pk, "anchor": "story"}),
        ("category", {"category": care.pk, "name": "Care for you"}),
        ("product", {"product": soap.pk}),
        ("address", {"name": "Prices", "address": "#prices"}),
    )
    assert header() == [
        ("About us", f"{about.get_url()}#story"),
        ("Care for you", care.get_absolute_url()),
        ("Linden soap", soap.get_absolute_url()),
        ("Prices", "#prices"),
    ]


def test_a_second_level_is_chosen_or_follows_the_categories(about: ContentPage) -> None:
    care = Category.add_root(name="Care")
    care.add_child(name="Hands")
    make_menu(
        ("category", {"category": care.pk, "with_subcategories": True}),
        (
            "address",
            {
                "name": "More",
                "address": "",
                "entries": [{"type": "page", "value": {"page": about.pk}}],
            },
        ),
        ("address", {"name": "Empty heading", "address": ""}),
    )
    items = get_menu(language="en").header
    below = [(item.name, [child.name for child in item.children]) for item in items]
    assert below == [("Care", ["Hands"]), ("More", ["About us"])]


def test_a_page_is_shown_in_the_language_of_the_menu(about: ContentPage, russian: Locale) -> None:
    home = about.get_parent().specific
    if not home.has_translation(russian):
        home.copy_for_translation(russian).save_revision().publish()
    translated = about.copy_for_translation(russian)
    translated.title = "О нас"
    translated.save_revision().publish()
    make_menu(("page", {"page": about.pk}), locale=russian)
    [(name, url)] = header("ru")
    assert name == "О нас" and url.startswith("/ru/")


def test_what_is_hidden_or_gone_is_left_out_at_once(about: ContentPage) -> None:
    care = Category.add_root(name="Care")
    make_menu(("page", {"page": about.pk}), ("category", {"category": care.pk}))
    assert len(header()) == 2
    about.unpublish()
    assert [name for name, _ in header()] == ["Care"]
    care.is_public = False
    care.save()
    # Nothing is left of it, so the automatic menu is back.
    assert not get_menu(language="en").is_made


def test_a_saved_or_deleted_menu_shows_at_once(django_assert_num_queries: Any) -> None:
    menu = make_menu(("address", {"name": "One", "address": "/one/"}))
    assert header() == [("One", "/one/")]
    with django_assert_num_queries(0):
        header()
    menu.entries = json.dumps([{"type": "address", "value": {"name": "Two", "address": "/two/"}}])
    menu.save()
    assert header() == [("Two", "/two/")]
    menu.delete()
    assert header()[0][0] == "All products"


def test_columns_of_the_footer_stand_in_their_order(client: Any) -> None:
    make_menu(
        ("address", {"name": "Late", "address": "/l/"}), place="footer", title="B", position=2
    )
    make_menu(
        ("address", {"name": "Early", "address": "/e/"}), place="footer", title="A", position=1
    )
    html = client.get("/shop/catalogue/").content.decode().split('<footer class="site-footer')[1]
    assert html.index(">A</h2>") < html.index(">B</h2>")
    assert 'href="/l/"' in html


def test_each_site_has_menus_of_its_own() -> None:
    other = Site.objects.create(hostname="other.example", root_page=Page.objects.get(depth=1))
    make_menu(("address", {"name": "Theirs", "address": "/t/"}), site=other)
    assert [i.name for i in get_menu(language="en", site_id=other.pk).header] == ["Theirs"]
    assert header()[0][0] == "All products"


def test_the_site_of_a_visit_is_found_by_its_host(client: Any) -> None:
    other = Site.objects.create(hostname="other.example", root_page=Page.objects.get(depth=1))
    make_menu(("address", {"name": "Theirs", "address": "/theirs/"}), site=other)
    address = "/shop/catalogue/"
    assert "/theirs/" in client.get(address, headers={"host": "other.example"}).content.decode()
    assert "/theirs/" not in client.get(address).content.decode()


def send(client: Any, **fields: str) -> Any:
    """The form of a new menu in the CMS with one entry that leads to `address`."""
    return client.post(
        "/cms/snippets/site_content/menu/add/",
        {
            "place": "header",
            "title": "",
            "position": "0",
            "site": Site.objects.get(is_default_site=True).pk,
            "entries-count": "1",
            "entries-0-deleted": "",
            "entries-0-order": "0",
            "entries-0-type": "address",
            "entries-0-value-name": "Prices",
            "entries-0-value-address": "/prices/",
            "entries-0-value-entries-count": "0",
            **fields,
        },
    )


def test_an_editor_makes_a_menu_in_the_cms(admin_client: Any) -> None:
    assert send(admin_client).status_code == 302
    assert header() == [("Prices", "/prices/")]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "/\\evil.example",
        "data:text/html,x",
        "prices",
        "#",
    ],
)
def test_an_address_that_leads_astray_is_refused(admin_client: Any, address: str) -> None:
    response = send(admin_client, **{"entries-0-value-address": address})
    assert response.status_code == 200 and not Menu.objects.exists()


def test_a_second_header_and_a_column_without_heading_are_refused(admin_client: Any) -> None:
    send(admin_client)
    assert "The header has a menu" in send(admin_client).content.decode()
    assert "needs a heading" in send(admin_client, place="footer").content.decode()
    assert Menu.objects.count() == 1
