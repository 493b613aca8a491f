"""Footer, notices and error pages as editors wrote them; and what they cost."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Locale, Page, Site

from storefront.cms.models import ContentPage, HomePage
from storefront.site_content import crash_words
from storefront.site_content.models import ErrorText, Notice, NoticeText, SiteTexts
from storefront.site_content.selectors import get_frame
from tests.factories import make_account, make_basket, make_member, make_product

pytestmark = pytest.mark.django_db
SHOP = "/shop/catalogue/"


@pytest.fixture
def russian() -> Locale:
    return Locale.objects.get_or_create(language_code="ru")[0]


@pytest.fixture
def home() -> HomePage:
    site = Site.objects.get(is_default_site=True)
    page = Page.objects.get(depth=1).add_child(instance=HomePage(title="Front", slug="front"))
    site.root_page = page
    site.save()
    Site.clear_site_root_paths_cache()
    return page


def announce(text: str = "Closed on Friday", **fields: Any) -> Notice:
    texts = fields.pop("texts", {"en": text})
    notice = Notice(name="Friday", **fields)
    notice.full_clean(exclude=["site"])
    notice.save()
    for language, words in texts.items():
        NoticeText.objects.create(notice=notice, language=language, text=words)
    return notice


def body(client: Client, address: str = SHOP) -> str:
    return client.get(address).content.decode()


# --- footer ---------------------------------------------------------------------------------------


def test_the_footer_says_what_the_editor_wrote(client: Client) -> None:
    SiteTexts.objects.create(
        motto="Made in Jena",
        contact="<p><b>Linden Ltd</b></p>",
        email="us@example.com",
        phone="+49 3641 1234",
        social_links=[("link", {"name": "Mastodon", "address": "https://social.example/@us"})],
        payment_marks="Visa, , Mastercard <b>",
        legal_line="Linden Ltd, HRB <1>",
    )
    html = body(client).split("<footer")[1]
    for part in (
        "Made in Jena", "<b>Linden Ltd</b>", 'href="mailto:us@example.com"',
        'href="tel:+4936411234"', 'href="https://social.example/@us"', "<li>Visa</li>",
        "Mastercard &lt;b&gt;", "HRB &lt;1&gt;",
    ):  # fmt: skip
        assert part in html, part


def test_each_language_has_texts_of_its_own(client: Client, russian: Locale) -> None:
    SiteTexts.objects.create(motto="Made in Jena")
    SiteTexts.objects.create(motto="Сделано в Йене", locale=russian)
    client.cookies["django_language"] = "ru"
    assert "Сделано в Йене" in body(client)
    with transaction.atomic(), pytest.raises(IntegrityError):
        SiteTexts.objects.create(motto="Again", locale=russian)


def test_a_saved_text_shows_at_once_and_costs_nothing_after(
    client: Client, django_assert_num_queries: Any
) -> None:
    texts = SiteTexts.objects.create(motto="First")
    assert "First" in body(client)
    texts.motto = "Second"
    texts.save()
    assert "Second" in body(client)
    with django_assert_num_queries(0):
        get_frame(language="en")


# --- notices --------------------------------------------------------------------------------------


def test_a_notice_stands_on_top_in_the_languages_it_has(client: Client) -> None:
    announce(texts={"en": "Closed <Friday>", "ru": "Закрыто"}, kind="warn")
    assert "Closed &lt;Friday&gt;" in body(client)
    client.cookies["django_language"] = "ru"
    assert "Закрыто" in body(client) and "Closed" not in body(client)


def test_a_notice_begins_and_ends_by_the_clock(client: Client) -> None:
    now = timezone.now()
    notice = announce(starts_at=now + timedelta(hours=1))
    assert "Closed on Friday" not in body(client)
    [shown] = get_frame(language="en").notices
    assert not shown.is_due(at=now)
    assert shown.is_due(at=now + timedelta(hours=1))
    notice.ends_at = now + timedelta(hours=2)
    notice.save()
    [shown] = get_frame(language="en").notices
    assert not shown.is_due(at=now + timedelta(hours=2))


@pytest.mark.parametrize(
    ("where", "paths", "expected"),
    [
        ("all", "", {SHOP, "/", "/about/"}),
        ("home", "", {"/"}),
        ("shop", "", {SHOP}),
        ("content", "", {"/", "/about/"}),
        ("paths", "/about/\n/my/", {"/about/"}),
    ],
)
def test_a_notice_stands_where_it_belongs(
    client: Client, home: HomePage, where: str, paths: str, expected: set[str]
) -> None:
    home.add_child(instance=ContentPage(title="About", slug="about"))
    announce(where=where, paths=paths)
    found = {page for page in (SHOP, "/", "/about/") if "Closed on Friday" in body(client, page)}
    assert found == expected


def test_who_closes_a_notice_sees_it_again_only_when_it_changed(client: Client) -> None:
    notice = announce()
    [shown] = get_frame(language="en").notices
    answer = client.post("/notices/close/", {"notice": shown.key, "next": SHOP})
    assert answer.url == SHOP
    assert "Closed on Friday" not in body(client)
    Notice.objects.filter(pk=notice.pk).update(changed_at=timezone.now() + timedelta(minutes=1))
    cache.clear()
    assert "Closed on Friday" in body(client)


def test_a_notice_that_must_be_seen_cannot_be_closed(client: Client) -> None:
    announce(is_dismissible=False)
    [shown] = get_frame(language="en").notices
    client.post("/notices/close/", {"notice": shown.key})
    assert "Closed on Friday" in body(client)


@pytest.mark.parametrize("key", ["", "x", "1-2.3-4", "<script>", "9" * 10_000, "1-\x00"])
def test_a_forged_key_is_ignored(client: Client, key: str) -> None:
    answer = client.post("/notices/close/", {"notice": key, "next": "https://evil.example/"})
    assert answer.url == "/" and "closed_notices" not in answer.cookies
    client.cookies["closed_notices"] = "1-1" * 5_000
    assert client.get(SHOP).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": timezone.now(), "ends_at": timezone.now() - timedelta(days=1)},
        {"where": "paths"},
        {"where": "paths", "paths": "about/"},
    ],
)
def test_a_notice_that_cannot_be_shown_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        announce(**fields)


def test_the_database_refuses_a_notice_that_ends_before_it_begins() -> None:
    now = timezone.now()
    with transaction.atomic(), pytest.raises(IntegrityError):
        Notice.objects.create(name="x", starts_at=now, ends_at=now)


# --- error pages ----------------------------------------------------------------------------------


def test_error_pages_say_what_the_editor_wrote(client: Client) -> None:
    ErrorText.objects.create(
        code=404, heading="Lost <here>", text="Try this.", link_name="Tea", link_address="/shop/"
    )
    answer = client.get("/nothing/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "Lost &lt;here&gt;" in html and 'href="/shop/">Tea<' in html
    ErrorText.objects.create(code=403, heading="Not yours", text="Ask the office.")
    client.force_login(make_account("ada"))
    assert "Not yours" in client.get("/dashboard/").content.decode()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.CRASH_WORDS_DIR = tmp_path
    crash_words.forget()
    return tmp_path


def test_the_crash_page_needs_neither_database_nor_cache(
    client: Client, folder: Path, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ErrorText.objects.create(code=500, heading="We stumbled", text="Call us.")
    client.get(SHOP)
    # Another process, after a restart, with everything broken.
    crash_words.forget()
    monkeypatch.setattr("storefront.templatetags.site_content.get_frame", None)
    with django_assert_num_queries(0):
        html = render_to_string("500.html")
    assert "We stumbled" in html
    with translation.override("ru"):
        assert "We stumbled" not in render_to_string("500.html")


def test_the_crash_page_returns_to_the_themes_words(client: Client, folder: Path) -> None:
    words = ErrorText.objects.create(code=500, heading="We stumbled", text="Call us.")
    client.get(SHOP)
    words.delete()
    client.get(SHOP)
    crash_words.forget()
    assert "Something went wrong on our side" in render_to_string("500.html")


@pytest.mark.parametrize("text", ["", "{", "[1]", '["a", "b", 3]', "null"])
def test_a_damaged_file_leaves_the_themes_words(folder: Path, text: str) -> None:
    (folder / "error_page_500.en.json").write_text(text)
    assert "Something went wrong on our side" in render_to_string("500.html")


# --- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "customer", "member", "staff"])
def test_the_front_page_keeps_to_its_queries_for_everybody(
    client: Client, home: HomePage, who: str, settings: Any, django_assert_max_num_queries: Any
) -> None:
    # As with a shared cache: what is kept outlives even a slow machine's pause.
    settings.REDIS_URL = "redis://nowhere"
    from storefront.shop.listing.services import rebuild_listing

    products = [make_product(f"Soap {number}") for number in range(4)]
    rebuild_listing()
    if who != "visitor":
        person = make_account(who)
        make_basket(products[0], user=person, quantity=2)
        if who == "member":
            make_member("ada", user_id=person.pk)
        if who == "staff":
            person.is_staff = person.is_superuser = True
            person.save()
        client.force_login(person)
    client.get("/")
    with django_assert_max_num_queries(12):
        html = body(client, "/")
    assert "Soap 1" in html
    assert ('class="count">2<' in html) == (who != "visitor")


# --- one per language -----------------------------------------------------------------------------


def test_texts_made_apart_are_translations_of_each_other(
    admin_client: Client, russian: Locale
) -> None:
    english = SiteTexts.objects.create(motto="Made in Jena")
    address = f"/cms/translation/submit/snippet/site_content/sitetexts/{english.pk}/"
    SiteTexts.objects.create(motto="Сделано в Йене", locale=russian)
    assert english.get_translation(russian).motto == "Сделано в Йене"
    answer = admin_client.post(address, {"locales": russian.pk, "include_subtree": ""})
    assert answer.status_code == 200 and SiteTexts.objects.count() == 2


def test_an_error_page_is_copied_into_the_other_language(
    admin_client: Client, russian: Locale
) -> None:
    words = ErrorText.objects.create(code=404, heading="Lost", text="Try this.")
    ErrorText.objects.create(code=403, heading="Not yours", text="Ask.", locale=russian)
    address = f"/cms/translation/submit/snippet/site_content/errortext/{words.pk}/"
    assert admin_client.post(address, {"locales": russian.pk}).status_code == 302
    assert get_frame(language="ru").error_words[404].heading == "Lost"


@pytest.mark.parametrize("text", ["x" * 10_000, "\"'><script>alert(1)</script>", "\x00"])
def test_the_forms_of_the_cms_bear_any_text(admin_client: Client, text: str) -> None:
    site = Site.objects.get(is_default_site=True).pk
    for name, fields in (
        ("errortext", {"code": "404", "heading": text, "text": text, "link_address": text}),
        ("notice", {"name": text, "kind": "info", "where": "paths", "paths": text}),
        ("sitetexts", {"motto": text, "payment_marks": text, "social_links-count": "0"}),
    ):
        inline = {"texts-TOTAL_FORMS": "0", "texts-INITIAL_FORMS": "0"}
        answer = admin_client.post(
            f"/cms/snippets/site_content/{name}/add/",
            {**fields, **inline, "site": site, "contact": "null"},
        )
        assert answer.status_code in (200, 302), name
    assert "<script>alert(1)" not in body(admin_client).replace("&lt;script&gt;", "")
