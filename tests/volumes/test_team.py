"""Slices of a downline: filters, orders, pages and counts, against lists made in Python."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import Member
from mlm_plugin.volumes import team, team_points
from mlm_plugin.volumes.models import PeriodTotal, TeamPoints
from mlm_plugin.volumes.team import GROUP, OWN, SORTS, TeamSlice, count_team, get_team
from mlm_plugin.volumes.team_points import copy_points
from tests.factories import JOINED, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MARCH = date(2026, 3, 1)
NAMES = ["Anna", "Boris", "", "Clara", "Dmitri", "Anna", "Eva"]
RANKS = ["", "silver", "gold"]


@pytest.fixture
def ada():
    """Ada with 24 below: three legs, different names, ranks, statuses, days and points."""
    ada = make_member("ada")
    people = [ada]
    for number in range(24):
        sponsor = people[number // 3] if number > 2 else ada
        sponsor.refresh_from_db()
        member = make_member(
            f"M{number:02}",
            sponsor,
            first_name=NAMES[number % len(NAMES)],
            last_name="Ott" if number % 2 else "",
            joined_at=JOINED + timedelta(days=number // 2),
        )
        Member.objects.filter(pk=member.pk).update(rank=RANKS[number % 3])
        if number % 4:
            PeriodTotal.objects.create(
                member=member,
                period=MARCH,
                personal_pv=100 * (number % 7),
                customers_pv=50,
                group_pv=1_000 * (number % 6),
            )
        people.append(member)
    Member.objects.filter(code__in=["M00", "M05", "M10", "M15"]).update(status="suspended")
    outside = make_member("zoe")
    make_member("yan", outside, first_name="Anna")
    ada.refresh_from_db()
    return ada


def pages(member, limit=7, **asked):
    """All rows, page by page."""
    rows, cursor = [], ""
    while True:
        page = get_team(member=member, period=MARCH, limit=limit, cursor=cursor, **asked)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows


def own(row):
    return row.points.personal_pv + row.points.customers_pv


KEYS = {
    "joined": lambda row: (row.member.joined_at, row.member.pk),
    "name": lambda row: (row.member.last_name, row.member.first_name, row.member.pk),
    "level": lambda row: (row.level, row.member.pk),
    "points": lambda row: (row.points.group_pv, row.member.pk),
    "own": lambda row: (own(row), row.member.pk),
}


@pytest.mark.parametrize("most_named", [0, 2_000])
@pytest.mark.parametrize("sort", SORTS)
def test_every_order_runs_through_everybody_once(ada, monkeypatch, sort, most_named):
    monkeypatch.setattr(team, "SMALL_BRANCH", most_named)
    rows = pages(ada, sort=sort)
    assert len({row.member.pk for row in rows}) == len(rows) == 24
    expected = sorted(rows, key=KEYS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    assert [row.member.code for row in rows] == [row.member.code for row in expected]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (TeamSlice(Slice(level_to=1)), lambda row: row.level == 1),
        (TeamSlice(Slice(level_from=2, level_to=2)), lambda row: row.level == 2),
        (TeamSlice(Slice(level_from=3)), lambda row: row.level >= 3),
        (TeamSlice(Slice(ranks=("gold", "silver"))), lambda row: row.member.rank != ""),
        (TeamSlice(Slice(statuses=("suspended",))), lambda row: row.member.status != "active"),
        (
            TeamSlice(Slice(joined_from=date(2026, 1, 12), joined_to=date(2026, 1, 14))),
            lambda row: date(2026, 1, 12) <= row.member.joined_at.date() <= date(2026, 1, 14),
        ),
        (TeamSlice(Slice(text="ann ott")), lambda row: row.member.full_name == "Anna Ott"),
        (TeamSlice(Slice(text="m0")), lambda row: row.member.code < "M10"),
        (TeamSlice(Slice(text="nna")), lambda row: False),
        (TeamSlice(points_of=GROUP, points_from=3_000), lambda row: row.points.group_pv >= 3_000),
        (
            TeamSlice(points_of=OWN, points_from=150, points_to=350),
            lambda row: 150 <= own(row) <= 350,
        ),
        (TeamSlice(points_of=GROUP, points_to=0), lambda row: row.points.group_pv == 0),
    ],
    ids=[
        "level 1",
        "level 2",
        "level 3 and below",
        "ranks",
        "suspended",
        "joined",
        "two words",
        "a code",
        "part of a name",
        "group points",
        "own points",
        "no points",
    ],
)
def test_a_slice_holds_exactly_who_fits(ada, wanted, fits):
    everybody = pages(ada)
    expected = {row.member.code for row in everybody if fits(row)}
    assert {row.member.code for row in pages(ada, wanted=wanted)} == expected
    counted = count_team(member=ada, period=MARCH, wanted=wanted)
    assert (counted.number, counted.is_exact) == (len(expected), True)


def test_a_branch_of_the_team_counts_levels_from_its_own_head(ada):
    head = Member.objects.get(code="M00")
    assert {row.level for row in pages(head)} == {1, 2}
    assert all(row.member.path.startswith(head.path) for row in pages(head))


def test_a_member_without_downline_has_an_empty_page(ada):
    last = Member.objects.get(code="M23")
    assert get_team(member=last, period=MARCH).rows == ()
    assert count_team(member=last, period=MARCH).number == 0


@pytest.mark.parametrize("sort", ["joined", "name", "points"])
@pytest.mark.parametrize(
    "cursor",
    ["1", "é", "x" * 5_000, "W10", "WyJqb2luZWQiXQ", "WyJqb2luZWQiLDEsMV0", "bnVsbA", "====", "\0"],
)
def test_a_cursor_nobody_wrote_starts_at_the_beginning(ada, sort, cursor):
    first = get_team(member=ada, period=MARCH, sort=sort, limit=5)
    assert get_team(member=ada, period=MARCH, sort=sort, limit=5, cursor=cursor) == first


def test_a_cursor_of_another_order_starts_at_the_beginning(ada):
    other = get_team(member=ada, period=MARCH, sort="name", limit=5).next_cursor
    first = get_team(member=ada, period=MARCH, sort="points", limit=5)
    assert get_team(member=ada, period=MARCH, sort="points", limit=5, cursor=other) == first


def test_an_order_there_is_not_is_refused(ada):
    with pytest.raises(ValueError, match="sorted by one of"):
        get_team(member=ada, period=MARCH, sort="path")


def test_points_beyond_any_column_and_days_beyond_any_calendar_find_nobody_or_all(ada):
    far = TeamSlice(Slice(joined_to=date.max), points_from=-(10**30), points_to=10**30)
    assert len(pages(ada, wanted=far)) == 24
    assert pages(ada, wanted=TeamSlice(points_from=10**30)) == []


def test_counting_stops_at_a_limit_and_says_so(ada, monkeypatch):
    from django.db import connection

    monkeypatch.setattr(team, "MOST_COUNTED", 10)
    counted = count_team(member=ada, period=MARCH)
    assert counted.is_exact == (connection.vendor == "sqlite")
    assert counted.number >= 10


def test_a_page_costs_the_same_for_any_size(ada, django_assert_num_queries):
    with django_assert_num_queries(2):
        get_team(member=ada, period=MARCH, limit=5)
    for number in range(20):
        make_member(f"N{number}", ada, joined_at=timezone.now())
    ada.refresh_from_db()
    with django_assert_num_queries(2):
        get_team(member=ada, period=MARCH, limit=5)


NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def large(monkeypatch):
    """Every branch counts as a large one."""
    monkeypatch.setattr(team, "SMALL_BRANCH", 0)
    monkeypatch.setattr(team_points, "SMALL_BRANCH", 0)


@pytest.mark.parametrize("sort", ["points", "-points", "own", "-own"])
def test_a_large_branch_is_sorted_by_a_copy_that_says_its_age(ada, large, sort):
    by_totals = [row.member.code for row in pages(ada, sort=sort)]
    copy_points(at=NOW)
    page = get_team(member=ada, period=MARCH, sort=sort, limit=5)
    assert page.sorted_as_of == NOW
    assert [row.member.code for row in pages(ada, sort=sort)] == by_totals
    wanted = TeamSlice(points_of=OWN, points_from=150, points_to=350)
    rows = pages(ada, wanted=wanted, sort="joined")
    assert rows
    assert all(150 <= own(row) <= 350 for row in rows)


def test_the_copy_follows_the_totals_and_writes_only_what_differs(ada, large):
    assert copy_points(at=NOW) == 2 * Member.objects.count()
    assert copy_points(at=NOW) == 0
    PeriodTotal.objects.filter(member__code="M01", period=MARCH).update(group_pv=999_999)
    stale = get_team(member=ada, period=MARCH, sort="-points", limit=1).rows[0]
    assert stale.member.code != "M01"
    assert copy_points(at=NOW) == 1
    newest = get_team(member=ada, period=MARCH, sort="-points", limit=1).rows[0]
    assert (newest.member.code, newest.points.group_pv) == ("M01", 999_999)


def test_points_shown_are_those_of_now_whatever_the_order_goes_by(ada, large):
    copy_points(at=NOW)
    PeriodTotal.objects.filter(member__code="M01", period=MARCH).update(group_pv=7)
    shown = {row.member.code: row.points.group_pv for row in pages(ada, sort="-points")}
    assert shown["M01"] == 7


def test_a_small_branch_and_a_month_without_copy_are_read_as_they_are(ada, large, monkeypatch):
    copy_points(at=NOW)
    january = get_team(member=ada, period=date(2026, 1, 1), sort="-points")
    assert january.sorted_as_of is None
    monkeypatch.setattr(team, "SMALL_BRANCH", 2_000)
    assert get_team(member=ada, period=MARCH, sort="-points").sorted_as_of is None


def test_copies_of_older_months_go(ada, large):
    copy_points(at=NOW)
    copy_points(at=NOW + timedelta(days=70))
    periods = {*TeamPoints.objects.values_list("period", flat=True)}
    assert periods == {date(2026, 4, 1), date(2026, 5, 1)}


def test_a_small_network_needs_no_copy(ada):
    assert copy_points(at=NOW) == 0
    assert not TeamPoints.objects.exists()
