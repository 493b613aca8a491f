"""Where each fill rule puts somebody, drawn as small trees."""

import pytest

from mlm_plugin.network import placing
from mlm_plugin.network.lines import PlaceTaken
from mlm_plugin.network.models import LegFigures, LineEnd, Placement, PlacementEdge
from mlm_plugin.network.placement_problems import find_placement_problems
from tests.factories import JOINED, make_member
from tests.network.placements import place, plant, read, tree, where

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# ada has ben on the left, cleo on the right; dora on ben's left.
SMALL = {"ada": None, "ben": ("ada", 0), "cleo": ("ada", 1), "dora": ("ben", 0)}


@pytest.fixture(autouse=True)
def binary():
    with tree("binary"):
        yield
        assert find_placement_problems() == []


@pytest.fixture
def small():
    return plant(SMALL)


@pytest.fixture
def emma(small):
    return make_member("emma", small["ada"])


def count(member, slot, **figures):
    LegFigures.objects.create(
        member=member, slot=slot, **{"members": 0, "pv": 0, "cv": 0, **figures}
    )


@pytest.mark.parametrize(
    ("enroller", "rule", "slot", "expected"),
    [
        ("ada", "chosen", 0, ("DORA", 0)),
        ("ada", "chosen", 1, ("CLEO", 1)),
        ("ben", "chosen", 0, ("DORA", 0)),
        ("ben", "chosen", 1, ("BEN", 1)),
        ("cleo", "chosen", 0, ("CLEO", 0)),
        ("ada", "outside", None, ("DORA", 0)),
        ("ada", "outside", 1, ("CLEO", 1)),
        ("cleo", "outside", None, ("CLEO", 1)),
        ("dora", "outside", None, ("DORA", 0)),
        ("ada", "breadth_first", None, ("BEN", 1)),
        ("cleo", "breadth_first", None, ("CLEO", 0)),
        ("ben", "weaker", None, ("BEN", 1)),
        ("ada", "weaker", None, ("DORA", 0)),
        ("cleo", "stronger", None, ("CLEO", 0)),
        ("ada", "preference", None, ("DORA", 0)),
    ],
)
def test_the_rule_finds_the_place(small, emma, enroller, rule, slot, expected):
    assert place(emma, small[enroller], rule, slot) == expected


def test_the_weaker_and_the_stronger_leg_are_as_last_counted(small, emma):
    count(small["ada"], 0, members=2, pv=100)
    count(small["ada"], 1, members=1, pv=500)
    fay = make_member("fay", small["ada"])
    assert place(emma, small["ada"], "weaker") == ("CLEO", 1)
    assert place(fay, small["ada"], "stronger") == ("DORA", 0)


def test_legs_are_measured_in_what_the_settings_say(small, emma):
    count(small["ada"], 0, members=2, pv=100)
    count(small["ada"], 1, members=1, pv=500)
    with tree("binary", measure="pv"):
        assert place(emma, small["ada"], "weaker") == ("DORA", 0)


def test_balanced_goes_down_into_the_smaller_branch(small, emma):
    count(small["ada"], 0, members=2)
    count(small["ada"], 1, members=1)
    assert place(emma, small["ada"], "balanced") == ("CLEO", 0)


def test_balanced_fills_what_nobody_counted_yet_evenly(small):
    names = ("emma", "fay", "gus", "hal")
    members = [make_member(name, small["ada"]) for name in names]
    assert [place(member, small["ada"], "balanced") for member in members] == [
        ("BEN", 1), ("CLEO", 0), ("CLEO", 1), ("DORA", 0)
    ]  # fmt: skip


def test_alternate_gives_each_side_its_turn(small):
    ada = small["ada"]
    members = [make_member(name, ada) for name in ("emma", "fay", "gus")]
    assert [place(member, ada, "alternate") for member in members] == [
        ("DORA", 0), ("CLEO", 1), ("EMMA", 0)
    ]  # fmt: skip


def test_a_preference_counts_until_it_is_changed(small, emma):
    def prefer(rule, slot):
        placing.set_placement_wish(
            member_id=small["ada"].pk, rule=rule, slot=slot, chosen_by_id=None, chosen_at=JOINED
        )

    prefer("chosen", 1)
    assert place(emma, small["ada"], "preference") == ("CLEO", 1)
    prefer("breadth_first", None)
    fay = make_member("fay", small["ada"])
    assert place(fay, small["ada"], "preference") == ("BEN", 1)


def test_a_preference_needs_a_side_that_exists(small):
    wish = {"member_id": small["ada"].pk, "chosen_by_id": None, "chosen_at": JOINED}
    with pytest.raises(placing.SlotUnknown):
        placing.set_placement_wish(rule="chosen", slot=None, **wish)
    with pytest.raises(placing.SlotUnknown):
        placing.set_placement_wish(rule="chosen", slot=2, **wish)
    with pytest.raises(ValueError, match="no rule"):
        placing.set_placement_wish(rule="random", slot=None, **wish)


def test_an_exact_place_must_be_free_and_below_the_enroller(small, emma):
    ben, cleo, dora = small["ben"], small["cleo"], small["dora"]
    with pytest.raises(PlaceTaken):
        place(emma, ben, slot=0, parent_id=ben.pk)
    with pytest.raises(placing.OutsideBranch):
        place(emma, ben, slot=0, parent_id=cleo.pk)
    with pytest.raises(placing.SlotUnknown):
        place(emma, ben, slot=2, parent_id=dora.pk)
    with pytest.raises(placing.SlotUnknown):
        place(emma, ben, parent_id=dora.pk)
    assert not Placement.objects.filter(pk=emma.pk).exists()
    assert place(emma, ben, slot=1, parent_id=dora.pk) == ("DORA", 1)


def test_who_has_a_place_keeps_it(small, emma):
    first = place(emma, small["ada"], slot=1)
    assert place(emma, small["ada"], slot=0) == first
    assert PlacementEdge.objects.filter(member=emma).count() == 1


def test_nobody_is_placed_below_who_has_no_place(small, emma):
    fay = make_member("fay", emma)
    with pytest.raises(placing.NotPlaced):
        place(fay, emma, "outside")


def test_a_rule_there_is_not_is_a_mistake_of_the_caller(small, emma):
    with pytest.raises(ValueError, match="no rule"):
        place(emma, small["ada"], "holding")


def test_two_tops_have_trees_of_their_own(small):
    zoe, yan = make_member("zoe"), None
    assert place(zoe, None, "outside") == (None, 0)
    yan = make_member("yan", zoe)
    assert place(yan, zoe, "outside") == ("ZOE", 0)


def test_a_line_is_one_row_however_long_it_is(small):
    above = small["dora"]
    for number in range(5):
        member = make_member(f"m{number}", small["ada"])
        place(member, small["ada"], slot=0)
        above = member
    assert LineEnd.objects.get(head=small["ada"], slot=0).end == above
    assert not LineEnd.objects.filter(head=above).exists()


def test_joining_places_by_the_rule_of_the_settings(small, emma):
    with tree("binary", rule="breadth_first"):
        placed = placing.place_new_member(member=emma, placed_at=JOINED)
    assert read(placed) == ("BEN", 1)


def test_joining_with_a_wish_where_wishes_count(small, emma):
    fay, gus = make_member("fay", small["ada"]), make_member("gus", small["ada"])
    with tree("binary", rule="chosen", fallback="weaker"):
        wish = placing.Wish(slot=1)
        placed = placing.place_new_member(member=emma, placed_at=JOINED, wish=wish)
        assert read(placed) == ("CLEO", 1)
        wish = placing.Wish(slot=1, parent_id=small["ben"].pk)
        placed = placing.place_new_member(member=fay, placed_at=JOINED, wish=wish)
        assert read(placed) == ("BEN", 1)
        placed = placing.place_new_member(member=gus, placed_at=JOINED)
        assert read(placed) == ("DORA", 0)
    assert where(fay) == ("BEN", 1)
