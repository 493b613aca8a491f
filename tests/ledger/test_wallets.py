"""Money of a wallet is reserved, then released or settled, and comes back: each once, never too much."""

from datetime import UTC, date, datetime

import pytest
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from mlm_plugin.ledger.models import COMPANY, Account, Entry
from mlm_plugin.ledger.selectors import find_problems, get_balance
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.ledger.wallet_selectors import (
    find_wallet_problems,
    get_wallets,
    list_movements,
    list_wallets,
    months_of_movements,
)
from mlm_plugin.ledger.wallets import (
    NotEnough,
    NotReserved,
    Reservation,
    Settlement,
    get_wallet,
    give_back,
    release,
    release_all,
    reserve,
    reserve_all,
    settle,
    settle_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
ADA, BEN = 7, 8
Kind = Account.Kind


def earn(amount: int, *, owner: int = ADA, key: str = "commission:1:levels:7", at=NOON) -> None:
    """A commission as a run commits it."""
    sides = (
        NewPosting(owner, Kind.WALLET, "EUR", amount),
        NewPosting(COMPANY, Kind.COMMISSIONS, "EUR", -amount),
    )
    post_entries(entries=[NewEntry(key=key, happened_at=at, postings=sides)])


def amounts(owner: int = ADA) -> tuple[int, int, int]:
    """What is available, held and reserved."""
    wallet = get_wallet(owner=owner, unit="EUR")
    return wallet.available, wallet.held, wallet.reserved


def company(kind: str) -> int:
    return get_balance(owner=COMPANY, kind=kind, unit="EUR")


def test_a_payout_is_reserved_and_then_leaves_with_fee_and_tax():
    """100.00 earned; 60.00 reserved leave 40.00; 60.00 go as 50.00 paid, 1.00 fee, 9.00 tax."""
    earn(10_000)
    assert reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    assert amounts() == (4_000, 0, 6_000)
    parts = {Kind.PAID: 5_000, Kind.FEES: 100, Kind.TAXES: 900}
    assert settle(key="payout:1", into=parts, at=NOON)
    assert amounts() == (4_000, 0, 0)
    assert [company(kind) for kind in parts] == [5_000, 100, 900]
    assert find_problems() == find_wallet_problems() == []


def test_what_bounces_is_in_the_wallet_again_and_with_the_company_no_more():
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    parts = {Kind.PAID: 5_900, Kind.FEES: 100}
    settle(key="payout:1", into=parts, at=NOON)
    assert give_back(key="payout:1", owner=ADA, unit="EUR", parts=parts, at=NOON)
    assert not give_back(key="payout:1", owner=ADA, unit="EUR", parts=parts, at=NOON)
    assert amounts() == (10_000, 0, 0)
    assert company(Kind.PAID) == company(Kind.FEES) == 0


def test_a_released_reservation_is_available_again_and_cannot_be_settled():
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    assert release(key="payout:1", at=NOON)
    assert amounts() == (10_000, 0, 0)
    with pytest.raises(NotReserved, match="payout:1"):
        settle(key="payout:1", into={Kind.PAID: 6_000}, at=NOON)


def test_a_settled_reservation_cannot_be_released():
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    settle(key="payout:1", into={Kind.PAID: 6_000}, at=NOON)
    with pytest.raises(NotReserved, match="payout:1"):
        release(key="payout:1", at=NOON)
    assert amounts() == (4_000, 0, 0)


def test_each_step_repeated_changes_nothing():
    earn(10_000)
    for first in (True, False):
        assert reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON) is first
    for first in (True, False):
        assert settle(key="payout:1", into={Kind.PAID: 6_000}, at=NOON) is first
    reserve(key="payout:2", owner=ADA, unit="EUR", amount=1_000, at=NOON)
    for first in (True, False):
        assert release(key="payout:2", at=NOON) is first
    assert amounts() == (4_000, 0, 0)


def test_only_what_is_available_can_be_reserved():
    """Of 100.00 there are 30.00 held and 60.00 reserved: 10.00 can be had, and not a cent more."""
    earn(10_000)
    held = (NewPosting(ADA, Kind.WALLET, "EUR", -3_000), NewPosting(ADA, Kind.HELD, "EUR", 3_000))
    post_entries(entries=[NewEntry(key="hold:1:7", happened_at=NOON, postings=held)])
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    with pytest.raises(NotEnough) as refused:
        reserve(key="payout:2", owner=ADA, unit="EUR", amount=1_001, at=NOON)
    assert refused.value.available == 1_000
    assert not Entry.objects.filter(key="reserve:payout:2").exists()
    assert reserve(key="payout:2", owner=ADA, unit="EUR", amount=1_000, at=NOON)
    assert amounts() == (0, 3_000, 7_000)


def test_from_a_wallet_below_zero_nothing_can_be_reserved():
    earn(-500)
    with pytest.raises(NotEnough):
        reserve(key="payout:1", owner=ADA, unit="EUR", amount=1, at=NOON)
    assert amounts() == (-500, 0, 0)


def test_another_currency_is_another_wallet():
    earn(10_000)
    with pytest.raises(NotEnough):
        reserve(key="payout:1", owner=ADA, unit="CHF", amount=1, at=NOON)
    assert [wallet.unit for wallet in get_wallets(owner=ADA)] == ["EUR"]


@pytest.mark.parametrize(
    "into", [{Kind.PAID: 5_999}, {Kind.PAID: 6_001}, {Kind.PAID: 6_100, Kind.FEES: -100}]
)
def test_a_settlement_that_is_not_what_was_reserved_is_refused(into):
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    with pytest.raises(ValueError, match="6000 are reserved"):
        settle(key="payout:1", into=into, at=NOON)
    assert amounts() == (4_000, 0, 6_000)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_cannot_be_reserved(amount):
    earn(10_000)
    with pytest.raises(ValueError, match="above zero"):
        reserve(key="payout:1", owner=ADA, unit="EUR", amount=amount, at=NOON)


def test_an_unknown_reservation_is_named():
    with pytest.raises(NotReserved, match="payout:9"):
        release(key="payout:9", at=NOON)


def test_many_are_reserved_at_once_in_order_and_who_lacks_money_is_named():
    """Ada has 100.00 and asks for 60.00 twice and 40.00: the second is refused, the third is not."""
    earn(10_000)
    earn(5_000, owner=BEN, key="commission:1:levels:8")
    wanted = [("payout:1", ADA, 6_000), ("payout:2", ADA, 6_000), ("payout:3", ADA, 4_000),
              ("payout:4", BEN, 5_000)]  # fmt: skip
    reservations = [Reservation(key, owner, "EUR", amount) for key, owner, amount in wanted]
    assert reserve_all(reservations=reservations, at=NOON) == {"payout:2"}
    assert (amounts(ADA), amounts(BEN)) == ((0, 0, 10_000), (0, 0, 5_000))
    settled = settle_all(
        settlements=[
            Settlement("payout:1", {Kind.PAID: 6_000}),
            Settlement("payout:4", {Kind.PAID: 5_000}),
        ],
        at=NOON,
    )
    assert settled == {"payout:1", "payout:4"}
    assert release_all(keys=["payout:3"], at=NOON) == {"payout:3"}
    assert (amounts(ADA), amounts(BEN)) == ((4_000, 0, 0), (0, 0, 0))


def test_one_that_cannot_be_settled_leaves_all_unsettled():
    earn(10_000)
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    settlements = [
        Settlement("payout:1", {Kind.PAID: 6_000}),
        Settlement("payout:2", {Kind.PAID: 1}),
    ]
    with pytest.raises(NotReserved, match="payout:2"):
        settle_all(settlements=settlements, at=NOON)
    assert amounts() == (4_000, 0, 6_000)


def test_reserving_for_many_takes_the_queries_of_reserving_for_few():
    from django.db import connection

    counts = []
    for size in (2, 20):
        owners = range(size * 100, size * 101)
        for owner in owners:
            earn(1_000, owner=owner, key=f"commission:1:levels:{owner}")
        wanted = [Reservation(f"payout:{owner}", owner, "EUR", 1_000) for owner in owners]
        reserve_all(reservations=wanted[:1], at=NOON)
        with CaptureQueriesContext(connection) as queries:
            assert reserve_all(reservations=wanted, at=NOON) == set()
        counts.append(len(queries))
    # Accounts that are missing are written in one query more, whoever is the first.
    assert counts[0] == counts[1]


def test_movements_are_newest_first_with_what_was_available_after_each():
    """+100.00, then -60.00 reserved, then +5.00: 100.00, 40.00, 45.00."""
    earn(10_000, at=datetime(2026, 2, 3, 12, tzinfo=UTC))
    reserve(key="payout:1", owner=ADA, unit="EUR", amount=6_000, at=NOON)
    settle(key="payout:1", into={Kind.PAID: 6_000}, at=NOON)
    earn(500, key="commission:2:levels:7")
    page = list_movements(owner=ADA, unit="EUR", limit=2)
    assert [(each.key, each.amount, each.balance) for each in page.movements] == [
        ("commission:2:levels:7", 500, 4_500),
        ("reserve:payout:1", -6_000, 4_000),
    ]
    rest = list_movements(owner=ADA, unit="EUR", limit=2, before=page.next_cursor)
    assert [(each.amount, each.balance) for each in rest.movements] == [(10_000, 10_000)]
    assert rest.next_cursor == ""
    assert months_of_movements(owner=ADA, unit="EUR") == [date(2026, 3, 1), date(2026, 2, 1)]
    assert months_of_movements(owner=BEN, unit="EUR") == []
    february = list_movements(
        owner=ADA, unit="EUR", first=date(2026, 2, 1), last=date(2026, 2, 28), before="no number"
    )
    assert [each.balance for each in february.movements] == [10_000]


def test_wallets_are_listed_by_owner_with_bounds():
    earn(10_000)
    earn(-500, owner=BEN, key="commission:1:levels:8")
    assert [each.owner for each in list_wallets(unit="EUR")] == [ADA, BEN]
    assert [each.owner for each in list_wallets(unit="EUR", at_least=1)] == [ADA]
    assert [each.owner for each in list_wallets(unit="EUR", at_most=-1)] == [BEN]
    assert [each.owner for each in list_wallets(unit="EUR", after=ADA)] == [BEN]
    assert [each.owner for each in list_wallets(unit="EUR", limit=1)] == [ADA]


def test_more_released_than_reserved_is_reported():
    """Nothing here writes such an entry; something else might."""
    wrong = (NewPosting(ADA, Kind.RESERVED, "EUR", -5), NewPosting(ADA, Kind.WALLET, "EUR", 5))
    post_entries(entries=[NewEntry(key="wrong", happened_at=NOON, postings=wrong)])
    assert find_wallet_problems() == ["owner 7 has -5 EUR reserved, which is below zero"]


def end(step: str, key: int, *, reserved: dict[int, int], ended: dict[int, str]) -> int:
    """Release or settle as the account book says; how much more is available then."""
    name = f"payout:{key}"
    try:
        if step == "release":
            is_new = release(key=name, at=NOON)
        else:
            is_new = settle(key=name, into={Kind.PAID: reserved.get(key, 1)}, at=NOON)
    except NotReserved:
        assert key not in reserved or ended[key] != step
        return 0
    assert is_new == (key not in ended)
    ended.setdefault(key, step)
    return reserved[key] if is_new and step == "release" else 0


class AnySequenceOfSteps(HypothesisTestCase):
    """Whatever is asked for in whatever order: no step takes what is not there, nothing gets lost."""

    @settings(max_examples=25, deadline=None)
    @given(
        steps=st.lists(
            st.tuples(
                st.sampled_from(["earn", "reserve", "release", "settle", "return"]),
                st.integers(1, 4),
                st.integers(1, 500),
            ),
            max_size=20,
        )
    )
    def test_the_wallet_is_what_a_plain_account_book_says(self, steps: list) -> None:
        available, earned = 0, 0
        reserved: dict[int, int] = {}
        ended: dict[int, str] = {}
        given_back = set()
        for number, (step, key, amount) in enumerate(steps):
            name = f"payout:{key}"
            if step == "earn":
                earn(amount, key=f"commission:{number}")
                available, earned = available + amount, earned + amount
            elif step == "reserve":
                try:
                    is_new = reserve(key=name, owner=ADA, unit="EUR", amount=amount, at=NOON)
                except NotEnough:
                    assert key not in reserved
                    assert amount > available
                    continue
                assert is_new == (key not in reserved)
                if is_new:
                    available -= amount
                    reserved[key] = amount
            elif step == "return":
                if ended.get(key) != "settle":
                    continue
                parts = {Kind.PAID: reserved[key]}
                is_new = give_back(key=name, owner=ADA, unit="EUR", parts=parts, at=NOON)
                assert is_new == (key not in given_back)
                available += reserved[key] if is_new else 0
                given_back.add(key)
            else:
                available += end(step, key, reserved=reserved, ended=ended)
        waiting = sum(amount for key, amount in reserved.items() if key not in ended)
        assert amounts() == (available, 0, waiting)
        assert available >= 0
        assert company(Kind.PAID) == earned - available - waiting
        assert find_problems() == find_wallet_problems() == []
