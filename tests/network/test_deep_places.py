"""What is asked of a tree with a deep leg costs the same number of statements as in a small one."""

import numpy as np
import pytest

from mlm_plugin.network.importing import import_members
from mlm_plugin.network.laying_lines import rebuild_lines
from mlm_plugin.network.member_files import MemberRow
from mlm_plugin.network.models import Member, Placement, PlacementEdge
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.placement_selectors import (
    get_outside_end,
    is_placed_below,
    list_placement_branch,
    measure_depth,
)
from mlm_plugin.network.walking import count_steps
from mlm_plugin.volumes.leg_figures import count_legs
from tests.factories import JOINED, make_member
from tests.network.placements import DAY, place, tree

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DEPTH = 2_000


@pytest.fixture
def deep():
    """Ada, below her a left leg that is straight and a right leg that changes sides at every step."""
    make_member("ada")
    rows = [
        MemberRow(line, f"M{line}", "ADA", "", "", "", "active", None) for line in range(2 * DEPTH)
    ]
    import_members(rows=rows, joined_at=JOINED)
    ada, *members = Member.objects.order_by("pk").values_list("pk", flat=True)
    legs = [(0, members[:DEPTH], 0), (1, members[DEPTH:], 1)]
    places = [(ada, None, 0)]
    for leg, line, first in legs:
        slots = (np.arange(DEPTH) * leg + first) % 2
        places += zip(line, [ada, *line[:-1]], slots.tolist(), strict=True)
    Placement.objects.bulk_create(
        Placement(
            member_id=member, parent_id=parent, slot=slot, line_head_id=parent,
            step=0 if parent is None else 1, placed_at=JOINED,
        )
        for member, parent, slot in places
    )  # fmt: skip
    PlacementEdge.objects.bulk_create(
        PlacementEdge(member_id=member, parent_id=parent, slot=slot, since=JOINED)
        for member, parent, slot in places
    )
    with tree("binary"):
        rebuild_lines()
        yield Member.objects.get(pk=ada), members[:DEPTH], members[DEPTH:]
        assert find_placement_problems() == []


def test_deep_legs(deep, django_assert_num_queries, django_assert_max_num_queries):
    ada, straight, changing = deep
    with django_assert_num_queries(2):
        assert get_outside_end(member_id=ada.pk, slot=0) == straight[-1]
    with django_assert_num_queries(2):
        assert is_placed_below(member_id=straight[-1], of_member_id=straight[5])
    with django_assert_num_queries(2):
        assert is_placed_below(member_id=changing[-1], of_member_id=changing[5])
    assert not is_placed_below(member_id=straight[5], of_member_id=straight[-1])
    assert not is_placed_below(member_id=changing[-1], of_member_id=straight[0])
    assert measure_depth(member_id=changing[-1]) == count_steps(member_id=straight[-1]) == DEPTH
    assert len(list_placement_branch(member_id=ada.pk, levels=3)) == 6

    for name, rule in (("zoe", "outside"), ("yan", "alternate"), ("xia", "breadth_first")):
        member = make_member(name, ada)
        with django_assert_max_num_queries(25):
            place(member, ada, rule)
    assert count_legs(at=JOINED) == 2 * DEPTH + 3

    with django_assert_max_num_queries(40):
        move_placement(
            member_id=straight[DEPTH // 2], parent_id=changing[-1], slot=1, moved_at=JOINED + DAY
        )
    assert get_outside_end(member_id=ada.pk, slot=0) == straight[DEPTH // 2 - 1]
    assert measure_depth(member_id=straight[-1]) == DEPTH + DEPTH // 2
