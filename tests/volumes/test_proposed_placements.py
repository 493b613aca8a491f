"""Moves in the placement tree: proposed with their effects, decided by two, carried out or refused."""

from datetime import timedelta

import pytest

from mlm_plugin.network.lines import PlaceTaken
from mlm_plugin.network.models import Member, Move, PlacementEdge
from mlm_plugin.network.moving import NothingToMove
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import is_placed_below
from mlm_plugin.network.placing import NotPlaced
from mlm_plugin.network.placing_rules import SlotUnknown
from mlm_plugin.network.services import Cycle
from mlm_plugin.volumes.leg_figures import count_legs
from mlm_plugin.volumes.moving import (
    MoveRefused,
    OwnMove,
    approve_move,
    carry_out_due,
    decline_move,
    propose_undoing,
    withdraw_move,
)
from mlm_plugin.volumes.rebuilding import find_differences
from tests.factories import make_member, make_user
from tests.network.placements import place, tree, where
from tests.volumes.moves import propose as propose_sponsor
from tests.volumes.moves import set_scene
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEFT, RIGHT = 0, 1


@pytest.fixture
def scene():
    """Ben stands left of ada and eva right, cleo left of ben, dora left of cleo; nobody below eva."""
    with tree("binary"):
        scene = set_scene()
        place(scene.ada, None, "outside")
        for member, above, side in (
            (scene.ben, scene.ada, LEFT),
            (scene.eva, scene.ada, RIGHT),
            (scene.cleo, scene.ben, LEFT),
            (scene.dora, scene.cleo, LEFT),
        ):
            place(member, above, slot=side, parent_id=above.pk)
        yield scene


def propose(scene, **fields):
    """Olga proposes that cleo comes right of eva, with dora below."""
    return propose_sponsor(scene, **{"tree_name": "placement", "slot": RIGHT, **fields})


def approve(move, person, at=NOON + HOUR):
    return approve_move(move_id=move.pk, decided_by_id=person.pk, decided_at=at)


def nothing_moved(scene):
    assert where(scene.cleo) == ("BEN", LEFT)
    assert PlacementEdge.objects.filter(member=scene.cleo).count() == 1
    assert find_placement_problems() == []
    return True


def test_a_proposal_before_the_first_counting_says_so_and_moves_nobody(scene):
    effects = propose(scene).effects
    assert effects["place"] == [["BEN", LEFT], ["EVA", RIGHT]]
    assert (effects["members"], effects["counted_at"]) == (1, "")
    assert nothing_moved(scene)


def test_a_proposal_shows_what_the_branch_weighed_when_it_was_counted(scene):
    """Cleo and dora have 100.00 PV and 80.00 CV each."""
    count_legs(at=NOON)
    effects = propose(scene).effects
    assert (effects["members"], effects["pv"], effects["cv"]) == (2, 20_000, 16_000)
    assert effects["counted_at"] == NOON.isoformat()


def test_a_second_person_approves_and_the_branch_stands_there_from_then_on(scene):
    move = approve(propose(scene), scene.fritz)
    assert (move.state, move.slot_before, move.slot_after) == ("carried_out", LEFT, RIGHT)
    assert (where(scene.cleo), where(scene.dora)) == (("EVA", RIGHT), ("CLEO", LEFT))
    assert is_placed_below(member_id=scene.dora.pk, of_member_id=scene.eva.pk)
    assert is_placed_below(member_id=scene.dora.pk, of_member_id=scene.ben.pk, at=NOON)
    assert find_placement_problems() == find_differences() == []


def test_the_sponsor_stays_whoever_moves_in_the_placement_tree(scene):
    approve(propose(scene), scene.fritz)
    assert Member.objects.get(pk=scene.cleo.pk).sponsor == scene.ben


def test_a_move_to_the_other_side_of_the_same_member(scene):
    move = propose(scene, parent_id=scene.ben.pk, slot=RIGHT)
    approve(move, scene.fritz)
    assert where(scene.cleo) == ("BEN", RIGHT)
    assert find_placement_problems() == []


@pytest.mark.parametrize(
    ("parent", "slot", "error"),
    [
        ("dora", LEFT, Cycle),
        ("cleo", RIGHT, Cycle),
        ("ben", LEFT, NothingToMove),
        ("ada", RIGHT, PlaceTaken),
        ("eva", 2, SlotUnknown),
        ("eva", -1, SlotUnknown),
        ("eva", None, MoveRefused),
        ("waiting", LEFT, NotPlaced),
    ],
    ids=str,
)
def test_an_impossible_proposal_is_refused_and_not_kept(scene, parent, slot, error):
    make_member("waiting", scene.ada)
    above = Member.objects.get(code=parent.upper())
    with pytest.raises(error):
        propose(scene, parent_id=above.pk, slot=slot)
    assert not Move.objects.exists()
    assert nothing_moved(scene)


def test_who_has_no_place_cannot_move(scene):
    with pytest.raises(NotPlaced):
        propose(scene, member_id=make_member("waiting", scene.ada).pk)


def test_nobody_approves_the_own_proposal_nor_a_move_they_take_part_in(scene):
    move = propose(scene)
    user = make_user("eva")
    Member.objects.filter(pk=scene.eva.pk).update(user=user)
    for person in (scene.olga, user):
        with pytest.raises(OwnMove):
            approve(move, person)
    assert nothing_moved(scene)


def test_declined_or_withdrawn_nobody_moves(scene):
    declined = propose(scene)
    decline_move(move_id=declined.pk, decided_by_id=scene.fritz.pk, decided_at=NOON, note="No")
    withdrawn = propose(scene, key="again")
    withdraw_move(move_id=withdrawn.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON)
    assert nothing_moved(scene)


def test_a_later_day_is_waited_for(scene):
    tomorrow = NOON + DAY
    move = approve(propose(scene, effective_on=tomorrow.date()), scene.fritz)
    assert move.state == "approved" and nothing_moved(scene)
    assert [carry_out_due(at=moment) for moment in (NOON + HOUR, tomorrow, tomorrow)] == [0, 1, 0]
    assert where(scene.cleo) == ("EVA", RIGHT)


def test_a_place_that_was_taken_meanwhile_lets_the_move_fail(scene):
    move = propose(scene)
    place(make_member("finn", scene.eva), scene.eva, slot=RIGHT, placed_at=NOON)
    done = approve(move, scene.fritz)
    assert done.state == "failed" and "Somebody else stands in this place" in done.failure
    assert nothing_moved(scene)


def test_who_stands_elsewhere_by_now_is_not_moved(scene):
    first = propose(scene, effective_on=(NOON + DAY).date())
    approve(first, scene.fritz)
    Move.objects.filter(pk=first.pk).update(slot_before=RIGHT)
    carry_out_due(at=NOON + DAY)
    first.refresh_from_db()
    assert first.state == "failed" and "stands elsewhere by now" in first.failure
    assert nothing_moved(scene)


def test_undoing_is_another_move_back_to_the_old_place(scene):
    done = approve(propose(scene), scene.fritz)
    back = propose_undoing(
        key="back",
        move_id=done.pk,
        reason="It was right before",
        effective_on=NOON.date(),
        proposed_by_id=scene.fritz.pk,
        proposed_at=NOON + 2 * HOUR,
    )
    assert (back.tree, back.parent_after, back.slot_after) == ("placement", scene.ben, LEFT)
    approve(back, scene.olga, at=NOON + 3 * HOUR)
    assert where(scene.cleo) == ("BEN", LEFT)
    assert PlacementEdge.objects.filter(member=scene.cleo).count() == 3
    assert find_placement_problems() == []


def test_moves_of_one_member_in_both_trees_can_be_under_way(scene):
    propose(scene)
    propose_sponsor(scene, key="sponsor")
    assert Move.objects.count() == 2
    with pytest.raises(MoveRefused, match="Another move"):
        propose(scene, key="other", slot=LEFT)
