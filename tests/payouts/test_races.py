"""Duplicates are impossible: several at the same moment, on PostgreSQL."""

from functools import partial

import pytest

from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Account, Action, Entry
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.payouts.models import Payout, PayoutBatch, PayoutFile
from mlm_plugin.payouts.requests import CannotRequest, cancel_payout
from mlm_plugin.payouts.results import apply_result, keep_result
from mlm_plugin.payouts.selectors import find_problems
from mlm_plugin.payouts.steps import PayoutError
from tests.payouts.people import (
    NOON,
    amounts,
    approve,
    ask,
    company,
    hand_over,
    make_payee,
    make_staff,
    prepare,
    with_terms,
)
from tests.racing import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


def fine():
    return find_problems() == find_ledger_problems() == []


def test_four_requests_of_100_from_100_leave_one():
    ada = make_payee(money=10_000)
    results = run_together([partial(ask, ada, 10_000)] * 4)
    assert sum(isinstance(each, Payout) for each in results) == 1
    assert sum(isinstance(each, CannotRequest) for each in results) == 3
    assert amounts(ada) == (0, 10_000)
    assert Payout.objects.count() == 1
    assert fine()


def test_the_same_form_sent_four_times_at_once_is_one_payout():
    ada = make_payee(money=10_000)
    results = run_together([partial(ask, ada, 2_000, key="form:1")] * 4)
    assert len({each.pk for each in results}) == 1
    assert amounts(ada) == (8_000, 2_000)
    assert fine()


def test_two_batches_prepared_at_once_share_no_payout():
    ada, staff = make_payee(money=100_000), make_staff()
    for _each in range(5):
        ask(ada, 2_000)
    results = run_together([partial(prepare, staff)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["CannotPrepare", "PayoutBatch"]
    assert Payout.objects.filter(batch=PayoutBatch.objects.get()).count() == 5


def test_a_batch_approved_twice_at_once_is_approved_once():
    ada, staff = make_payee(), make_staff()
    ask(ada)
    batch = prepare(staff)
    results = run_together([partial(approve, batch, staff.greta)] * 2)
    assert [each.state for each in results] == ["approved"] * 2
    assert PayoutFile.objects.count() == 1
    assert Action.objects.filter(name="payout_batch.approve").count() == 1


def test_a_request_is_either_cancelled_or_taken_into_a_batch():
    ada, staff = make_payee(), make_staff()
    payout = ask(ada)
    cancel = partial(cancel_payout, payout_id=payout.pk, actor=Actor(), at=NOON)
    results = run_together([cancel, partial(prepare, staff)])
    assert sum(isinstance(each, PayoutError) for each in results) == 1
    payout.refresh_from_db()
    assert (payout.state, amounts(ada)) in (
        ("cancelled", (10_000, 0)),
        ("in_batch", (5_000, 5_000)),
    )
    assert fine()


def test_the_same_answer_entered_four_times_at_once_is_entered_once():
    """49.50 paid, 0.50 fee, once."""
    ada, staff = make_payee(), make_staff()
    payout = ask(ada)
    hand_over(staff)
    content = f"payout,result,date\n{payout.pk},paid,2026-05-04\n".encode()
    keep = partial(keep_result, name="a.csv", content=content, actor=staff.paul, at=NOON)
    kept = run_together([keep] * 2)
    assert kept[0].pk == kept[1].pk
    apply = partial(apply_result, result_id=kept[0].pk, actor=staff.paul, at=NOON)
    results = run_together([apply] * 4)
    assert {each.state for each in results} == {"applied"}
    assert (company(Account.Kind.PAID), company(Account.Kind.FEES)) == (4_950, 50)
    assert Entry.objects.filter(key=f"settle:payout:{payout.pk}").count() == 1
    assert Action.objects.filter(name="payout_result.apply").count() == 1
    assert fine()
