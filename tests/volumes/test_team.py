"""Slices of a downline: filters, orders, pages and counts, against lists made in Python."""

from datetime import date

import pytest
from django.utils import timezone

from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import Member
from mlm_plugin.volumes import team
from mlm_plugin.volumes.team import GROUP, OWN, SORTS, TeamSlice, count_team, get_team
from tests.factories import make_member
from tests.volumes.teams import KEYS, MARCH, make_team, own, pages

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def ada():
    return make_team()


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
    from django.db import connection

    # PostgreSQL asks for a reading first.
    queries = 3 if connection.vendor == "postgresql" else 2
    with django_assert_num_queries(queries):
        get_team(member=ada, period=MARCH, limit=5)
    for number in range(20):
        make_member(f"N{number}", ada, joined_at=timezone.now())
    ada.refresh_from_db()
    with django_assert_num_queries(queries):
        get_team(member=ada, period=MARCH, limit=5)
