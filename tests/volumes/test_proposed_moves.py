"""Moves are proposed, decided by a second person and carried out on their day, or nothing happens."""

from datetime import date, datetime, timedelta

import pytest

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.network.models import MAX_DEPTH, Member, Move, SponsorEdge
from mlm_plugin.network.moving import NothingToMove
from mlm_plugin.network.selectors import find_problems, is_below
from mlm_plugin.network.services import Cycle, SponsorNotActive, TooDeep, set_status
from mlm_plugin.volumes.models import PeriodTotal
from mlm_plugin.volumes.moving import (
    AlreadyDecided,
    MoveRefused,
    OwnMove,
    approve_move,
    carry_out_due,
    decline_move,
    propose_undoing,
    withdraw_move,
)
from mlm_plugin.volumes.rebuilding import find_differences, move_branch
from tests.factories import make_member, make_user
from tests.volumes.moves import propose, set_scene
from tests.volumes.orders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def scene():
    return set_scene()


def approve(move, person, at=NOON + HOUR):
    return approve_move(move_id=move.pk, decided_by_id=person.pk, decided_at=at)


def sponsor_of(member):
    return Member.objects.get(pk=member.pk).sponsor


def group_pv(member):
    return sum(PeriodTotal.objects.filter(member=member).values_list("group_pv", flat=True))


def nothing_moved(scene):
    assert sponsor_of(scene.cleo) == scene.ben
    assert SponsorEdge.objects.filter(member=scene.cleo).count() == 1
    assert [group_pv(scene.ben), group_pv(scene.eva)] == [30_000, 0]
    assert find_problems() == find_differences() == []
    return True


def test_a_proposal_shows_whose_points_become_more_or_less_and_moves_nobody(scene):
    """Cleo's branch has 200.00: ben comes from 300.00 to 100.00, eva from 0 to 200.00, ada stays."""
    move = propose(scene)
    effects = move.effects
    assert (effects["members"], effects["levels"], effects["level"]) == (2, 2, [3, 3])
    [march] = effects["periods"]
    assert (march["period"], march["pv"], march["cv"]) == ("2026-03-01", 20_000, 16_000)
    assert [(row["code"], row["pv"]) for row in march["less"]] == [("BEN", [30_000, 10_000])]
    assert [(row["code"], row["pv"]) for row in march["more"]] == [("EVA", [0, 20_000])]
    assert nothing_moved(scene)


def test_a_move_up_the_own_chain_takes_points_from_those_between_only(scene):
    move = propose(scene, key="up", member_id=scene.dora.pk, parent_id=scene.ada.pk)
    [march] = move.effects["periods"]
    assert [row["code"] for row in march["less"]] == ["CLEO", "BEN"]
    assert march["more"] == []


def test_a_move_down_into_the_own_sponsors_front_line_gives_to_the_new_one_only(scene):
    move = propose(scene, key="down", member_id=scene.eva.pk, parent_id=scene.dora.pk)
    assert move.effects["periods"] == []
    assert move.effects["level"] == [2, 5]


def test_what_a_proposal_foretells_is_what_happens(scene):
    move = propose(scene)
    approve(move, scene.fritz)
    [march] = move.effects["periods"]
    for row in march["less"] + march["more"]:
        assert group_pv(Member.objects.get(code=row["code"])) == row["pv"][1]


def test_a_second_person_approves_and_the_branch_moves_with_points_and_history(scene):
    move = approve(propose(scene), scene.fritz)
    assert (move.state, move.carried_out_at) == ("carried_out", NOON + HOUR)
    assert sponsor_of(scene.cleo) == scene.eva
    assert is_below(member_id=scene.dora.pk, of_member_id=scene.ben.pk, at=NOON)
    assert is_below(member_id=scene.dora.pk, of_member_id=scene.eva.pk, at=NOON + HOUR)
    assert [group_pv(scene.ben), group_pv(scene.eva)] == [10_000, 20_000]
    assert find_problems() == find_differences() == []


def test_approving_again_changes_nothing(scene):
    move = propose(scene)
    for _attempt in range(2):
        assert approve(move, scene.fritz).state == "carried_out"
    assert SponsorEdge.objects.filter(member=scene.cleo).count() == 2
    with pytest.raises(AlreadyDecided):
        approve(move, make_user("greta"))


def test_the_same_key_proposes_once(scene):
    assert propose(scene) == propose(scene)
    assert Move.objects.count() == 1


def test_nobody_approves_the_own_proposal(scene):
    with pytest.raises(OwnMove):
        approve(propose(scene), scene.olga)
    assert nothing_moved(scene)


@pytest.mark.parametrize("name", ["ben", "cleo", "eva"])
def test_nobody_decides_a_move_they_take_part_in(scene, name):
    user = make_user(name)
    Member.objects.filter(code=name.upper()).update(user=user)
    with pytest.raises(OwnMove):
        approve(propose(scene), user)
    assert nothing_moved(scene)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"parent_id": "dora"}, Cycle),
        ({"parent_id": "cleo"}, Cycle),
        ({"parent_id": "ben"}, NothingToMove),
        ({"parent_id": "asleep"}, SponsorNotActive),
        ({"reason": "  "}, MoveRefused),
        ({"reason": "x" * 501}, MoveRefused),
        ({"effective_on": NOON.date() - DAY}, MoveRefused),
    ],
    ids=str,
)
def test_an_impossible_proposal_is_refused_and_not_kept(scene, fields, error):
    make_member("asleep", scene.ada, status="active")
    Member.objects.filter(code="ASLEEP").update(status="suspended")
    if "parent_id" in fields:
        fields = {"parent_id": Member.objects.get(code=fields["parent_id"].upper()).pk}
    with pytest.raises(error):
        propose(scene, **fields)
    assert not Move.objects.exists()
    assert nothing_moved(scene)


def test_a_branch_that_would_become_too_deep_is_refused(scene):
    Member.objects.filter(pk=scene.eva.pk).update(depth=MAX_DEPTH - 1)
    with pytest.raises(TooDeep):
        propose(scene)


def test_one_move_of_a_member_at_a_time(scene):
    propose(scene)
    with pytest.raises(MoveRefused, match="under way"):
        propose(scene, key="another", parent_id=scene.ada.pk)


def test_a_declined_move_keeps_who_and_why(scene):
    move = decline_move(
        move_id=propose(scene).pk, decided_by_id=scene.fritz.pk, decided_at=NOON, note="No reason"
    )
    assert (move.state, move.decided_by, move.note) == ("declined", scene.fritz, "No reason")
    with pytest.raises(AlreadyDecided):
        approve(move, scene.fritz)
    assert nothing_moved(scene)
    assert propose(scene, key="again").state == "proposed"


def test_declining_needs_a_reason(scene):
    move = propose(scene)
    with pytest.raises(MoveRefused):
        decline_move(move_id=move.pk, decided_by_id=scene.fritz.pk, decided_at=NOON, note=" ")


@pytest.mark.parametrize("approved", [False, True])
def test_a_withdrawn_move_is_not_carried_out(scene, approved):
    move = propose(scene, effective_on=NOON.date() + DAY)
    if approved:
        approve(move, scene.fritz)
    for _attempt in range(2):
        move = withdraw_move(
            move_id=move.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON + HOUR
        )
    assert (move.state, move.withdrawn_by) == ("withdrawn", scene.olga)
    assert carry_out_due(at=NOON + 2 * DAY) == 0
    with pytest.raises(AlreadyDecided):
        approve(move, make_user("greta"))
    assert nothing_moved(scene)


def test_what_was_carried_out_cannot_be_withdrawn(scene):
    move = approve(propose(scene), scene.fritz)
    with pytest.raises(AlreadyDecided):
        withdraw_move(move_id=move.pk, withdrawn_by_id=scene.olga.pk, withdrawn_at=NOON + HOUR)


def test_a_move_of_a_later_day_waits_for_it_and_counts_from_its_first_moment(scene):
    """Carried out at noon, after a night without a worker; the history says midnight."""
    move = approve(propose(scene, effective_on=NOON.date() + DAY), scene.fritz)
    assert move.state == "approved"
    assert carry_out_due(at=NOON + 10 * HOUR) == 0
    assert nothing_moved(scene)
    assert carry_out_due(at=NOON + DAY) == 1
    assert carry_out_due(at=NOON + DAY) == 0
    midnight = datetime(2026, 3, 16, tzinfo=plan_time_zone())
    assert SponsorEdge.objects.get(member=scene.cleo, until=None).since == midnight
    assert sponsor_of(scene.cleo) == scene.eva
    assert find_problems() == find_differences() == []


def test_history_shows_no_circle_when_a_late_move_follows_another(scene):
    """Eva was below cleo until two in the morning; cleo's move of midnight counts from then."""
    move_branch(member_id=scene.eva.pk, new_sponsor_id=scene.dora.pk, moved_at=NOON)
    later = NOON + 14 * HOUR
    move_branch(member_id=scene.eva.pk, new_sponsor_id=scene.ada.pk, moved_at=later)
    move = propose(scene, effective_on=NOON.date() + DAY)
    approve(move, scene.fritz)
    carry_out_due(at=NOON + DAY)
    assert SponsorEdge.objects.get(member=scene.cleo, until=None).since == later


def test_a_later_move_that_has_become_impossible_fails_with_the_reason(scene):
    approve(propose(scene, effective_on=NOON.date() + DAY), scene.fritz)
    set_status(member_id=scene.eva.pk, status="suspended")
    assert carry_out_due(at=NOON + DAY) == 1
    move = Move.objects.get()
    assert (move.state, move.carried_out_at) == ("failed", None)
    assert "Eva" in move.failure
    assert nothing_moved(scene)


def test_a_move_that_was_overtaken_by_another_fails(scene):
    move = propose(scene)
    move_branch(member_id=scene.cleo.pk, new_sponsor_id=scene.ada.pk, moved_at=NOON)
    assert approve(move, scene.fritz).state == "failed"
    assert sponsor_of(scene.cleo) == scene.ada


def undo(scene, move, **fields):
    asked = {
        "key": "back",
        "move_id": move.pk,
        "reason": "It was right before",
        "effective_on": date(2026, 3, 16),
        "proposed_by_id": scene.fritz.pk,
        "proposed_at": NOON + DAY,
        **fields,
    }
    return propose_undoing(**asked)


def test_undoing_is_another_move_linked_to_the_first(scene):
    first = approve(propose(scene), scene.fritz)
    back = undo(scene, first)
    assert (back.state, back.undoes, back.parent_after) == ("proposed", first, scene.ben)
    assert sponsor_of(scene.cleo) == scene.eva
    assert approve(back, scene.olga, NOON + DAY).state == "carried_out"
    assert sponsor_of(scene.cleo) == scene.ben
    assert [group_pv(scene.ben), group_pv(scene.eva)] == [30_000, 0]
    with pytest.raises(NothingToMove):
        undo(scene, first, key="back again")
    assert find_problems() == find_differences() == []


def test_a_declined_undoing_can_be_proposed_again(scene):
    first = approve(propose(scene), scene.fritz)
    decline_move(
        move_id=undo(scene, first).pk, decided_by_id=scene.olga.pk, decided_at=NOON, note="No"
    )
    assert undo(scene, first, key="once more").state == "proposed"


def test_what_was_not_carried_out_cannot_be_undone(scene):
    with pytest.raises(MoveRefused):
        undo(scene, propose(scene))
