"""Compressed trees: who is in them, and what sums and counts over them see."""

from decimal import Decimal

import numpy as np
import pytest

from tests.plan.networks import VOLUMES, decimals, paid, run, snapshot

# ada > ben, eve; ben > cleo, dora; cleo > finn. Ben and Finn have bought too little.
PARENTS = {"ada": "", "ben": "ada", "cleo": "ben", "dora": "ben", "eve": "ada", "finn": "cleo"}
LINES = [("ada", 100), ("ben", 10), ("cleo", 200), ("dora", 70), ("eve", 60), ("finn", 20)]
VIEW = """
[views.active_tree]
of = "sponsor"
keep = "pv >= 50"
"""
SUMS = {
    "count(True, level(1), tree=active_tree)": (3, 4),
    "count(True, subtree, tree=active_tree)": (4, 6),
    "count(True, levels(1, 2), tree=active_tree)": (3, 5),
    "legs(True, tree=active_tree)": (3, 4),
    "legs(pv < 50, tree=active_tree)": (0, 1),
    "legs_with(pv < 50, tree=active_tree)": (0, 2),
    "total(pv, subtree, tree=active_tree)": (430, 460),
    "total(pv, frontline, tree=active_tree)": (330, 340),
    "total(pv, group(pv == 200), tree=active_tree)": (230, 240),
    "leg(pv, 4, tree=active_tree)": (0, 10),
    "legs_beyond(pv, 2, tree=active_tree)": (60, 70),
    "legs_capped(pv, 65, tree=active_tree)": (190, 200),
}


@pytest.mark.parametrize("formula", SUMS)
def test_sums_over_a_view_see_who_is_in_it(formula: str) -> None:
    """Of Ada's front line in the view, Cleo, Dora and Eve; Ben hangs below her as a leaf, Finn below
    Cleo. Only a view that keeps leaves counts them."""
    for leaves, expected in zip(("", "leaves = true\n"), SUMS[formula], strict=True):
        plan = VOLUMES + VIEW + leaves + f'[metrics.figure]\nvalue = "{formula}"\n'
        result = run(plan, snapshot(parents=PARENTS, lines=LINES))
        figure = result.computation.numbers("figure")
        assert Decimal(int(figure.values[0])).scaleb(-figure.places) == expected


def test_money_goes_up_from_who_is_taken_out() -> None:
    """Ada has 10 % of Ben 10, Cleo 200, Dora 70, Eve 60 = 34.00; Cleo of Finn 20 = 2.00."""
    plan = VOLUMES + VIEW + (
        '[bonuses.team]\nkind = "unilevel"\ntree = "active_tree"\nbase = "cv"\nlevels = 1\nrate = "10%"\n'
    )  # fmt: skip
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    assert paid(result, "team") == decimals(ada="34.00", cleo="2.00")


def test_a_view_of_a_view_counts_who_is_in_both() -> None:
    """Everybody over 150 stands in the second; who was taken out of the first does not come back."""
    plan = VOLUMES + VIEW + (
        '[views.again]\nof = "active_tree"\nkeep = "pv != 70"\n'
        '[metrics.first]\nvalue = "count(True, subtree, tree=again)"\n'
    )  # fmt: skip
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    assert result.computation.numbers("first").values.tolist() == [3, 0, 1, 0, 1, 0]


def test_where_nobody_is_taken_out_of_a_line_the_tree_is_as_it_was() -> None:
    """Volume alone moves: Ben stands between, and is counted."""
    plan = VOLUMES + VIEW + (
        'move = ["volume"]\nvolume = "pv"\n'
        '[metrics.first]\nvalue = "count(True, subtree, tree=active_tree)"\n'
    )  # fmt: skip
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    assert np.array_equal(result.computation.numbers("first").values, [6, 4, 2, 1, 1, 1])


@pytest.mark.parametrize(
    ("receiver", "ada", "cleo"),
    [
        # Ben's 10 go to Ada, Finn's 20 to Cleo.
        ("payee.pv >= 50", 110, 220),
        # Neither Cleo nor Ada, who is at the top, may receive anything.
        ("payee.pv >= 300", 100, 200),
        ("payee.pv == 100", 130, 200),
        ("payee.pv >= 150", 100, 220),
    ],
)
def test_volume_goes_to_the_nearest_upline_who_may_receive_it_or_to_nobody(
    receiver: str, ada: int, cleo: int
) -> None:
    plan = VOLUMES + VIEW + (
        f'move = ["children", "volume"]\nvolume = "pv"\nreceiver = "{receiver}"\n'
        '[bonuses.seen]\nkind = "allowance"\namount = "active_tree.pv"\nvolume = "company(cv)"\n'
    )  # fmt: skip
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    assert paid(result, "seen") == decimals(ada=ada, cleo=cleo, dora=70, eve=60)


PLACED = (
    VOLUMES
    + """
[trees.binary]
parent = "placement"
side = "side"
[views.present]
of = "binary"
keep = "member.status != 'left'"
promote = true
[metrics.places]
value = "count(True, level(1), tree=present)"
"""
)


def test_who_left_a_matrix_is_counted_in_no_level() -> None:
    """Ben left: Dora has his place, so Ada has Dora and Cleo below her."""
    places = {"ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1)}
    frozen = snapshot(
        parents={"ada": "", "ben": "ada", "cleo": "ada", "dora": "ben"},
        lines=[("cleo", 5)],
        placement=places,
        columns={"status": ["", "left", "", ""]},
    )
    assert run(PLACED, frozen).computation.numbers("places").values.tolist() == [2, 0, 0, 0]
