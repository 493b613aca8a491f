"""`/my/earnings/`: the own statements and nobody else's, on screen, as PDF and as CSV."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlm_plugin.commissions.services import commit_run
from mlm_plugin.commissions.statements_details import write_details
from mlm_plugin.ledger.actions import SCHEDULE
from mlm_plugin.network.models import Member
from storefront.accounts.roles import AUDITORS, OPERATORS
from tests.commissions.books import locked_run, march_of_the_family
from tests.factories import make_account, make_user
from tests.volumes.orders import at

pytestmark = pytest.mark.django_db
OF_PERIOD = ("my-statement", "my-statement-paper", "my-statement-file")


@pytest.fixture
def books():
    books = march_of_the_family()
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    write_details(run_id=run.pk, at=at(4, 4))
    return books


def signed_in(member):
    Member.objects.filter(pk=member.pk).update(user=make_user(member.code.lower()))
    client = Client()
    client.force_login(Member.objects.get(pk=member.pk).user)
    return client


def body_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def test_a_member_reads_what_was_earned_on_which_orders(books):
    client = signed_in(books.family.ben)
    assert "7.33 EUR" in body_of(client.get(reverse("mlm:my-earnings")))
    text = body_of(client.get(reverse("mlm:my-statement", args=[books.march.pk])))
    assert "10% of 33.33 from CLEO, level 1" in text
    assert "5% of 80 from DORA, level 2" in text
    assert "<details>" in text
    assert "7.33 EUR" in text


def test_the_same_in_russian(books):
    client = signed_in(books.family.ben)
    client.cookies["django_language"] = "ru"
    page = reverse("mlm:my-statement", args=[books.march.pk])
    text = body_of(client.get(page, headers={"accept-language": "ru"}))
    assert "7,33 EUR" in text


def test_the_paper_and_the_file(books):
    client = signed_in(books.family.ben)
    paper = client.get(reverse("mlm:my-statement-paper", args=[books.march.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    text = body_of(client.get(reverse("mlm:my-statement-file", args=[books.march.pk])))
    assert "CLEO" in text
    assert "3.33" in text


@pytest.mark.parametrize("page", OF_PERIOD)
def test_nobody_sees_anothers_statement(books, page):
    """The address names a period and no member, so upline and downline see their own."""
    answers = {
        code: body_of(signed_in(member).get(reverse(f"mlm:{page}", args=[books.march.pk])))
        for code, member in (("ADA", books.family.ada), ("DORA", books.family.dora))
        if page != "my-statement-paper"
    }
    for text in answers.values():
        assert "7.33" not in text
        assert "3.33 EUR" not in text


@pytest.mark.parametrize("page", OF_PERIOD)
def test_a_period_that_is_not_paid_has_no_statement(books, page):
    client = signed_in(books.family.ben)
    for number in (books.march.pk + 1, 999_999, 10**19):
        assert client.get(reverse(f"mlm:{page}", args=[number])).status_code == 404


def test_queries_do_not_depend_on_awards(books):
    client = signed_in(books.family.ben)
    page = reverse("mlm:my-statement", args=[books.march.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page, {"page": "1"})
    assert len(asked) <= 24


@pytest.mark.parametrize(
    ("role", "status"), [(AUDITORS, 200), (OPERATORS, 403)], ids=["auditor", "operator"]
)
def test_staff_who_read_the_books_see_any_members(books, client, role, status):
    client.force_login(make_account("sofia", role))
    given = [books.family.ben.code, books.march.pk]
    for page in ("staff-statement", "staff-statement-paper", "staff-statement-file"):
        assert client.get(reverse(f"mlm:{page}", args=given)).status_code == status
    answer = client.get(reverse("mlm:staff-statements"), {"member": "ben"})
    assert answer.status_code == status
    if status == 200:
        assert "7.33 EUR" in body_of(answer)
        nobody = reverse("mlm:staff-statement", args=["NOBODY", books.march.pk])
        assert client.get(nobody).status_code == 404
