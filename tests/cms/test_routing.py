"""Addresses lead to pages in two queries, whoever may look at them, and to nothing else."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, PageViewRestriction, Site

from storefront.cms.models import ContentPage, EventPage, HomePage, NewsIndexPage, NewsPage
from tests.cms.building import make_home, make_page, stream
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Any:
    return make_home()


@pytest.fixture
def deep(home: Any) -> list[Any]:
    """Four pages, each below the one before."""
    pages = [home]
    for slug in ("help", "delivery", "abroad", "islands"):
        pages.append(make_page(ContentPage, pages[-1], title=slug.title(), slug=slug))
    return pages[1:]


def heading(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser").h1.text.strip()


def test_every_level_has_its_address_and_its_way_back(client: Any, deep: list[Any]) -> None:
    path = "/"
    for page in deep:
        path += f"{page.slug}/"
        assert heading(client, path) == page.title
    page = BeautifulSoup(client.get(path).content, "html.parser")
    trail = page.select_one("nav.breadcrumbs").text.split()
    assert trail[-4:] == ["Help", "Delivery", "Abroad", "Islands"]


def test_a_deep_page_costs_no_more_however_deep_it_lies(
    client: Any, deep: list[Any], django_assert_max_num_queries: Any
) -> None:
    for page in (deep[0], deep[-1]):
        client.get(page.get_url())
    with django_assert_max_num_queries(2):
        client.get("/help/")
    # One more for the site, which the links of the way back ask for.
    with django_assert_max_num_queries(3):
        client.get("/help/delivery/abroad/islands/")


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/help/nothing/", "/nothing/delivery/", "/delivery/", "/front/", "/front/help/",
     "/help/delivery/abroad/islands/more/", f"/{'a/' * 900}", f"/help/{'x' * 2_000}/"],
)  # fmt: skip
def test_what_is_no_page_is_not_found(client: Any, deep: list[Any], path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_draft_is_not_found_and_hides_nothing_below_it(client: Any, deep: list[Any]) -> None:
    Page.objects.get(pk=deep[1].pk).unpublish()
    assert client.get("/help/delivery/").status_code == 404
    assert heading(client, "/help/delivery/abroad/") == "Abroad"


# --- who may look ----------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(4))
def test_a_page_for_signed_in_people_shows_itself_and_all_below_to_nobody_else(
    client: Any, deep: list[Any], level: int
) -> None:
    restriction = PageViewRestriction.objects.create(page=deep[level], restriction_type="login")
    path = "/help/delivery/abroad/islands/"
    answer = client.get(path)
    assert answer.status_code == 302 and "login" in answer.url
    assert b"Islands" not in answer.content
    assert client.get("/help/").status_code == (302 if level == 0 else 200)
    client.force_login(make_account("ada"))
    seen = client.get(path)
    assert seen.status_code == 200 and "no-store" in seen["Cache-Control"]
    client.logout()
    restriction.delete()
    assert client.get(path).status_code == 200


def test_a_page_for_a_group_is_shown_to_its_people_only(client: Any, deep: list[Any]) -> None:
    guild = Group.objects.create(name="Guild")
    PageViewRestriction.objects.create(page=deep[0], restriction_type="groups").groups.add(guild)
    ada, ben = make_account("ada"), make_account("ben")
    ben.groups.add(guild)
    client.force_login(ada)
    assert client.get("/help/delivery/").status_code == 302
    client.force_login(ben)
    assert client.get("/help/delivery/").status_code == 200


def test_all_pages_may_be_closed_at_once(client: Any, deep: list[Any]) -> None:
    PageViewRestriction.objects.create(page=Page.get_first_root_node(), restriction_type="login")
    assert client.get("/").status_code == client.get("/help/").status_code == 302


def test_part_of_a_closed_list_is_closed(client: Any, home: Any) -> None:
    news = make_page(NewsIndexPage, home, title="News", slug="news")
    make_page(NewsPage, news, title="Secret soap", slug="soap", teaser="x")
    assert b"Secret soap" in client.get("/news/feed/").content
    PageViewRestriction.objects.create(page=news, restriction_type="login")
    for path in ("/news/", "/news/feed/", "/news/soap/"):
        assert client.get(path).status_code == 302, path


def test_an_alias_is_as_closed_as_its_source_however_many_lie_between(
    client: Any, home: Any, deep: list[Any]
) -> None:
    source = Page.objects.get(pk=deep[0].pk).specific
    first = source.create_alias(parent=Page.objects.get(pk=home.pk), update_slug="copy")
    first.create_alias(parent=Page.objects.get(pk=home.pk), update_slug="copy-of-copy")
    assert heading(client, "/copy/") == heading(client, "/copy-of-copy/") == "Help"
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    assert client.get("/copy/").status_code == client.get("/copy-of-copy/").status_code == 302


# --- parts of pages, languages, sites -----------------------------------------------------------


def test_a_page_answers_for_its_own_parts_before_pages_below_it(client: Any, home: Any) -> None:
    news = make_page(NewsIndexPage, home, title="News", slug="news")
    make_page(NewsPage, news, title="Named like a part", slug="feed", teaser="x")
    event = make_page(EventPage, news, title="Open day", slug="open")
    assert client.get("/news/feed/")["Content-Type"].startswith("application/rss")
    assert client.get("/news/open/calendar/")["Content-Type"] == "text/calendar"
    assert client.get("/news/open/other/").status_code == 404
    Page.objects.get(pk=event.pk).unpublish()
    assert client.get("/news/open/calendar/").status_code == 404


def test_each_language_has_its_own_tree(client: Any, home: Any, deep: list[Any]) -> None:
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    there = home.copy_for_translation(russian)
    assert isinstance(there, HomePage)
    there.save_revision().publish()
    copy = Page.objects.get(pk=deep[0].pk).specific.copy_for_translation(russian)
    copy.title = "Помощь"
    copy.save_revision().publish()
    Site.clear_site_root_paths_cache()
    assert heading(client, "/ru/help/") == "Помощь"
    assert client.get("/ru/help/delivery/").status_code == 404
    client.cookies.clear()
    assert heading(client, "/help/") == "Help"


def test_each_site_has_its_own_tree(client: Any, home: Any, deep: list[Any]) -> None:
    other = Page.get_first_root_node().add_child(
        instance=HomePage(title="Other", slug="other", locale=home.locale, live=True)
    )
    make_page(ContentPage, other, title="Elsewhere", slug="elsewhere")
    Site.objects.create(hostname="other.example.com", port=80, root_page=other)
    Site.clear_site_root_paths_cache()
    there = {"headers": {"host": "other.example.com"}}
    assert client.get("/elsewhere/").status_code == 404
    assert client.get("/elsewhere/", **there).status_code == 200
    assert client.get("/help/", **there).status_code == 404


def test_a_draft_of_a_restricted_page_is_previewed_by_editors(
    admin_client: Any, deep: list[Any]
) -> None:
    PageViewRestriction.objects.create(page=deep[0], restriction_type="login")
    page = ContentPage.objects.get(pk=deep[1].pk)
    page.body = stream(("text", "<p>Only a draft.</p>"))
    page.save_revision()
    draft = admin_client.get(f"/cms/pages/{page.pk}/view_draft/")
    assert b"Only a draft." in draft.content
