"""What people agreed to: kept with words and version, never changed, withdrawn at any time."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from storefront.privacy import purposes
from storefront.privacy.models import ConsentRecord, KeptForGood
from storefront.privacy.purposes import PURPOSES, Purpose
from storefront.privacy.selectors import get_consent, list_consents
from storefront.privacy.services import UnknownPurpose, record_consent
from tests.factories import make_account
from tests.racing import run_together

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "/shop/accounts/privacy/"


def answer(user: Any, given: bool, *, purpose: str = "newsletter", **fields: Any) -> bool:
    given_fields = {"source": "account", "language": "en", "at": NOON, **fields}
    return record_consent(user=user, purpose=purpose, given=given, **given_fields)


@pytest.fixture
def dora() -> Any:
    return make_account("dora")


def test_an_answer_is_kept_with_its_words(dora: Any) -> None:
    assert answer(dora, True, language="ru")
    record = ConsentRecord.objects.get()
    assert record.version == PURPOSES["newsletter"].version
    with translation.override("ru"):
        assert record.words == str(PURPOSES["newsletter"].words)
    assert record.language == "ru"


def test_the_same_answer_again_adds_nothing(dora: Any) -> None:
    assert [answer(dora, True), answer(dora, True)] == [True, False]
    assert [answer(dora, False), answer(dora, False)] == [True, False]
    assert ConsentRecord.objects.count() == 2


def test_there_is_nothing_to_withdraw_before_an_answer(dora: Any) -> None:
    assert not answer(dora, False)
    assert not ConsentRecord.objects.exists()


def test_new_words_need_a_new_consent(dora: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(dora, True)
    changed = Purpose("newsletter", "Newsletter", "Other words", "2026-09")
    monkeypatch.setitem(purposes.PURPOSES, "newsletter", changed)
    assert answer(dora, True)
    versions = ConsentRecord.objects.order_by("pk").values_list("version", flat=True)
    assert list(versions) == ["2026-01", "2026-09"]


def test_unknown_purposes_are_refused(dora: Any) -> None:
    with pytest.raises(UnknownPurpose):
        answer(dora, True, purpose="telepathy")


@pytest.mark.both
def test_records_are_never_changed_or_removed(dora: Any) -> None:
    answer(dora, True)
    record = ConsentRecord.objects.get()
    for attempt in (record.save, record.delete, ConsentRecord.objects.all().delete):
        with pytest.raises(KeptForGood):
            attempt()
    with pytest.raises(KeptForGood):
        ConsentRecord.objects.update(given=False)
    for statement in (
        "UPDATE privacy_consentrecord SET words = ''",
        "DELETE FROM privacy_consentrecord",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_page_shows_and_changes_the_answers(client: Client, dora: Any) -> None:
    client.force_login(dora)
    client.post(PAGE, {"purpose": "abandoned_basket", "answer": "yes"})
    assert get_consent(user=dora, purpose="abandoned_basket") is not None
    client.post(PAGE, {"purpose": "abandoned_basket", "answer": "no"})
    page = client.get(PAGE).content.decode()
    assert "withdrawn" in page and "2026-01" in page
    consents = {consent.purpose.code: consent for consent in list_consents(user=dora)}
    assert [record.given for record in consents["abandoned_basket"].history] == [False, True]


@pytest.mark.parametrize("purpose", ["", "telepathy", "x" * 10_000, "a\0b"])
def test_forged_purposes_are_not_found(client: Client, dora: Any, purpose: str) -> None:
    client.force_login(dora)
    assert client.post(PAGE, {"purpose": purpose, "answer": "yes"}).status_code == 404


def test_the_page_costs_the_same_however_long_the_history(
    client: Client, dora: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        answer(dora, number % 2 == 0)
    client.force_login(dora)
    with django_assert_max_num_queries(16):
        client.get(PAGE)


def test_the_answer_about_cookies_is_kept_for_who_is_signed_in(
    client: Client, dora: Any, settings: Any
) -> None:
    settings.MLM = {**settings.MLM, "COOKIE_CONSENT": "always"}
    client.post("/consent/", {"answer": "yes", "next": "/"})
    assert not ConsentRecord.objects.exists()
    client.force_login(dora)
    client.post("/consent/", {"answer": "no", "next": "/"})
    record = ConsentRecord.objects.get()
    assert (record.purpose, record.given, record.source) == ("cookies", False, "banner")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_consent_given_in_several_windows_at_once_is_one_record() -> None:
    dora = make_account("dora")
    results = run_together([partial(answer, dora, True)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert ConsentRecord.objects.count() == 1
