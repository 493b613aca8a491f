"""Estimates of open periods: what everybody would have, and that they follow what happens."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from mlm_plugin.commissions.estimate_models import Estimate, PeriodEstimate
from mlm_plugin.commissions.estimates import (
    ask_for_estimate,
    estimate_period,
    get_estimate,
    refresh_estimates,
)
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.ledger.actions import SCHEDULE
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import PLAN, approved_plan, closed_march, march_of_the_family
from tests.commissions.test_runs_overrides import LADDER, approved
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SECOND = timedelta(seconds=1)


def estimated(books, now=None):
    return estimate_period(period_id=books.march.pk, at=now or at(3, 20))


def asked():
    return DBTaskResult.objects.filter(task_path__endswith="tasks.estimate_period").count()


def test_everybody_has_what_the_run_then_pays(django_assert_num_queries):
    """As in the month worked by hand: ada 1.67, ben 7.33, cleo 8.00, dora nothing."""
    books = march_of_the_family()
    of = estimated(books)
    assert (of.total, of.payee_count, of.bonuses) == (1_700, 3, {"levels": 1_700})
    with django_assert_num_queries(1):
        ben = get_estimate(member_id=books.family.ben.pk)
    assert (ben.total, ben.bonuses, ben.at, ben.currency) == (
        733,
        {"levels": 733},
        at(3, 20),
        "EUR",
    )
    assert get_estimate(member_id=books.family.dora.pk).total == 0
    closed_march(books)
    run = run_period(period_id=books.march.pk, actor=SCHEDULE, started_at=at(4, 3))
    assert run.total == of.total
    assert get_estimate(member_id=books.family.ben.pk) is None


def test_it_says_the_rank_and_what_the_next_one_needs():
    """Dora has 100 points; the next rank asks for 9,000."""
    books = march_of_the_family(PLAN + LADDER.replace("pv >= 5000", "pv >= 50"))
    estimated(books)
    assert get_estimate(member_id=books.family.dora.pk).ranks == {
        "rank": {
            "rank": "Partner",
            "next": "Leader",
            "needs": [{"text": "pv >= 9000", "value": "100", "threshold": "9000", "met": False}],
        }
    }


def test_approved_overrides_are_in_it():
    books = march_of_the_family()
    approved(books, books.family.dora, amount=250)
    assert estimated(books).total == 1_950
    assert get_estimate(member_id=books.family.dora.pk).bonuses == {"adjustment": 250}


def test_a_new_one_is_made_when_orders_have_stopped_coming():
    books = march_of_the_family()
    now = at(3, 20)
    estimated(books, now)
    refresh_estimates(at=now)
    assert asked() == 0
    credit_orders(facts=[order_of(books.family.dora)])
    refresh_estimates(at=now + SECOND)
    assert asked() == 0
    credit_orders(facts=[order_of(books.family.dora)])
    refresh_estimates(at=now + 2 * SECOND)
    assert asked() == 0
    refresh_estimates(at=now + 3 * SECOND)
    refresh_estimates(at=now + 4 * SECOND)
    assert asked() == 1
    assert estimated(books, now + 4 * SECOND).total == 1_700 + 2_400
    refresh_estimates(at=now + 5 * SECOND)
    assert asked() == 1


def test_orders_that_do_not_stop_are_not_waited_for():
    books = march_of_the_family()
    now = at(3, 20)
    estimated(books, now)
    for second in range(1, 12):
        credit_orders(facts=[order_of(books.family.dora)])
        refresh_estimates(at=now + second * SECOND)
    assert asked() == 1


def test_the_first_one_is_made_at_once_and_one_that_broke_off_again():
    books = march_of_the_family()
    refresh_estimates(at=at(3, 20))
    ask_for_estimate(period_id=books.march.pk, at=at(3, 20) + SECOND)
    assert asked() == 1
    ask_for_estimate(period_id=books.march.pk, at=at(3, 20) + timedelta(minutes=6))
    assert asked() == 2


def test_an_older_one_does_not_replace_a_later_one():
    books = march_of_the_family()
    estimated(books, at(3, 20))
    credit_orders(facts=[order_of(books.family.dora)])
    assert estimated(books, at(3, 19)).at == at(3, 20)
    assert Estimate.objects.get(member=books.family.cleo).total == 800


def test_a_plan_that_does_not_fit_leaves_the_last_one_and_says_why():
    books = march_of_the_family()
    estimated(books)
    document = PLAN.replace("levels = 2\n", "levels = 2\npayee = \"payee.diet == 'tea'\"\n")
    approved_plan(document + '\n[attributes.diet]\nkind = "text"\n', finn=books.finn,
                  greta=books.greta)  # fmt: skip
    estimated(books, at(3, 21))
    of = PeriodEstimate.objects.get()
    assert "diet" in of.failure
    assert (of.at, of.total) == (at(3, 20), 1_700)
