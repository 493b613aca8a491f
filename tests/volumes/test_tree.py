"""The tree viewer's reads: pages of a line, paths, the past, who sees what, and what it costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from mlm_plugin.network.models import Member
from mlm_plugin.network.services import change_status, move_branch
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.tree import (
    find_in_tree,
    get_path,
    get_trail,
    get_tree_page,
    list_ranks,
    locate,
    read_view,
)
from mlm_plugin.volumes.tree_answers import answer_branch, answer_find, answer_path, get_screen
from tests.factories import JOINED, make_family, make_member
from tests.network.placements import plant, tree

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
MAY, MARCH = date(2026, 5, 1), "2026-03"
IN_APRIL = datetime(2026, 4, 10, tzinfo=UTC)


def view_of(head, *, is_staff=False, **parameters):
    head.refresh_from_db()
    return read_view(head=head, parameters=parameters, now=NOW, is_staff=is_staff)


def page_of(view, code="", **asked):
    return get_tree_page(view=view, spot=locate(view=view, code=code), **asked)


def codes(page):
    return [row.code for row in page.rows]


def is_visible(view, code):
    try:
        return locate(view=view, code=code).level
    except Member.DoesNotExist:
        return None


@pytest.fixture
def family():
    return make_family()


def test_a_line_is_read_page_by_page_in_the_order_of_joining():
    ada = make_member("ada")
    for number in range(7):
        make_member(f"m{number}", ada, joined_at=JOINED + timedelta(days=number // 2))
    view = view_of(ada)
    first, second = page_of(view, limit=4), page_of(view, start=4, limit=4)
    assert codes(first) + codes(second) == [f"M{number}" for number in range(7)]
    assert [row.index for row in second.rows] == [4, 5, 6]
    assert (first.total, first.next_start, second.next_start) == (7, 4, 0)
    assert page_of(view, start=10**18).rows == ()


def test_cards_show_points_of_the_month_and_the_size_of_the_line(family):
    ada, ben, *_ = family
    PeriodTotal.objects.create(
        member=ben, period=MAY, personal_pv=300, customers_pv=200, group_pv=900
    )
    (row,) = page_of(view_of(ada)).rows
    assert (row.own, row.group, row.size, row.level) == (500, 900, 1, 1)
    assert page_of(view_of(ada, period=MARCH)).rows[0].group == 0


def test_only_the_own_branch_exists(family):
    ben = family[1]
    stranger = make_member("zoe")
    view = view_of(ben)
    assert [is_visible(view, code) for code in ("BEN", "CLEO", "dora")] == [0, 1, 2]
    for code in ("ADA", stranger.code, "NOBODY", "\0", "x" * 500):
        assert is_visible(view, code) is None


def test_a_path_says_where_each_stands_in_the_line_above(family):
    ada, _ben, cleo, _dora = family
    for name in ("emil", "fred"):
        cleo.refresh_from_db()
        make_member(name, cleo)
    view = view_of(ada)
    path = get_path(view=view, spot=locate(view=view, code="FRED"))
    assert path.top == "ADA"
    assert [(row.code, row.index) for row in path.rows] == [("BEN", 0), ("CLEO", 0), ("FRED", 2)]
    for row, above in zip(path.rows, ["ADA", "BEN", "CLEO"], strict=True):
        assert codes(page_of(view, above))[row.index] == row.code


def test_a_long_way_is_shortened_to_both_ends():
    line = [make_member("m0")]
    for number in range(1, 9):
        line.append(make_member(f"m{number}", line[-1]))
    view = view_of(line[0])
    trail = get_trail(view=view, spot=locate(view=view, code="M8"))
    assert [row.code for row in trail.rows] == ["M0", "M5", "M6", "M7", "M8"]
    assert [row.level for row in trail.rows] == [0, 5, 6, 7, 8]
    assert trail.left_out == 4
    near = get_trail(view=view, spot=locate(view=view, code="M1"))
    assert ([row.code for row in near.rows], near.left_out) == (["M0", "M1"], 0)


def test_a_past_month_shows_the_tree_and_the_status_of_then(family):
    ada, ben, cleo, dora = family
    late = make_member("late", ada, joined_at=IN_APRIL)
    move_branch(member_id=dora.pk, new_sponsor_id=ben.pk, moved_at=IN_APRIL)
    change_status(
        member_id=cleo.pk, after="suspended", reason="", author_id=None, changed_at=IN_APRIL
    )
    now, then = view_of(ada), view_of(ada, period=MARCH)
    assert codes(page_of(now, "BEN")) == ["CLEO", "DORA"]
    assert codes(page_of(then, "BEN")) == ["CLEO"]
    assert codes(page_of(then, "CLEO")) == ["DORA"]
    assert is_visible(then, late.code) is None
    assert codes(page_of(then)) == ["BEN"]
    cleo_now, cleo_then = page_of(now, "BEN").rows[0], page_of(then, "BEN").rows[0]
    assert (cleo_now.status, cleo_now.size) == ("suspended", 0)
    assert (cleo_then.status, cleo_then.size) == ("active", 1)
    path = get_path(view=then, spot=locate(view=then, code="DORA"))
    assert [row.code for row in path.rows] == ["BEN", "CLEO", "DORA"]


def test_who_has_left_the_branch_is_out_of_sight_in_its_past_but_not_for_the_staff(family):
    ada, ben, _cleo, dora = family
    emil = make_member("emil", ada)
    move_branch(member_id=dora.pk, new_sponsor_id=emil.pk, moved_at=IN_APRIL)
    then = view_of(ben, period=MARCH)
    assert is_visible(then, "DORA") is None
    (row,) = page_of(then, "CLEO").rows
    assert (row.code, row.own, row.group, row.size) == ("", None, None, 0)
    assert "Dora" not in row.name
    assert find_in_tree(view=then, text="dora") == []
    staff = view_of(ben, period=MARCH, is_staff=True)
    assert codes(page_of(staff, "CLEO")) == ["DORA"]


def test_names_and_points_reach_as_far_as_the_settings_say(family):
    ada, *_ = family
    with override_settings(MLM={"TEAM_SHOWS": {"names": 1, "points": 1, "contact": None}}):
        view = view_of(ada)
        (ben,) = page_of(view).rows
        (cleo,) = page_of(view, "BEN").rows
        assert (ben.name, cleo.name) == ("Ben", "CLEO")
        assert (ben.group, cleo.group) == (0, None)
        assert [row.code for row in find_in_tree(view=view, text="ben")] == ["BEN"]
        assert find_in_tree(view=view, text="cleo") == []
        staff = view_of(ada, is_staff=True)
        assert [row.name for row in find_in_tree(view=staff, text="cleo")] == ["Cleo"]


def test_the_search_finds_beginnings_below_the_head_only(family):
    ada, ben, *_ = family
    make_member("clara")
    assert [row.code for row in find_in_tree(view=view_of(ada), text="cl")] == ["CLEO"]
    assert find_in_tree(view=view_of(ben), text="ada") == []
    for nothing in ("", "  ", "\0", "%", "x" * 5000):
        assert find_in_tree(view=view_of(ada), text=nothing) == []


def test_the_placement_tree_shows_every_slot_the_free_ones_too():
    with tree("binary"):
        shape = {"ada": None, "ben": ("ada", 0), "cleo": ("ben", 1), "dora": ("cleo", 1)}
        members = plant(shape)
        view = view_of(members["ada"], tree="placement")
        assert [(row.code, row.is_free) for row in page_of(view).rows] == [
            ("BEN", False),
            ("", True),
        ]
        assert [row.code for row in page_of(view, "CLEO").rows] == ["", "DORA"]
        assert page_of(view, "DORA").total == 0
        path = get_path(view=view, spot=locate(view=view, code="DORA"))
        assert [(row.code, row.index, row.level) for row in path.rows] == [
            ("BEN", 0, 1),
            ("CLEO", 1, 2),
            ("DORA", 1, 3),
        ]
        assert is_visible(view_of(members["ben"], tree="placement"), "ADA") is None
        answer = answer_find(view=view, parameters={"q": "dor"})
        assert [hit["code"] for hit in answer["hits"]] == ["DORA"]


def test_without_a_placement_tree_the_address_shows_the_sponsors(family):
    assert view_of(family[0], tree="placement").tree == "sponsor"


def test_ranks_are_listed_once_each(family):
    assert list_ranks() == []
    for member, rank in zip(family, ["gold", "", "bronze", "gold"], strict=True):
        Member.objects.filter(pk=member.pk).update(rank=rank)
    assert list_ranks() == ["bronze", "gold"]


def test_nested_branches_open_and_foreign_ones_do_not(family):
    ada, *_ = family
    outside = make_member("zoe")
    make_member("yan", outside)
    query = QueryDict("open=BEN&open=CLEO&open=ZOE&open=ADA&open=BEN&open=%00")
    screen = get_screen(view=view_of(ada), parameters=query)
    assert list(screen.opened) == ["BEN", "CLEO"]
    (ben,) = screen.lines
    (cleo,) = ben.below
    assert [line.row.code for line in cleo.below] == ["DORA"]
    assert ben.address == "?of=ADA&tree=sponsor&open=CLEO#m-BEN"
    assert cleo.below[0].address == "?of=ADA&tree=sponsor&open=BEN&open=CLEO&open=DORA#m-DORA"


@pytest.mark.parametrize("period", ["", MARCH])
@pytest.mark.parametrize("kind", ["sponsor", "placement"])
def test_queries_are_the_same_for_ten_members_and_for_two_hundred(family, kind, period):
    ada, *_ = family
    others = 0

    def grow(number):
        nonlocal others
        ada.refresh_from_db()
        for _each in range(number):
            make_member(f"other{others}", ada)
            others += 1

    def count():
        view = view_of(ada, tree=kind, period=period)
        with CaptureQueriesContext(connection) as queries:
            get_screen(view=view, parameters=QueryDict("open=BEN"))
            answer_branch(view=view, parameters={})
            answer_find(view=view, parameters={"q": "a"})
            if kind == "sponsor":
                answer_path(view=view, parameters={"of": "DORA"})
        return len(queries)

    with tree("line"):
        grow(6)
        small = count()
        grow(190)
        assert count() == small
    assert small <= 40
