"""Figures of legs: counted as arrays, compared with a walk over a drawn tree."""

import random

import pytest

from mlm_plugin.network.laying_lines import rebuild_lines
from mlm_plugin.network.models import LegCount, LegFigures, LineEnd, Placement, PlacementEdge
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import (
    get_last_leg_count,
    list_placement_branch,
    measure_depth,
)
from mlm_plugin.volumes.leg_figures import count_legs
from mlm_plugin.volumes.models import PeriodTotal
from tests.factories import JOINED, make_member
from tests.network.placements import DAY, place, plant, tree

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PERIOD = JOINED.date().replace(day=1)


@pytest.fixture
def network():
    """Twenty members placed by dice, each with points of its own."""
    dice = random.Random(5)
    with tree("binary"):
        members = [make_member("ada")]
        place(members[0], None, "outside")
        for number in range(20):
            member = make_member(f"m{number}", members[0])
            place(member, dice.choice(members), "chosen", dice.randrange(2))
            members.append(member)
        for number, member in enumerate(members):
            PeriodTotal.objects.create(
                member=member, period=PERIOD, personal_pv=number, customers_pv=100, personal_cv=7
            )
        yield members


def expected():
    """The same by walking down every branch."""
    points = {total.member_id: total for total in PeriodTotal.objects.all()}
    legs = {}
    for head in Placement.objects.exclude(parent=None):
        branch = [
            placed.member_id for placed in list_placement_branch(member_id=head.pk, levels=99)
        ]
        totals = [points[member_id] for member_id in [head.pk, *branch]]
        legs[head.parent_id, head.slot] = (
            len(totals),
            sum(total.personal_pv + total.customers_pv for total in totals),
            sum(total.personal_cv for total in totals),
        )
    return legs


def stored():
    return {
        (leg.member_id, leg.slot): (leg.members, leg.pv, leg.cv) for leg in LegFigures.objects.all()
    }


def test_the_figures_are_what_a_walk_down_every_leg_gives(network):
    assert count_legs(at=JOINED) == 20
    assert stored() == expected()
    assert get_last_leg_count().counted_at == JOINED
    assert LegCount.objects.get().members == 20


def test_only_what_changed_is_written(network):
    count_legs(at=JOINED)
    assert count_legs(at=JOINED + DAY) == 0
    last = network[-1]
    PeriodTotal.objects.filter(member=last).update(personal_pv=5_000)
    assert count_legs(at=JOINED + 2 * DAY) == measure_depth(member_id=last.pk)
    assert stored() == expected()


def test_a_leg_that_moved_away_has_no_figures_any_more(network):
    count_legs(at=JOINED)
    mover = network[-1]
    free = make_member("zoe")
    place(free, None, "outside")
    move_placement(member_id=mover.pk, parent_id=free.pk, slot=1, moved_at=JOINED + DAY)
    PeriodTotal.objects.create(member=free, period=PERIOD)
    count_legs(at=JOINED + DAY)
    assert stored() == expected()


def test_points_of_another_month_do_not_count(network):
    count_legs(at=JOINED + 40 * DAY)
    assert {leg.pv for leg in LegFigures.objects.all()} == {0}


def test_without_a_tree_nothing_is_counted(network):
    with tree("none"):
        assert count_legs(at=JOINED) == 0
    assert not LegCount.objects.exists()


BREAKS = {
    "line": lambda members: Placement.objects.filter(pk=members["dora"].pk).update(step=9),
    "levels": lambda members: Placement.objects.filter(pk=members["ben"].pk).update(
        levels_to_free=3
    ),
    "end of a line": lambda members: LineEnd.objects.filter(slot=0).update(end=members["ben"]),
    "circle": lambda members: Placement.objects.filter(pk=members["ben"].pk).update(
        parent=members["dora"]
    ),
    "history": lambda members: PlacementEdge.objects.filter(member=members["cleo"]).update(
        parent=members["ben"]
    ),
    "no such slot": lambda members: Placement.objects.filter(pk=members["cleo"].pk).update(slot=2),
    "parent has no place": lambda members: Placement.objects.filter(pk=members["ada"].pk).delete(),
}


@pytest.mark.parametrize("words", BREAKS)
def test_a_broken_tree_is_named(words, django_assert_num_queries):
    with tree("binary"):
        shape = {"ada": None, "ben": ("ada", 0), "cleo": ("ada", 1), "dora": ("ben", 0)}
        members = plant(shape)
        with django_assert_num_queries(3):
            assert find_placement_problems() == []
        BREAKS[words](members)
        found = find_placement_problems()
        assert any(words in problem.reason for problem in found), found


def test_lines_are_rebuilt_from_parents_and_slots(network):
    Placement.objects.exclude(parent=None).update(step=99, levels_to_free=7)
    LineEnd.objects.all().delete()
    assert find_placement_problems() != []
    with tree("binary"):
        assert rebuild_lines() > 0
        assert rebuild_lines() == 0
    assert find_placement_problems() == []
