"""What members read of their points: totals, what is pending, the feed, the first line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm_plugin.volumes import feed
from mlm_plugin.volumes.facts import Reversal
from mlm_plugin.volumes.feed import get_feed
from mlm_plugin.volumes.front_line import get_front_line_with_points
from mlm_plugin.volumes.selectors import (
    get_history,
    get_pending_points,
    get_period_totals,
    get_recent_periods,
)
from mlm_plugin.volumes.services import adjust_points, credit_orders
from tests.factories import make_member, make_user
from tests.volumes.orders import NOON, at, family_of_four, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MARCH = date(2026, 3, 1)


def later(minutes):
    return NOON + timedelta(minutes=minutes)


def refund_of(order, pieces, minutes):
    line = order.lines[0]
    back = Reversal(key="1", happened_at=later(minutes), pieces=((line.line_id, pieces),))
    return replace(order, reversals=(back,))


def everything(member, **options):
    return get_feed(member=member, limit=1000, **options).items


def test_totals_keep_own_customers_and_group_points_apart():
    family = family_of_four()
    credit_orders(
        facts=[
            order_of(family.ben, pv=1_000, cv=800),
            order_of(family.ben, pv=300, cv=200, buyer_kind="retail", source="bound"),
            order_of(family.dora, pv=50, cv=40),
        ]
    )
    ben = get_period_totals(member_id=family.ben.pk, period=MARCH)
    assert (ben.personal_pv, ben.personal_cv) == (1_000, 800)
    assert (ben.customers_pv, ben.customers_cv) == (300, 200)
    assert (ben.group_pv, ben.group_cv) == (1_350, 1_040)


def test_a_month_in_which_nothing_moved_is_zero():
    ada = make_member("ada")
    assert get_period_totals(member_id=ada.pk, period=MARCH).group_pv == 0


def test_history_is_in_the_order_asked_with_zeros_between():
    family = family_of_four()
    credit_orders(
        facts=[
            order_of(family.ada, pv=100, paid_at=at(1, 10)),
            order_of(family.ben, pv=10, paid_at=at(3, 10)),
        ]
    )
    periods = get_recent_periods(now=at(3, 20), count=4)
    assert periods == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), MARCH]
    history = get_history(member_id=family.ada.pk, periods=periods)
    assert [points.period for points in history] == periods
    assert [points.group_pv for points in history] == [0, 100, 0, 10]


def test_the_current_period_is_the_one_of_the_plans_time_zone(settings):
    settings.MLM = {**settings.MLM, "TIME_ZONE": "Europe/Berlin"}
    night = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert get_recent_periods(now=night)[-1] == date(2026, 4, 1)


def test_pending_points_are_those_of_orders_neither_paid_nor_cancelled():
    family = family_of_four()
    credit_orders(
        facts=[
            order_of(family.ben, pv=100, cv=90, paid_at=None),
            order_of(family.ben, pv=20, cv=10, paid_at=None, buyer_kind="retail"),
            order_of(family.ben, pv=4_000, paid_at=None, cancelled_at=NOON),
            order_of(family.ben, pv=50_000),
            order_of(family.cleo, pv=600_000, paid_at=None),
        ]
    )
    pending = get_pending_points(member_id=family.ben.pk)
    assert (pending.personal_pv, pending.personal_cv) == (100, 90)
    assert (pending.customers_pv, pending.customers_cv) == (20, 10)
    assert pending.pv == 120


def test_the_feed_names_line_member_level_and_state_newest_first():
    family = family_of_four()
    bought = order_of(family.dora, pv=1_000, cv=800)
    credit_orders(facts=[bought, order_of(family.ada, pv=70, cv=60, paid_at=later(1))])
    credit_orders(facts=[refund_of(bought, 4, 2)])
    credit_orders(facts=[order_of(family.cleo, pv=30, cv=20, placed_at=later(3), paid_at=None)])
    seen = [
        (item.state, item.member_name, item.level, item.title, item.quantity, item.pv, item.cv)
        for item in everything(family.ada)
    ]
    assert seen == [
        ("pending", "Cleo", 2, "Linden tea", 10, 30, 20),
        ("reversed", "Dora", 3, "Linden tea", -4, -400, -320),
        ("credited", "Ada", 0, "Linden tea", 10, 70, 60),
        ("credited", "Dora", 3, "Linden tea", 10, 1_000, 800),
    ]


def test_a_paid_order_is_no_longer_pending_and_a_cancelled_one_is_gone():
    family = family_of_four()
    paid, gone = order_of(family.ben, paid_at=None), order_of(family.ben, paid_at=None)
    credit_orders(facts=[paid, gone])
    assert [item.state for item in everything(family.ada)] == ["pending", "pending"]
    paid, gone = replace(paid, paid_at=later(1)), replace(gone, cancelled_at=later(1))
    credit_orders(facts=[paid, gone])
    assert [item.state for item in everything(family.ada)] == ["credited"]


@pytest.mark.parametrize("small_branch", [0, 2_000])
def test_nobody_sees_the_upline_or_other_legs(small_branch, monkeypatch):
    monkeypatch.setattr(feed, "SMALL_BRANCH", small_branch)
    family = family_of_four()
    stranger = make_member("emil", family.ada)
    credit_orders(facts=[order_of(member) for member in (*family, stranger)])
    assert {item.member_name for item in everything(family.ben)} == {"Ben", "Cleo", "Dora"}
    assert {item.member_name for item in everything(stranger)} == {"Emil"}
    assert {item.member_name for item in everything(family.ben, own_only=True)} == {"Ben"}


@pytest.mark.parametrize("small_branch", [0, 2_000])
def test_the_last_of_many_siblings_and_their_first_line_are_seen(small_branch, monkeypatch):
    """Paths are compared as text: steps made of Z come behind everything else."""
    monkeypatch.setattr(feed, "SMALL_BRANCH", small_branch)
    ada = make_member("ada")
    emil = make_member("emil", ada)
    type(ada).objects.filter(pk=emil.pk).update(path=ada.path + "ZZZZ")
    emil.refresh_from_db()
    frida = make_member("frida", emil)
    credit_orders(facts=[order_of(emil), order_of(frida)])
    assert {item.member_name for item in everything(ada)} == {"Emil", "Frida"}


def test_a_customer_is_named_to_the_own_member_only():
    family = family_of_four()
    customer = make_user("greta", first_name="Greta", last_name="Gold")
    order = order_of(family.cleo, buyer_kind="retail", source="bound", buyer_id=customer.pk)
    credit_orders(facts=[order])
    (own,) = everything(family.cleo)
    assert (own.buyer_name, own.order_number) == ("Greta Gold", order.number)
    (above,) = everything(family.ben)
    assert above.is_customer_order
    assert (above.buyer_name, above.order_number) == ("", "")
    assert "Greta" not in repr(above)


def test_an_adjustment_is_in_the_feed_with_its_reason_for_the_member_only():
    family = family_of_four()
    adjust_points(
        member_id=family.cleo.pk,
        pv=500,
        cv=-300,
        kind="personal",
        reason="A parcel was lost",
        author_id=make_user("olga").pk,
        happened_at=NOON,
        key="one",
    )
    (own,) = everything(family.cleo)
    assert (own.state, own.pv, own.cv, own.level) == ("adjusted", 500, -300, 0)
    assert own.reason == "A parcel was lost"
    (above,) = everything(family.ada)
    assert (above.state, above.member_name, above.level, above.reason) == (
        "adjusted",
        "Cleo",
        2,
        "",
    )
    assert not everything(family.dora)


@pytest.mark.parametrize("state", ["pending", "credited", "reversed", "adjusted"])
def test_a_state_shows_only_its_own(state):
    family = family_of_four()
    bought = order_of(family.ben)
    credit_orders(facts=[bought, order_of(family.ben, paid_at=None)])
    credit_orders(facts=[refund_of(bought, 1, 1)])
    adjust_points(
        member_id=family.ben.pk,
        pv=1,
        cv=1,
        kind="customers",
        reason="Test",
        author_id=make_user("olga").pk,
        happened_at=NOON,
        key="one",
    )
    assert [item.state for item in everything(family.ada, state=state)] == [state]


@pytest.mark.parametrize("small_branch", [0, 2_000])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_paging_shows_everything_once_even_of_the_same_moment(size, small_branch, monkeypatch):
    monkeypatch.setattr(feed, "SMALL_BRANCH", small_branch)
    family = family_of_four()
    orders = [order_of(member) for member in family for _ in range(2)]
    waiting = [order_of(member, paid_at=None) for member in family]
    credit_orders(facts=orders + waiting)
    credit_orders(facts=[refund_of(orders[0], 1, 0), refund_of(orders[3], 1, -1)])
    for number in range(2):
        adjust_points(
            member_id=family.ben.pk,
            pv=5,
            cv=5,
            kind="personal",
            reason="Test",
            author_id=make_user(f"olga{number}").pk,
            happened_at=NOON,
            key=str(number),
        )
    whole = everything(family.ada)
    assert len(whole) == 16
    pages, cursor = [], ""
    while True:
        page = get_feed(member=family.ada, limit=size, before=cursor)
        pages += page.items
        cursor = page.next_cursor
        if not cursor:
            break
    assert pages == list(whole)


HOSTILE_CURSORS = [
    "<script>",
    "'; DROP TABLE mlm_plugin_member; --",
    "1.1",
    "1.1.1.1",
    "-1.1.1",
    "--1.1",
    "9999999999999999999.9999999999999999999",
    "99999999999999999999999999.1.1",
    "1.1.9999999999999999999999",
    "٣.٣.٣",
    "²",
    "9" * 10_000,
    "\x00",
]


@pytest.mark.parametrize("cursor", HOSTILE_CURSORS, ids=lambda cursor: repr(cursor[:12]))
def test_a_cursor_from_nowhere_does_no_harm(cursor):
    family = family_of_four()
    credit_orders(facts=[order_of(family.ben)])
    assert len(get_feed(member=family.ada, limit=5, before=cursor).items) <= 1
    page = get_front_line_with_points(member=family.ada, period=MARCH, cursor=cursor)
    assert len(page.rows) <= 1


def test_the_first_line_comes_with_points_the_strongest_first():
    ada = make_member("ada")
    for name in ("ben", "cleo", "dora"):
        make_member(name, ada)
    cleo, dora = ada.front_line.get(code="CLEO"), ada.front_line.get(code="DORA")
    emil = make_member("emil", cleo)
    credit_orders(facts=[order_of(dora, pv=100), order_of(cleo, pv=60), order_of(emil, pv=90)])
    page = get_front_line_with_points(member=ada, period=MARCH)
    assert [(row.name, row.points.personal_pv, row.points.group_pv) for row in page.rows] == [
        ("Cleo", 60, 150),
        ("Dora", 100, 100),
        ("Ben", 0, 0),
    ]
    assert [row.front_line_size for row in page.rows] == [1, 0, 0]
    before = get_front_line_with_points(member=ada, period=date(2026, 2, 1))
    assert {row.points.group_pv for row in before.rows} == {0}


def test_the_first_line_is_paged_without_gaps_where_points_are_equal():
    ada = make_member("ada")
    line = [make_member(f"member{number}", ada) for number in range(7)]
    credit_orders(facts=[order_of(line[4], pv=10), order_of(line[5], pv=-5)])
    seen, cursor = [], ""
    while True:
        page = get_front_line_with_points(member=ada, period=MARCH, cursor=cursor, limit=2)
        seen += [row.member_id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == [line[i].pk for i in (4, 0, 1, 2, 3, 6, 5)]


def count_queries(member):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        get_feed(member=member, limit=30)
        get_front_line_with_points(member=member, period=MARCH)
        get_pending_points(member_id=member.pk)
        get_history(member_id=member.pk, periods=[MARCH])
    return len(queries)


def test_queries_do_not_grow_with_the_network():
    ada = make_member("ada")
    chain = [ada]
    for number in range(4):
        chain.append(make_member(f"small{number}", chain[-1]))
    credit_orders(facts=[order_of(member) for member in chain])
    credit_orders(facts=[order_of(member, paid_at=None) for member in chain])
    small = count_queries(ada)
    for number in range(55):
        chain.append(make_member(f"large{number}", chain[-1] if number % 2 else ada))
    credit_orders(facts=[order_of(member) for member in chain])
    credit_orders(facts=[order_of(member, paid_at=None) for member in chain])
    assert count_queries(ada) == small
    assert small <= 9
