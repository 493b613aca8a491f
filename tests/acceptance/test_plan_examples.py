"""Published and derived worked examples: each plan as a document, each number as its source has it.

The examples lie beside the project (../shared/plans/examples.json). Only their numbers are used.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, run_plan
from tests.plan.networks import Line, paid, snapshot

PLANS = Path(__file__).parent / "plans"
EXAMPLES = Path(__file__).parents[3] / "shared" / "plans" / "examples.json"


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """The examples by id."""
    if not EXAMPLES.exists():
        pytest.skip("the examples (../shared/plans/examples.json) are not here")
    read = json.loads(EXAMPLES.read_text(encoding="utf-8"), parse_float=Decimal)
    return {example["id"]: example for example in read}


def parents_of(tree: list[dict[str, Any]]) -> dict[str, str]:
    """Member and sponsor; roots have none."""
    return {str(node["id"]): str(node["sponsor"] or "") for node in tree}


def column_of(tree: list[dict[str, Any]], key: str, default: str = "") -> list[str]:
    """An attribute of the tree's nodes."""
    values = [default if node.get(key) is None else node[key] for node in tree]
    return [{True: "yes", False: "no"}.get(value, str(value)) for value in values]


def compute(plan: str, tree: list[dict[str, Any]], lines: list[Line], **columns: Any) -> Result:
    """Run a plan of the folder on an example's tree."""
    frozen = snapshot(parents=parents_of(tree), lines=lines, columns=columns)
    return run_plan(plan=load_plan(PLANS / f"{plan}.toml"), snapshot=frozen)


def lines_of(volumes: Mapping[str, Any]) -> list[Line]:
    """One line per member with volume."""
    return [(member, str(pv)) for member, pv in volumes.items() if pv]


def test_a_branch_of_a_real_payroll_to_the_cent(examples: dict[str, Any]) -> None:
    """Two compressions, differential team bonus with courtesy, generation override, as was paid."""
    example = examples["santegra-2016-mini-a"]
    tree = example["tree"]
    scheme = [node["scheme"] for node in tree]
    result = compute(
        "santegra_hybrid", tree, lines_of(example["volumes"]),
        scheme=scheme, forced_rank=["" for _node in tree],
    )  # fmt: skip
    got: dict[str, dict[str, Decimal]] = {}
    for bonus in ("personal", "team", "courtesy", "override", "infinity", "team_eu"):
        for member, amount in paid(result, bonus).items():
            got.setdefault(member, {})[bonus] = amount
    expected = {
        member: {bonus: Decimal(amount) for bonus, amount in bonuses.items()}
        for member, bonuses in example["expected"]["payouts"].items()
    }
    assert got == expected


def test_a_unilevel_as_deep_as_the_rank_allows(examples: dict[str, Any]) -> None:
    example = examples["mlmforge-unilevel"]
    result = compute(
        "rank_depth_unilevel", example["tree"], lines_of(example["volumes"]),
        rank=column_of(example["tree"], "rank"),
    )  # fmt: skip
    expected = {who: amount for who, amount in example["expected"].items() if amount}
    assert paid(result, "unilevel") == expected


def test_rolling_up_gives_an_unqualified_members_level_to_the_next(
    examples: dict[str, Any],
) -> None:
    example = examples["customer-advantage-rollup"]
    standing = column_of(example["tree"], "status")
    result = compute(
        "roll_up_unilevel", example["tree"], lines_of(example["volumes"]), standing=standing
    )
    with_it, without = (example["expected"][key] for key in ("with_rollup", "without_rollup"))
    # The source prints only some members; those it prints are compared.
    rolled, kept = paid(result, "rolled_up"), paid(result, "not_rolled_up")
    assert {who: rolled[who] for who in with_it} == with_it
    assert {who: kept[who] for who in without} == without


def test_compression_can_lower_pay_where_rates_rise_with_depth(examples: dict[str, Any]) -> None:
    example = examples["doterra-unilevel-compression-gotcha"]
    result = compute("rising_unilevel", example["tree"], lines_of(example["volumes"]),
                     sponsor=column_of(example["tree"], "sponsor"))  # fmt: skip
    for form in ("compressed", "uncompressed"):
        assert paid(result, form)["You"] == example["expected"][form]["You"]


def test_a_stairstep_pays_the_group_less_what_the_legs_are_due(examples: dict[str, Any]) -> None:
    example = examples["amway-india-eg2"]
    volumes, expected = example["volumes"], example["expected"]
    lines: list[Line] = [(who, pv, volumes["bv"][who]) for who, pv in volumes["pv"].items()]
    result = compute("stairstep", example["tree"], lines)
    performance = paid(result, "performance")
    assert performance["You"] == expected["You_performance"]
    assert {who: performance[who] for who in "ABCD"} == {who: expected[who] for who in "ABCD"}
    assert sum(performance.values()) == expected["group_gross"]
    assert paid(result, "retail_margin")["You"] == expected["You_retail"]
    # While rates rise upwards, following each source gives the same.
    assert paid(result, "performance_by_source") == performance


def test_the_ratio_of_value_to_points_is_data(examples: dict[str, Any]) -> None:
    example = examples["amway-india-ratio55"]
    ratio, expected = example["volumes"]["bv_per_pv"], example["expected"]["eg2"]
    lines: list[Line] = [(node["id"], 300, 300 * ratio) for node in example["tree"]]
    result = compute("stairstep", example["tree"], lines)
    performance = paid(result, "performance")
    own = performance.pop("X")
    assert (own, sum(performance.values())) == (expected["net"], expected["downlines"])
    assert paid(result, "retail_margin")["X"] == expected["retail"]


def test_a_court_case_in_one_line(examples: dict[str, Any]) -> None:
    """1,000 PV and 2,500 of value at 12 % is 300; the court's table has 12 % at 1,000 PV."""
    example = examples["amway-us-tax-court"]
    text = (PLANS / "stairstep.toml").read_text().replace('[1000, "9%"]', '[1000, "12%"]')
    text = text.replace('[2000, "12%"], ', "")
    volumes = example["volumes"]
    frozen = snapshot(parents={"D": ""}, lines=[("D", volumes["pv"], volumes["bv"])])
    result = run_plan(plan=load_plan(text), snapshot=frozen)
    assert paid(result, "performance")["D"] == example["expected"]["gross"]


@pytest.mark.parametrize("case", ["case1", "case2"])
def test_the_groups_volume_decides_the_rate_on_personal_volume(
    examples: dict[str, Any], case: str
) -> None:
    example = examples["vbo-2023-personal-volume-bonus"]
    volumes = example["volumes"][case]
    tree = [*example["tree"], {"id": "below", "sponsor": "BA"}]
    lines: list[Line] = [("BA", volumes["pv"]), ("below", volumes["downline_gv"])]
    result = compute("group_rate_on_own", tree, lines)
    assert paid(result, "personal")["BA"] == example["expected"][case]


def test_a_generation_is_kept_or_rolls_up(examples: dict[str, Any]) -> None:
    example = examples["generation-rollup"]
    tree = example["tree"]
    result = compute(
        "generations", tree, lines_of(example["volumes"]),
        leader=column_of(tree, "leader", "no"), qualified=column_of(tree, "qualified", "no"),
    )  # fmt: skip
    expected = example["expected"]
    assert paid(result, "rolled_up")["L0"] == expected["rollup"]["L0"]["total"]
    assert paid(result, "boundary_kept")["L0"] == expected["boundary_kept"]["L0"]["total"]
    assert paid(result, "rolled_up")["D2"] == paid(result, "boundary_kept")["D2"] == 50


def test_a_bound_on_the_largest_leg_has_two_readings(examples: dict[str, Any]) -> None:
    example = examples["leg-cap-two-readings"]
    volumes, expected = example["volumes"], example["expected"]
    lines: list[Line] = [("You", volumes["personal"]), *lines_of(volumes["legs"])]
    result = compute("leg_caps", example["tree"], lines)
    row = list(result.computation.snapshot.positions.ids).index("You")
    for metric, reading in (
        ("of_requirement", "cap_vs_requirement"),
        ("of_total", "cap_vs_actual_total"),
    ):
        numbers = result.computation.numbers(metric)
        counted = Decimal(int(numbers.values[row])).scaleb(-numbers.places)
        assert counted == expected[reading]["counted"]
    more: list[Line] = [*lines, ("y", 500)]
    numbers = compute("leg_caps", example["tree"], more).computation.numbers("of_requirement")
    counted = Decimal(int(numbers.values[row])).scaleb(-numbers.places)
    assert counted == expected["with_y_3000"]["cap_vs_requirement"]


def legs_of_you(left: Any, right: Any, own: Any = 0) -> tuple[dict[str, str], list[Line]]:
    """You with one member on each side, whose volume is the leg's."""
    lines: list[Line] = [("L", str(left)), ("R", str(right)), ("You", str(own))]
    return {"You": "", "L": "You", "R": "You"}, lines


def match_legs(plan: str, left: Any, right: Any, *, own: Any = 0, carry: Any = ()) -> Result:
    """A binary plan on two legs."""
    parents, lines = legs_of_you(left, right, own)
    frozen = snapshot(
        parents=parents, lines=lines, carry=carry, placement={"L": ("You", 1), "R": ("You", 2)}
    )
    return run_plan(plan=load_plan(PLANS / f"{plan}.toml"), snapshot=frozen)


def left_over(result: Result, bonus: str) -> list[Decimal]:
    """What stays on the left and on the right."""
    rows = result.state.find("binary", bonus)
    assert rows is not None
    legs = [Decimal(0), Decimal(0)]
    for leg, value in zip(rows.leg.tolist(), rows.value.values.tolist(), strict=True):
        legs[leg - 1] += Decimal(value).scaleb(-rows.value.places)
    return legs


def test_the_weaker_leg_over_two_periods(examples: dict[str, Any]) -> None:
    example = examples["mlmforge-binary-carry"]
    volumes, expected = example["volumes"], example["expected"]
    first = volumes["period1"]
    result = match_legs("weaker_leg", first["L2"] + first["L3"], first["R2"] + first["R3"])
    assert paid(result, "carry_forward")["You"] == expected["period1"]["You"]
    carried = left_over(result, "carry_forward")
    assert carried == [expected["period1"][f"carry_{side}"] for side in ("left", "right")]
    carry = [("You", "carry_forward", 2, carried[1])]
    second = volumes["period2"]
    result = match_legs("weaker_leg", second["left_new"], second["right_new"], carry=carry)
    assert paid(result, "carry_forward")["You"] == expected["period2"]["You"]
    assert left_over(result, "carry_forward") == [0, 0]
    assert paid(result, "full_flush")["You"] == expected["period2_if_full_flush"]["You"]


@pytest.mark.parametrize(
    ("bonus", "variant"),
    [
        ("consume_all", "cap_consume_all_matched"),
        ("consume_paid", "cap_consume_only_paid_volume"),
        ("flush_above", "cap_full_flush"),
    ],
)
def test_volume_above_a_bound_is_used_kept_or_lost(
    examples: dict[str, Any], bonus: str, variant: str
) -> None:
    example = examples["binary-cap-variants"]
    result = match_legs("weaker_leg", example["volumes"]["L"], example["volumes"]["R"])
    assert paid(result, bonus)["You"] == example["expected"][variant]["pay"]
    assert left_over(result, bonus) == example["expected"][variant]["carry"]


def test_cycles_repeat_while_both_legs_last(examples: dict[str, Any]) -> None:
    example = examples["primemybody-cycle"]
    result = match_legs("cycles", example["volumes"]["L"], example["volumes"]["R"])
    assert paid(result, "fixed")["You"] == example["expected"]["pay"]
    assert left_over(result, "fixed") == example["expected"]["carry"]


@pytest.mark.parametrize("own", ["25", "50", "100"])
def test_the_value_of_a_cycle_follows_own_volume(examples: dict[str, Any], own: str) -> None:
    example = examples["hbn-cycle-by-qualification"]
    result = match_legs("cycles", example["volumes"]["L"], example["volumes"]["R"], own=own)
    assert paid(result, "by_own_volume")["You"] == example["expected"][own]
