"""Workers and editors at the same moment: what is due is done once, a page is copied once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageLogEntry, Site

from storefront.accounts.roles import EDITORS
from storefront.cms.models import ContentPage, HomePage
from storefront.site_content.publishing import publish_scheduled
from storefront.site_content.translations import NotCopied, copy_for_translation
from tests.factories import make_account
from tests.racing import run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home() -> HomePage:
    """An English and a Russian home, both published."""
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    page = Page.get_first_root_node().add_child(instance=HomePage(title="Front", slug="front"))
    page.save_revision().publish()
    Site.objects.filter(is_default_site=True).update(root_page=page)
    page.copy_for_translation(russian).save_revision().publish()
    Site.clear_site_root_paths_cache()
    return HomePage.objects.get(pk=page.pk)


def make_draft(home: HomePage, title: str) -> ContentPage:
    return home.add_child(instance=ContentPage(title=title, slug=title.lower(), live=False))


def count_entries(action: str) -> int:
    return PageLogEntry.objects.filter(action=action).count()


def test_several_workers_publish_what_is_due_once(home: HomePage) -> None:
    now = timezone.now()
    for title in ("Spring", "Summer"):
        make_draft(home, title).save_revision(approved_go_live_at=now - timedelta(minutes=1))
    done = run_together([partial(publish_scheduled, at=now)] * 4)
    assert sum(done) == 2, done
    assert count_entries("wagtail.publish.scheduled") == 2
    assert set(ContentPage.objects.values_list("live", flat=True)) == {True}


def test_several_workers_take_down_what_expired_once(home: HomePage) -> None:
    now = timezone.now()
    page = make_draft(home, "Spring")
    page.save_revision().publish()
    Page.objects.filter(pk=page.pk).update(expire_at=now - timedelta(minutes=1))
    done = run_together([partial(publish_scheduled, at=now)] * 4)
    assert sum(done) == 1, done
    assert count_entries("wagtail.unpublish.scheduled") == 1
    page.refresh_from_db()
    assert page.expired and not page.live


def copy(page: Page, by: Any) -> Page:
    return copy_for_translation(page_id=page.pk, language="ru", by=by)


def test_a_page_copied_by_several_editors_at_once_is_copied_once(home: HomePage) -> None:
    page = make_draft(home, "About")
    edda = make_account("edda", EDITORS)
    copies = run_together([partial(copy, page, edda)] * 4)
    assert len({each.pk for each in copies}) == 1, copies
    assert ContentPage.objects.filter(locale__language_code="ru").count() == 1
    assert not any(Page.find_problems())


def test_an_alias_turned_into_a_page_at_once_becomes_one_page(home: HomePage) -> None:
    page = make_draft(home, "About")
    alias = page.copy_for_translation(Locale.objects.get(language_code="ru"), alias=True)
    edda = make_account("edda", EDITORS)
    copies = run_together([partial(copy, page, edda)] * 4)
    assert {each.pk for each in copies} == {alias.pk}, copies
    assert count_entries("wagtail.convert_alias") == 1


def test_neighbours_copied_at_once_leave_the_tree_whole(home: HomePage) -> None:
    pages = [make_draft(home, title) for title in ("About", "Help", "News")]
    edda = make_account("edda", EDITORS)
    copies = run_together([partial(copy, page, edda) for page in pages])
    refused = [each for each in copies if not isinstance(each, Page)]
    assert all(isinstance(each, NotCopied) for each in refused), refused
    assert len(refused) < len(pages)
    for page in pages:
        copy(page, edda)
    assert ContentPage.objects.filter(locale__language_code="ru").count() == len(pages)
    assert not any(Page.find_problems())
