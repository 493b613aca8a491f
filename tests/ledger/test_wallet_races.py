"""Several at once who want the same money of a wallet: one gets it."""

from functools import partial
from threading import Barrier

import pytest
from django.db import transaction

from mlm_plugin.ledger import wallets
from mlm_plugin.ledger.wallets import (
    NotEnough,
    NotReserved,
    Reservation,
    release,
    reserve,
    reserve_all,
    settle,
)
from tests.ledger.test_wallets import ADA, BEN, NOON, Kind, amounts, earn
from tests.racing import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def withdrawals() -> list:
    return [
        partial(reserve, key=f"payout:{number}", owner=ADA, unit="EUR", amount=10_000, at=NOON)
        for number in range(4)
    ]


def test_four_withdrawals_of_100_from_100_leave_one():
    earn(10_000)
    results = run_together(withdrawals())
    assert sorted(map(repr, map(type, results))) == sorted(
        map(repr, [bool, NotEnough, NotEnough, NotEnough])
    )
    assert amounts() == (0, 0, 10_000)


def test_without_the_lock_they_would_all_succeed(monkeypatch):
    """The fault that the lock is for: everybody reads the balance before anybody has taken of it."""
    earn(10_000)
    read, barrier = wallets.get_wallets_of, Barrier(4)

    def read_together(**asked):
        found = read(**asked)
        barrier.wait(20)
        return found

    monkeypatch.setattr(wallets, "_lock_accounts", lambda accounts: None)
    monkeypatch.setattr(wallets, "get_wallets_of", read_together)
    assert run_together(withdrawals()) == [True] * 4
    assert amounts() == (-30_000, 0, 40_000)


def test_a_batch_and_a_single_withdrawal_at_once_share_what_there_is():
    earn(10_000)
    earn(10_000, owner=BEN, key="commission:1:levels:8")
    batch = [
        Reservation(f"batch:{owner}", owner, "EUR", 10_000, "batch") for owner in (BEN, ADA)
    ]  # fmt: skip
    single = partial(reserve, key="payout:1", owner=ADA, unit="EUR", amount=10_000, at=NOON)
    other = [Reservation(f"other:{owner}", owner, "EUR", 10_000) for owner in (ADA, BEN)]
    run_together(
        [
            partial(reserve_all, reservations=batch, at=NOON),
            partial(reserve_all, reservations=other, at=NOON),
            single,
        ]
    )
    assert amounts(ADA) == amounts(BEN) == (0, 0, 10_000)


def test_released_and_settled_at_once_ends_in_one_way():
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=10_000, at=NOON)
    results = run_together(
        [
            partial(release, key="payout:1", at=NOON),
            partial(settle, key="payout:1", into={Kind.PAID: 10_000}, at=NOON),
        ]
        * 2
    )
    refused = [each for each in results if isinstance(each, NotReserved)]
    assert len(refused) == 2
    assert amounts() in ((10_000, 0, 0), (0, 0, 0))


def test_a_commission_does_not_wait_for_a_withdrawal():
    """Posting refers to the account's row; the lock of whoever takes money must not keep it out."""
    earn(10_000)
    with transaction.atomic():
        wallets.lock_wallets(owners=[ADA], unit="EUR")
        [result] = run_together([partial(earn, 500, key="commission:2:levels:7")])
    assert result is None
    assert amounts() == (10_500, 0, 0)
