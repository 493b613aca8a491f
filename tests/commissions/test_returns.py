"""Returned orders, from the refund to the wallet: each policy of the plan with its entries by hand.

The month of the family: dora's ten pieces, 80.00 CV, pay cleo 8.00 (10 %) and ben 4.00 (5 %); cleo's
customer's 33.33 CV pay ben 3.33 and ada 1.67. So March pays ada 1.67, ben 7.33, cleo 8.00.
"""

from dataclasses import replace
from typing import Any

import pytest

from mlm_plugin.commissions.differences import run_difference
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.periods import close_period, open_periods
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.selectors import find_problems
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.commissions.statements import get_statement
from mlm_plugin.ledger.actions import SCHEDULE, Actor
from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.ledger.wallets import NotEnough, get_wallet, reserve, settle
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.facts import OrderFacts, Reversal
from mlm_plugin.volumes.services import credit_orders
from tests.commissions.books import PLAN, Books, march_of_the_family, wallet
from tests.volumes.orders import at, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


class Shop:
    """The family's books with a plan of this policy, and dora's order, of which pieces come back."""

    def __init__(self, later_period: str, *, further: str = "") -> None:
        policy = f'\n[returns]\nlater_period = "{later_period}"\n{further}'
        self.books: Books = march_of_the_family(PLAN + policy)
        open_periods(through=at(6, 1).date(), actor=SCHEDULE, at=at(2, 2))
        self.order: OrderFacts = self._order_of_dora()

    def _order_of_dora(self) -> OrderFacts:
        from mlm_plugin.volumes.models import CreditedOrder

        number = CreditedOrder.objects.get(member=self.books.family.dora).number
        order = order_of(self.books.family.dora)
        line = replace(order.lines[0], line_id=int(number))
        return replace(order, number=number, lines=(line,))

    def send_back(self, pieces: int, *, month: int, day: int) -> None:
        """So many of dora's ten pieces come back on a day."""
        back = Reversal(
            key=f"{month}-{day}", happened_at=at(month, day),
            pieces=((self.order.lines[0].line_id, pieces),),
        )  # fmt: skip
        self.order = replace(self.order, reversals=(*self.order.reversals, back))
        credit_orders(facts=[self.order])

    def close(self, month: int) -> Period:
        """The month, closed on the second of the next one."""
        period = Period.objects.get(name=f"2026-{month:02}")
        return close_period(period_id=period.pk, actor=Actor(self.books.finn), at=at(month + 1, 2))

    def pay(self, month: int) -> Period:
        """The month closed, run, locked by a second person, and committed on the fourth."""
        period = self.close(month)
        finn = Actor(self.books.finn)
        run = run_period(period_id=period.pk, actor=finn, started_at=at(month + 1, 3))
        self._commit(run, at(month + 1, 4))
        return period

    def post_difference(self, period: Period, *, month: int, day: int) -> Run:
        """What differs by now, locked by a second person and committed."""
        finn = Actor(self.books.finn)
        run = run_difference(period_id=period.pk, actor=finn, started_at=at(month, day))
        self._commit(run, at(month, day))
        return run

    def _commit(self, run: Run, moment: Any) -> None:
        lock_run(run_id=run.pk, actor=Actor(self.books.greta), at=moment)
        commit_run(run_id=run.pk, actor=Actor(self.books.finn), at=moment)

    def wallets(self) -> list[int]:
        """What is available to ada, ben, cleo and dora; the books are in order."""
        assert list(find_problems()) == find_ledger_problems() == []
        return [wallet(member) for member in self.books.family]

    def pay_out(self, member: Member, amount: int, *, month: int, day: int) -> None:
        """The amount leaves the wallet for the bank."""
        key = f"payout:{month}-{day}"
        moment = at(month, day)
        reserve(key=key, owner=member.pk, unit="EUR", amount=amount, at=moment)
        settle(key=key, into={Account.Kind.PAID: amount}, at=moment)


def entries_of(member: Member) -> list[tuple[str, int]]:
    """What changed a wallet, oldest first: the beginning of the entry's key, and the amount."""
    found = Posting.objects.filter(account__owner=member.pk, account__kind=Account.Kind.WALLET)
    rows = found.order_by("entry_id").values_list("entry__key", "amount")
    return [(key.split(":", 1)[0], amount) for key, amount in rows]


def test_what_comes_back_in_the_same_period_was_never_sold():
    """Three of ten on 20 March: 56.00 CV pay cleo 5.60 and ben 2.80; ben's 3.33 and ada's 1.67 stay."""
    shop = Shop("reverse")
    shop.send_back(3, month=3, day=20)
    shop.pay(3)
    assert shop.wallets() == [167, 280 + 333, 560, 0]
    assert entries_of(shop.books.family.cleo) == [("commission", 560)]


def test_what_comes_back_between_close_and_commit_is_taken_back_in_the_next_period():
    """The frozen inputs stay: March pays 8.00 to cleo, April takes 3/10 of it, 2.40; of ben's 1.20."""
    shop = Shop("reverse")
    march = shop.close(3)
    shop.send_back(3, month=4, day=3)
    run = run_period(period_id=march.pk, actor=Actor(shop.books.finn), started_at=at(4, 3))
    shop._commit(run, at(4, 4))
    assert shop.wallets() == [167, 733, 800, 0]
    shop.pay(4)
    assert shop.wallets() == [167, 733 - 120, 800 - 240, 0]
    assert entries_of(shop.books.family.cleo) == [("commission", 800), ("commission", -240)]


def test_what_comes_back_after_the_commit_is_taken_back_piece_by_piece_to_the_cent():
    """Three pieces in April and seven in May: 2.40 and 5.60 of cleo's 8.00, 1.20 and 2.80 of ben's."""
    shop = Shop("reverse")
    shop.pay(3)
    shop.send_back(3, month=4, day=10)
    shop.pay(4)
    assert shop.wallets() == [167, 613, 560, 0]
    shop.send_back(7, month=5, day=10)
    shop.pay(5)
    assert shop.wallets() == [167, 333, 0, 0]
    assert entries_of(shop.books.family.cleo) == [
        ("commission", 800), ("commission", -240), ("commission", -560),
    ]  # fmt: skip


def test_after_the_payout_the_wallet_goes_below_zero_and_later_earnings_recover_it():
    """Cleo's 8.00 are at the bank when all ten pieces come back: -8.00.

    In May dora buys for 100.00 CV: 10.00 for cleo leave her 2.00, and that is all she can be paid.
    """
    shop = Shop("reverse")
    cleo = shop.books.family.cleo
    shop.pay(3)
    shop.pay_out(cleo, 800, month=4, day=6)
    shop.send_back(10, month=4, day=10)
    shop.pay(4)
    assert shop.wallets() == [167, 333, -800, 0]
    with pytest.raises(NotEnough):
        reserve(key="payout:9", owner=cleo.pk, unit="EUR", amount=1, at=at(5, 5))
    credit_orders(facts=[order_of(shop.books.family.dora, cv=10_000, paid_at=at(5, 6))])
    may = shop.pay(5)
    assert shop.wallets() == [167, 333 + 500, 200, 0]
    assert entries_of(cleo) == [
        ("commission", 800), ("reserve", -800), ("commission", -800), ("commission", 1_000),
    ]  # fmt: skip
    statement = get_statement(member_id=cleo.pk, period_id=may.pk)
    assert dict(statement.settled) == {
        "balance_before": -800, "earned": 1_000, "paid": -200,
    }  # fmt: skip
    assert get_wallet(owner=cleo.pk, unit="EUR").available == 200


def test_a_plan_that_forgives_lets_nothing_be_owed():
    """The same, but what cleo would owe is forgiven with April's commit: May's 10.00 are all hers."""
    shop = Shop("reverse", further='collect = "forgive"\n')
    cleo = shop.books.family.cleo
    shop.pay(3)
    shop.pay_out(cleo, 800, month=4, day=6)
    shop.send_back(10, month=4, day=10)
    shop.pay(4)
    assert shop.wallets() == [167, 733, 0, 0]
    assert entries_of(cleo) == [
        ("commission", 800), ("reserve", -800), ("commission", -800), ("forgiven", 800),
    ]  # fmt: skip
    credit_orders(facts=[order_of(shop.books.family.dora, cv=10_000, paid_at=at(5, 6))])
    shop.pay(5)
    assert wallet(cleo) == 1_000


def test_a_plan_that_ignores_returns_takes_nothing_back():
    shop = Shop("ignore")
    shop.pay(3)
    shop.send_back(10, month=4, day=10)
    shop.pay(4)
    assert shop.wallets() == [167, 733, 800, 0]


def test_as_volume_only_the_refund_is_a_sale_below_nothing_in_its_own_month():
    """Three pieces are -24.00 CV of April: 10 % and 5 % of them are -2.40 for cleo and -1.20 for ben.

    Dora buys for 100.00 CV in April as well, so April pays cleo 10.00 - 2.40 and ben 5.00 - 1.20.
    """
    shop = Shop("volume_only")
    shop.pay(3)
    shop.send_back(3, month=4, day=10)
    credit_orders(facts=[order_of(shop.books.family.dora, cv=10_000, paid_at=at(4, 6))])
    shop.pay(4)
    assert shop.wallets() == [167, 733 + 380, 800 + 760, 0]


def test_at_the_average_rate_each_gives_back_as_the_month_paid():
    """Cleo earned 8.00 on 80.00: a tenth. Ben earned 7.33 on 113.33 (80.00 and 33.33).

    Three pieces are 24.00 CV: cleo 2.40; ben 24.00 x 7.33 / 113.33 = 1.5523, which is 1.55.
    """
    shop = Shop("average")
    shop.pay(3)
    shop.send_back(3, month=4, day=10)
    shop.pay(4)
    assert shop.wallets() == [167, 733 - 155, 800 - 240, 0]


def test_recomputed_the_old_period_is_run_again_and_the_difference_is_posted():
    """All ten pieces back in April, after cleo's payout: March without them pays ben 3.33, ada 1.67.

    The difference run of March posts -8.00 to cleo and -4.00 to ben; April counts the refund no more.
    """
    shop = Shop("recompute")
    cleo = shop.books.family.cleo
    march = shop.pay(3)
    shop.pay_out(cleo, 800, month=4, day=6)
    shop.send_back(10, month=4, day=10)
    run = shop.post_difference(march, month=4, day=12)
    assert run.total == -1_200
    assert shop.wallets() == [167, 333, -800, 0]
    assert entries_of(cleo) == [
        ("commission", 800), ("reserve", -800), ("difference-commission", -800),
    ]  # fmt: skip
    shop.pay(4)
    assert shop.wallets() == [167, 333, -800, 0]


def test_of_an_order_returned_in_part_the_difference_is_the_parts():
    """Three of ten pieces: March on 56.00 pays cleo 5.60 and ben 2.80 + 3.33: -2.40 and -1.20."""
    shop = Shop("recompute")
    march = shop.pay(3)
    shop.send_back(3, month=4, day=10)
    shop.post_difference(march, month=4, day=12)
    assert shop.wallets() == [167, 733 - 120, 560, 0]
    shop.send_back(7, month=4, day=20)
    shop.post_difference(march, month=4, day=22)
    assert shop.wallets() == [167, 333, 0, 0]


def test_held_money_pays_for_returns_when_it_is_released():
    """Held for a period: March's 8.00 are held; April takes 8.00 back, of which nothing is held.

    So in April the released 8.00 and the -8.00 meet: nothing is left, nothing is owed.
    """
    shop = Shop("reverse", further="\n[money]\nhold_periods = 1\n")
    cleo = shop.books.family.cleo
    shop.pay(3)
    before = get_wallet(owner=cleo.pk, unit="EUR")
    assert (before.available, before.held) == (0, 800)
    shop.send_back(10, month=4, day=10)
    shop.pay(4)
    after = get_wallet(owner=cleo.pk, unit="EUR")
    assert (after.available, after.held) == (0, 0)
