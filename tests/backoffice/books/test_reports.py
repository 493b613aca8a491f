"""Pages of reports and what-ifs: they show the figures, as pages and as files."""

import io
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mlm_plugin.commissions.services import commit_run
from mlm_plugin.commissions.statements_details import write_details
from mlm_plugin.commissions.what_if import work_out
from mlm_plugin.commissions.what_if_models import WhatIf
from mlm_plugin.ledger.actions import SCHEDULE
from mlm_plugin.ledger.models import Account
from storefront.accounts.roles import AUDITORS, FINANCE
from tests.commissions.books import locked_run, march_of_the_family
from tests.factories import make_account
from tests.volumes.orders import at

pytestmark = pytest.mark.django_db
WITH_FILES = (
    "staff-reports",
    "staff-report-period",
    "staff-report-liabilities",
    "staff-report-year",
)


@pytest.fixture
def books(client):
    books = march_of_the_family()
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    write_details(run_id=run.pk, at=at(4, 4))
    client.force_login(make_account("anna", AUDITORS))
    return books


def address(name, books):
    return reverse(f"mlm:{name}", args=[books.march.pk] if name == "staff-report-period" else [])


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")


@pytest.mark.parametrize("page", WITH_FILES)
def test_a_report_is_a_page_and_two_files(books, client, page):
    given = {"year": "2026"} if page != "staff-report-liabilities" else {}
    shown = text_of(client.get(address(page, books), given))
    assert "17.00" in shown or "7.33" in shown
    lines = text_of(client.get(address(page, books), {**given, "format": "csv"})).splitlines()
    sheet = client.get(address(page, books), {**given, "format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(b"".join(sheet.streaming_content))).active.values)
    assert len(rows) == len(lines)


def test_the_month_by_bonus_with_its_chart(books, client):
    text = text_of(client.get(address("staff-report-period", books)))
    assert "<svg" in text
    assert "17.00 EUR" in text
    assert "CLEO" in text


def test_a_day_that_is_none_is_said(books, client):
    page = reverse("mlm:staff-report-liabilities")
    for wrong in ("yesterday", "2026-02-31", "\0"):
        assert "That is no day" in text_of(client.get(page, {"on": wrong}))


def test_the_check_is_green_until_something_differs(books, client):
    page = reverse("mlm:staff-report-check")
    assert "agrees" not in text_of(client.get(page))
    assert "Everything agrees" in text_of(client.get(page, {"now": "1"}))
    account = Account.objects.get(kind=Account.Kind.WALLET, owner=books.family.ben.pk)
    # As if somebody had changed an award behind the books' back.
    type(account).objects.filter(pk=account.pk).update(kind=Account.Kind.PURCHASES)
    assert "Something does not agree" in text_of(client.get(page, {"now": "1"}))


def test_a_preparer_asks_and_the_answer_stands_beside_what_was_paid(books, client):
    client.force_login(make_account("fred", FINANCE))
    given = {
        "version": books.version.pk, "first": books.march.pk, "last": books.march.pk,
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    answer = client.post(reverse("mlm:staff-what-if-new"), given)
    asked = WhatIf.objects.get()
    page = reverse("mlm:staff-what-if", args=[asked.pk])
    assert answer.url == page
    waiting = text_of(client.get(page))
    assert "being worked out" in waiting or "17.00 EUR" in waiting
    work_out(what_if_id=asked.pk, at=at(4, 6))
    shown = text_of(client.get(page))
    assert "17.00 EUR" in shown
    assert "<svg" in shown
    file = client.get(reverse("mlm:staff-what-if-file", args=[asked.pk]))
    assert "BEN" in text_of(file)
    assert text_of(client.get(reverse("mlm:staff-what-ifs"))).count(page) == 1


def test_a_question_about_an_open_period_comes_back_with_the_reason(books, client):
    client.force_login(make_account("fred", FINANCE))
    answer = client.post(reverse("mlm:staff-what-if-new"), {"key": str(uuid.uuid4())})
    assert answer.status_code == 200
    assert not WhatIf.objects.exists()
