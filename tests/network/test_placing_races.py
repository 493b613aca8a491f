"""Placing at the same time on PostgreSQL, where it really is at the same time."""

from functools import partial

import pytest

from mlm_plugin.network import locks, placing
from mlm_plugin.network.importing import import_members
from mlm_plugin.network.member_files import MemberRow
from mlm_plugin.network.models import Member, Placement
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placement_problems import find_placement_problems
from tests.factories import JOINED, make_member
from tests.network.placements import DAY, place, tree
from tests.racing import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

RULES = ("outside", "alternate", "breadth_first", "weaker", "balanced")


@pytest.fixture(autouse=True)
def binary():
    with tree("binary"):
        yield


def make_crowd(number):
    ada = make_member("ada")
    place(ada, None, "outside")
    rows = [
        MemberRow(line, f"M{line}", "ADA", "", "", "", "active", None) for line in range(number)
    ]
    import_members(rows=rows, joined_at=JOINED)
    return ada, list(Member.objects.filter(sponsor=ada))


def test_two_hundred_are_placed_together_and_no_slot_is_given_twice():
    ada, crowd = make_crowd(200)
    calls = [
        partial(place, member, ada, RULES[number % len(RULES)])
        for number, member in enumerate(crowd)
    ]
    # As many at once as the server has connections for.
    answers = [
        answer for start in range(0, 200, 50) for answer in run_together(calls[start : start + 50])
    ]
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len(set(answers)) == 200
    assert Placement.objects.count() == 201
    assert find_placement_problems() == []


def test_without_the_lock_placements_are_lost(monkeypatch):
    """Shows that the test above can fail."""
    monkeypatch.setattr(locks, "_execute", lambda *_lock: None)
    ada, crowd = make_crowd(50)
    answers = run_together([partial(place, member, ada, "outside") for member in crowd])
    assert [answer for answer in answers if isinstance(answer, Exception)]


def test_one_member_is_placed_once_however_often_it_is_asked():
    ada, [ben] = make_crowd(1)
    answers = run_together([partial(place, ben, ada, "chosen", number % 2) for number in range(8)])
    assert len(set(answers)) == 1
    assert find_placement_problems() == []


def test_placing_while_branches_move():
    ada, crowd = make_crowd(40)
    legs, rest = crowd[:8], crowd[8:]
    for member in legs:
        place(member, ada, "breadth_first")
    places = [
        partial(place, member, ada, RULES[n % 5], placed_at=JOINED + DAY)
        for n, member in enumerate(rest)
    ]
    moves = [
        partial(
            move_placement,
            member_id=legs[number].pk,
            parent_id=legs[-1].pk,
            slot=number % 2,
            moved_at=JOINED + DAY,
        )
        for number in range(8)
    ]
    answers = run_together([*places, *moves])
    unexpected = [a for a in answers[: len(places)] if isinstance(a, Exception)]
    assert unexpected == []
    refused = (placing.NetworkError, Placement, tuple)
    assert all(isinstance(answer, refused) for answer in answers), answers
    assert Placement.objects.count() == 41
    assert find_placement_problems() == []
