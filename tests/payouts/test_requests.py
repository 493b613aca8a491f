"""Asking for money: what is taken off, what holds it back, once however often."""

from datetime import date, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.payouts.models import Payout, PayoutStep
from mlm_plugin.payouts.payees import Hold
from mlm_plugin.payouts.requests import (
    CannotRequest,
    cancel_payout,
    quote_payout,
    request_by_schedule,
)
from mlm_plugin.payouts.selectors import find_problems, get_payee
from mlm_plugin.payouts.steps import PayoutError
from tests.payouts.people import (
    IBANS,
    NOON,
    amounts,
    ask,
    earn,
    give_data,
    hand_over,
    make_payee,
    make_staff,
    prepare,
    with_terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


def told():
    """The mails that wait to be written, by state."""
    rows = DBTaskResult.objects.filter(task_path__endswith="mail_payout").order_by("enqueued_at")
    return [row.args_kwargs["kwargs"]["state"] for row in rows]


def test_a_request_sets_the_money_aside_and_says_so():
    """50.00 of 100.00: 50.00 are left, 50.00 reserved; 0.50 fee, so 49.50 arrive."""
    ada = make_payee()
    payout = ask(ada, 5_000)
    assert amounts(ada) == (5_000, 5_000)
    assert (payout.amount, payout.fee, payout.tax, payout.net) == (5_000, 50, 0, 4_950)
    assert [step.state for step in PayoutStep.objects.all()] == ["requested"]
    assert Action.objects.get(name="payout.request").subject == f"payout:{payout.pk}"
    assert told() == ["requested"]
    assert find_problems() == []


def test_the_same_form_sent_again_is_the_same_payout():
    ada = make_payee()
    first = ask(ada, 5_000, key="form:1")
    assert ask(ada, 5_000, key="form:1").pk == first.pk
    assert amounts(ada) == (5_000, 5_000)
    ben = make_payee("ben", sponsor=ada)
    with pytest.raises(CannotRequest, match="somebody else"):
        ask(ben, 5_000, key="form:1")


@pytest.mark.parametrize(
    ("amount", "words"),
    [(999, "The least"), (10_001, "100.00"), (0, "The least"), (-5_000, "The least")],
)
def test_what_cannot_be_paid_says_what_could_be(amount, words):
    ada = make_payee()
    with pytest.raises(CannotRequest, match=words):
        ask(ada, amount)
    assert amounts(ada) == (10_000, 0)
    assert not Payout.objects.exists()


def test_a_currency_that_is_not_paid_out_is_refused():
    with pytest.raises(CannotRequest, match="CHF"):
        quote_payout(member_id=make_payee().pk, currency="CHF", amount=5_000, at=NOON)


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({}, []),
        ({"account": ""}, [Hold.ACCOUNT]),
        ({"tax_number": ""}, [Hold.TAX_NUMBER]),
        ({"is_verified": False}, [Hold.NOT_VERIFIED]),
        ({"country": "", "account": ""}, [Hold.DATA, Hold.ACCOUNT]),
        ({"changed_at": NOON - timedelta(days=7)}, []),
        ({"changed_at": NOON - timedelta(days=6, hours=23)}, [Hold.ACCOUNT_CHANGED]),
    ],
    ids=["complete", "account", "tax", "unverified", "data", "waited", "changed"],
)
def test_what_is_missing_holds_the_payout_and_not_the_request(data, holds):
    ada = make_payee(**data)
    assert list(get_payee(member_id=ada.pk, at=NOON).holds) == holds
    assert ask(ada).state == "requested"
    if holds:
        with pytest.raises(PayoutError, match="No payout fits"):
            prepare(make_staff())
    else:
        assert prepare(make_staff()).payouts.count() == 1


def test_who_gave_no_data_at_all_and_who_is_suspended_is_held():
    ada = make_payee()
    give_data(ada).delete()
    assert list(get_payee(member_id=ada.pk, at=NOON).holds) == [Hold.DATA, Hold.ACCOUNT]
    give_data(ada)
    ada.status = "suspended"
    ada.save()
    assert list(get_payee(member_id=ada.pk, at=NOON).holds) == [Hold.SUSPENDED]


def test_a_request_is_cancelled_while_it_waits_and_only_then():
    ada, staff = make_payee(), make_staff()
    payout = ask(ada)
    for _twice in range(2):
        done = cancel_payout(payout_id=payout.pk, actor=Actor(ada.user), at=NOON)
        assert done.state == "cancelled"
        assert amounts(ada) == (10_000, 0)
    second = ask(ada)
    prepare(staff)
    with pytest.raises(PayoutError, match="on its way"):
        cancel_payout(payout_id=second.pk, actor=Actor(ada.user), at=NOON)
    assert amounts(ada) == (5_000, 5_000)
    assert find_problems() == []


def test_the_schedule_asks_once_a_month_for_who_has_enough_and_is_complete(settings):
    """Ada has 100.00, ben 9.99, cleo 50.00 and no account; the day is the 5th."""
    with_terms(settings, day=5)
    ada = make_payee()
    make_payee("ben", sponsor=ada, money=999, account=IBANS[1])
    make_payee("cleo", sponsor=ada, money=5_000, account="")
    assert request_by_schedule(at=NOON) == 0
    fifth = NOON + timedelta(days=1)
    assert request_by_schedule(at=fifth) == 1
    payout = Payout.objects.get()
    assert (payout.member, payout.amount, payout.origin) == (ada, 10_000, "schedule")
    earn(ada, 3_000)
    assert request_by_schedule(at=fifth + timedelta(days=3)) == 0
    assert request_by_schedule(at=fifth + timedelta(days=31)) == 1


def test_a_turn_of_the_schedule_that_broke_off_is_taken_up_again(settings):
    """Ada's request was written before it broke off, ben's was not."""
    with_terms(settings, day=1)
    ada = make_payee()
    ben = make_payee("ben", sponsor=ada, account=IBANS[1])
    ask(ada, 10_000, key=f"schedule:EUR:2026-05:{ada.pk}")
    request_by_schedule(at=NOON)
    assert [payout.member for payout in Payout.objects.order_by("pk")] == [ada, ben]
    assert amounts(ada) == amounts(ben) == (0, 10_000)


def test_tax_of_a_year_grows_with_what_was_paid_before(settings):
    """Italy, 23 % of 78 %: 17.94 % of 50.00 is 8.97, and 0.50 fee."""
    ada = make_payee(country="IT", account="IT60X0542811101000000123456")
    payout = ask(ada, 5_000)
    assert (payout.tax, payout.net) == (897, 4_053)
    assert payout.tax_rule == f"IT:person:{date(2007, 1, 1)}"


def test_members_hear_of_each_step_but_not_of_who_approves():
    ada, staff = make_payee(), make_staff()
    ask(ada)
    hand_over(staff)
    assert told() == ["requested", "handed_over"]
