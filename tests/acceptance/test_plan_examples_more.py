"""Further worked examples: each plan as a document, run through the command line on files.

The examples lie beside the project (../shared/plans/examples.json). Only their numbers are used.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.files import PLANS, Desk, read_examples

Examples = dict[str, Any]


@pytest.fixture(scope="module")
def examples() -> Examples:
    """The examples by id."""
    return read_examples()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder to run plans in."""
    return Desk(tmp_path)


def tree_of(example: dict[str, Any], *keys: str) -> list[list[object]]:
    """Rows of members.csv from an example's tree: member, sponsor and some attributes."""
    return [
        [node["id"], node["sponsor"] or "", *(node.get(key, "") for key in keys)]
        for node in example["tree"]
    ]


def as_printed(amounts: dict[str, Any]) -> dict[str, Decimal]:
    """Expected amounts, without who is printed with nothing."""
    return {who: Decimal(str(amount)) for who, amount in amounts.items() if amount}


def test_a_hybrid_payroll_with_one_member_taken_out(desk: Desk, examples: Examples) -> None:
    """13 (25 points) is below 50: his points go to 10, who is paid 10 % of 125. 11 (75) and 12 (50)
    have 5 %; the first upline at 10 % is 3: 5 % × 125 = 6.25."""
    example = examples["praxigento-story01"]
    desk.members(*tree_of(example))
    desk.lines(*({"member": who, "pv": pv} for who, pv in example["volumes"].items()))
    assert desk.run("story_one") == 0
    expected = example["expected"]
    for bonus in ("personal", "team", "courtesy"):
        assert desk.paid(bonus) == as_printed(expected[bonus])
    for bonus in ("personal", "courtesy"):
        assert sum(desk.paid(bonus).values()) == expected[f"{bonus}_total"]


def test_volume_becomes_money_by_multiplier_and_rate(desk: Desk, examples: Examples) -> None:
    example = examples["mlmforge-cv-to-money"]
    volumes = example["volumes"]
    assert (volumes["multiplier"], volumes["rate"]) == (Decimal("0.5"), Decimal("0.1"))
    desk.members(["ada", ""], ["ben", "ada"])
    desk.lines({"member": "ben", "pv": volumes["cv"]})
    assert desk.run("value_of_volume") == 0
    assert desk.paid("first_level") == {"ada": example["expected"]["amount"]}


def test_the_larger_stairstep_of_the_earlier_edition(desk: Desk, examples: Examples) -> None:
    """The source prints amounts only: 13,200 is 12 % of 2,000 points, 4,950 is 9 % of 1,000, 33,000
    is 15 % of 4,000, and 115,500 is 21 % of 10,000, so the member's own points are 1,000."""
    example = examples["amway-india-ratio55"]
    ratio, expected = example["volumes"]["bv_per_pv"], example["expected"]["eg3"]
    points = {"X": 1000, "A": 2000, "B": 2000, "C": 1000, "D": 4000}
    desk.members(*tree_of(example))
    desk.lines(*({"member": who, "pv": pv, "cv": pv * ratio} for who, pv in points.items()))
    assert desk.run("stairstep") == 0
    performance = desk.paid("performance")
    assert {who: performance[who] for who in "ABCD"} == {who: expected[who] for who in "ABCD"}
    assert sum(performance.values()) == expected["gross"]
    assert performance["X"] == expected["net_derived"]


def test_levels_inside_a_group_and_an_override_across_its_border(
    desk: Desk, examples: Examples
) -> None:
    """Carol's 300 × 40 % = 120: Mike, Sam and Gina 5 % each = 6.00, and there the group ends. Beth's
    200 × 40 % = 80: Gina 4.00. Pat's override: (7 - 5) % × 200 = 4.00. Dan's generation 1 is Pat's own
    group, which bought nothing."""
    example = examples["mlmforge-stairstep"]
    desk.members(*tree_of(example, "rank"), columns="member,sponsor,rank")
    desk.lines(*({"member": who, "pv": pv} for who, pv in example["volumes"].items()))
    assert desk.run("breakaway_override") == 0
    both = desk.paid("levels")
    for who, amount in desk.paid("override").items():
        both[who] = both.get(who, Decimal(0)) + amount
    assert both == as_printed(example["expected"])


def test_an_override_between_equal_ranks_is_the_minimum(desk: Desk, examples: Examples) -> None:
    """Pat at Gold has no difference to Gina: 1 % × 200 = 2.00."""
    rows = tree_of(examples["mlmforge-stairstep"], "rank")
    desk.members(*([*row[:2], "Gold"] if row[0] == "Pat" else row for row in rows),
                 columns="member,sponsor,rank")  # fmt: skip
    desk.lines({"member": "Carol", "pv": 300}, {"member": "Beth", "pv": 200})
    assert desk.run("breakaway_override") == 0
    assert desk.paid("override") == {"Pat": 2}


def test_the_upline_has_the_difference_of_rates(desk: Desk, examples: Examples) -> None:
    """The ranks follow from the rates that are printed: 20 % is C5, 15 % is C3."""
    example = examples["connect-breakaway"]
    ranks = {20: "C5", 15: "C3"}
    rows = [[*row[:2], ranks[row[2]]] for row in tree_of(example, "pct")]  # type: ignore[index]
    desk.members(*rows, ["seller", "X", ""], columns="member,sponsor,rank")
    desk.lines({"member": "seller", "pv": example["volumes"]["X_team"]})
    assert desk.run("rank_difference") == 0
    assert desk.paid("breakaway") == as_printed(example["expected"])


def test_a_leader_of_equal_rank_is_matched(desk: Desk, examples: Examples) -> None:
    """X earns 20 % × 25,000 = 5,000 by two lines. You are of the same rank, so the breakaway bonus of
    that volume is X's; You are paid 20 % × 5,000 = 1,000 on top. Your second line brings no breakaway
    to anybody below You: 20 % × 100 = 20 is your own."""
    example = examples["connect-matching"]
    desk.members(
        *tree_of(example, "rank"), ["a", "X", ""], ["b", "X", ""], ["c", "You", ""],
        columns="member,sponsor,rank",
    )  # fmt: skip
    desk.lines(
        {"member": "a", "pv": 24000}, {"member": "b", "pv": 1000}, {"member": "c", "pv": 100}
    )
    assert desk.run("leaders_match") == 0
    assert desk.paid("breakaway") == {"X": example["expected"]["X"], "You": 20}
    assert desk.paid("match") == {"You": example["expected"]["You"]}


def test_no_match_without_two_active_lines_on_both_sides(desk: Desk, examples: Examples) -> None:
    example = examples["connect-matching"]
    desk.members(*tree_of(example, "rank"), ["a", "X", ""], ["b", "X", ""],
                 columns="member,sponsor,rank")  # fmt: skip
    desk.lines({"member": "a", "pv": 24000}, {"member": "b", "pv": 1000})
    assert desk.run("leaders_match") == 0
    assert desk.paid("breakaway") == {"X": 5000}
    assert desk.paid("match") == {}


def test_two_generations_are_matched_and_matches_are_not(desk: Desk, examples: Examples) -> None:
    example = examples["matching-two-levels"]
    desk.members(*tree_of(example))
    desk.lines(
        *({"member": who, "pv": 10 * sum_}
          for who, sum_ in example["volumes"]["earnings"].items())
    )  # fmt: skip
    assert desk.run("two_matches") == 0
    assert desk.paid("match") == as_printed(example["expected"])


@pytest.mark.parametrize("case", ["A", "B", "C"])
def test_a_pool_by_contribution_can_pay_more_than_it_holds(
    desk: Desk, examples: Examples, case: str
) -> None:
    """The source calls 100,000 a tenth of a pool of 300,000: a tenth of the volume must be meant, of
    which the pool is a part. So the volume is ten times the pool here, and You bring your share."""
    example = examples["connect-pools"]
    given, expected = example["volumes"][case], example["expected"][case]
    volume = given["pool"] * 10
    own = volume * given["share"]
    desk.members(["You", "", given["mult"]], ["others", "", 1],
                 columns="member,sponsor,multiplier")  # fmt: skip
    desk.lines({"member": "You", "pv": own}, {"member": "others", "pv": volume - own})
    assert desk.run("contribution_pool") == 0
    paid = desk.paid("global_pool")
    assert paid["You"] == expected
    assert (sum(paid.values()) > given["pool"]) == (given["mult"] > 1)


def test_a_pool_by_points(desk: Desk, examples: Examples) -> None:
    example = examples["points-pool"]
    given = example["volumes"]
    desk.members(["member", ""], ["others", ""])
    desk.lines(
        {"member": "member", "pv": given["points"], "cv": 0},
        {"member": "others", "pv": given["total"] - given["points"], "cv": given["pool"] * 10},
    )
    assert desk.run("points_pool") == 0
    assert desk.paid("pool")["member"] == example["expected"]["member"]
    assert sum(desk.paid("pool").values()) == given["pool"]


@pytest.mark.parametrize("case", ["1", "2", "3"])
def test_a_leader_hands_on_a_guaranteed_minimum(desk: Desk, examples: Examples, case: str) -> None:
    """B's group of 10,000 points brings 4 % × 420,000 = 16,800 to A.

    Case 1: A's 8,000 points bring S 13,440; the 3,360 that lack to 16,800 come out of A's 16,800.
    Case 2: A (3,000 points, one leg) may not be paid: B's 16,800 goes to S. Case 3: A's 12,000
    points bring S 20,160, and A keeps all. S, who is said to be qualified, has 10,000 own points.
    """
    example = examples["amway-leadership-4pct-guarantee"]
    given, expected = example["volumes"]["cases"][case], example["expected"][f"case{case}"]
    assert example["volumes"]["B_personal_group_bv"] == 10_000 * 42
    desk.members(*tree_of(example))
    points = {"S": 10_000, "A": given["A_pg_pv"], "B": 10_000}
    desk.lines(*({"member": who, "pv": pv} for who, pv in points.items()))
    assert desk.run("leadership_guarantee") == 0
    paid = desk.paid("leadership")
    assert paid.get("A", 0) == expected["A_keeps"]
    assert paid["S"] == expected.get("S_receives", expected.get("S_receives_from_B"))


def test_discounts_are_taken_off_the_earn_base(desk: Desk, examples: Examples) -> None:
    """110 - 25 % × 100 = 85, so reselling at 110 leaves 25, which no company pays out."""
    example = examples["herbalife-retail-wholesale"]
    given = example["volumes"]["retail_case"]
    desk.members(["D", "", Decimal(given["discount"]) / 100],
                 columns="member,sponsor,discount")  # fmt: skip
    desk.lines({"member": "D", "pv": given["earn_base"], "amount": given["srp"]})
    assert desk.run("earn_base") == 0
    assert desk.metric("cost") == {"D": example["expected"]["cost"]}
    assert desk.metric("retail_profit") == {"D": example["expected"]["retail_profit"]}
    assert desk.paid("wholesale_profit") == {}


def test_the_upline_has_the_difference_of_discounts(desk: Desk, examples: Examples) -> None:
    example = examples["herbalife-retail-wholesale"]
    rows = [[*row[:2], Decimal(row[2]) / 100] for row in tree_of(example, "discount")]  # type: ignore[arg-type]
    desk.members(*rows, columns="member,sponsor,discount")
    base = example["volumes"]["SC_purchase_earn_base"]
    desk.lines({"member": "SC", "pv": base, "amount": base})
    assert desk.run("earn_base") == 0
    assert desk.paid("wholesale_profit") == {"Sup": example["expected"]["wholesale_profit"]}


def test_a_host_is_credited_from_a_threshold(desk: Desk, examples: Examples) -> None:
    example = examples["host-reward-215"]
    sales, expected = example["volumes"]["party_sales"], example["expected"]
    desk.members(["seller", ""], ["host", "seller"])
    guests = {"guest": 100, "friend": sales - 100}
    desk.lines(
        *(
            {"member": "seller", "buyer": "retail", "pv": amount, "amount": amount, "party": "P1",
             "host": "host", "customer": who}
            for who, amount in guests.items()
        )
    )  # fmt: skip
    assert desk.run("party_host") == 0
    assert desk.paid("host_credit") == {"host": expected["host_credit"]}
    assert desk.paid("seller") == {"seller": expected["seller_commission_derived"]}


def test_fixed_amounts_in_another_currency_by_peg_or_by_table(
    desk: Desk, examples: Examples
) -> None:
    """The published pounds are not the dollars at 1.56: they are data of their own."""
    example = examples["currency-peg"]
    ranks = ("first", "second", "third")
    desk.members(*([rank, "", rank, "GB"] for rank in ranks),
                 columns="member,sponsor,rank,market")  # fmt: skip
    desk.lines(*({"member": rank, "pv": 1} for rank in ranks))
    assert desk.run("pegged_rank_pay") == 0
    expected = example["expected"]
    by_peg, by_table = desk.paid("by_peg"), desk.paid("by_table")
    assert [by_peg[rank] for rank in ranks] == expected["computed_at_1.56"]
    assert [by_table[rank] for rank in ranks] == expected["published_gbp"]


def test_a_market_without_a_rate_on_the_day_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.members(["first", "", "first", "FR"], columns="member,sponsor,rank,market")
    desk.lines({"member": "first", "pv": 1})
    assert desk.run("pegged_rank_pay") == 2
    assert "there is no rate for “FR” on 2026-01-31" in capsys.readouterr().err


def test_a_sponsor_has_a_share_of_a_package(desk: Desk, examples: Examples) -> None:
    """A package is an order line with value: without it there is nothing to share."""
    example = examples["direct-sponsor-10pct"]
    desk.members(["A", "", "Leader"], ["B", "A", "Member"], columns="member,sponsor,rank")
    package, sales = example["volumes"]["B_package"], example["volumes"]["A_rank_sales"]
    desk.lines(
        {"member": "B", "pv": package, "kind": "package"},
        {"member": "A", "pv": sales, "kind": "sale"},
    )
    assert desk.run("sponsor_share") == 0
    assert desk.paid("sponsor") == {"A": example["expected"]["A"]}
    assert desk.paid("rank_bonus") == {"A": example["expected"]["A_rank_bonus"]}


def test_every_plan_of_the_folder_is_used() -> None:
    """A document that no test names is a document that nobody checks."""
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [path.stem for path in PLANS.glob("*.toml") if f'"{path.stem}"' not in tests] == []


def test_a_matrix_is_filled_below_the_sponsor_and_paid_by_rank(
    desk: Desk, examples: Examples
) -> None:
    """Root's fourth recruit, D, finds Root's three places taken and goes below A. D's 100 × 40 % = 40:
    A 5 % = 2.00, Root 5 % = 2.00, although A did not recruit D."""
    example = examples["mlmforge-matrix"]
    desk.members(*tree_of(example, "rank"), columns="member,sponsor,rank")
    desk.lines(*({"member": who, "pv": pv} for who, pv in example["volumes"].items()))
    assert desk.run("forced_matrix") == 0
    expected = example["expected"]
    placed = {row["member"]: row["parent"] for row in desk.rows("positions.csv")
              if row["tree"] == "matrix"}  # fmt: skip
    assert placed["D"] == expected["placement_of_D"]
    assert desk.paid("levels") == {who: expected[who] for who in ("A", "Root")}


def test_a_full_board_splits_and_its_top_takes_a_new_seat(desk: Desk, examples: Examples) -> None:
    """Seats are bought in the order 1 to 7. The seventh fills the board: 1 is paid 500; 2 with 4 and 5
    and 3 with 6 and 7 go on, and 1 sits down below 2, whose board was made first."""
    example = examples["board-2x2"]
    members = [str(each) for each in example["volumes"]]
    desk.members(*([member, ""] for member in members))
    desk.lines(*({"member": member, "pv": 100} for member in members))
    assert desk.run("seven_seats") == 0
    assert desk.paid("board") == as_printed(example["expected"]["paid"])
    boards: dict[str, list[int]] = {}
    seats = [row for row in desk.rows("carry.csv") if row["kind"] == "seat"]
    for row in sorted(seats, key=lambda row: (int(row["leg"]), int(row["value"]))):
        boards.setdefault(row["leg"], []).append(int(row["member"]))
    expected = [
        [board["root"], *board["level1"], *board["level2"]]
        for board in example["expected"]["boards_after"]
    ]
    assert list(boards.values()) == expected


def test_a_board_goes_on_where_the_period_before_left_it(desk: Desk) -> None:
    """2's board has 2, 4, 5 and 1; three more seats fill it, and 2 is paid."""
    members = [str(number) for number in range(1, 11)]
    desk.members(*([member, ""] for member in members))
    desk.lines(*({"member": member, "pv": 100} for member in members[:7]))
    assert desk.run("seven_seats") == 0
    prior = desk.out.rename(desk.folder / "january")
    desk.lines(*({"member": each, "pv": 100, "date": "2026-02-01"} for each in members[7:]))
    assert desk.run("seven_seats", "--prior", str(prior), period="2026-02") == 0
    assert desk.paid("board") == {"2": 500}


def test_every_example_is_tested(examples: Examples) -> None:
    """By its id, in one of the acceptance tests."""
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in examples if f'"{name}"' not in tests] == []
