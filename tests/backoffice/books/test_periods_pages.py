"""The office's pages of periods: opened, closed for good, estimated, overridden by two people."""

import hashlib
import uuid
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mlm_plugin.commissions import jobs
from mlm_plugin.commissions.estimates import estimate_period
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Period
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.ledger.actions import SCHEDULE
from mlm_plugin.volumes.services import credit_orders
from storefront.accounts.roles import AUDITORS, CONTROLLERS, FINANCE
from storefront.accounts.services import give_role
from tests.commissions.books import closed_march, march_of_the_family
from tests.factories import make_account
from tests.volumes.orders import at, order_of

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def browser(name, role):
    """The browser of somebody who may be there already, as the books' finn and greta are."""
    user = get_user_model().objects.filter(email=f"{name}@example.com").first()
    client = Client()
    if user is None:
        user = make_account(name, role)
    else:
        give_role(user=user, role=role)
    client.force_login(user)
    return client


@pytest.fixture
def books():
    return march_of_the_family()


@pytest.fixture
def finn(books):
    return browser("finn", FINANCE)


@pytest.fixture
def greta(books):
    return browser("greta", CONTROLLERS)


def text_of(answer):
    assert answer.status_code == 200, answer
    return unescape(answer.content.decode())


def page(client, name, number):
    return client.get(reverse(f"mlm:{name}", args=[number]))


def test_a_period_is_closed_by_the_worker_after_a_page_says_what_happens(books, finn):
    march = books.march.pk
    told = text_of(page(finn, "staff-period-close", march))
    assert "cannot be taken back" in told
    assert "two_levels, version 1" in told
    answer = finn.post(reverse("mlm:staff-period-close", args=[march]))
    assert answer.url == reverse("mlm:staff-period", args=[march])
    waiting = text_of(finn.get(answer.url))
    assert 'http-equiv="refresh"' in waiting
    assert "Close the period" not in waiting
    jobs.do_job(job_id=Job.objects.get().pk, clock=lambda: at(4, 2))
    done = text_of(finn.get(answer.url))
    books.march.refresh_from_db()
    assert 'http-equiv="refresh"' not in done
    for expected in (books.march.inputs_digest, books.march.file_digest, "Start a run"):
        assert expected in done


def test_what_stops_a_job_stands_on_the_page(books, finn):
    job = jobs.ask_for_close(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 2))
    Job.objects.filter(pk=job.pk).update(
        state="failed", finished_at=at(4, 2), failure=f"No good: {HOSTILE}"
    )
    answer = page(finn, "staff-period", books.march.pk)
    assert "No good" in text_of(answer)
    assert HOSTILE not in answer.content.decode()


def test_a_period_that_is_not_over_is_not_closed(books, finn):
    april = Period.objects.get(name="2026-04").pk
    assert "2026-03 is to be closed first" in text_of(page(finn, "staff-period-close", april))
    finn.post(reverse("mlm:staff-period-close", args=[april]))
    assert not Job.objects.exists()


def test_periods_are_opened_ahead_at_once(books, finn):
    address = reverse("mlm:staff-periods-open")
    answer = finn.post(address, {"through": "2026-05-15"}, follow=True)
    assert "Opened: 2026-05" in text_of(answer)
    assert "open already" in text_of(finn.post(address, {"through": "2026-05-15"}, follow=True))
    assert "two years ahead" in text_of(finn.post(address, {"through": "2099-01-01"}, follow=True))
    assert Period.objects.count() == 3


def test_the_frozen_file_is_what_its_digest_says(books, greta):
    closed_march(books)
    answer = page(greta, "staff-period-inputs", books.march.pk)
    content = b"".join(answer.streaming_content)
    books.march.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == books.march.file_digest
    april = Period.objects.get(name="2026-04").pk
    assert page(greta, "staff-period-inputs", april).status_code == 404


def test_an_open_period_shows_its_estimate_with_its_time(books, finn):
    march = books.march.pk
    assert "There is no estimate yet" in text_of(page(finn, "staff-period", march))
    finn.post(reverse("mlm:staff-period-estimate", args=[march]))
    assert "It is being computed" in text_of(page(finn, "staff-period", march))
    estimate_period(period_id=march, at=at(3, 20))
    shown = text_of(page(finn, "staff-period", march))
    assert "17.00\u00a0EUR" in shown
    assert "15.0 %" in shown  # 17.00 of 113.33 CV
    assert "20 March 2026" in shown


def test_what_came_too_late_is_shown_with_where_it_counts(books, greta):
    closed_march(books)
    late = order_of(books.family.dora, paid_at=at(3, 31))
    credit_orders(facts=[late])
    shown = text_of(page(greta, "staff-period", books.march.pk))
    assert "1 event of these days" in shown
    assert late.number in shown
    assert "1 Apr 2026" in shown


def test_the_pages_take_the_same_number_of_queries_whatever_there_is(books, finn):
    def count(address):
        finn.get(address)
        with CaptureQueriesContext(connection) as queries:
            text_of(finn.get(address))
        return len(queries)

    one = reverse("mlm:staff-period", args=[books.march.pk])
    every = reverse("mlm:staff-periods")
    few = count(every)
    closed_march(books)
    run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    propose(finn, books)
    with_one = count(one)
    run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    propose(finn, books)
    assert count(one) == with_one
    finn.post(reverse("mlm:staff-periods-open"), {"through": "2026-09-15"})
    assert count(every) <= few


def propose(client, books, **fields):
    given = {
        "member": "ben", "kind": "amount", "amount": "12.50", "reason": "Agreed at the fair",
        "key": str(uuid.uuid4()), **fields,
    }  # fmt: skip
    return client.post(reverse("mlm:staff-override-new", args=[books.march.pk]), given, follow=True)


def test_an_override_is_proposed_by_one_and_approved_by_another(books, finn, greta):
    assert "waits for a second person" in text_of(propose(finn, books))
    override = Override.objects.get()
    assert (override.member.code, override.amount, override.state) == ("BEN", 1_250, "proposed")
    address = reverse("mlm:staff-override", args=[override.pk])
    own = text_of(finn.get(address))
    assert "a second person decides" in own
    assert 'value="approve"' not in own
    assert finn.post(address, {"action": "approve"}).status_code == 403
    override.refresh_from_db()
    assert override.state == "proposed"
    assert "12.50\u00a0EUR" in text_of(greta.get(address))
    assert "every further run counts it" in text_of(
        greta.post(address, {"action": "approve", "note": "Fine"}, follow=True)
    )
    override.refresh_from_db()
    assert override.state == "approved"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"member": "nobody"}, "No member has this code"),
        ({"amount": ""}, "above or below zero"),
        ({"amount": "1.005"}, "decimal places"),
        ({"reason": ""}, "required"),
        ({"kind": "status", "status": "asleep"}, "valid choice"),
    ],
    ids=["member", "nothing", "decimals", "reason", "status"],
)
def test_a_wrong_override_is_refused_with_words(books, finn, fields, words):
    assert words in text_of(propose(finn, books, **fields))
    assert not Override.objects.exists()


def test_nothing_hostile_of_an_override_reaches_the_page(books, finn):
    propose(finn, books, reason=HOSTILE)
    number = Override.objects.get().pk
    for address in (
        reverse("mlm:staff-override", args=[number]),
        reverse("mlm:staff-period", args=[books.march.pk]),
    ):
        assert HOSTILE not in finn.get(address).content.decode()


def test_an_auditor_is_offered_nothing_that_changes_the_books(books):
    closed_march(books)
    shown = page(browser("aurel", AUDITORS), "staff-period", books.march.pk).content.decode()
    for address in ("staff-run-new", "staff-override-new"):
        assert reverse(f"mlm:{address}", args=[books.march.pk]) not in shown
