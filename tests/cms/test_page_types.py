"""Every kind of page opens, empty and filled, and stands only where it belongs."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from defusedxml.ElementTree import fromstring
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Page

from storefront.cms.models import (
    ContactPage,
    ContentPage,
    EventPage,
    FaqPage,
    HomePage,
    LandingPage,
    LegalPage,
    NewsIndexPage,
    NewsPage,
)
from storefront.shop.listing.services import rebuild_listing
from tests.cms.building import make_home, make_image, make_page, stream
from tests.factories import make_product

pytestmark = pytest.mark.django_db

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
TEXT = stream(("text", "<h2>Few things</h2><p>Well made.</p>"))


@pytest.fixture
def home() -> Any:
    return make_home()


def html_of(client: Any, page: Any, query: str = "") -> Any:
    answer = client.get(page.get_url() + query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_an_empty_home_shows_what_the_shop_has(client: Any, home: Any) -> None:
    make_product("Linden soap")
    rebuild_listing()
    page = html_of(client, home)
    assert page.h1.text == "Linden"
    assert "Linden soap" in page.main.text


def test_an_opening_is_the_heading_of_its_page_and_any_other_page_has_its_title(
    client: Any, home: Any
) -> None:
    opened = stream(("hero", {"headline": "Made to last"}), ("hero", {"headline": "And used"}))
    page = html_of(client, make_page(ContentPage, home, title="About", body=opened))
    assert [each.text.strip() for each in page.find_all("h1")] == ["Made to last"]
    assert "And used" in [each.text.strip() for each in page.find_all("h2")]
    page = html_of(client, make_page(ContentPage, home, title="Story", body=TEXT))
    assert [each.text.strip() for each in page.find_all("h1")] == ["Story"]


@pytest.mark.parametrize(
    "kind", [ContactPage, ContentPage, EventPage, FaqPage, LandingPage, NewsIndexPage]
)
def test_a_page_of_every_kind_opens_with_nothing_but_a_title(
    client: Any, home: Any, kind: Any
) -> None:
    assert html_of(client, make_page(kind, home, title="Bare")).h1.text.strip() == "Bare"


def test_pages_stand_only_where_they_belong() -> None:
    assert HomePage.can_create_at(Page.get_first_root_node())
    home = make_home()
    assert not HomePage.can_create_at(home)
    assert not NewsPage.can_create_at(home)
    assert NewsPage.can_create_at(make_page(NewsIndexPage, home, title="News"))
    assert not ContentPage.can_create_at(make_page(LandingPage, home, title="Spring"))
    assert FaqPage.can_create_at(make_page(ContentPage, home, title="Help"))


# --- news ------------------------------------------------------------------------------------


@pytest.fixture
def news(home: Any) -> Any:
    index = make_page(NewsIndexPage, home, title="News", slug="news", intro="What happens.")
    for number in range(12):
        item = NewsPage(
            title=f"News {number:02}",
            date=date(2026, 1, 1) + timedelta(days=number),
            teaser="A short word.",
            locale=home.locale,
            body=TEXT,
        )
        Page.objects.get(pk=index.pk).add_child(instance=item)
        if number == 3:
            item.tags.add("Workshop")
        item.save_revision().publish()
    return NewsIndexPage.objects.get()


def titles(page: Any) -> list[str]:
    return [each.text for each in page.select(".news-card-title")]


def test_news_come_newest_first_in_pages(client: Any, news: Any) -> None:
    assert titles(html_of(client, news))[:2] == ["News 11", "News 10"]
    assert titles(html_of(client, news, "?page=2")) == ["News 02", "News 01", "News 00"]
    assert titles(html_of(client, news, "?page=99"))[-1] == "News 00"


def test_news_are_narrowed_down_by_tag(client: Any, news: Any) -> None:
    assert titles(html_of(client, news, "?tag=workshop")) == ["News 03"]
    assert titles(html_of(client, news, "?tag=nothing")) == []


def test_a_list_with_pictures_and_tags_costs_the_same_however_long_it_is(
    client: Any, news: Any, django_assert_max_num_queries: Any
) -> None:
    for item in NewsPage.objects.all():
        item.picture = make_image(item.title)
        item.save()
    html_of(client, news)
    with django_assert_max_num_queries(12):
        page = html_of(client, news)
    assert len(page.select(".news-card-picture source[type='image/avif']")) == 9


def test_the_feed_names_news_with_whole_addresses(client: Any, news: Any) -> None:
    answer = client.get("/news/feed/")
    assert answer["Content-Type"].startswith("application/rss+xml")
    item = fromstring(answer.content).find("channel/item")
    assert item.findtext("title") == "News 11"
    assert item.findtext("link").startswith("http")
    assert item.findtext("pubDate").startswith("Mon, 12 Jan 2026")


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=-1", f"?page={'9' * 40}", "?tag=%00", f"?tag={'x' * 10_000}"]
)
def test_no_query_breaks_the_list(client: Any, news: Any, query: str) -> None:
    html_of(client, news, query)


# --- dates -----------------------------------------------------------------------------------


def test_a_date_to_come_has_a_calendar_file_and_stands_in_the_list(client: Any, news: Any) -> None:
    starts = timezone.now().replace(microsecond=0) + timedelta(days=3)
    event = make_page(
        EventPage, news, title="Open day; bring, friends", slug="open", starts_at=starts,
        place="Lindenweg 4, Jena", online_link="https://meet.example.com/x",
    )  # fmt: skip
    assert "Open day" in html_of(client, news).main.text
    page = html_of(client, event)
    assert page.select_one("a[href$='calendar/']")
    answer = client.get(event.get_url() + "calendar/")
    assert answer["Content-Type"] == "text/calendar"
    entry = next(iter(Calendar.from_ical(answer.content).walk("VEVENT")))
    assert entry["summary"] == "Open day; bring, friends"
    assert entry["dtstart"].dt == starts
    assert entry["dtend"].dt == starts + timedelta(hours=2)
    assert entry["location"] == "Lindenweg 4, Jena"
    assert client.get(event.get_url() + "calendar/").content == answer.content


def test_a_past_date_says_so(client: Any, news: Any) -> None:
    past = datetime(2020, 5, 1, 10, tzinfo=UTC)
    event = make_page(
        EventPage, news, title="Long ago", starts_at=past, online_link="https://meet.example.com/x"
    )
    page = html_of(client, event)
    assert page.select_one(".badge").text == "This was in the past"
    assert not page.select("a[href$='calendar/'], a[href^='https://meet']")
    assert "Long ago" not in html_of(client, news).main.text


def test_an_end_before_the_beginning_is_refused(home: Any) -> None:
    from django.core.exceptions import ValidationError

    event = EventPage(title="Odd", slug="odd", starts_at=timezone.now(), path="x", depth=3)
    event.ends_at = event.starts_at - timedelta(hours=1)
    with pytest.raises(ValidationError) as refused:
        event.clean()
    assert "ends_at" in refused.value.message_dict


# --- questions -------------------------------------------------------------------------------


def groups(*entries: tuple[str, str, str]) -> str:
    return stream(
        *(
            (
                "group",
                {"heading": heading, "questions": [{"question": question, "answer": answer}]},
            )
            for heading, question, answer in entries
        )
    )


@pytest.fixture
def questions(home: Any) -> Any:
    entries = (
        ("Paying", "How can I pay?", "<p>By card or transfer.</p>"),
        ("Delivery", "How long does it take?", "<p>Three days.</p>"),
    )
    return make_page(FaqPage, home, title="Questions", slug="faq", groups=groups(*entries))


def test_questions_are_found_by_words_of_question_answer_or_group(
    client: Any, questions: Any
) -> None:
    for query, found in {
        "": 2,
        "CARD transfer": 1,
        "delivery": 1,
        "three take": 1,
        "tomorrow": 0,
    }.items():
        page = html_of(client, questions, f"?q={query}")
        assert len(page.select(".faq-group details")) == found, query


def test_search_engines_read_questions_and_no_answer_ends_the_script(
    client: Any, home: Any
) -> None:
    answer = "<p>Yes</p><!--</script>"
    page = make_page(FaqPage, home, title="Q", groups=groups(("A", "Is it <safe>?", answer)))
    raw = client.get(page.get_url()).content.decode()
    script = BeautifulSoup(raw, "html.parser").select("script[type='application/ld+json']")
    data = next(
        found for each in script if (found := json.loads(each.string))["@type"] == "FAQPage"
    )
    assert data["mainEntity"][0]["name"] == "Is it <safe>?"
    assert data["mainEntity"][0]["acceptedAnswer"]["text"] == answer


@pytest.mark.parametrize("query", [ATTACK, "x" * 10_000, "\0", "  "])
def test_no_question_breaks_the_search(client: Any, questions: Any, query: str) -> None:
    answer = client.get(questions.get_url(), {"q": query})
    assert answer.status_code == 200
    assert b"<script>alert(1)" not in answer.content


def test_titles_and_texts_are_text(client: Any, home: Any) -> None:
    for kind, fields in (
        (ContentPage, {"body": stream(("hero", {"headline": ATTACK}))}),
        (NewsIndexPage, {"intro": ATTACK}),
        (EventPage, {"place": ATTACK, "teaser": ATTACK}),
        (FaqPage, {"intro": ATTACK, "groups": groups((ATTACK, ATTACK, "<p>x</p>"))}),
        (LegalPage, {"body": "<p>x</p>", "what_changed": ATTACK}),
    ):
        page = make_page(kind, home, title=ATTACK, **fields)
        raw = client.get(page.get_url()).content.decode()
        assert "<script>alert" not in raw, kind
        assert "<img src=x" not in raw, kind
