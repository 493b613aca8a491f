"""The office's pages of runs: started, looked through, locked by a second person, paid."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from mlm_plugin.commissions import jobs
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Run
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.volumes.services import credit_orders
from storefront.accounts.roles import AUDITORS, CONTROLLERS, FINANCE
from tests.backoffice.books.test_periods_pages import browser, page, text_of
from tests.commissions.books import closed_march, locked_run, march_of_the_family, wallet
from tests.commissions.test_runs_overrides import approved
from tests.volumes.orders import at, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    return march_of_the_family()


@pytest.fixture
def finn(books):
    return browser("finn", FINANCE)


@pytest.fixture
def greta(books):
    return browser("greta", CONTROLLERS)


def work():
    """What the worker does with the job that waits."""
    return jobs.do_job(job_id=Job.objects.get(state="waiting").pk, clock=lambda: at(4, 5))


def test_from_a_run_to_the_wallets_by_two_people(books, finn, greta):
    """As in the month worked by hand: 17.00 in all, ben 7.33."""
    closed_march(books)
    finn.post(reverse("mlm:staff-run-new", args=[books.march.pk]), {"kind": "period"})
    run = work().run
    one = reverse("mlm:staff-run", args=[run.pk])
    assert "A second person looks this run through" in text_of(finn.get(one))
    shown = text_of(greta.get(one))
    for expected in (
        run.inputs_digest,
        run.result_digest,
        "17.00\u00a0EUR",
        "--snapshot inputs.zip",
    ):
        assert expected in shown
    assert "can be committed now" in text_of(greta.post(one, {"action": "lock"}, follow=True))
    commit = reverse("mlm:staff-run-commit", args=[run.pk])
    assert "type the sum: 17.00" in text_of(finn.get(commit))
    assert "not the sum" in text_of(finn.post(commit, {"total": "17.01"}))
    assert "like 1234.50" in text_of(finn.post(commit, {"total": "all"}))
    finn.post(commit, {"total": "17,00"})
    assert wallet(books.family.ben) == 0
    assert work().state == Job.State.DONE
    assert wallet(books.family.ben) == 733
    assert "This run is paid" in text_of(finn.get(one))
    assert finn.get(commit).status_code == 302
    assert Action.objects.get(name="run.commit").address == "127.0.0.1"


def test_nobody_locks_the_own_run_by_any_way(books, finn):
    closed_march(books)
    run = run_period(period_id=books.march.pk, actor=Actor(books.greta), started_at=at(4, 3))
    one = reverse("mlm:staff-run", args=[run.pk])
    assert finn.post(one, {"action": "lock"}).status_code == 403
    greta = browser("greta", CONTROLLERS)
    assert "Nobody locks the own run" in text_of(greta.post(one, {"action": "lock"}, follow=True))
    assert Run.objects.get().state == Run.State.COMPUTED


def test_a_lock_is_released_and_logged(books, greta):
    run = locked_run(books)
    greta.post(reverse("mlm:staff-run", args=[run.pk]), {"action": "release"})
    run.refresh_from_db()
    assert run.state == Run.State.COMPUTED
    assert Action.objects.get(name="run.release").author == books.greta


def test_differences_as_table_and_as_file(books, greta):
    closed_march(books)
    run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    approved(books, books.family.cleo, amount=1_250)
    run = run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    assert "1 award differs from run 1" in text_of(page(greta, "staff-run", run.pk))
    answer = page(greta, "staff-run-differences", run.pk)
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["payee"], row["bonus"], row["amount"]) for row in rows] == [
        ("CLEO", "adjustment", "12.50")
    ]
    first = Run.objects.get(number=1)
    assert page(greta, "staff-run-differences", first.pk).status_code == 404


def test_the_result_is_downloaded_whole(books, greta):
    run = locked_run(books)
    content = b"".join(page(greta, "staff-run-result", run.pk).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"awards.csv", "payouts.csv", "summary.json"} <= set(archive.namelist())
    inputs = b"".join(page(greta, "staff-run-inputs", run.pk).streaming_content)
    with zipfile.ZipFile(io.BytesIO(inputs)) as archive:
        assert b"two_levels" in archive.read("plan.toml")


def test_a_difference_run_from_the_page_of_a_paid_period(books, finn, greta):
    commit_run(run_id=locked_run(books).pk, actor=SCHEDULE, at=at(4, 4))
    credit_orders(facts=[order_of(books.family.dora, paid_at=at(3, 31))])
    assert "Compute the differences" in text_of(page(finn, "staff-period", books.march.pk))
    finn.post(reverse("mlm:staff-run-new", args=[books.march.pk]), {"kind": "difference"})
    run = work().run
    shown = text_of(page(greta, "staff-run", run.pk))
    assert "12.00\u00a0EUR" in shown
    assert "committed up to run 1" in shown
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 5))
    finn.post(reverse("mlm:staff-run-commit", args=[run.pk]), {"total": "12.00"})
    work()
    assert wallet(books.family.cleo) == 1_600


def test_the_page_takes_the_same_number_of_queries_whatever_there_is(
    books, greta, django_assert_max_num_queries
):
    run = locked_run(books)
    page(greta, "staff-run", run.pk)
    with django_assert_max_num_queries(16):
        page(greta, "staff-run", run.pk)


def test_an_auditor_sees_the_run_and_is_offered_nothing(books):
    run = locked_run(books)
    shown = text_of(page(browser("aurel", AUDITORS), "staff-run", run.pk))
    assert run.result_digest in shown
    for offered in ('value="release"', reverse("mlm:staff-run-commit", args=[run.pk])):
        assert offered not in shown
