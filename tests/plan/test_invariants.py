"""What must hold under any plan: the library's and those of the published examples (catalogue, 1.17).

Each on random members and order lines.
"""

from pathlib import Path

import numpy as np
import pytest

import mlm_plugin.plan.library
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.running import Result, find_skips, run_plan
from tests.plan.random_inputs import Inputs, make_inputs

LIBRARY = Path(mlm_plugin.plan.library.__file__).parent
EXAMPLES = Path(__file__).parents[1] / "acceptance" / "plans"
PLANS = sorted([*LIBRARY.glob("*.toml"), *EXAMPLES.glob("*.toml")])
SEEDS = range(4)
# Plans without pools, bounds of the company or conditions on uplines.
OF_BRANCHES = (
    "differential_hybrid", "generations_infinity", "stairstep_breakaway", "unilevel",
    "generations", "santegra_hybrid", "story_one", "stairstep", "two_matches",
    "rank_depth_unilevel", "first_qualified", "roll_up_unilevel", "breakaway_override",
)  # fmt: skip


def run(inputs: Inputs) -> Result:
    """The result of the period."""
    return run_plan(plan=inputs.plan, snapshot=inputs.snapshot(), wants_skips=True)


def each_plan(path: Path) -> list[Inputs]:
    """A few random networks of different sizes for a plan."""
    return [make_inputs(path, size=3 + 3 * seed, seed=seed) for seed in SEEDS]


plans = pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}-{path.stem}")


@plans
def test_the_order_of_rows_changes_nothing(path: Path) -> None:
    for seed, inputs in enumerate(each_plan(path)):
        assert run(inputs).digest() == run(inputs.shuffled(seed)).digest()


@plans
def test_without_order_lines_nobody_is_paid(path: Path) -> None:
    for inputs in each_plan(path):
        result = run(inputs.without_lines())
        assert all(not awards.amount.any() for awards in result.awards.values())


@plans
def test_totals_are_the_sums_of_awards_and_skips_pay_nothing(path: Path) -> None:
    for inputs in each_plan(path):
        result = run(inputs)
        totals = result.totals()
        for name, awards in result.awards.items():
            assert totals[name].sum() == awards.amount.sum()
            assert not result.skips[name].amount.any()


@plans
def test_money_goes_to_the_source_or_upwards(path: Path) -> None:
    """Where a bonus follows one tree, no payee stands below whose volume it is paid on."""
    for inputs in each_plan(path):
        result = run(inputs)
        for name, awards in result.awards.items():
            bonus = inputs.plan.document.bonuses[name]
            tree_name = getattr(bonus, "tree", None)
            if tree_name is None or tree_name in inputs.plan.document.views or not awards.size:
                continue
            tree = result.computation.tree(tree_name)
            source, payee = awards.source, awards.payee
            known = (source >= 0) & (payee >= 0)
            first = tree.place[payee[known]]
            inside = tree.place[source[known]] - first
            assert ((inside >= 0) & (inside < tree.sizes[payee[known]])).all(), name


@plans
def test_no_more_is_paid_than_the_analysis_bounds(path: Path) -> None:
    """Shares of the columns sold; a bonus without such a bound is not asked."""
    for inputs in each_plan(path):
        result = run(inputs)
        places = inputs.plan.document.plan.places
        sold = {
            column: sum(int(value) for value in inputs.lines[column])
            for column in ("pv", "cv", "amount")
        }
        for name, bound in bound_payout(inputs.plan).items():
            if bound.shares is None or name not in result.awards:
                continue
            awards = result.awards[name]
            paid = from_minor(int(awards.amount.sum()), places=places)
            # Every award may have been rounded up by half of the smallest unit.
            allowed = from_minor(awards.size + 1, places=places)
            most = sum(share * sold[column] for column, share in bound.shares.items())
            assert paid <= most + allowed, (name, bound)


@plans
def test_a_run_without_skips_pays_the_same_and_finds_a_members_skips_later(path: Path) -> None:
    inputs = make_inputs(path, size=12, seed=99)
    with_skips = run(inputs)
    without = run_plan(plan=inputs.plan, snapshot=inputs.snapshot())
    assert without.digest() == with_skips.digest()
    for member in range(12):
        for name, found in find_skips(result=without, member=member).items():
            listed = with_skips.skips[name]
            expected = listed.chosen(np.flatnonzero(listed.payee == member))
            assert found.size == expected.size, (name, member)
            assert found.exact.values.sum() == expected.exact.values.sum()


@plans
def test_names_decide_nothing(path: Path) -> None:
    """Under other names, and so in another order, everybody has the same money to the cent."""
    for inputs in each_plan(path):
        members = inputs.members["member"]
        names = {member: f"z{member[::-1]}" for member in members}
        before, after = incomes(run(inputs)), incomes(run(inputs.renamed(names)))
        assert {names[member]: paid for member, paid in before.items()} == after


def incomes(result: Result) -> dict[str, int]:
    """The money of each owner over all bonuses."""
    owners = result.computation.snapshot.positions.owners
    together = sum(result.totals().values(), np.zeros(len(owners), dtype=np.int64))
    return {str(owner): int(paid) for owner, paid in zip(owners, together, strict=True)}


@pytest.mark.parametrize(
    "path", [each for each in PLANS if each.stem in OF_BRANCHES], ids=lambda path: path.stem
)
def test_a_branch_alone_pays_what_it_pays_inside_the_whole(path: Path) -> None:
    """Money flows upwards only, so nobody in a branch has any of theirs from outside it."""
    for inputs in each_plan(path):
        whole = incomes(run(inputs))
        for head in inputs.members["member"][1:4]:
            branch = inputs.branch(head)
            alone = incomes(run(branch))
            assert alone == {member: whole[member] for member in branch.members["member"]}
