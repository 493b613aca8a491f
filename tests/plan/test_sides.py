"""Who of those a member enrolled stands left and right of it: what most binaries ask for."""

import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, decimals, paid, run, snapshot

BINARY = '[trees.binary]\nparent = "placement"\nside = "side"\nwidth = 2\n'
PLAN = (
    HEAD
    + SPONSOR
    + BINARY
    + VOLUMES
    + """
[statuses.active]
when = "pv >= 50"
[metrics.left]
value = "enrolled_on_side(active, 1, tree=binary)"
[metrics.right]
value = "enrolled_on_side(active, 2, tree=binary)"
[statuses.qualified]
when = "active and left >= 1 and right >= 1"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
payee = "qualified"
"""
)
# Ada enrolled Ben, Cleo and Dora; Eve was enrolled by Ben. Cleo stands deep on the left.
SPONSORS = {"ada": "", "ben": "ada", "cleo": "ada", "dora": "ada", "eve": "ben"}
PLACES = {"ben": ("ada", 1), "eve": ("ada", 2), "cleo": ("ben", 2), "dora": ("eve", 1)}


def counts(name: str, lines: list[tuple[str, str | int]]) -> dict[str, int]:
    """A metric by member, those with nothing left out."""
    frozen = snapshot(parents=SPONSORS, lines=lines, placement=PLACES)
    computation = run(PLAN, frozen).computation
    values = computation.numbers(name).spread(computation.size).tolist()
    ids = frozen.positions.ids.tolist()
    return {who: number for who, number in zip(ids, values, strict=True) if number}


def test_own_enrolees_count_on_the_side_they_stand_however_deep() -> None:
    """Left of Ada stand Ben and, below him, Cleo; right of her Dora, below Eve, who is Ben's enrolee
    and no one of hers. Eve stands on neither side of Ben. Dora is not active in the second case."""
    active = [(who, 50) for who in SPONSORS]
    assert counts("left", active) == {"ada": 2}
    assert counts("right", active) == {"ada": 1}
    without = [line for line in active if line[0] != "dora"]
    assert counts("right", without) == {}


def test_a_figure_of_whoever_stands_on_a_side() -> None:
    """Left of Ada stands Ben, who brings 110 with Cleo, right of her Eve with 230; nobody stands left of
    Cleo or right of Eve."""
    lines = [("ada", 1), ("ben", 50), ("cleo", 60), ("dora", 70), ("eve", 160)]
    frozen = snapshot(parents=SPONSORS, lines=lines, placement=PLACES)
    for side, expected in ((1, [110, 0, 0, 0, 70]), (2, [230, 60, 0, 0, 0])):
        whole = f"on_side(total(pv, subtree, tree=binary), {side}, tree=binary)"
        result = run(PLAN + f'[metrics.figure]\nvalue = "{whole}"\n', frozen)
        assert result.computation.numbers("figure").to_places(0).values.tolist() == expected


def test_a_binary_pays_whoever_has_an_active_enrolee_on_each_side() -> None:
    """Left 100, right 110: 10.00 for Ada. Without Dora's 50 the right has 60 of Eve, whom Ada did not
    enrol, and Ada is paid nothing."""
    lines = [("ada", 50), ("ben", 50), ("cleo", 50), ("dora", 50), ("eve", 60)]
    frozen = snapshot(parents=SPONSORS, lines=lines, placement=PLACES)
    assert paid(run(PLAN, frozen), "legs") == decimals(ada=10)
    frozen = snapshot(parents=SPONSORS, lines=lines[:3] + lines[4:], placement=PLACES)
    assert paid(run(PLAN, frozen), "legs") == {}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("enrolled_on_side(active, 1, tree=moon)", "there is no tree or view of this name"),
        ("enrolled_on_side(active)", "2 values are needed, 1 are given"),
        ("enrolled_on_side(active, 1, by=binary)", "“by” is not an option of this function"),
    ],
)
def test_a_wrong_call_is_refused(call: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(PLAN.replace("enrolled_on_side(active, 1, tree=binary)", call))
