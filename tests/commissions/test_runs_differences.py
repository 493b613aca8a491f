"""Difference runs: a paid period on corrected facts, and only what differs is posted, once."""

from dataclasses import replace
from functools import partial

import pytest
from django.core.files.storage import storages

from mlm_plugin.commissions.differences import NothingCommitted, run_difference
from mlm_plugin.commissions.models import Award, Period, Run, TakenUp
from mlm_plugin.commissions.periods import close_period
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.selectors import find_problems, preview_period
from mlm_plugin.commissions.services import CannotCommit, CannotLock, commit_run, lock_run
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account, Entry
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.ledger.selectors import get_balance
from mlm_plugin.plan.freezing import thaw
from mlm_plugin.plan.running import run_plan
from mlm_plugin.volumes.facts import Reversal
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import PLAN, closed_march, locked_run, march_of_the_family, wallet
from tests.racing import run_together
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

RECOMPUTE = PLAN + '\n[returns]\nlater_period = "recompute"\n'
HOLD = PLAN + "\n[money]\nhold_periods = 1\n"


def paid_march(document=PLAN):
    """March as worked by hand, committed: ada 1.67, ben 7.33, cleo 8.00."""
    books = march_of_the_family(document)
    commit_run(run_id=locked_run(books).pk, actor=SCHEDULE, at=at(4, 4))
    return books


def late_order(books, **fields):
    """Paid on the last day of March, known on the fifth of April: 8.00 to cleo, 4.00 to ben."""
    order = order_of(books.family.dora, paid_at=at(3, 31), **fields)
    credit_orders(facts=[order])
    return order


def difference_of(books, day=6):
    return run_difference(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, day))


def locked_difference(books, day=6):
    run = difference_of(books, day)
    return lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, day))


def wallets(books):
    return [wallet(member) for member in books.family]


def april():
    return Period.objects.get(name="2026-04")


def test_a_late_order_is_paid_for_its_own_month_and_no_other():
    """Before the commit the 80.00 CV count in April, after it in March; cleo 16.00, ben 11.33."""
    books = paid_march()
    late_order(books)
    assert preview_period(period_id=april().pk, at=at(4, 5)).total == 1_200
    run = locked_difference(books)
    assert (run.kind, run.total, run.award_count) == ("difference", 1_200, 2)
    assert preview_period(period_id=april().pk, at=at(4, 6)).total == 1_200
    assert commit_run(run_id=run.pk, actor=Actor(books.finn), at=at(4, 7)) == 2
    assert wallets(books) == [167, 1_133, 1_600, 0]
    assert preview_period(period_id=april().pk, at=at(4, 8)).total == 0
    keys = Entry.objects.filter(key__startswith="difference-commission:").order_by("key")
    assert [entry.key for entry in keys] == [
        f"difference-commission:{books.march.pk}:2:levels:{member.pk}"
        for member in (books.family.ben, books.family.cleo)
    ]
    assert list(find_problems()) == find_ledger_problems() == []


def test_the_difference_says_what_was_and_what_is():
    books = paid_march()
    late_order(books)
    lines = Award.objects.filter(run=difference_of(books)).order_by("payee__code")
    assert [(line.payee.code, line.amount, line.rate, line.because) for line in lines] == [
        ("BEN", 400, "0.05", "difference [was=4.00; now=8.00]"),
        ("CLEO", 800, "0.1", "difference [was=8.00; now=16.00]"),
    ]


def test_the_frozen_file_of_a_difference_gives_its_result_again(tmp_path):
    books = paid_march()
    late_order(books)
    run = difference_of(books)
    kept = tmp_path / "inputs.zip"
    kept.write_bytes(storages["private"].open(run.inputs).read())
    plan, snapshot = thaw(kept)
    assert (snapshot.digest(), run_plan(plan=plan, snapshot=snapshot).digest()) == (
        run.inputs_digest, run.result_digest,
    )  # fmt: skip


def test_a_late_refund_under_a_plan_that_computes_anew():
    """Three of dora's ten pieces come back in April: cleo 8.00 to 5.60, ben 4.00 to 2.80."""
    books = march_of_the_family(RECOMPUTE)
    order = order_of(books.family.dora)
    credit_orders(facts=[order])
    commit_run(run_id=locked_run(books).pk, actor=SCHEDULE, at=at(4, 4))
    assert wallets(books) == [167, 1_133, 1_600, 0]
    back = Reversal(key="1", happened_at=at(4, 5), pieces=((order.lines[0].line_id, 3),))
    credit_orders(facts=[replace(order, reversals=(back,))])
    run = locked_difference(books)
    assert run.total == -360
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 7))
    assert wallets(books) == [167, 1_133 - 120, 1_600 - 240, 0]
    assert difference_of(books, 8).difference_count == 0


def test_a_second_difference_takes_up_what_came_since_and_nothing_twice():
    books = paid_march()
    late_order(books)
    commit_run(run_id=locked_difference(books).pk, actor=SCHEDULE, at=at(4, 7))
    assert difference_of(books, 8).total == 0
    late_order(books)
    run = locked_difference(books, 9)
    assert (run.number, run.total) == (4, 1_200)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 10))
    assert wallets(books) == [167, 1_533, 2_400, 0]
    assert TakenUp.objects.count() == 2
    assert list(find_problems()) == []


def test_what_is_held_follows_the_difference():
    """All of it is held for a period: 12.00 more are held, and the wallets stay empty."""
    books = paid_march(HOLD)
    late_order(books)
    commit_run(run_id=locked_difference(books).pk, actor=SCHEDULE, at=at(4, 7))
    assert wallets(books) == [0, 0, 0, 0]
    held = [
        get_balance(owner=member.pk, kind=Account.Kind.HELD, unit="EUR") for member in books.family
    ]
    assert held == [167, 1_133, 1_600, 0]


def test_committed_twice_it_is_posted_once():
    books = paid_march()
    late_order(books)
    run = locked_difference(books)
    assert commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 7)) == 2
    assert commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 8)) == 0
    assert wallet(books.family.cleo) == 1_600


def test_a_difference_of_what_is_not_the_latest_is_refused():
    books = paid_march()
    late_order(books)
    first, second = locked_difference(books), difference_of(books, 7)
    with pytest.raises(CannotLock, match="Run 2 of 2026-03 is locked already"):
        lock_run(run_id=second.pk, actor=Actor(books.greta), at=at(4, 7))
    commit_run(run_id=first.pk, actor=SCHEDULE, at=at(4, 7))
    with pytest.raises(CannotLock, match="compute this one again"):
        lock_run(run_id=second.pk, actor=Actor(books.greta), at=at(4, 7))


def test_what_a_closed_month_has_counted_is_taken_up_by_no_other():
    """April is closed with the late order in it: the difference of March that waits is outdated."""
    books = paid_march()
    late_order(books)
    run = locked_difference(books)
    close_period(period_id=april().pk, actor=SCHEDULE, at=at(5, 1))
    with pytest.raises(CannotCommit, match="closed period by now"):
        commit_run(run_id=run.pk, actor=SCHEDULE, at=at(5, 1))
    paid = run_period(period_id=april().pk, actor=SCHEDULE, started_at=at(5, 1))
    assert paid.total == 1_200
    assert not TakenUp.objects.exists()
    assert run_difference(
        period_id=books.march.pk, actor=SCHEDULE, started_at=at(5, 2)
    ).total == 0  # fmt: skip


def test_nothing_committed_has_no_difference():
    books = march_of_the_family()
    closed_march(books)
    with pytest.raises(NothingCommitted, match="2026-03"):
        difference_of(books)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_difference_committed_while_the_next_month_closes_counts_in_one_of_them():
    books = paid_march()
    late_order(books)
    run = locked_difference(books)
    commit = partial(commit_run, run_id=run.pk, actor=SCHEDULE, at=at(5, 1))
    close = partial(close_period, period_id=april().pk, actor=SCHEDULE, at=at(5, 1))
    run_together([commit, close])
    of_april = run_period(period_id=april().pk, actor=SCHEDULE, started_at=at(5, 2))
    is_taken = Run.objects.get(pk=run.pk).state == Run.State.COMMITTED
    assert of_april.total == (0 if is_taken else 1_200)
    assert wallet(books.family.cleo) == (1_600 if is_taken else 800)
