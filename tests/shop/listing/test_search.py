"""Search finds products in both languages and pages, marks what it found, and helps otherwise."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import ProgrammingError, connection
from django.db.migrations.state import ProjectState
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page
from wagtail.search import index

from storefront.shop.listing.services import rebuild_listing
from storefront.shop.listing.trigrams import EnsureTrigrams, NotPermitted
from storefront.shop.search.highlighting import mark_words
from tests.factories import make_product
from tests.shop.shelves import make_category

pytestmark = pytest.mark.django_db
SEARCH = "/shop/search/"
SUGGEST = "/shop/search/suggest/"


def ask(client: Client, query: str, path: str = SEARCH, language: str = "en", **more: Any) -> Any:
    headers = {"Accept-Language": language}
    response = client.get(path, {"q": query, **more}, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def names(page: Any) -> list[str]:
    return [each.get_text().strip() for each in page.select(".product-card-name")]


def publish(page: Page) -> None:
    """Below the home page, and in the search at once instead of by a job."""
    Page.objects.get(depth=2, locale=Locale.get_default()).add_child(instance=page)
    index.insert_or_update_object(page)


@pytest.fixture
def goods() -> Any:
    soap = make_product("Linden soaps")
    soap.description = "<p>Washes hands gently.</p>"
    soap.save()
    soap.texts.create(language="ru", title="Липовое мыло", description="<p>Моет руки.</p>")
    towel = make_product("Cotton towel")
    towel.texts.create(language="ru", title="Хлопковое полотенце")
    soap.categories.add(make_category("Linens"))
    rebuild_listing()
    return soap


@pytest.mark.both
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_product_is_found_in_both_languages(client: Client, goods: Any, language: str) -> None:
    for query in ("linden", "lind", "soaps linden", "мыло", "липовое"):
        assert len(names(ask(client, query, language=language))) == 1, query
    assert names(ask(client, "linden towel")) == []


@pytest.mark.postgres
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "query",
    ["soap", "washing hand", "gentle", "мыла", "липового мыла", "липовые", "руками", "soap мыла"],
)
def test_word_forms_of_both_languages_are_found_on_postgresql(
    client: Client, goods: Any, query: str, language: str
) -> None:
    """In titles and texts, by the rules of the word's language, whatever the page's is."""
    assert len(names(ask(client, query, language=language))) == 1


@pytest.mark.postgres
def test_the_search_configuration_knows_the_word_forms_of_each_language() -> None:
    with connection.cursor() as cursor:
        for words, stems in {
            "soaps washing": {"soap", "wash"},
            "мыла руками": {"мыл", "рук"},
        }.items():
            cursor.execute(
                "SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))",
                [settings.WAGTAILSEARCH_BACKENDS["default"]["SEARCH_CONFIG"], words],
            )
            assert set(cursor.fetchone()[0]) == stems


@pytest.mark.both
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lindne", "linden"),
        ("cottn towl", "cotton towel"),
        ("полтенце", "полотенце"),
        ("липвое мыло", "липовое мыло"),
    ],
)
def test_a_mistyped_word_finds_what_was_meant_and_says_so(
    client: Client, goods: Any, typed: str, meant: str
) -> None:
    page = ask(client, typed)
    assert len(names(page)) == 1
    assert meant in page.select_one(".notice").get_text()
    assert typed in page.select_one(".notice").get_text()


def test_nothing_found_offers_categories_and_everything(client: Client, goods: Any) -> None:
    page = ask(client, "zzzzqqqq")
    assert "Nothing found" in page.get_text()
    assert page.select_one('.empty a[href="/shop/catalogue/"]')
    assert "Linens" in page.select_one("[aria-labelledby=popular-categories]").get_text()


@pytest.mark.both
def test_pages_are_found_beside_products_in_the_visitors_language(
    client: Client, goods: Any
) -> None:
    publish(Page(title="How linden soaps are made", slug="how"))
    publish(Page(title="Linden drafts", slug="draft", live=False))
    page = ask(client, "linden")
    assert names(page) == ["Linden soaps"]
    found = page.select("#found-pages h3 a")
    assert [each.get_text() for each in found] == ["How linden soaps are made"]
    assert found[0].select_one("mark").get_text() == "linden"
    assert [each.get_text(strip=True) for each in page.select("a.chip .number")][:2] == ["1", "1"]
    assert not ask(client, "linden", language="ru").select("#found-pages")


def test_results_are_filtered_like_any_list(client: Client, goods: Any) -> None:
    make_product("Linden oil", stock=0)
    rebuild_listing()
    assert len(names(ask(client, "linden"))) == 2
    page = ask(client, "linden", stock="1")
    assert names(page) == ["Linden soaps"]
    assert page.select_one(".chip.remove")["href"] == f"{SEARCH}?q=linden"
    assert page.select_one('#filters input[name="q"]')["value"] == "linden"


def test_found_words_are_marked_and_everything_else_escaped(client: Client) -> None:
    make_product("<b>Linden</b> & soap")
    rebuild_listing()
    page = ask(client, "linden")
    assert page.select_one(".product-card-name mark").get_text() == "Linden"
    assert page.select_one(".product-card-name b") is None
    assert names(page) == ["<b>Linden</b> & soap"]
    assert mark_words(text="a <i> soap", words=["soaps"]) == "a &lt;i&gt; <mark>soap</mark>"
    assert mark_words(text="Липовое мыло", words=["мыла"]) == "Липовое <mark>мыло</mark>"
    assert "<mark>" not in mark_words(text="so sold soda", words=["soap"])


@pytest.mark.both
def test_suggestions_name_products_with_price_categories_and_pages(
    client: Client, goods: Any
) -> None:
    publish(Page(title="Linden trees", slug="trees"))
    page = ask(client, "lin", SUGGEST)
    said = [each.get_text(" ", strip=True) for each in page.select('[role="option"]')]
    assert said == [
        "Linden soaps €12.00",
        "Linens",
        "Linden trees",
        "All results for “lin”",
    ]
    assert [each.get_text() for each in page.select("mark")] == ["Linden", "Linens", "Linden"]
    assert "Липовое мыло" in ask(client, "мыл", SUGGEST, "ru").get_text()


@pytest.mark.parametrize(
    "query", ["", "l", "'", "a:*|", "\0", "<script>alert(1)</script>", "x" * 9000]
)
def test_suggestions_bear_anything(client: Client, goods: Any, query: str) -> None:
    response = client.get(SUGGEST, {"q": query})
    assert response.status_code == 200
    assert b"<script>" not in response.content
    assert client.post(SUGGEST).status_code == 405


@pytest.mark.both
def test_search_and_suggestions_take_few_queries(client: Client, goods: Any) -> None:
    publish(Page(title="Linden trees", slug="trees"))
    for path in (SEARCH, SUGGEST):
        client.get(path, {"q": "linden"})
        with CaptureQueriesContext(connection) as queries:
            client.get(path, {"q": "linden"})
        assert len(queries) <= 12, [query["sql"] for query in queries]


@pytest.mark.postgres
def test_without_the_right_to_trigrams_the_migration_says_who_has_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE powerless; SET LOCAL ROLE powerless")
    state = ProjectState()
    with (
        pytest.raises(NotPermitted, match="CREATE EXTENSION pg_trgm"),
        connection.schema_editor() as editor,
    ):
        EnsureTrigrams().database_forwards("shop_listing", editor, state, state)
    assert issubclass(NotPermitted, ProgrammingError)
