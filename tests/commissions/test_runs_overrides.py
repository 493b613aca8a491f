"""Overrides: by one person, approved by another, part of every further run, and kept."""

import uuid
from functools import partial

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError, transaction

from mlm_plugin.commissions.models import Award, Run
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.overrides import (
    CannotOverride,
    decide_override,
    propose_override,
    withdraw_override,
)
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.selectors import find_problems, read_differences
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.plan.freezing import thaw
from mlm_plugin.plan.running import run_plan
from tests.commissions.books import PLAN, closed_march, march_of_the_family, wallet
from tests.factories import make_member
from tests.racing import run_together
from tests.volumes.orders import at

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LADDER = """
[ladders.rank]
ranks = [{ name = "Partner", requires = ["pv >= 5000"] }, { name = "Leader", requires = ["pv >= 9000"] }]
"""
FOR_LEADERS = (
    PLAN.replace("levels = 2\n", "levels = 2\npayee = \"payee.rank >= 'Leader'\"\n") + LADDER
)
FOR_ACTIVE = PLAN.replace("levels = 2\n", "levels = 2\npayee = \"payee.status == 'active'\"\n")


def proposed(books, member, **fields):
    given = {"kind": "amount", "reason": "Agreed at the fair", **fields}
    return propose_override(
        key=uuid.uuid4(), period_id=books.march.pk, member_id=member.pk, actor=Actor(books.finn),
        at=at(4, 1), **given,
    )  # fmt: skip


def approved(books, member, **fields):
    override = proposed(books, member, **fields)
    return decide_override(
        override_id=override.pk, is_approved=True, actor=Actor(books.greta), at=at(4, 1)
    )


def run_of(books):
    return run_period(period_id=books.march.pk, actor=Actor(books.finn), started_at=at(4, 3))


def paid_by(run):
    return dict(
        Award.objects.filter(run=run).values_list("payee__code", "amount").order_by("payee__code")
    )


def test_an_amount_is_paid_as_an_award_of_its_own_name():
    """Of 17.00 as worked by hand cleo has 8.00; with 12.50 by hand she has 20.50 of 29.50."""
    books = march_of_the_family()
    closed_march(books)
    before = run_of(books)
    approved(books, books.family.cleo, amount=1_250)
    run = run_of(books)
    assert (before.total, run.total, run.difference_total) == (1_700, 2_950, 1_250)
    assert "CLEO,adjustment,CLEO,,,0,0.00,12.50,12.50" in read_differences(run_id=run.pk)
    award = Award.objects.get(run=run, bonus="adjustment")
    assert (award.payee.code, award.amount, award.because) == (
        "CLEO", 1_250, "adjusted:Agreed at the fair",
    )  # fmt: skip
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(4, 4))
    assert commit_run(run_id=run.pk, actor=Actor(books.finn), at=at(4, 4)) == 4
    assert wallet(books.family.cleo) == 2_050
    assert list(find_problems()) == []


def test_a_rank_that_is_given_is_paid_and_stands_in_the_frozen_file(tmp_path):
    """Nobody has the 90 points of a leader; made one, ben has 3.33 and 4.00, and nobody else has."""
    books = march_of_the_family(FOR_LEADERS)
    closed_march(books)
    assert run_of(books).total == 0
    approved(books, books.family.ben, kind="rank", value="Leader")
    run = run_of(books)
    assert run.total == 733
    assert run.inputs_digest != run.period.inputs_digest
    kept = tmp_path / "inputs.zip"
    kept.write_bytes(storages["private"].open(run.inputs).read())
    plan, snapshot = thaw(kept)
    assert snapshot.digest() == run.inputs_digest
    assert run_plan(plan=plan, snapshot=snapshot).digest() == run.result_digest


def test_a_status_that_is_given_counts_for_this_period():
    books = march_of_the_family(FOR_ACTIVE)
    closed_march(books)
    approved(books, books.family.cleo, kind="status", value="suspended")
    assert set(paid_by(run_of(books))) == {"ADA", "BEN"}
    approved(books, books.family.cleo, kind="status", value="")
    assert paid_by(run_of(books))["CLEO"] == 800


def test_what_is_proposed_or_declined_changes_no_run():
    books = march_of_the_family()
    closed_march(books)
    override = proposed(books, books.family.cleo, amount=1_250)
    first = run_of(books)
    decide_override(
        override_id=override.pk, is_approved=False, actor=Actor(books.greta), at=at(4, 2)
    )
    second = run_of(books)
    assert first.inputs == second.inputs == second.period.inputs
    assert first.inputs_digest == second.inputs_digest
    assert first.total == second.total == 1_700


def test_nobody_approves_the_own_override_and_only_its_author_withdraws_it():
    books = march_of_the_family()
    override = proposed(books, books.family.ben, amount=100)
    own = partial(decide_override, override_id=override.pk, actor=Actor(books.finn), at=at(4, 2))
    with pytest.raises(CannotOverride, match="second person"):
        own(is_approved=True)
    with pytest.raises(CannotOverride, match="Only who proposed"):
        withdraw_override(override_id=override.pk, actor=Actor(books.greta), at=at(4, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(
            state="approved", decided_by=books.finn, decided_at=at(4, 2)
        )
    withdraw_override(override_id=override.pk, actor=Actor(books.finn), at=at(4, 2))
    with pytest.raises(CannotOverride, match="decided already"):
        decide_override(
            override_id=override.pk, is_approved=True, actor=Actor(books.greta), at=at(4, 2)
        )
    assert [action.name for action in Action.objects.filter(name__startswith="override.")] == [
        "override.propose", "override.withdraw",
    ]  # fmt: skip


def test_the_database_keeps_what_is_approved():
    books = march_of_the_family()
    override = approved(books, books.family.ben, amount=100)
    rows = Override.objects.filter(pk=override.pk)
    for change in (lambda: rows.update(amount=1), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="correct by adding"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": 0}, "above or below zero"),
        ({"amount": 10**13}, "too large"),
        ({"amount": 5, "reason": "  "}, "needs a reason"),
        ({"kind": "rank", "value": "Captain"}, "Captain.*Partner, Leader"),
        ({"kind": "status", "value": "asleep"}, "asleep.*active"),
        ({"kind": "rank", "value": "Leader", "amount": 5}, "not among"),
    ],
    ids=["nothing", "large", "no reason", "rank", "status", "both"],
)
def test_what_cannot_be_is_refused_with_what_would_be_right(fields, words):
    books = march_of_the_family(PLAN + LADDER)
    with pytest.raises(CannotOverride, match=words):
        proposed(books, books.family.ben, **fields)
    assert not Override.objects.exists()


def test_who_joined_later_has_no_override():
    books = march_of_the_family()
    emil = make_member("emil", books.family.dora, joined_at=at(4, 1))
    with pytest.raises(CannotOverride, match="EMIL joined after 2026-03-31"):
        proposed(books, emil, amount=100)


def test_proposed_twice_it_is_there_once():
    books = march_of_the_family()
    key = uuid.uuid4()
    first, second = (
        propose_override(
            key=key, period_id=books.march.pk, member_id=books.family.ben.pk, kind="amount",
            amount=500, reason="Twice", actor=Actor(books.finn), at=at(4, 1),
        )
        for _each in range(2)
    )  # fmt: skip
    assert first == second


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_approved_and_withdrawn_at_once_it_is_one_of_them():
    books = march_of_the_family()
    override = proposed(books, books.family.ben, amount=100)
    results = run_together(
        [
            partial(
                decide_override, override_id=override.pk, is_approved=True,
                actor=Actor(books.greta), at=at(4, 2),
            ),
            partial(withdraw_override, override_id=override.pk, actor=Actor(books.finn), at=at(4, 2)),
        ]
    )  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["CannotOverride", "Override"]
    assert not Run.objects.exists()
