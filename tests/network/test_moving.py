"""Moves in the sponsor tree: the whole branch comes along, and nothing impossible happens."""

from datetime import timedelta

import pytest

from mlm_plugin.network import services
from mlm_plugin.network.models import MAX_DEPTH, Member
from mlm_plugin.network.selectors import find_problems, is_below
from tests.factories import JOINED, make_family, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LATER = JOINED + timedelta(days=30)


def move(member, sponsor, moved_at=LATER):
    return services.move_branch(member_id=member.pk, new_sponsor_id=sponsor.pk, moved_at=moved_at)


def test_a_branch_moves_with_everybody_below():
    ada, ben, cleo, dora = make_family()
    emma = make_member("emma", ada)
    moved = move(cleo, emma)
    assert (moved.sponsor, moved.depth) == (emma, 3)
    assert is_below(member_id=dora.pk, of_member_id=emma.pk)
    assert not is_below(member_id=dora.pk, of_member_id=ben.pk)
    ben.refresh_from_db()
    assert ben.numchild == 0
    assert find_problems() == []
    assert not any(Member.find_problems())


def test_moving_to_the_present_sponsor_changes_nothing():
    ada, ben, *_rest = make_family()
    make_member("emma", ada)
    assert move(ben, ada).path == ben.path


@pytest.mark.parametrize("target", [1, 2, 3])
def test_nobody_moves_below_themselves_or_the_own_downline(target):
    family = make_family()
    with pytest.raises(services.Cycle):
        move(family[1], family[target])
    assert find_problems() == []


def test_nobody_moves_below_a_suspended_member():
    ada, ben, *_rest = make_family()
    emma = make_member("emma", ada, status="suspended")
    with pytest.raises(services.SponsorNotActive):
        move(ben, emma)


def test_a_branch_too_long_for_the_new_place_stays():
    ada = make_member("ada")
    top = long_leg = make_member("L1", ada)
    for number in range(2, MAX_DEPTH - 1):
        long_leg = make_member(f"L{number}", long_leg)
    assert long_leg.depth == MAX_DEPTH - 1
    ben = make_member("ben", ada)
    assert move(top, ben).depth == 3
    cleo = make_member("cleo", ben)
    top.refresh_from_db()
    with pytest.raises(services.TooDeep):
        move(top, cleo)
    assert find_problems() == []


def test_a_member_cannot_move_before_joining():
    ada, _ben, cleo, _dora = make_family()
    with pytest.raises(ValueError):
        move(cleo, ada, moved_at=JOINED - timedelta(days=1))
