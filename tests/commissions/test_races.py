"""Several at once, and processes that are killed: every award is paid once, every order in one period."""

import os
import signal
import subprocess
import sys
from functools import partial
from threading import Barrier

import pytest
from django.core.files.storage import storages
from django.db import transaction

from mlm_plugin.commissions.models import Award, Period, Run
from mlm_plugin.commissions.periods import close_period
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.selectors import find_problems, preview_period
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account, Entry
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import closed_march, locked_run, march_of_the_family, wallet
from tests.racing import run_together
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_four_commits_at_once_pay_once():
    books = march_of_the_family()
    run = locked_run(books)
    commit = partial(commit_run, run_id=run.pk, actor=Actor(books.finn), at=at(4, 4))
    assert sorted(run_together([commit] * 4)) == [0, 0, 0, 3]
    assert [wallet(member) for member in books.family] == [167, 733, 800, 0]
    assert list(find_problems()) == find_ledger_problems() == []


def test_without_lock_and_key_two_commits_at_once_would_pay_twice():
    """The fault that `commit_run` is built against: both look at the state before either changes it."""
    books = march_of_the_family()
    run = locked_run(books)
    looked = Barrier(2)

    def commit(attempt: int) -> None:
        with transaction.atomic():
            assert Run.objects.get(pk=run.pk).state == Run.State.LOCKED
            looked.wait(20)
            award = Award.objects.filter(run=run, payee=books.family.cleo).get()
            sides = (
                NewPosting(award.payee_id, Account.Kind.WALLET, "EUR", award.amount),
                NewPosting(0, Account.Kind.COMMISSIONS, "EUR", -award.amount),
            )
            key = f"attempt:{attempt}"
            post_entries(entries=[NewEntry(key=key, happened_at=at(4, 4), postings=sides)])

    assert run_together([partial(commit, 1), partial(commit, 2)]) == [None, None]
    assert wallet(books.family.cleo) == 2 * 800


def test_two_runs_locked_at_once_leave_one():
    books = march_of_the_family()
    closed_march(books)
    runs = [
        run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))
        for _each in range(2)
    ]
    results = run_together(
        [partial(lock_run, run_id=run.pk, actor=Actor(books.greta), at=at(4, 3)) for run in runs]
    )
    assert sorted(type(result).__name__ for result in results) == ["CannotLock", "Run"]


def test_orders_during_a_close_are_in_exactly_one_period():
    books = march_of_the_family()
    orders = [order_of(books.family.dora) for _each in range(12)]
    jobs = [partial(credit_orders, facts=orders[start::4]) for start in range(4)]
    close = partial(close_period, period_id=books.march.pk, actor=SCHEDULE, at=at(4, 2))
    results = run_together([*jobs, close, close])
    assert [result for result in results if isinstance(result, Exception)] == []
    march = run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    books.march.refresh_from_db()
    april = preview_period(period_id=Period.objects.get(name="2026-04").pk, at=at(4, 3))
    frozen = books.march.line_count - 2
    # 8.00 and 4.00 on each of them.
    assert march.total == 1_700 + frozen * 1_200
    assert april.total == (12 - frozen) * 1_200


STOP_AND_WAIT = """
import sys
from datetime import datetime
import django
django.setup()
from mlm_plugin.commissions import {module} as module
from mlm_plugin.ledger.actions import SCHEDULE

before = module.{name}

def stop(*arguments, **options):
    before(*arguments, **options)
    print("in the middle", flush=True)
    sys.stdin.read()

module.{name} = stop
{call}
"""
# What is stopped after what, and how it is asked for.
STEPS = {
    "close": ("periods", "_freeze_inputs", "close_period(period_id={period}, actor=SCHEDULE, at=now)"),
    "run": ("runs", "_write_awards", "run_period(period_id={period}, actor=SCHEDULE, started_at=now)"),
    "commit": ("services", "post_entries", "commit_run(run_id={run}, actor=SCHEDULE, at=now)"),
}  # fmt: skip


def kill_in_the_middle(step: str, *, period: int, run: int) -> None:
    module, name, call = STEPS[step]
    now = f'now = datetime.fromisoformat("{at(4, 4).isoformat()}")\n'
    script = STOP_AND_WAIT.format(
        module=module, name=name, call=now + "module." + call.format(period=period, run=run)
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        assert child.stdout.readline() == "in the middle\n"
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert child.returncode == -signal.SIGKILL


def files_of_march() -> set[str]:
    """What is in the private store, where other tests of this process may have left theirs."""
    try:
        return set(storages["private"].listdir("periods/month/2026-03")[1])
    except FileNotFoundError:
        return set()


def test_killed_in_the_middle_of_each_step_and_repeated_the_books_are_the_same():
    """As in the month worked by hand: what the killed ones had begun is not there."""
    books = march_of_the_family()
    period = books.march.pk
    before = files_of_march()
    kill_in_the_middle("close", period=period, run=0)
    assert Period.objects.get(pk=period).state == Period.State.OPEN
    [kept] = files_of_march() - before
    assert closed_march(books).inputs.endswith(kept)
    assert files_of_march() - before == {kept}
    kill_in_the_middle("run", period=period, run=0)
    assert not Run.objects.exists()
    assert not Award.objects.exists()
    run = run_period(period_id=period, actor=Actor(books.finn), started_at=at(4, 3))
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 3))
    kill_in_the_middle("commit", period=period, run=run.pk)
    assert not Entry.objects.filter(key__startswith="commission:").exists()
    assert commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4)) == 3
    assert [wallet(member) for member in books.family] == [167, 733, 800, 0]
    assert list(find_problems()) == find_ledger_problems() == []
