"""Any sequence of orders, refunds, cancellations, moves and closings agrees with plain sums.

The plain model keeps one number per order line and walks every chain by a dictionary, month by
month; it shares nothing with the statements that keep the totals.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from mlm_plugin.ledger.selectors import find_problems
from mlm_plugin.ledger.services import close_books
from mlm_plugin.network.services import Cycle, join_member
from mlm_plugin.volumes.facts import Reversal
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences, move_branch, rebuild_totals
from mlm_plugin.volumes.services import credit_orders
from tests.volumes.orders import NOON, at, order_of

PIECES = 10
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


class Books(RuleBasedStateMachine):
    members = Bundle("members")
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        self.sponsors = {}
        self.facts = {}
        self.credited = {}
        # Group points per period and member.
        self.groups = defaultdict(int)
        self.is_march_closed = False
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(target=members)
    def begin(self):
        """Ada sponsors ben and eva, ben sponsors cleo, cleo sponsors dora; all but ada bought."""
        ada = self._join(None)
        ben, eva = self._join(ada), self._join(ada)
        cleo = self._join(ben)
        dora = self._join(cleo)
        for member in (ben, eva, cleo, dora):
            self._credit(order_of(None, pv=1_000, member_id=member))
        return multiple(ada, ben, eva, cleo, dora)

    @rule(target=members, sponsor=members)
    def join(self, sponsor):
        return self._join(sponsor)

    @rule(
        target=orders,
        member=members,
        pv=st.integers(0, 5_000),
        paid=st.sampled_from([True, True, False]),
        kind=st.sampled_from(["member", "retail"]),
    )
    def order(self, member, pv, paid, kind):
        facts = order_of(
            None, pv=pv, cv=pv, member_id=member, buyer_kind=kind, paid_at=NOON if paid else None
        )
        self._credit(facts)
        return facts.number

    @rule(number=orders)
    def pay(self, number):
        facts = self.facts[number]
        self._credit(replace(facts, paid_at=facts.paid_at or at(4, 5)))

    @rule(number=orders)
    def repeat(self, number):
        self._credit(self.facts[number])

    @rule(number=orders, pieces=st.integers(1, PIECES))
    def refund(self, number, pieces):
        facts = self.facts[number]
        reversal = Reversal(
            key=str(len(facts.reversals)),
            happened_at=at(4, 6),
            pieces=((facts.lines[0].line_id, pieces),),
        )
        self._credit(replace(facts, reversals=(*facts.reversals, reversal)))

    @rule(number=orders)
    def cancel(self, number):
        facts = self.facts[number]
        self._credit(replace(facts, cancelled_at=facts.cancelled_at or at(4, 7)))

    @rule(member=members, sponsor=members)
    def move(self, member, sponsor):
        if member in self._chain(sponsor):
            with pytest.raises(Cycle):
                move_branch(member_id=member, new_sponsor_id=sponsor, moved_at=at(4, 8))
            return
        move_branch(member_id=member, new_sponsor_id=sponsor, moved_at=at(4, 8))
        for period in (APRIL,) if self.is_march_closed else (MARCH, APRIL):
            points = self.groups[period, member]
            for above in self._chain(self.sponsors[member]):
                self.groups[period, above] -= points
            for above in self._chain(sponsor):
                self.groups[period, above] += points
        self.sponsors[member] = sponsor

    @rule()
    def close_march(self):
        if not self.is_march_closed:
            closed_at = datetime(2026, 4, 2, tzinfo=UTC)
            close_books(through=date(2026, 3, 31), author=None, closed_at=closed_at)
            self.is_march_closed = True

    @rule()
    def rebuild(self):
        rebuild_totals()

    @invariant()
    def totals_are_the_plain_sums(self):
        found = {
            (total.period, total.member_id): total.group_pv for total in PeriodTotal.objects.all()
        }
        for place in {*found, *self.groups}:
            assert found.get(place, 0) == self.groups[place], place
        assert find_differences() == []
        assert find_problems() == []

    def _credit(self, facts):
        """Credit, and add to the model what is new: all pieces when paid, less those gone."""
        credit_orders(facts=[facts])
        self.facts[facts.number] = facts
        before = self.credited.setdefault(facts.number, {"paid": False, "gone": 0, "seen": 0})
        if facts.paid_at is None:
            return
        pv = facts.lines[0].pv
        if not before["paid"]:
            before["paid"] = True
            month = MARCH if facts.paid_at == NOON and not self.is_march_closed else APRIL
            self._add(month, facts.member_id, pv)
        for reversal in facts.reversals[before["seen"] :]:
            self._take(facts, before, reversal.pieces[0][1])
        before["seen"] = len(facts.reversals)
        if facts.cancelled_at:
            self._take(facts, before, PIECES)

    def _take(self, facts, before, pieces):
        gone = min(PIECES, before["gone"] + pieces)
        pv = facts.lines[0].pv
        taken = round(Fraction(pv * gone, PIECES)) - round(Fraction(pv * before["gone"], PIECES))
        self._add(APRIL, facts.member_id, -taken)
        before["gone"] = gone

    def _add(self, period, member, points):
        for above in self._chain(member):
            self.groups[period, above] += points

    def _join(self, sponsor):
        member = join_member(sponsor_id=sponsor, joined_at=at(1, 1))
        self.sponsors[member.pk] = sponsor
        return member.pk

    def _chain(self, member):
        chain = []
        while member is not None:
            chain.append(member)
            member = self.sponsors[member]
        return chain


@pytest.mark.both
@pytest.mark.django_db
def test_any_history_agrees_with_plain_sums():
    run_state_machine_as_test(
        Books, settings=settings(max_examples=40, stateful_step_count=20, deadline=None)
    )
