"""Orders become points along the whole chain, once, and go back piece by piece."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm_plugin.ledger.models import Entry
from mlm_plugin.ledger.selectors import find_problems, get_balance
from mlm_plugin.ledger.services import close_books
from mlm_plugin.volumes.facts import LineFacts, Reversal
from mlm_plugin.volumes.models import CreditedLine, CreditedOrder, LineMovement, PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences, rebuild_totals
from mlm_plugin.volumes.services import ConflictingFacts, adjust_points, credit_orders
from tests.factories import make_member
from tests.volumes.orders import NOON, Family, at, family_of_four, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def family() -> Family:
    return family_of_four()


def totals(period: date = MARCH) -> dict[str, tuple[int, int, int]]:
    """(own, customers', group) PV by member's code."""
    rows = PeriodTotal.objects.filter(period=period).select_related("member")
    return {
        row.member.first_name.lower(): (row.personal_pv, row.customers_pv, row.group_pv)
        for row in rows
    }


def test_points_run_up_the_whole_chain(family: Family) -> None:
    """cleo buys 100.00: hers are own points, ben's and ada's groups grow by 100.00, dora has none.

    ada's group = cleo's 100.00 + ben's own 50.00 = 150.00.
    """
    credit_orders(facts=[order_of(family.cleo), order_of(family.ben, pv=5_000)])
    assert totals() == {
        "ada": (0, 0, 15_000),
        "ben": (5_000, 0, 15_000),
        "cleo": (10_000, 0, 10_000),
    }
    assert find_problems() == find_differences() == []


def test_a_customers_order_is_the_members_customer_volume(family: Family) -> None:
    credit_orders(facts=[order_of(family.cleo, buyer_kind="retail", source="cookie")])
    assert totals() == {
        "ada": (0, 0, 10_000),
        "ben": (0, 0, 10_000),
        "cleo": (0, 10_000, 10_000),
    }


def test_cv_runs_up_beside_pv(family: Family) -> None:
    credit_orders(facts=[order_of(family.cleo)])
    assert PeriodTotal.objects.get(member=family.ada).group_cv == 8_000
    assert get_balance(owner=family.cleo.pk, kind="personal", unit="CV") == 8_000


def test_the_same_order_again_changes_nothing(family: Family) -> None:
    order = order_of(family.cleo)
    assert credit_orders(facts=[order]) == 1
    assert credit_orders(facts=[order]) == 0
    assert credit_orders(facts=[order, order]) == 0
    assert totals()["ada"] == (0, 0, 10_000)


def test_a_batch_with_the_same_order_twice_credits_it_once(family: Family) -> None:
    order = order_of(family.cleo)
    assert credit_orders(facts=[order, order]) == 1


def test_an_unpaid_order_is_pending_and_belongs_to_no_period(family: Family) -> None:
    credit_orders(facts=[order_of(family.cleo, paid_at=None)])
    assert totals() == {}
    assert CreditedOrder.objects.get().paid_at is None
    assert not Entry.objects.exists()


def test_an_order_counts_on_the_day_it_is_paid(family: Family) -> None:
    pending = order_of(family.cleo, paid_at=None, placed_at=at(3, 30))
    credit_orders(facts=[pending])
    credit_orders(facts=[replace(pending, paid_at=at(4, 2))])
    assert totals(MARCH) == {}
    assert totals(APRIL)["ada"] == (0, 0, 10_000)
    assert CreditedOrder.objects.get().paid_at == at(4, 2)


def test_the_points_frozen_at_first_sight_count_whatever_comes_later(family: Family) -> None:
    pending = order_of(family.cleo, paid_at=None)
    credit_orders(facts=[pending])
    dearer = replace(pending.lines[0], pv=99_999)
    credit_orders(facts=[replace(pending, paid_at=NOON, lines=(dearer,))])
    assert totals()["cleo"] == (10_000, 0, 10_000)


def test_pieces_go_back_one_by_one_and_add_up_exactly(family: Family) -> None:
    """1.00 point on 3 pieces: 0.33, 0.34 and 0.33 go back, and nothing is left."""
    line = LineFacts(line_id=5, sku="", title="Tea", quantity=3, paid=300, pv=100, cv=100)
    order = order_of(family.cleo, lines=(line,))
    credit_orders(facts=[order])
    left = []
    reversals = ()
    for number in (1, 2, 3):
        reversals += (Reversal(key=str(number), happened_at=NOON, pieces=((5, 1),)),)
        credit_orders(facts=[replace(order, reversals=reversals)])
        left.append(totals()["ada"][2])
    assert left == [67, 33, 0]
    assert find_differences() == []


def test_the_same_refund_again_takes_nothing_more(family: Family) -> None:
    order = order_of(family.cleo)
    refund = Reversal(key="1", happened_at=NOON, pieces=((order.lines[0].line_id, 4),))
    refunded = replace(order, reversals=(refund,))
    credit_orders(facts=[refunded])
    credit_orders(facts=[refunded])
    assert totals()["ada"] == (0, 0, 6_000)


def test_partial_refund_then_full_leaves_nothing(family: Family) -> None:
    order = order_of(family.cleo)
    line = order.lines[0].line_id
    part = Reversal(key="1", happened_at=NOON, pieces=((line, 4),))
    full = Reversal(key="2", happened_at=NOON, pieces=((line, 10),))
    credit_orders(facts=[replace(order, reversals=(part,))])
    credit_orders(facts=[replace(order, reversals=(part, full))])
    assert totals()["ada"] == (0, 0, 0)
    assert list(LineMovement.objects.order_by("pk").values_list("quantity", flat=True)) == [
        10,
        -4,
        -6,
    ]


def test_cancelling_takes_back_what_is_left(family: Family) -> None:
    order = order_of(family.cleo)
    part = Reversal(key="1", happened_at=NOON, pieces=((order.lines[0].line_id, 4),))
    credit_orders(facts=[replace(order, reversals=(part,))])
    gone = replace(order, reversals=(part,), cancelled_at=NOON)
    credit_orders(facts=[gone])
    credit_orders(facts=[gone])
    assert totals()["ada"] == (0, 0, 0)
    assert CreditedOrder.objects.get().cancelled_at == NOON


def test_a_refund_that_comes_to_light_after_the_cancellation_takes_nothing_more(
    family: Family,
) -> None:
    order = order_of(family.cleo)
    credit_orders(facts=[order])
    credit_orders(facts=[replace(order, cancelled_at=NOON)])
    late = Reversal(key="1", happened_at=NOON, pieces=((order.lines[0].line_id, 4),))
    credit_orders(facts=[replace(order, reversals=(late,), cancelled_at=NOON)])
    assert totals()["ada"] == (0, 0, 0)


def test_cancelling_a_pending_order_posts_nothing(family: Family) -> None:
    pending = order_of(family.cleo, paid_at=None)
    credit_orders(facts=[pending])
    credit_orders(facts=[replace(pending, cancelled_at=NOON)])
    assert not Entry.objects.exists()
    assert CreditedOrder.objects.get().cancelled_at == NOON


def test_an_order_nobody_referred_is_kept_and_credits_nobody(family: Family) -> None:
    credit_orders(facts=[order_of(None, buyer_kind="retail", source="none")])
    assert CreditedOrder.objects.get().member is None
    assert totals() == {}


def test_a_line_without_points_writes_no_entry(family: Family) -> None:
    assert credit_orders(facts=[order_of(family.cleo, pv=0, cv=0)]) == 0
    assert CreditedLine.objects.count() == 1


def test_facts_that_name_another_member_are_refused_whole(family: Family) -> None:
    order = order_of(family.cleo)
    credit_orders(facts=[order])
    with pytest.raises(ConflictingFacts, match=order.number):
        credit_orders(facts=[order_of(family.dora), replace(order, member_id=family.ben.pk)])
    assert CreditedOrder.objects.count() == 1


def test_an_order_of_a_closed_month_counts_in_the_first_open_one(family: Family) -> None:
    close_books(through=date(2026, 3, 31), author=None, closed_at=datetime(2026, 4, 1, tzinfo=UTC))
    credit_orders(facts=[order_of(family.cleo)])
    assert totals(MARCH) == {}
    assert totals(APRIL)["ada"] == (0, 0, 10_000)


def test_a_refund_counts_in_the_month_it_happens(family: Family) -> None:
    order = order_of(family.cleo)
    refund = Reversal(key="1", happened_at=at(4, 5), pieces=((order.lines[0].line_id, 10),))
    credit_orders(facts=[replace(order, reversals=(refund,))])
    assert totals(MARCH)["ada"] == (0, 0, 10_000)
    assert totals(APRIL)["ada"] == (0, 0, -10_000)


def test_an_adjustment_counts_like_an_order_and_happens_once(
    family: Family, django_user_model
) -> None:
    author = django_user_model.objects.create_user(email="olga@example.com")
    for _attempt in range(2):
        adjust_points(
            member_id=family.cleo.pk,
            pv=250,
            cv=0,
            kind="customers",
            reason="Goodwill for a lost parcel",
            author_id=author.pk,
            happened_at=NOON,
            key="form-1",
        )
    assert totals()["cleo"] == (0, 250, 250)
    assert totals()["ada"] == (0, 0, 250)
    entry = Entry.objects.get()
    assert (entry.reason, entry.author) == ("Goodwill for a lost parcel", author)


@pytest.mark.parametrize(("reason", "kind"), [("  ", "personal"), ("Goodwill", "issued")])
def test_an_adjustment_needs_a_reason_and_a_members_account(
    family: Family, reason: str, kind: str
) -> None:
    with pytest.raises(ValueError, match="adjustment"):
        adjust_points(
            member_id=family.cleo.pk,
            pv=250,
            cv=0,
            kind=kind,
            reason=reason,
            author_id=1,
            happened_at=NOON,
            key="form-1",
        )


def test_queries_depend_neither_on_chain_nor_on_batch(family: Family) -> None:
    last = family.dora
    for number in range(30):
        last = make_member(f"m{number}", last)
    with CaptureQueriesContext(connection) as short:
        credit_orders(facts=[order_of(family.ada)])
    with CaptureQueriesContext(connection) as long:
        credit_orders(facts=[order_of(last) for _number in range(40)])
    assert len(long) == len(short) <= 24


def test_totals_are_rebuilt_from_the_books(family: Family) -> None:
    credit_orders(facts=[order_of(family.dora), order_of(family.ben, buyer_kind="retail")])
    before = totals()
    PeriodTotal.objects.filter(member=family.ada).update(group_pv=1)
    PeriodTotal.objects.filter(member=family.cleo).delete()
    assert len(find_differences()) == 2
    assert rebuild_totals() == 4
    assert totals() == before
    assert find_differences() == []
