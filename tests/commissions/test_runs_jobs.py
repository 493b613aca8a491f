"""Steps asked for on a page or by the schedule: done by the worker, once, and told when they fail."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from mlm_plugin.commissions import jobs, schedule, tasks
from mlm_plugin.commissions.estimate_models import PeriodEstimate
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.periods import CannotClosePeriod
from mlm_plugin.commissions.runs import NotClosed
from mlm_plugin.commissions.services import CannotCommit, lock_run
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Action
from tests.commissions.books import (
    PLAN,
    approved_plan,
    closed_march,
    locked_run,
    march_of_the_family,
    wallet,
)
from tests.racing import run_together
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def done(job, *, month=4, day=2):
    return jobs.do_job(job_id=job.pk, clock=lambda: at(month, day))


def test_close_run_and_commit_as_jobs():
    books = march_of_the_family()
    finn = Actor(books.finn, "192.0.2.7")
    close = done(jobs.ask_for_close(period_id=books.march.pk, actor=finn, at=at(4, 2)))
    assert (close.state, close.failure) == ("done", "")
    ran = done(jobs.ask_for_run(period_id=books.march.pk, actor=finn, at=at(4, 3)))
    assert (ran.run.total, ran.run.author) == (1_700, books.finn)
    with pytest.raises(CannotCommit, match="locked by a second person"):
        jobs.ask_for_commit(run_id=ran.run.pk, total=1_700, actor=finn, at=at(4, 3))
    lock_run(run_id=ran.run.pk, actor=Actor(books.greta), at=at(4, 3))
    with pytest.raises(CannotCommit, match="not the sum"):
        jobs.ask_for_commit(run_id=ran.run.pk, total=1_701, actor=finn, at=at(4, 3))
    commit = jobs.ask_for_commit(run_id=ran.run.pk, total=1_700, actor=finn, at=at(4, 3))
    assert done(commit, day=4).state == Job.State.DONE
    assert wallet(books.family.ben) == 733
    log = Action.objects.filter(subject__regex=r"^(period|run):").order_by("pk")
    assert [(action.name, action.author, action.address) for action in log] == [
        ("period.close", books.finn, "192.0.2.7"),
        ("run.compute", books.finn, "192.0.2.7"),
        ("run.lock", books.greta, None),
        ("run.commit", books.finn, "192.0.2.7"),
    ]


def test_a_job_is_done_once_and_one_at_a_time():
    books = march_of_the_family()
    closed_march(books)
    job = jobs.ask_for_run(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 3))
    with pytest.raises(jobs.Busy, match="2026-03 is busy: run"):
        jobs.ask_for_run(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 3))
    done(job)
    done(job)
    assert Run.objects.count() == 1
    assert DBTaskResult.objects.filter(task_path__endswith="tasks.do_job").count() == 1


def test_the_tasks_of_the_worker_do_what_was_asked_for():
    books = march_of_the_family()
    closed_march(books)
    job = jobs.ask_for_run(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 3))
    tasks.do_job.call(job_id=job.pk)
    assert Run.objects.get().total == 1_700
    april = Period.objects.get(name="2026-04")
    tasks.estimate_period.call(period_id=april.pk)
    assert PeriodEstimate.objects.get(period=april).failure == ""


def test_what_is_refused_is_told_on_the_job():
    """The plan asks for a column that nobody knows: the period stays open and the job says why."""
    document = PLAN.replace("levels = 2\n", "levels = 2\npayee = \"payee.diet == 'tea'\"\n")
    books = march_of_the_family()
    approved_plan(document + '\n[attributes.diet]\nkind = "text"\n', finn=books.finn,
                  greta=books.greta)  # fmt: skip
    job = done(jobs.ask_for_close(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 2)))
    assert job.state == Job.State.FAILED
    assert "diet" in job.failure
    assert Period.objects.get(pk=books.march.pk).state == Period.State.OPEN


def test_a_job_whose_worker_was_killed_is_asked_for_again():
    books = march_of_the_family()
    closed_march(books)
    ask = partial(jobs.ask_for_run, period_id=books.march.pk, actor=SCHEDULE)
    killed = ask(at=at(4, 3))
    Job.objects.filter(pk=killed.pk).update(state="working", started_at=at(4, 3))
    with pytest.raises(jobs.Busy):
        ask(at=at(4, 3) + timedelta(minutes=29))
    again = ask(at=at(4, 3) + timedelta(minutes=30))
    killed.refresh_from_db()
    assert (killed.state, done(again).state) == ("failed", "done")
    assert "broke off" in killed.failure


def test_what_is_out_of_turn_is_refused_before_it_is_asked_for():
    books = march_of_the_family()
    with pytest.raises(CannotClosePeriod, match="not over yet"):
        jobs.ask_for_close(period_id=books.march.pk, actor=SCHEDULE, at=at(3, 31))
    with pytest.raises(NotClosed, match="2026-03 is open"):
        jobs.ask_for_run(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 1))
    assert not Job.objects.exists()


def settings_of(**settings):
    return override_settings(MLM={"TIME_ZONE": "UTC", **settings})


def test_the_schedule_opens_ahead_and_closes_only_where_it_is_told_to():
    """March ended at midnight of 31 March: 36 hours later it is 12:00 of 1 April."""
    march_of_the_family()
    schedule.keep_books(at=at(4, 1))
    assert Period.objects.filter(name="2026-05").exists()
    assert not Job.objects.exists()
    with settings_of(CLOSE_PERIODS_AFTER_HOURS=13):
        schedule.keep_books(at=at(4, 1))
        assert not Job.objects.exists()
    with settings_of(CLOSE_PERIODS_AFTER_HOURS=12):
        schedule.keep_books(at=at(4, 1))
        schedule.keep_books(at=at(4, 1))
    job = Job.objects.get()
    assert (job.kind, job.period.name, job.author) == ("close", "2026-03", None)


def test_without_a_plan_the_schedule_has_nothing_to_do():
    schedule.keep_books(at=at(4, 1))
    assert not Period.objects.exists()


def test_the_commands_do_the_same(capsys):
    books = march_of_the_family()
    call_command("mlm_open_periods", "--through", "2026-05-01")
    assert "month 2026-05" in capsys.readouterr().out
    call_command("mlm_close_period", "2026-03")
    assert "4 members, 2 lines" in capsys.readouterr().out
    call_command("mlm_run_period", "2026-03")
    run = Run.objects.get()
    assert "4 awards to 3 payees, 1700 " in capsys.readouterr().out
    with pytest.raises(CommandError, match="second person"):
        call_command("mlm_commit_run", str(run.pk))
    with pytest.raises(CommandError, match="no period 2027-01"):
        call_command("mlm_close_period", "2027-01")
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 3))
    call_command("mlm_commit_run", str(run.pk))
    assert "3 entries posted" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_who_ask_at_once_the_second_is_told():
    books = march_of_the_family()
    ask = partial(jobs.ask_for_run, period_id=books.march.pk, actor=SCHEDULE, at=at(4, 3))
    closed_march(books)
    results = run_together([ask, ask])
    assert sorted(type(result).__name__ for result in results) == ["Busy", "Job"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_job_taken_by_two_workers_is_done_by_one():
    books = march_of_the_family()
    run = locked_run(books)
    job = jobs.ask_for_commit(run_id=run.pk, total=1_700, actor=SCHEDULE, at=at(4, 4))
    take = partial(jobs.do_job, job_id=job.pk, clock=partial(at, 4, 4))
    run_together([take, take])
    assert [wallet(member) for member in books.family] == [167, 733, 800, 0]
    assert Action.objects.filter(name="run.commit").count() == 1
