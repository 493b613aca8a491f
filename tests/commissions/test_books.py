"""From orders to wallets: a closed period is frozen, run, locked by a second person, and paid once."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError, transaction

from mlm_plugin.commissions.models import Award, Period, PlanVersion, Run
from mlm_plugin.commissions.periods import (
    CannotClosePeriod,
    close_period,
    span_of,
)
from mlm_plugin.commissions.plan_versions import (
    draft_plan,
)
from mlm_plugin.commissions.runs import NotClosed, run_period
from mlm_plugin.commissions.selectors import (
    find_problems,
    preview_period,
    read_differences,
)
from mlm_plugin.commissions.services import (
    CannotCommit,
    CannotLock,
    commit_run,
    lock_run,
    release_run,
)
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.commissions.statements import get_statement
from mlm_plugin.commissions.stored_files import ChangedFile
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account, Entry
from mlm_plugin.ledger.selectors import closed_through, get_balance
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.services import change_status
from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.volumes.facts import Reversal
from mlm_plugin.volumes.rebuilding import move_branch
from mlm_plugin.volumes.services import adjust_points, credit_orders
from tests.commissions.books import (
    APRIL,
    MARCH,
    PLAN,
    approved_plan,
    closed_march,
    locked_run,
    march_of_the_family,
    wallet,
)
from tests.network.placements import plant, tree
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def books():
    return march_of_the_family()


def test_a_month_worked_by_hand(books):
    """Ada sponsors ben, ben sponsors cleo, cleo sponsors dora; 10 % and 5 % of CV.

    Dora's order, 80.00 CV: cleo 8.00, ben 4.00. Cleo's customer's, 33.33 CV: ben 3.333, which is
    3.33, ada 1.6665, which is 1.67 (half up). So ada 1.67, ben 7.33, cleo 8.00, dora nothing.
    """
    run = locked_run(books)
    assert (run.total, run.award_count, run.payee_count) == (1_700, 4, 3)
    assert [wallet(member) for member in books.family] == [0, 0, 0, 0]
    assert commit_run(run_id=run.pk, actor=Actor(books.finn), at=at(4, 4)) == 3
    ada, ben, cleo, dora = books.family
    assert [wallet(member) for member in books.family] == [167, 733, 800, 0]
    assert get_balance(owner=0, kind=Account.Kind.COMMISSIONS, unit="EUR") == -1_700
    assert list(find_problems()) == find_ledger_problems() == []

    statement = get_statement(member_id=ben.pk, period_id=books.march.pk)
    assert [
        (each.source, each.level, each.base, each.rate, each.amount, each.because)
        for each in statement.awards
    ] == [("CLEO", 1, "33.33", "0.1", 333, "paid"), ("DORA", 2, "80", "0.05", 400, "paid")]
    assert (statement.total, statement.held, statement.currency) == (733, 0, "EUR")
    for member in (ada, ben, cleo, dora):
        statement = get_statement(member_id=member.pk, period_id=books.march.pk)
        assert statement.total == wallet(member)


def test_nothing_is_told_or_paid_before_the_commit(books):
    run = locked_run(books)
    assert get_statement(member_id=books.family.ben.pk, period_id=books.march.pk) is None
    release_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 3))
    with pytest.raises(CannotCommit, match="second person"):
        commit_run(run_id=run.pk, actor=Actor(books.finn), at=at(4, 4))
    assert not Entry.objects.filter(key__startswith="commission:").exists()


def test_the_plans_command_line_runs_the_frozen_file_to_the_same_result(books, tmp_path):
    run = locked_run(books)
    run.period.refresh_from_db()
    frozen, plan = tmp_path / "inputs.zip", tmp_path / "plan.toml"
    frozen.write_bytes(storages["private"].open(run.period.inputs).read())
    plan.write_text(run.plan_version.document)
    out = tmp_path / "out"
    assert main(["run", str(plan), "--snapshot", str(frozen), "--out", str(out)]) == 0
    digests = json.loads((out / "summary.json").read_text())["digests"]
    assert digests == {
        "plan": run.plan_version.digest,
        "inputs": run.inputs_digest,
        "results": run.result_digest,
    }
    assert run.inputs_digest == run.period.inputs_digest
    assert rows_of(out / "awards.csv") == [
        {
            "payee": award.payee.code, "bonus": award.bonus, "source": award.source.code,
            "order": award.order, "line": award.line, "level": str(award.level),
            "base": award.base, "rate": award.rate, "amount": f"{award.amount / 100:.2f}",
            "reason": award.because,
        }
        for award in Award.objects.filter(run=run).order_by("pk")
    ]  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_trees_and_statuses_are_those_of_the_periods_end(books):
    """Dora moves to ada in April: March still pays cleo and ben on her order."""
    ada, _ben, _cleo, dora = books.family
    move_branch(member_id=dora.pk, new_sponsor_id=ada.pk, moved_at=at(4, 1))
    run = locked_run(books)
    paid = Award.objects.filter(run=run, source=dora).order_by("level")
    assert [award.payee.code for award in paid] == ["CLEO", "BEN"]


def test_a_late_order_counts_in_april_and_only_there(books):
    """Paid on 31 March and known on 2 April, after March was closed: dora's 80.00 are April's."""
    closed_march(books)
    credit_orders(facts=[order_of(books.family.dora, paid_at=at(3, 31))])
    run = run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    assert run.total == 1_700
    april = Period.objects.get(name="2026-04")
    preview = preview_period(period_id=april.pk, at=at(4, 3))
    assert preview.totals == {"CLEO": {"levels": 800}, "BEN": {"levels": 400}}


def test_a_refund_in_the_month_lowers_what_is_paid(books):
    """Of ten pieces for 80.00 CV three come back: 56.00 CV pay cleo 5.60 and ben 2.80."""
    order = order_of(books.family.dora)
    back = Reversal(key="1", happened_at=at(3, 20), pieces=((order.lines[0].line_id, 3),))
    credit_orders(facts=[replace(order, reversals=(back,))])
    preview = preview_period(period_id=books.march.pk, at=at(3, 21))
    assert preview.totals["CLEO"] == {"levels": 800 + 560}
    closed_march(books)
    run = run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    assert preview.result_digest == run.result_digest
    assert preview.inputs_digest == run.inputs_digest


def test_points_by_hand_qualify_and_pay_nobody(books):
    plan = PLAN.replace("levels = 2\n", 'levels = 2\npayee = "payee.pv >= 40"\n')
    adjust_points(
        member_id=books.family.ben.pk, pv=4_000, cv=4_000, kind="personal", reason="Fair",
        author_id=books.finn.pk, happened_at=at(4, 1), key="fair",
    )  # fmt: skip
    credit_orders(facts=[order_of(books.family.dora, paid_at=at(4, 1))])
    approved_plan(plan, finn=books.finn, greta=books.greta, begin=APRIL)
    preview = preview_period(period_id=Period.objects.get(name="2026-04").pk, at=at(4, 3))
    # Cleo has no points of her own in April; nobody is paid on what ben was given.
    assert preview.totals == {"BEN": {"levels": 400}}


def test_what_is_carried_over_comes_from_the_committed_month(books):
    """Payouts of less than 5.00 are carried: of March's 1.67 ada's April begins with 1.67."""
    document = PLAN + "\n[money]\npayout_minimum = 5\n"
    approved_plan(document, finn=books.finn, greta=books.greta)
    run = locked_run(books)
    april = Period.objects.get(name="2026-04")
    with pytest.raises(CannotClosePeriod, match="2026-03 is to be committed first"):
        close_period(period_id=april.pk, actor=SCHEDULE, at=at(5, 2))
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    credit_orders(facts=[order_of(books.family.ben, cv=5_000, paid_at=at(4, 5))])
    close_period(period_id=april.pk, actor=SCHEDULE, at=at(5, 2))
    run = run_period(period_id=april.pk, actor=Actor(books.finn), started_at=at(5, 2))
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(5, 2))
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(5, 2))
    statement = get_statement(member_id=books.family.ada.pk, period_id=april.pk)
    assert dict(statement.settled) == {"balance_before": 167, "earned": 500, "paid": -667}
    assert wallet(books.family.ada) == 667


def test_what_is_held_waits_beside_the_wallet(books):
    approved_plan(PLAN + "\n[money]\nhold_periods = 1\n", finn=books.finn, greta=books.greta)
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    ben = books.family.ben
    assert wallet(ben) == 0
    assert get_balance(owner=ben.pk, kind=Account.Kind.HELD, unit="EUR") == 733
    statement = get_statement(member_id=ben.pk, period_id=books.march.pk)
    assert (statement.total, statement.held) == (733, 733)


def test_runs_are_kept_and_compared(books):
    closed_march(books)
    first, second = (
        run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, day))
        for day in (3, 4)
    )
    assert (first.number, second.number) == (1, 2)
    assert first.result_digest == second.result_digest
    assert first.compared_with is None
    assert (second.compared_with, second.difference_count) == (first, 0)
    assert read_differences(run_id=first.pk) == ""
    assert read_differences(run_id=second.pk).splitlines() == [
        "payee,bonus,source,order,line,level,before,after,amount"
    ]


def test_committing_twice_posts_once(books):
    run = locked_run(books)
    assert commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4)) == 3
    assert commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 5)) == 0
    assert wallet(books.family.ben) == 733


def test_the_preparer_does_not_lock_and_one_run_is_locked(books):
    closed_march(books)
    first, second = (
        run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))
        for _each in range(2)
    )
    with pytest.raises(CannotLock, match="second person"):
        lock_run(run_id=first.pk, actor=Actor(books.finn), at=at(4, 3))
    lock_run(run_id=first.pk, actor=Actor(books.greta), at=at(4, 3))
    with pytest.raises(CannotLock, match="Run 1 of 2026-03"):
        lock_run(run_id=second.pk, actor=Actor(books.greta), at=at(4, 3))
    release_run(run_id=first.pk, actor=Actor(books.greta), at=at(4, 3))
    assert (
        lock_run(run_id=second.pk, actor=Actor(books.greta), at=at(4, 3)).state == Run.State.LOCKED
    )


def test_closing_is_in_order_after_the_end_and_freezes_once(books):
    with pytest.raises(CannotClosePeriod, match="not over yet"):
        close_period(period_id=books.march.pk, actor=SCHEDULE, at=at(3, 31))
    april = Period.objects.get(name="2026-04")
    with pytest.raises(CannotClosePeriod, match="2026-03 is to be closed first"):
        close_period(period_id=april.pk, actor=SCHEDULE, at=at(5, 2))
    with pytest.raises(NotClosed, match="2026-03 is open"):
        run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 1))
    first = closed_march(books)
    assert closed_through() == date(2026, 3, 31)
    again = close_period(period_id=books.march.pk, actor=SCHEDULE, at=at(4, 9))
    assert (again.inputs, again.closed_at) == (first.inputs, first.closed_at)
    assert (first.member_count, first.line_count) == (4, 2)


def test_a_plan_that_asks_for_what_is_not_known_closes_nothing(books):
    document = PLAN.replace("levels = 2\n", "levels = 2\npayee = \"payee.diet == 'tea'\"\n")
    document += '\n[attributes.diet]\nkind = "text"\n'
    approved_plan(document, finn=books.finn, greta=books.greta)
    with pytest.raises(CannotClosePeriod, match=r"2026-03 cannot be computed.*diet"):
        closed_march(books)
    approved_plan(PLAN, finn=books.finn, greta=books.greta)
    assert closed_march(books).state == Period.State.CLOSED


def test_a_frozen_file_that_was_changed_is_not_run(books):
    period = closed_march(books)
    store = storages["private"]
    store.delete(period.inputs)
    store.save(period.inputs, ContentFile(b"something else"))
    with pytest.raises(ChangedFile, match="digest"):
        run_period(period_id=period.pk, actor=SCHEDULE, started_at=at(4, 3))
    assert not Run.objects.exists()


def refused(change) -> None:
    with pytest.raises(DatabaseError, match=r"correct by adding|run again"), transaction.atomic():
        change()


def test_the_database_keeps_what_is_approved_closed_and_committed(books):
    run = locked_run(books)
    runs, versions = Run.objects.filter(pk=run.pk), PlanVersion.objects.all()
    refused(lambda: runs.update(total=1))
    refused(lambda: runs._raw_delete("default"))
    refused(lambda: versions.update(document="other"))
    refused(lambda: versions._raw_delete("default"))
    refused(lambda: Period.objects.filter(pk=books.march.pk).update(inputs="other"))
    refused(lambda: Award.objects.update(amount=1))
    refused(lambda: Award.objects.all()._raw_delete("default"))
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    refused(lambda: runs.update(state="locked", committed_at=None))
    refused(lambda: runs.update(committed_by=books.finn))


def test_the_database_wants_a_second_person_and_one_period_at_a_time(books):
    run = locked_run(books)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(locked_by=books.finn)
    draft = draft_plan(document=PLAN, actor=Actor(books.finn), at=at(2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=draft.pk).update(
            state="approved", approved_by=books.finn, approved_at=at(2, 1), effective_from=MARCH
        )
    with pytest.raises(DatabaseError, match=r"at that time|at_a_time"), transaction.atomic():
        Period.objects.create(
            calendar="month", name="P", first=date(2026, 3, 20), last=date(2026, 4, 2)
        )


def test_places_and_statuses_are_frozen_as_they_were():
    """Ada has ben left and cleo right; in April cleo moves below ben, who is suspended."""
    with tree():
        members = plant({"ada": None, "ben": ("ada", 0), "cleo": ("ada", 1)})
        plan = load_plan(PLAN + BINARY)
        march = span_of(
            Period(calendar="month", name="2026-03", first=MARCH, last=date(2026, 3, 31))
        )
        before = take_snapshot(plan=plan, period=march)
        ben, cleo = members["ben"], members["cleo"]
        move_placement(member_id=cleo.pk, parent_id=ben.pk, slot=0, moved_at=at(4, 1))
        change_status(
            member_id=ben.pk, after="suspended", reason="Asked", author_id=None, changed_at=at(4, 1)
        )
        assert take_snapshot(plan=plan, period=march).digest() == before.digest()
        april = span_of(
            Period(calendar="month", name="2026-04", first=APRIL, last=date(2026, 4, 30))
        )
        after = take_snapshot(plan=plan, period=april)
    assert before.positions.ids.tolist() == ["ADA", "BEN", "CLEO"]
    assert before.positions.parents["binary"].tolist() == [-1, 0, 0]
    assert before.positions.sides["binary"].tolist() == [-1, 0, 1]
    assert after.positions.parents["binary"].tolist() == [-1, 0, 1]
    words = after.positions.columns["status"]
    assert [words.words[code] for code in words.codes] == ["active", "suspended", "active"]


BINARY = """
[trees.binary]
parent = "placement"
side = "side"
width = 2
"""
