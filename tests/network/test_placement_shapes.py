"""Trees of other widths than two, and companies without one."""

import pytest

from mlm_plugin.network import placing
from mlm_plugin.network.placement_problems import find_placement_problems
from tests.factories import JOINED, make_family, make_member
from tests.network.placements import place, tree

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_without_a_tree_nobody_is_placed():
    ada, ben, *_rest = make_family()
    with tree("none"):
        assert placing.place_new_member(member=ben, placed_at=JOINED) is None
        with pytest.raises(placing.NoTree):
            place(ben, ada, "outside")


def test_a_matrix_fills_from_the_left():
    with tree("matrix", width=3):
        ada = make_member("ada")
        place(ada, None, "outside")
        members = [make_member(f"m{number}", ada) for number in range(13)]
        found = [place(member, ada, "breadth_first") for member in members]
        assert find_placement_problems() == []
    parents = ["ADA"] * 3 + ["M0"] * 3 + ["M1"] * 3 + ["M2"] * 3 + ["M3"]
    assert found == [(parent, number % 3) for number, parent in enumerate(parents)]


def test_a_line_has_one_place_below_everybody():
    with tree("line"):
        family = make_family()
        for enroller, member in zip([None, *family], family[:1] + family[1:], strict=False):
            place(member, enroller, "breadth_first")
        emma = make_member("emma", family[0])
        assert place(emma, family[0], "breadth_first") == ("DORA", 0)
        assert find_placement_problems() == []
