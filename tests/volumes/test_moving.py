"""Totals of open periods follow a moving branch; closed ones stay as they were."""

from datetime import UTC, date, datetime

import pytest

from mlm_plugin.ledger.services import close_books
from mlm_plugin.network.models import MAX_DEPTH, Member
from mlm_plugin.network.selectors import find_problems
from mlm_plugin.network.services import TooDeep, join_member
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.rebuilding import find_differences, move_branch, rebuild_totals
from mlm_plugin.volumes.services import credit_orders
from tests.factories import JOINED, make_member
from tests.volumes.orders import NOON, at, family_of_four, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def group_pv(member: Member, period: date = MARCH) -> int:
    total = PeriodTotal.objects.filter(member=member, period=period).first()
    return total.group_pv if total else 0


def test_a_branch_takes_its_points_along() -> None:
    """cleo's branch has 100.00 + 100.00; it leaves ben's group for eva's and stays in ada's."""
    family = family_of_four()
    eva = make_member("eva", family.ada)
    credit_orders(facts=[order_of(family.cleo), order_of(family.dora), order_of(family.ben)])
    move_branch(member_id=family.cleo.pk, new_sponsor_id=eva.pk, moved_at=NOON)
    assert [group_pv(member) for member in (family.ada, family.ben, eva, family.cleo)] == [
        30_000,
        10_000,
        20_000,
        20_000,
    ]
    assert find_differences() == find_problems() == []


def test_moving_twice_to_the_same_place_changes_nothing_more() -> None:
    family = family_of_four()
    eva = make_member("eva", family.ada)
    credit_orders(facts=[order_of(family.dora)])
    for _attempt in range(2):
        move_branch(member_id=family.cleo.pk, new_sponsor_id=eva.pk, moved_at=NOON)
    assert group_pv(eva) == 10_000
    assert find_differences() == []


def test_totals_of_a_closed_period_stay_as_they_were() -> None:
    family = family_of_four()
    eva = make_member("eva", family.ada)
    credit_orders(facts=[order_of(family.dora)])
    close_books(through=date(2026, 3, 31), author=None, closed_at=datetime(2026, 4, 2, tzinfo=UTC))
    credit_orders(facts=[order_of(family.dora, paid_at=at(4, 10), placed_at=at(4, 10))])
    move_branch(member_id=family.cleo.pk, new_sponsor_id=eva.pk, moved_at=at(4, 11))
    rebuild_totals()
    assert (group_pv(family.ben), group_pv(family.ben, APRIL)) == (10_000, 0)
    assert (group_pv(eva), group_pv(eva, APRIL)) == (0, 10_000)


def test_points_run_up_a_chain_as_deep_as_the_tree_goes() -> None:
    """600 members in one line; the last buys 100.00, and the first has it in the group."""
    first = last = make_member("first")
    for number in range(599):
        last = join_member(sponsor_id=last.pk, code=f"m{number}", first_name="", joined_at=JOINED)
    assert last.depth == 600
    credit_orders(facts=[order_of(last)])
    assert group_pv(first) == 10_000
    assert PeriodTotal.objects.count() == 600
    assert find_differences() == []


def test_below_the_deepest_place_is_a_clear_error() -> None:
    last = make_member("first")
    Member.objects.filter(pk=last.pk).update(depth=MAX_DEPTH)
    with pytest.raises(TooDeep, match=str(MAX_DEPTH)):
        join_member(sponsor_id=last.pk, code="toodeep", first_name="", joined_at=JOINED)
