"""Adjustments of wallets: with a reason, by a second person above the limit, never by who gets them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import COMPANY, Account, Action
from mlm_plugin.ledger.selectors import get_balance
from mlm_plugin.ledger.wallet_adjustments import (
    CannotAdjust,
    approve_adjustment,
    ask_adjustment,
    decline_adjustment,
)
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from tests.factories import make_user
from tests.ledger.test_wallets import ADA, NOON, amounts, earn

pytestmark = [pytest.mark.django_db, pytest.mark.both]

State = WalletAdjustment.State


@pytest.fixture
def finn():
    return Actor(make_user("finn"), "192.0.2.7")


@pytest.fixture
def greta():
    return Actor(make_user("greta"), "192.0.2.8")


def ask(actor, amount: int, *, key: str = "form-1", at=NOON, **fields) -> WalletAdjustment:
    """`amount` cents for ada, whose user is nobody of the staff."""
    given = {"reason": "Stamps", "holder_id": None, **fields}
    return ask_adjustment(
        key=key, owner=ADA, unit="EUR", amount=amount, actor=actor, at=at, **given
    )


def test_within_the_limit_one_person_is_enough(finn):
    """The limit is 100.00, and 100.00 are given."""
    adjustment = ask(finn, 10_000)
    assert adjustment.state == State.POSTED
    assert amounts() == (10_000, 0, 0)
    assert get_balance(owner=COMPANY, kind=Account.Kind.ADJUSTMENTS, unit="EUR") == -10_000
    action = Action.objects.get()
    assert (action.name, action.author, action.address) == (
        "wallet_adjustment.ask", finn.user, "192.0.2.7",
    )  # fmt: skip
    assert action.after["amount"] == 10_000


def test_above_the_limit_a_second_person_posts_it(finn, greta):
    adjustment = ask(finn, 10_001)
    assert adjustment.state == State.WAITING
    assert amounts() == (0, 0, 0)
    with pytest.raises(CannotAdjust, match="second person"):
        approve_adjustment(adjustment_id=adjustment.pk, holder_id=None, actor=finn, at=NOON)
    for _once_more in range(2):
        approve_adjustment(adjustment_id=adjustment.pk, holder_id=None, actor=greta, at=NOON)
    assert amounts() == (10_001, 0, 0)
    assert [each.name for each in Action.objects.order_by("pk")] == [
        "wallet_adjustment.ask", "wallet_adjustment.approve",
    ]  # fmt: skip


def test_the_database_itself_refuses_that_somebody_approves_the_own(finn):
    adjustment = ask(finn, 10_001)
    with pytest.raises(IntegrityError), transaction.atomic():
        WalletAdjustment.objects.filter(pk=adjustment.pk).update(
            state=State.POSTED, decided_by=finn.user, decided_at=NOON
        )


def test_a_large_sum_cut_into_small_ones_needs_a_second_person_all_the_same(finn, greta):
    """60.00 and 40.00 are the limit; one cent more within thirty days waits, also one taken away."""
    ask(finn, 6_000)
    assert ask(finn, 4_000, key="form-2").state == State.POSTED
    assert ask(finn, 1, key="form-3").state == State.WAITING
    assert ask(finn, -1, key="form-4").state == State.WAITING
    assert ask(greta, 1, key="form-5").state == State.POSTED
    later = NOON + timedelta(days=30)
    assert ask(finn, 10_000, key="form-6", at=later).state == State.POSTED


def test_the_same_form_twice_is_one_adjustment(finn):
    assert ask(finn, 500) == ask(finn, 500)
    assert amounts() == (500, 0, 0)


def test_nobody_adjusts_the_own_wallet(finn, greta):
    with pytest.raises(CannotAdjust, match="own wallet"):
        ask(finn, 500, holder_id=finn.user_id)
    adjustment = ask(finn, 20_000, holder_id=greta.user_id)
    with pytest.raises(CannotAdjust, match="own wallet"):
        approve_adjustment(
            adjustment_id=adjustment.pk, holder_id=greta.user_id, actor=greta, at=NOON
        )


def test_no_more_is_taken_than_there_is_not_even_by_two(finn, greta):
    earn(15_000)
    with pytest.raises(CannotAdjust, match="not enough"):
        ask(finn, -15_001)
    adjustment = ask(finn, -15_000)
    ask(greta, -1, key="form-2")
    with pytest.raises(CannotAdjust, match="not enough"):
        approve_adjustment(adjustment_id=adjustment.pk, holder_id=None, actor=greta, at=NOON)
    assert amounts() == (14_999, 0, 0)


@pytest.mark.parametrize(
    ("amount", "reason", "words"), [(0, "Stamps", "Nothing"), (5, "  ", "reason")]
)
def test_nothing_and_no_reason_are_refused(finn, amount, reason, words):
    with pytest.raises(CannotAdjust, match=words):
        ask(finn, amount, reason=reason)


def test_the_schedule_adjusts_nothing():
    with pytest.raises(CannotAdjust, match="Somebody"):
        ask(SCHEDULE, 5)


def test_what_is_declined_stays_so_and_says_why(finn, greta):
    adjustment = ask(finn, 20_000)
    with pytest.raises(CannotAdjust, match="why"):
        decline_adjustment(adjustment_id=adjustment.pk, note=" ", actor=greta, at=NOON)
    with pytest.raises(CannotAdjust, match="second person"):
        decline_adjustment(adjustment_id=adjustment.pk, note="No", actor=finn, at=NOON)
    declined = decline_adjustment(adjustment_id=adjustment.pk, note="No", actor=greta, at=NOON)
    assert (declined.state, declined.note) == (State.DECLINED, "No")
    with pytest.raises(CannotAdjust, match="declined"):
        approve_adjustment(adjustment_id=adjustment.pk, holder_id=None, actor=greta, at=NOON)
    assert amounts() == (0, 0, 0)
