"""Legal texts: each publication is kept under a number and stays readable."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from storefront.cms.legal import get_versions_in_force, keep_version
from storefront.cms.models import LegalPage, LegalVersion
from tests.cms.building import make_home, make_page
from tests.racing import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms() -> Any:
    return make_page(
        LegalPage, make_home(), title="Terms", slug="terms", kind="terms",
        body="<p>The first text.</p>", valid_from=date(2026, 1, 1),
    )  # fmt: skip


def publish(page: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def text_of(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.text.split())


def test_every_publication_is_kept_and_readable_under_its_number(client: Any, terms: Any) -> None:
    publish(terms, body="<p>The second text.</p>", what_changed="Longer returns.")
    now = text_of(client, "/terms/")
    assert "The second text." in now and "Version 2" in now and "Longer returns." in now
    first = text_of(client, "/terms/version-1/")
    assert "The first text." in first
    assert "does not hold any more" in first
    assert b"noindex" in client.get("/terms/version-1/").content


def test_publishing_the_same_again_makes_no_version(terms: Any) -> None:
    publish(terms)
    publish(terms)
    assert [each.number for each in LegalVersion.objects.all()] == [1]


def test_a_text_for_later_waits_while_the_old_one_holds(client: Any, terms: Any) -> None:
    later = timezone.localdate() + timedelta(days=30)
    publish(terms, body="<p>The coming text.</p>", valid_from=later, what_changed="New prices.")
    now = text_of(client, "/terms/")
    assert "The first text." in now and "The coming text." not in now
    assert "New prices." in now
    assert "does not hold yet" in text_of(client, "/terms/version-2/")


def test_a_changed_text_never_begins_before_the_day_it_is_published(terms: Any) -> None:
    publish(terms, body="<p>Changed.</p>")
    first, second = LegalVersion.objects.order_by("number")
    assert first.valid_from == date(2026, 1, 1)
    assert second.valid_from == timezone.localdate()


def test_a_consent_asks_for_the_version_in_force(terms: Any) -> None:
    asked = {"kinds": ["withdrawal", "terms"], "languages": ["ru", "en"]}
    later = datetime.now(tz=UTC) + timedelta(days=30)
    publish(terms, body="<p>Later.</p>", valid_from=timezone.localdate(later))
    [now] = get_versions_in_force(at=datetime.now(tz=UTC), **asked)
    assert now.number == 1
    [then] = get_versions_in_force(at=later + timedelta(days=1), **asked)
    assert then.number == 2
    assert get_versions_in_force(at=datetime(2025, 1, 1, tzinfo=UTC), **asked) == []
    assert get_versions_in_force(kinds=["terms"], languages=["ru"], at=later) == []


def test_a_version_is_never_changed_and_outlives_its_page(terms: Any) -> None:
    version = LegalVersion.objects.get()
    with pytest.raises(TypeError):
        version.save()
    terms.delete()
    version.refresh_from_db()
    assert (version.page, version.body, version.url) == (None, "<p>The first text.</p>", "")


@pytest.mark.parametrize("number", ["0", "2", "99999", "9" * 40, "x", "-1"])
def test_a_number_that_was_never_published_is_not_found(
    client: Any, terms: Any, number: str
) -> None:
    assert client.get(f"/terms/version-{number}/").status_code == 404


def test_a_draft_is_shown_in_the_preview_only(client: Any, admin_client: Any, terms: Any) -> None:
    terms.body = "<p>Only a draft.</p>"
    terms.save_revision()
    assert "Only a draft." not in text_of(client, "/terms/")
    draft = admin_client.get(f"/cms/pages/{terms.pk}/view_draft/")
    assert "Only a draft." in draft.content.decode()
    assert LegalVersion.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_take_two_numbers(terms: Any) -> None:
    def publish_text(number: int) -> None:
        page = LegalPage.objects.get()
        page.body = f"<p>Text {number}</p>"
        keep_version(page=page, at=timezone.now())

    assert run_together([partial(publish_text, number) for number in range(4)]) == [None] * 4
    numbers = LegalVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
