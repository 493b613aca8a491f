"""Branches of the placement tree to other places: lines, ends, levels and history stay right."""

import pytest

from mlm_plugin.network import lines, placing
from mlm_plugin.network.models import LineEnd, Placement, PlacementEdge
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import (
    get_outside_end,
    is_placed_below,
    list_placement_branch,
    list_placement_upline,
)
from mlm_plugin.network.services import Cycle
from tests.factories import JOINED, make_member
from tests.network.placements import DAY, place, plant, tree, where

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# Left leg of ada: ben, dora, emma; fay is on dora's right, gus below her. Right leg: cleo.
GROWN = {
    "ada": None,
    "ben": ("ada", 0),
    "cleo": ("ada", 1),
    "dora": ("ben", 0),
    "emma": ("dora", 0),
    "fay": ("dora", 1),
    "gus": ("fay", 1),
}


@pytest.fixture(autouse=True)
def binary():
    with tree("binary"):
        yield
        assert find_placement_problems() == []


@pytest.fixture
def grown():
    return plant(GROWN)


def move(member, parent, slot, moved_at=JOINED + DAY):
    move_placement(member_id=member.pk, parent_id=parent.pk, slot=slot, moved_at=moved_at)


def ends():
    return {
        (end.head.code, end.slot): end.end.code
        for end in LineEnd.objects.select_related("head", "end")
    }


def test_the_lines_before_any_move(grown):
    assert ends() == {("ADA", 0): "EMMA", ("ADA", 1): "CLEO", ("DORA", 1): "GUS"}


def test_a_branch_out_of_the_middle_of_a_line_to_the_other_side(grown):
    move(grown["dora"], grown["cleo"], 1)
    assert ends() == {("ADA", 0): "BEN", ("ADA", 1): "GUS", ("DORA", 0): "EMMA"}
    assert where(grown["emma"]) == ("DORA", 0)


def test_a_branch_that_keeps_its_side(grown):
    move(grown["dora"], grown["cleo"], 0)
    assert ends() == {
        ("ADA", 0): "BEN", ("ADA", 1): "CLEO", ("CLEO", 0): "EMMA", ("DORA", 1): "GUS"
    }  # fmt: skip


def test_to_the_other_side_of_the_same_parent(grown):
    move(grown["dora"], grown["ben"], 1)
    assert ends() == {
        ("ADA", 0): "BEN", ("ADA", 1): "CLEO", ("BEN", 1): "GUS", ("DORA", 0): "EMMA"
    }  # fmt: skip


def test_the_top_below_another_top(grown):
    zoe = make_member("zoe")
    place(zoe, None, "outside")
    move(grown["ada"], zoe, 0)
    assert ends() == {("ZOE", 0): "EMMA", ("ADA", 1): "CLEO", ("DORA", 1): "GUS"}


def test_to_the_present_place_changes_nothing(grown):
    move(grown["dora"], grown["ben"], 0)
    assert PlacementEdge.objects.filter(member=grown["dora"]).count() == 1


def test_what_a_move_refuses_leaves_everything_as_it_was(grown):
    before = ends()
    with pytest.raises(Cycle):
        move(grown["dora"], grown["gus"], 0)
    with pytest.raises(Cycle):
        move(grown["dora"], grown["dora"], 0)
    with pytest.raises(lines.PlaceTaken):
        move(grown["gus"], grown["ada"], 1)
    with pytest.raises(placing.SlotUnknown):
        move(grown["gus"], grown["cleo"], 2)
    with pytest.raises(placing.NotPlaced):
        move(grown["gus"], make_member("hal"), 0)
    with pytest.raises(ValueError, match="before the last move"):
        move(grown["gus"], grown["cleo"], 0, JOINED - DAY)
    assert ends() == before


def test_a_place_is_not_free_at_a_time_when_somebody_stood_there(grown):
    move(grown["cleo"], grown["emma"], 0, JOINED + 3 * DAY)
    with pytest.raises(lines.PlaceTaken):
        move(grown["gus"], grown["ada"], 1, JOINED + 2 * DAY)
    move(grown["gus"], grown["ada"], 1, JOINED + 3 * DAY)


def test_the_past_is_read_back(grown):
    move(grown["dora"], grown["cleo"], 1)
    now = [placed.member_id for placed in list_placement_upline(member_id=grown["emma"].pk)]
    then = list_placement_upline(member_id=grown["emma"].pk, at=JOINED)
    assert now == [grown[name].pk for name in ("dora", "cleo", "ada")]
    assert [placed.member_id for placed in then] == [
        grown[name].pk for name in ("dora", "ben", "ada")
    ]
    assert is_placed_below(member_id=grown["emma"].pk, of_member_id=grown["ben"].pk, at=JOINED)
    assert not is_placed_below(member_id=grown["emma"].pk, of_member_id=grown["ben"].pk)
    ada = grown["ada"].pk
    assert get_outside_end(member_id=ada, slot=0, at=JOINED) == grown["emma"].pk
    assert get_outside_end(member_id=ada, slot=0) == grown["ben"].pk
    assert list_placement_upline(member_id=ada, at=JOINED - DAY) == []
    assert get_outside_end(member_id=ada, slot=0, at=JOINED - DAY) is None
    assert len(list_placement_branch(member_id=ada, levels=9, at=JOINED)) == 6


def test_who_is_below_whom_agrees_with_the_walk_up(grown):
    for member in grown.values():
        above = {placed.member_id for placed in list_placement_upline(member_id=member.pk)}
        for other in grown.values():
            answer = is_placed_below(member_id=member.pk, of_member_id=other.pk)
            assert answer == (other.pk in above), (member, other)


def test_a_slice_of_a_branch(grown):
    placed = list_placement_branch(member_id=grown["ada"].pk, levels=2)
    assert [(each.member_id, each.slot, each.level) for each in placed] == [
        (grown["ben"].pk, 0, 1), (grown["cleo"].pk, 1, 1), (grown["dora"].pk, 0, 2)
    ]  # fmt: skip
    assert len(list_placement_branch(member_id=grown["ada"].pk, levels=9, limit=2)) == 2


def test_a_free_place_comes_nearer_when_a_branch_leaves(grown):
    move(grown["cleo"], grown["gus"], 1)
    hal = make_member("hal", grown["ada"])
    later = {"placed_at": JOINED + DAY}
    assert place(hal, grown["ada"], "breadth_first", **later) == ("ADA", 1)
    assert Placement.objects.get(pk=grown["ada"].pk).levels_to_free == 2
