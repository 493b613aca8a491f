"""The report on translations: what is missing or out of date, and one click to begin."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Locale, Page, Site

from storefront.accounts.roles import EDITORS
from storefront.cms.models import ContentPage, HomePage
from storefront.site_content.translations import (
    NotCopied,
    State,
    copy_for_translation,
    list_translations,
)
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    """An English and a Russian home, both published, nothing below them."""
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    site = Site.objects.get(is_default_site=True)
    page = Page.objects.get(depth=1).add_child(instance=HomePage(title="Front", slug="front"))
    page.save_revision().publish()
    site.root_page = page
    site.save()
    page.copy_for_translation(russian).save_revision().publish()
    Site.clear_site_root_paths_cache()
    return HomePage.objects.get(pk=page.pk)


@pytest.fixture
def about(home: HomePage) -> ContentPage:
    page = home.add_child(instance=ContentPage(title="About us", slug="about"))
    page.save_revision().publish()
    return page


@pytest.fixture
def edda() -> Any:
    return make_account("edda", EDITORS)


def states() -> dict[str, str]:
    return {row.title: row.state for row in list_translations()}


def in_russian(page: Page) -> Page:
    return Page.objects.get(translation_key=page.translation_key, locale__language_code="ru")


def test_a_page_in_one_language_is_missing_in_the_other(about: ContentPage) -> None:
    assert states() == {"About us": State.MISSING, "Front": State.CURRENT}


def test_a_copy_is_being_translated_until_it_is_published(about: ContentPage, edda: Any) -> None:
    copy = copy_for_translation(page_id=about.pk, language="ru", by=edda)
    assert copy.locale.language_code == "ru" and not copy.live
    assert copy.get_parent().locale.language_code == "ru"
    assert states()["About us"] == State.DRAFT
    copy.save_revision().publish()
    assert states()["About us"] == State.CURRENT


def test_a_translation_is_out_of_date_when_the_original_changed(
    about: ContentPage, edda: Any
) -> None:
    copy_for_translation(page_id=about.pk, language="ru", by=edda).save_revision().publish()
    about.refresh_from_db()
    about.title = "Who we are"
    about.save_revision().publish()
    assert states()["Who we are"] == State.OUTDATED
    in_russian(about).specific.save_revision().publish()
    assert states()["Who we are"] == State.CURRENT


def test_an_alias_shows_the_original_until_it_is_translated(about: ContentPage, edda: Any) -> None:
    alias = about.copy_for_translation(Locale.objects.get(language_code="ru"), alias=True)
    assert states()["About us"] == State.ALIAS
    page = copy_for_translation(page_id=about.pk, language="ru", by=edda)
    assert page.pk == alias.pk and in_russian(about).alias_of_id is None


def test_copying_twice_is_copying_once(about: ContentPage, edda: Any) -> None:
    first = copy_for_translation(page_id=about.pk, language="ru", by=edda)
    assert copy_for_translation(page_id=about.pk, language="ru", by=edda).pk == first.pk
    assert ContentPage.objects.count() == 2


@pytest.mark.parametrize(("page_id", "language"), [(0, "ru"), (None, "de"), (None, "en")])
def test_what_cannot_be_copied_is_refused(
    about: ContentPage, edda: Any, page_id: int | None, language: str
) -> None:
    with pytest.raises(NotCopied):
        copy_for_translation(
            page_id=about.pk if page_id is None else page_id, language=language, by=edda
        )


def test_only_who_may_edit_and_translate_copies(about: ContentPage) -> None:
    with pytest.raises(PermissionDenied):
        copy_for_translation(page_id=about.pk, language="ru", by=make_account("ben"))


def test_the_report_costs_the_same_for_many_pages(
    home: HomePage, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        home.add_child(instance=ContentPage(title=f"Page {number}", slug=f"page-{number}"))
    list_translations()
    with django_assert_max_num_queries(1):
        assert len(list_translations()) == 11


def test_an_editor_sees_the_report_and_copies_with_one_click(
    client: Any, about: ContentPage, edda: Any
) -> None:
    client.force_login(edda)
    html = client.get("/cms/reports/translations/").content.decode()
    address = f"/cms/translations/copy/{about.pk}/ru/"
    assert "About us" in html and f'action="{address}"' in html and "Missing (1)" in html
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert answer.url == f"/cms/pages/{in_russian(about).pk}/edit/"
    assert "Being translated (1)" in client.get("/cms/reports/translations/").content.decode()
    assert client.post("/cms/translations/copy/999999/ru/").url == "/cms/reports/translations/"


@pytest.mark.parametrize(
    "query", ["?state=missing", "?state=%00", "?p=99999999999999999999", "?p=x"]
)
def test_the_report_bears_any_question(admin_client: Any, about: ContentPage, query: str) -> None:
    assert admin_client.get(f"/cms/reports/translations/{query}").status_code == 200


def test_a_new_page_appears_in_the_other_tree_by_itself(
    client: Any, home: HomePage, settings: Any
) -> None:
    assert settings.WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE
    from wagtail import hooks

    page = home.add_child(instance=ContentPage(title="News", slug="news"))
    for hook in hooks.get_hooks("after_create_page"):
        hook(None, page)
    assert in_russian(page).alias_of_id == page.pk


def test_times_decide_and_not_the_order_of_saving(about: ContentPage, edda: Any) -> None:
    copy_for_translation(page_id=about.pk, language="ru", by=edda).save_revision().publish()
    other = in_russian(about)
    Page.objects.filter(pk=about.pk).update(
        last_published_at=other.last_published_at - timedelta(days=1)
    )
    assert states()["About us"] == State.CURRENT
