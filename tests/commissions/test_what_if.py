"""What another plan would have paid on the frozen inputs, beside what was paid."""

import csv
import uuid

import pytest
from django.core.files.storage import storages

from mlm_plugin.commissions.models import Award, Period
from mlm_plugin.commissions.periods import close_period
from mlm_plugin.commissions.plan_versions import draft_plan
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.commissions.what_if import CannotAsk, ask_what_if, work_out
from mlm_plugin.commissions.what_if_models import WhatIf
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Action, Entry
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import PLAN, locked_run, march_of_the_family
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
# One level of 20 % instead of 10 % and 5 %.
FLAT = PLAN.replace("levels = 2", "levels = 1").replace("10% if level == 1 else 5%", "20%")


@pytest.fixture
def books():
    books = march_of_the_family()
    run = locked_run(books)
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(4, 4))
    return books


def draft(books, document):
    return draft_plan(document=document, actor=Actor(books.finn), at=at(4, 5))


def ask(books, version, *, key=None, first=None, last=None):
    first = first or books.march
    return ask_what_if(
        key=key or uuid.uuid4(),
        version_id=version.pk,
        first_id=first.pk,
        last_id=(last or first).pk,
        language="en",
        actor=Actor(books.finn),
        at=at(4, 5),
    )


def test_a_draft_beside_what_was_paid(books):
    """20 % on one level: cleo 16.00 instead of 8.00, ben 6.67 instead of 7.33, ada 0 instead of 1.67.

    Dora's 80.00 pay cleo; cleo's 33.33 pay ben 6.666. In all 22.67 instead of 17.00, of 100.00 of sales.
    """
    before = Entry.objects.count(), Award.objects.count()
    asked = ask(books, draft(books, FLAT))
    report = work_out(what_if_id=asked.pk, at=at(4, 6)).report
    assert (report["before"], report["after"], report["sales"]) == (1_700, 2_267, 10_000)
    assert (report["ratio_before"], report["ratio_after"]) == (0.17, 0.2267)
    assert report["bonuses"] == [
        {"bonus": "levels", "title": "levels", "before": 1_700, "after": 2_267}
    ]
    assert report["top_winners"] == [["CLEO", 800, 1_600]]
    assert report["top_losers"] == [["ADA", 167, 0], ["BEN", 733, 667]]
    assert (report["winners"], report["losers"], report["won"], report["lost"]) == (1, 2, 800, 233)
    assert (Entry.objects.count(), Award.objects.count()) == before


def test_the_plan_that_was_paid_changes_nothing(books):
    asked = ask(books, draft(books, PLAN))
    report = work_out(what_if_id=asked.pk, at=at(4, 6)).report
    assert report["before"] == report["after"] == 1_700
    assert (report["winners"], report["losers"], report["same"]) == (0, 0, 3)


def test_each_period_goes_on_from_what_the_plan_itself_left(books):
    """A minimum of 20.00 carries cleo's 8.00 of March into April as if it had held in March.

    Cleo's April brings her 8.00 again; 16.00 are carried, and her income is 16.00 over both months.
    """
    credit_orders(facts=[order_of(books.family.dora, paid_at=at(4, 5))])
    april = Period.objects.get(name="2026-04")
    close_period(period_id=april.pk, actor=Actor(books.finn), at=at(5, 2))
    run = run_period(period_id=april.pk, actor=Actor(books.finn), started_at=at(5, 2))
    lock_run(run_id=run.pk, actor=Actor(books.greta), at=at(5, 2))
    commit_run(run_id=run.pk, actor=SCHEDULE, at=at(5, 2))
    version = draft(books, PLAN + "\n[money]\npayout_minimum = 20\n")
    asked = ask(books, version, last=april)
    report = work_out(what_if_id=asked.pk, at=at(5, 3)).report
    assert [each["period"] for each in report["periods"]] == ["2026-03", "2026-04"]
    assert report["before"] == report["after"] == 1_700 + 1_200


def test_every_member_is_in_the_file(books):
    asked = work_out(what_if_id=ask(books, draft(books, FLAT)).pk, at=at(4, 6))
    text = storages["private"].open(asked.file).read().decode("utf-8-sig")
    rows = {row["member"]: row for row in csv.DictReader(text.splitlines())}
    assert {code: row["change"] for code, row in rows.items()} == {
        "ADA": "-1.67", "BEN": "-0.66", "CLEO": "8.00",
    }  # fmt: skip


def test_asked_twice_it_is_asked_once_and_logged(books):
    key, version = uuid.uuid4(), draft(books, FLAT)
    first = ask(books, version, key=key)
    assert ask(books, version, key=key).pk == first.pk
    assert Action.objects.filter(name="what_if.ask").count() == 1
    done = work_out(what_if_id=first.pk, at=at(4, 6))
    assert work_out(what_if_id=first.pk, at=at(4, 7)).finished_at == done.finished_at


def test_one_left_behind_by_a_killed_worker_is_taken_up_again(books):
    asked = ask(books, draft(books, FLAT))
    WhatIf.objects.filter(pk=asked.pk).update(state="working", started_at=at(4, 5))
    assert work_out(what_if_id=asked.pk, at=at(4, 6)).state == WhatIf.State.DONE


def test_what_does_not_fit_is_said(books):
    april = Period.objects.get(name="2026-04")
    with pytest.raises(CannotAsk, match="2026-04 is not closed"):
        ask(books, draft(books, FLAT), first=april)
    dollars = ask(books, draft(books, PLAN.replace("EUR", "USD")))
    failed = work_out(what_if_id=dollars.pk, at=at(4, 6))
    assert failed.state == WhatIf.State.FAILED
    assert "2026-03 was paid in EUR, and this plan pays in USD" in failed.failure


def test_a_plan_that_needs_what_was_not_frozen_says_what(books):
    needy = PLAN.replace("[trees.sponsor]", "[trees.places]").replace('"sponsor"', '"placement"')
    failed = work_out(what_if_id=ask(books, draft(books, needy)).pk, at=at(4, 6))
    assert failed.state == WhatIf.State.FAILED
    assert "trees.places" in failed.failure


def test_a_tree_that_means_something_else_now_is_not_taken_for_the_frozen_one(books):
    other = PLAN.replace('parent = "sponsor"', 'parent = "placement"')
    failed = work_out(what_if_id=ask(books, draft(books, other)).pk, at=at(4, 6))
    assert failed.state == WhatIf.State.FAILED
    assert "sponsor" in failed.failure
    assert "placement" in failed.failure


def test_by_rank_says_how_many_would_have_more_and_less():
    """Cleo and dora are leaders, cleo has 8.00 more; ada and ben hold no rank and have less."""
    ladder = '\n[ladders.rank]\n[[ladders.rank.ranks]]\nname = "Leader"\nrequires = ["pv >= 40"]\n'
    books = march_of_the_family(PLAN + ladder)
    commit_run(run_id=locked_run(books).pk, actor=SCHEDULE, at=at(4, 4))
    asked = work_out(what_if_id=ask(books, draft(books, FLAT + ladder)).pk, at=at(4, 6))
    assert asked.report["ranks"]["rank"] == [
        {"rank": "", "members": 2, "before": 900, "after": 667, "winners": 0, "losers": 2},
        {"rank": "Leader", "members": 2, "before": 800, "after": 1_600, "winners": 1, "losers": 0},
    ]
