"""Two languages: which one a visit is in, and the switch that keeps the page."""

from datetime import date, datetime

import pytest
from django import forms
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from wagtail.models import Locale, Page, Site

from storefront.cms.models import ContentPage, HomePage

pytestmark = pytest.mark.django_db
HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "x" * 10_000,
    "/" + "x" * 10_000,
    "\x00",
    "",
]


@pytest.fixture
def pages() -> dict[str, Page]:
    """An English tree of home > about > story, and a Russian one without the story."""
    english = Locale.objects.get(language_code="en")
    russian, _ = Locale.objects.get_or_create(language_code="ru")
    site = Site.objects.get(is_default_site=True)
    root = Page.objects.get(depth=1)
    for old in root.get_children():
        if not isinstance(old.specific, HomePage):
            Site.objects.filter(root_page=old).update(root_page=root)
            old.delete()
    HomePage.objects.all().delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Home", slug="front", locale=english))
    Site.objects.filter(pk=site.pk).update(root_page=home)
    Site.clear_site_root_paths_cache()
    about = home.add_child(instance=ContentPage(title="About", slug="about", locale=english))
    story = about.add_child(instance=ContentPage(title="Story", slug="story", locale=english))
    home.copy_for_translation(russian).save_revision().publish()
    russian_about = about.copy_for_translation(russian)
    russian_about.slug, russian_about.title = "o-nas", "О нас"
    russian_about.save_revision().publish()
    Site.clear_site_root_paths_cache()
    russian_about.refresh_from_db()
    return {"home": home, "about": about, "story": story, "ru_about": russian_about}


def switch(client, address, language="ru"):
    answer = client.post(reverse("set_language"), {"language": language, "next": address})
    assert answer.status_code == 302
    return answer.url


@pytest.mark.parametrize(
    "address", ["/shop/catalogue/", "/shop/basket/?a=1&b=%D1%8F", "/accounts/login/"]
)
def test_a_page_of_the_shop_keeps_its_address_and_changes_its_language(client, address):
    assert switch(client, address) == address
    assert 'lang="ru"' in client.get("/accounts/login/").content.decode()
    assert switch(client, address, "en") == address
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()


def test_the_browser_decides_until_the_visitor_does(client):
    page = client.get("/accounts/login/", headers={"accept-language": "ru-RU,ru;q=0.9"})
    assert page.headers["Content-Language"] == "ru"
    switch(client, "/accounts/login/", "en")
    page = client.get("/accounts/login/", headers={"accept-language": "ru-RU,ru;q=0.9"})
    assert page.headers["Content-Language"] == "en"


def test_the_switch_stands_on_every_page_with_that_page_in_it(client):
    body = client.get("/shop/catalogue/?page=1&sort=a%26b").content.decode()
    assert 'name="next" value="/shop/catalogue/?page=1&amp;sort=a%26b"' in body
    assert 'value="ru"' in body


def test_a_page_of_the_cms_is_in_the_language_of_its_tree(client, pages):
    client.cookies["django_language"] = "ru"
    assert client.get("/about/").headers["Content-Language"] == "en"
    client.cookies["django_language"] = "en"
    answer = client.get("/ru/o-nas/")
    assert answer.headers["Content-Language"] == "ru"
    assert "О нас" in answer.content.decode()
    assert client.get("/ru/about/").status_code == 404
    assert client.get("/o-nas/").status_code == 404


def test_addresses_of_pages_say_their_language_whatever_is_active(pages):
    for language in ("en", "ru"):
        with translation.override(language):
            assert pages["about"].url == "/about/"
            assert pages["ru_about"].url == "/ru/o-nas/"


def test_a_translated_page_is_kept(client, pages):
    assert switch(client, "/about/?from=mail") == "/ru/o-nas/?from=mail"
    assert switch(client, "/ru/o-nas/?from=mail", "en") == "/about/?from=mail"
    assert switch(client, "/ru/", "en") == "/"
    assert switch(client, "/about/", "en") == "/about/"


def test_without_a_translation_the_nearest_page_above_is_shown(client, pages):
    assert switch(client, "/about/story/") == "/ru/o-nas/"
    pages["ru_about"].unpublish()
    assert switch(client, "/about/story/") == "/ru/"


def test_a_page_that_does_not_exist_stays_where_it_is(client, pages):
    assert switch(client, "/nothing/here/") == "/nothing/here/"


def test_without_a_russian_tree_pages_stay_english(client):
    for page in Page.objects.filter(locale__language_code="ru", depth=2):
        page.delete()
    Site.clear_site_root_paths_cache()
    assert switch(client, "/?a=1") == "/?a=1"
    assert client.get("/ru/?a=1").url == "/?a=1"


def test_the_front_door_leads_to_the_visitors_language(client, pages):
    answer = client.get("/?ref=ada", headers={"accept-language": "ru"})
    assert answer.url == "/ru/?ref=ada"
    assert "Accept-Language" in answer.headers["Vary"]
    client.cookies["django_language"] = "en"
    assert client.get("/", headers={"accept-language": "ru"}).status_code == 200


def test_who_comes_to_a_russian_page_first_sees_a_russian_shop(client, pages):
    client.get("/ru/o-nas/")
    assert client.get("/accounts/login/").headers["Content-Language"] == "ru"


def test_a_chosen_language_outlives_a_page_in_the_other_one(client, pages):
    switch(client, "/", "en")
    client.get("/ru/o-nas/")
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"


def test_translations_are_announced_to_search_engines(client, pages):
    for address in ("/about/", "/ru/o-nas/"):
        body = client.get(address).content.decode()
        assert 'hreflang="en" href="http' in body
        assert 'hreflang="ru" href="http' in body
    assert "hreflang" not in client.get("/about/story/").content.decode()


@pytest.mark.parametrize("address", HOSTILE)
def test_the_switch_never_leads_away(client, address):
    target = switch(client, address)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


def test_a_path_of_another_site_is_not_tried_here(client):
    assert switch(client, "https://evil.example/shop/catalogue/") == "/"
    assert switch(client, "http://testserver/shop/catalogue/?a=1") == "/shop/catalogue/?a=1"


@pytest.mark.parametrize("language", ["de", "", "../../etc", "x" * 10_000, "<b>", "\x00"])
def test_an_unknown_language_changes_nothing(client, language):
    assert switch(client, "/shop/catalogue/", language) == "/shop/catalogue/"
    assert "django_language" not in client.cookies


def test_the_switch_answers_to_its_form_only(client):
    assert client.get(reverse("set_language")).status_code == 405


def test_every_model_and_page_agrees_with_its_migrations():
    call_command("makemigrations", "--check", "--dry-run", "accounts", "cms", verbosity=0)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "4 October 2026", "4 Oct 2026, 17:05"),
        ("ru", "4 октября 2026 г.", "04.10.2026 17:05"),
    ],
)
def test_a_date_is_written_with_the_day_first(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(date(2026, 10, 4), "DATE_FORMAT") == day
        assert date_format(datetime(2026, 10, 4, 17, 5), "SHORT_DATETIME_FORMAT") == moment
        assert forms.DateField().clean("04.10.2026") == date(2026, 10, 4)
