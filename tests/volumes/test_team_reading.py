"""Large downlines by the columns of a reading: the same answers as the tables give, at once."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import Member
from mlm_plugin.network.services import move_branch
from mlm_plugin.volumes import team, team_columns, team_reading
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.team import GROUP, OWN, SORTS, TeamSlice, count_team, get_team
from mlm_plugin.volumes.team_columns import open_reading
from mlm_plugin.volumes.team_models import MemberChange, TeamColumn, TeamReading
from mlm_plugin.volumes.team_reading import TreeBroken, read_team, walk_tree
from tests.factories import JOINED, make_member
from tests.volumes.teams import MARCH, make_team, pages

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.postgres

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def ada(monkeypatch):
    """The team of 24, taken for a large one, in pieces of five members."""
    monkeypatch.setattr(team, "SMALL_BRANCH", 0)
    monkeypatch.setattr(team_reading, "SMALL_BRANCH", 0)
    monkeypatch.setattr(team_reading, "PIECE", 5)
    monkeypatch.setattr(team_columns, "PIECE", 5)
    monkeypatch.setattr(team_reading, "PLACES_PIECE", 4)
    monkeypatch.setattr(team_columns, "SAMPLE", 4)
    # Beside the team there are so many that no index over everybody soon finds one of it.
    monkeypatch.setattr(team, "SHARE", 0)
    return make_team()


def read(at=NOW):
    """A reading of everything so far: a test is one transaction, so all of it would count as new."""
    assert read_team(at=at)
    MemberChange.objects.all().delete()


def by_tables(monkeypatch, call):
    """What the tables alone answer."""
    with monkeypatch.context() as patch:
        patch.setattr(team, "open_reading", lambda member_id: None)
        return call()


def same_as_tables(monkeypatch, ada, **asked):
    """All pages by columns, which must be those by tables."""
    found = pages(ada, **asked)
    assert found == by_tables(monkeypatch, lambda: pages(ada, **asked))
    counted = count_team(member=ada, period=MARCH, wanted=asked.get("wanted", TeamSlice()))
    assert (counted.number, counted.is_exact) == (len(found), True)
    return [row.member.code for row in found]


SLICES = {
    "all": TeamSlice(),
    "level 2": TeamSlice(Slice(level_from=2, level_to=2)),
    "level 1": TeamSlice(Slice(level_to=1)),
    "ranks": TeamSlice(Slice(ranks=("gold", "silver"))),
    "a rank nobody has": TeamSlice(Slice(ranks=("star",))),
    "suspended": TeamSlice(Slice(statuses=("suspended",))),
    "joined": TeamSlice(Slice(joined_from=date(2026, 1, 12), joined_to=date(2026, 1, 14))),
    "group points": TeamSlice(points_of=GROUP, points_from=3_000),
    "own points": TeamSlice(points_of=OWN, points_from=150, points_to=350),
    "beyond any column": TeamSlice(points_from=-(10**30), points_to=10**30),
    "rank and points": TeamSlice(Slice(ranks=("gold",)), points_of=OWN, points_to=400),
}


@on_postgres
@pytest.mark.parametrize("name", SLICES)
def test_columns_answer_what_the_tables_answer(ada, monkeypatch, name):
    read()
    for sort in ("name", "-points", "joined"):
        same_as_tables(monkeypatch, ada, sort=sort, wanted=SLICES[name])


@on_postgres
def test_a_branch_inside_is_one_stretch_with_nobody_from_beside_it(ada, monkeypatch):
    read()
    for code in ("M00", "M02", "ZOE"):
        head = Member.objects.get(code=code)
        found = pages(head, sort="name")
        assert {row.member.path.startswith(head.path) for row in found} == {True}
        assert same_as_tables(monkeypatch, head, sort="-joined")


@on_postgres
@pytest.mark.parametrize("sort", SORTS)
def test_what_changes_after_the_reading_shows_at_once(ada, monkeypatch, sort):
    """One joins, one is renamed, one is suspended, a branch moves in, another out."""
    read()
    m01 = Member.objects.get(code="M01")
    make_member("new", m01, first_name="Aaron", joined_at=JOINED + timedelta(hours=5))
    Member.objects.filter(code="M07").update(last_name="Zander", first_name="Zoe")
    Member.objects.filter(code="M08").update(status="suspended", rank="gold")
    zoe, m02 = Member.objects.get(code="ZOE"), Member.objects.get(code="M02")
    move_branch(member_id=zoe.pk, new_sponsor_id=m01.pk, moved_at=NOW)
    yan = Member.objects.get(code="YAN")
    away = make_member("away")
    move_branch(member_id=m02.pk, new_sponsor_id=away.pk, moved_at=NOW)
    ada.refresh_from_db()
    codes = same_as_tables(monkeypatch, ada, sort=sort)
    assert {"NEW", "ZOE", yan.code} < set(codes)
    assert not {"M02", "M09", "M10", "M11"} & set(codes)
    gold = TeamSlice(Slice(ranks=("gold",)), points_to=10_000)
    same_as_tables(monkeypatch, ada, sort=sort, wanted=gold)


@on_postgres
def test_a_page_shows_who_joined_between_two_pages(ada, monkeypatch):
    read()
    first = get_team(member=ada, period=MARCH, sort="name", limit=7)
    last = first.rows[-1].member
    for name in ("", "Ott"):
        make_member(f"late{name}", ada, first_name="Zz", last_name=name)
    ada.refresh_from_db()
    asked = {"member": ada, "period": MARCH, "sort": "name", "cursor": first.next_cursor}
    second = get_team(**asked, limit=7)
    assert second.rows == by_tables(monkeypatch, lambda: get_team(**asked, limit=7)).rows
    # The one the cursor names is another one now, and still nobody is told twice or left out.
    Member.objects.filter(pk=last.pk).update(last_name="Zzz")
    again = get_team(**asked, limit=7)
    assert again.rows == by_tables(monkeypatch, lambda: get_team(**asked, limit=7)).rows


@on_postgres
@pytest.mark.parametrize("sort", ["points", "-points", "own", "-own"])
def test_order_by_points_is_that_of_the_reading_and_says_so(ada, sort):
    before = [row.member.code for row in pages(ada, sort=sort)]
    read()
    PeriodTotal.objects.filter(period=MARCH).update(group_pv=7, personal_pv=9)
    assert [row.member.code for row in pages(ada, sort=sort)] == before
    page = get_team(member=ada, period=MARCH, sort=sort, limit=5)
    assert page.sorted_as_of == NOW
    # Points shown are those of now, whatever the order goes by.
    assert {row.points.group_pv for row in page.rows} <= {0, 7}


@on_postgres
def test_what_the_columns_do_not_know_is_read_from_the_tables(ada):
    read()
    january = get_team(member=ada, period=date(2026, 1, 1), sort="-points")
    assert january.sorted_as_of is None
    assert len(january.rows) == 24
    named = get_team(member=ada, period=MARCH, wanted=TeamSlice(Slice(text="anna ott")))
    assert {row.member.full_name for row in named.rows} == {"Anna Ott"}
    assert get_team(member=ada, period=MARCH, sort="joined").sorted_as_of is None


@on_postgres
def test_after_too_many_changes_the_tables_answer_until_the_next_reading(ada, monkeypatch):
    read()
    monkeypatch.setattr(team_columns, "MOST_CHANGED", 3)
    Member.objects.filter(code__startswith="M0").update(rank="star")
    assert open_reading(member_id=ada.pk) is None
    wanted = TeamSlice(Slice(ranks=("star",)))
    assert len(pages(ada, wanted=wanted, sort="name")) == 10
    monkeypatch.undo()
    MemberChange.objects.all().delete()
    MemberChange.objects.create(transaction=2**62, member_id=None)
    assert open_reading(member_id=ada.pk) is None


@on_postgres
def test_the_database_notes_who_changes_and_of_a_crowd_only_that_it_did(ada):
    MemberChange.objects.all().delete()
    noted = MemberChange.objects.values_list("member_id", flat=True)
    Member.objects.filter(code="M01").update(numchild=3)
    assert list(noted.all()) == []
    Member.objects.filter(code="M03").update(rank="star")
    assert list(noted.all()) == [Member.objects.get(code="M03").pk]
    MemberChange.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mlm_plugin_member (path, depth, numchild, code, first_name, last_name,"
            " status, joined_at, rank, scheme) SELECT 'Z' || lpad(upper(to_hex(n)), 3, '0'), 1, 0,"
            " 'C' || n, '', '', 'active', now(), '', '' FROM generate_series(1, 1001) n"
        )
    assert list(noted.all()) == [None]


@on_postgres
def test_a_large_page_costs_the_same_queries_for_any_change(ada):
    read()

    def count():
        with CaptureQueriesContext(connection) as queries:
            get_team(member=ada, period=MARCH, sort="-points", limit=5)
            count_team(member=ada, period=MARCH)
        return len(queries)

    assert count() == 3
    make_member("one", ada)
    few = count()
    for number in range(5):
        make_member(f"N{number}", ada)
    assert count() == few == 5


@on_postgres
def test_a_reading_stays_while_nothing_is_new_and_two_are_kept(ada):
    read()
    assert not read_team(at=NOW + timedelta(minutes=50))
    make_member("new", ada)
    assert not read_team(at=NOW + timedelta(minutes=4))
    for minutes in (6, 120, 240):
        assert read_team(at=NOW + timedelta(minutes=minutes))
    assert TeamReading.objects.count() == 2
    assert set(TeamColumn.objects.values_list("reading_id", flat=True)) == set(
        TeamReading.objects.values_list("pk", flat=True)
    )


@on_postgres
def test_a_small_network_needs_no_reading(ada, monkeypatch):
    monkeypatch.setattr(team_reading, "SMALL_BRANCH", 2_000)
    assert not read_team(at=NOW)
    assert not TeamReading.objects.exists()


def test_sqlite_is_asked_directly(ada):
    if connection.vendor == "sqlite":
        assert not read_team(at=NOW)
        assert len(pages(ada, sort="-points")) == 24


def test_a_walk_puts_everybody_right_behind_the_sponsor():
    """Roots 0 and 3; 1 and 4 below 0, 2 below 4, 5 below 3: a walk is 0 1 4 2 3 5."""
    sponsor = np.array([-1, 0, 4, -1, 0, 3])
    depth = np.array([1, 2, 3, 1, 2, 2])
    place, size = walk_tree(sponsor=sponsor, depth=depth)
    assert np.argsort(place).tolist() == [0, 1, 4, 2, 3, 5]
    assert size.tolist() == [4, 1, 1, 2, 2, 1]


@pytest.mark.parametrize(
    ("sponsor", "depth"), [([-1, -1], [1, 2]), ([-1, 0, 1], [1, 2, 2])], ids=["nobody", "level"]
)
def test_a_broken_tree_is_refused(sponsor, depth):
    with pytest.raises(TreeBroken):
        walk_tree(sponsor=np.array(sponsor), depth=np.array(depth))


@on_postgres
@pytest.mark.parametrize("read_before_moves", [True, False], ids=["read before", "read after"])
def test_the_past_is_read_from_the_columns_too(ada, monkeypatch, read_before_moves):
    """A branch left the team, one came in, and one moved inside it; then somebody joined."""
    then = NOW - timedelta(days=1)
    if read_before_moves:
        read()
    by_code = {member.code: member for member in Member.objects.all()}
    for code, below in (("M02", "ZOE"), ("YAN", "M03"), ("M04", "M01"), ("M13", "ADA")):
        move_branch(member_id=by_code[code].pk, new_sponsor_id=by_code[below].pk, moved_at=NOW)
    make_member("new", Member.objects.get(code="M07"), joined_at=NOW)
    if not read_before_moves:
        read()
    for head in ("ADA", "M00", "M01", "ZOE"):
        member = Member.objects.get(code=head)
        for sort in ("-joined", "-points"):
            for name in ("all", "level 2", "own points"):
                wanted = SLICES[name]
                asked = {"sort": sort, "wanted": wanted, "at": then}
                found = pages(member, **asked)
                tables = by_tables(monkeypatch, lambda m=member, a=asked: pages(m, **a))
                assert found == tables
                counted = count_team(member=member, period=MARCH, wanted=wanted, at=then)
                assert counted.number == len(found)
    codes = {row.member.code for row in pages(Member.objects.get(code="ADA"), at=then)}
    assert "M02" in codes
    assert not {"YAN", "NEW"} & codes
