"""Worked examples of bounds, caps and compression: what is taken off, and what is said about it.

The examples lie beside the project (../shared/plans/examples.json). Only their numbers are used.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.files import Desk, read_examples

Examples = dict[str, Any]


@pytest.fixture(scope="module")
def examples() -> Examples:
    """The examples by id."""
    return read_examples()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder to run plans in."""
    return Desk(tmp_path)


def taken(desk: Desk, bonus: str) -> dict[str, tuple[Decimal, str]]:
    """What each payee was not paid, and why."""
    return {
        row["payee"]: (Decimal(row["would_be"]), row["reason"])
        for row in desk.rows("skips.csv")
        if row["bonus"] == bonus
    }


def test_the_company_pays_at_most_its_share_in_three_ways(desk: Desk, examples: Examples) -> None:
    """Raw 480,000 on sales of 1,000,000 at 42 % leaves 420,000: factor 0.875, so 1,000 becomes 875.
    By rank, the higher one keeps its 62,000; the others share 358,000 of 418,000. Before any of it, a
    payee has at most 50,000 of 62,000."""
    example = examples["company-cap-pro-rata"]
    volumes, expected = example["volumes"], example["expected"]
    raw = {"one": volumes["member_raw"], "top": volumes["distributor_cap_case"], "odd": 333}
    raw["rest"] = volumes["raw_total"] - sum(raw.values())
    desk.members(
        *([who, "", "high" if who == "top" else "low"] for who in raw),
        columns="member,sponsor,title",
    )
    # The hundredths of the others make up for what "rest" sells less.
    desk.lines(*(
        {"member": who, "pv": amount,
         "cv": volumes["volume"] - Decimal("0.03") if who == "rest" else "0.01"}
        for who, amount in raw.items()
    ))  # fmt: skip
    assert desk.run("cap_of_company_modes", "--skips") == 0

    shared = desk.paid("in_proportion")
    assert shared["one"] == Decimal(str(expected["member_paid"]))
    # 333 × 0.875 is 291.375; the sum is exact to the cent whoever has the odd one.
    assert shared["odd"] in {Decimal("291.37"), Decimal("291.38")}
    assert sum(shared.values()) == expected["cap"]
    assert taken(desk, "in_proportion")["one"] == (Decimal("125.00"), "limit:share")

    ranked = desk.paid("by_rank")
    assert ranked["top"] == raw["top"]
    assert sum(ranked.values()) == expected["cap"]
    assert ranked["one"] == Decimal("856.46")

    assert desk.paid("all_or_nothing") == {}
    assert taken(desk, "all_or_nothing")["one"] == (Decimal("1000.00"), "limit:stop")

    single = desk.paid("single")
    assert single["top"] == expected["distributor_capped"]
    assert taken(desk, "single") == {
        "top": (Decimal("12000.00"), "limit:payee"),
        "rest": (Decimal(raw["rest"] - 50_000), "limit:payee"),
    }


def test_a_binary_says_what_its_cap_took(desk: Desk, examples: Examples) -> None:
    """10 % of 7,000 is 700; 500 is paid and 200 is a skip, whatever becomes of the volume."""
    example = examples["binary-cap-variants"]
    volumes, expected = example["volumes"], example["expected"]
    desk.members(
        ["You", "", ""], ["L", "You", "left"], ["R", "You", "right"],
        columns="member,placement,side",
    )  # fmt: skip
    desk.lines({"member": "L", "pv": volumes["L"]}, {"member": "R", "pv": volumes["R"]})
    assert desk.run("weaker_leg", "--skips") == 0
    for bonus, variant in (
        ("consume_all", "cap_consume_all_matched"),
        ("consume_paid", "cap_consume_only_paid_volume"),
        ("flush_above", "cap_full_flush"),
    ):
        assert desk.paid(bonus) == {"You": expected[variant]["pay"]}
        assert taken(desk, bonus) == {"You": (Decimal("200.00"), "cap")}
        left = {
            row["leg"]: Decimal(row["value"])
            for row in desk.rows("carry.csv")
            if (row["kind"], row["name"], row["member"]) == ("binary", bonus, "You")
        }
        assert [left.get(leg, 0) for leg in "12"] == expected[variant]["carry"]


def test_compression_shows_who_was_passed_over(desk: Desk, examples: Examples) -> None:
    """B has no volume: with compression C stands at level 2 and D at level 3, and pay is lower."""
    example = examples["doterra-unilevel-compression-gotcha"]
    desk.members(
        *([node["id"], node["sponsor"] or ""] for node in example["tree"]),
    )
    desk.lines(*(
        {"member": who, "pv": pv} for who, pv in example["volumes"].items() if pv
    ))  # fmt: skip
    assert desk.run("rising_unilevel", "--skips") == 0
    for form in ("compressed", "uncompressed"):
        assert desk.paid(form)["You"] == example["expected"][form]["You"]
    passed = {(row["payee"], row["source"]) for row in desk.rows("skips.csv")
              if row["bonus"] == "compressed" and row["reason"].startswith("compressed")}  # fmt: skip
    assert passed == {("B", "C"), ("B", "D")}


@pytest.mark.parametrize(("more", "qualifies"), [(0, "no"), (500, "yes")])
def test_the_ranks_show_what_a_bound_on_legs_counts(
    desk: Desk, examples: Examples, more: int, qualifies: str
) -> None:
    """9,800 count against the requirement and 9,500 against the total: neither reaches 10,000. With
    3,000 in leg y the first reading has 10,300; the second has 4,300 / 0.4 = 10,750."""
    example = examples["leg-cap-two-readings"]
    volumes, expected = example["volumes"], example["expected"]
    legs = {**volumes["legs"], "y": volumes["legs"]["y"] + more}
    desk.members(*([node["id"], node["sponsor"] or ""] for node in example["tree"]))
    desk.lines(
        {"member": "You", "pv": volumes["personal"]},
        *({"member": leg, "pv": pv} for leg, pv in legs.items()),
    )
    assert desk.run("leg_caps") == 0
    rows = {
        row["ladder"]: row for row in desk.rows("ranks.csv")
        if row["member"] == "You" and row["kind"] == ("paid_as" if more else "next")
    }  # fmt: skip
    assert {row["met"] for row in rows.values()} == {qualifies}
    assert {row["threshold"] for row in rows.values()} == {str(example["plan"]["required"])}
    counted = {name: Decimal(row["value"]) for name, row in rows.items()}
    if more:
        first = expected["with_y_3000"]["cap_vs_requirement"]
        assert counted == {"by_requirement": first, "by_total": 10_750}
    else:
        assert counted == {
            "by_requirement": expected["cap_vs_requirement"]["counted"],
            "by_total": expected["cap_vs_actual_total"]["counted"],
        }


def test_each_level_goes_to_the_first_upline_that_is_qualified_for_it(desk: Desk) -> None:
    """S sells 100. Above S stand A (no level), B (one level), C (none), D (three), E (three).
    Dynamic: level 1 to B, 10.00; level 2 to D, who is the first with two levels, 5.00; level 3 to E,
    3.00. Passing over inactive uplines alone, B has level 1, D level 2, E level 3 as well, but an F
    with one level at place 2 would use it up. Without compression A has level 1 and gets nothing, B
    level 2 and gets nothing, C level 3 and gets nothing."""
    line = ["E", "D", "C", "B", "A", "S"]
    depth = {"E": 3, "D": 3, "C": 0, "B": 1, "A": 0, "S": 0}
    rows = [[who, line[place - 1] if place else "", depth[who]] for place, who in enumerate(line)]
    desk.members(*rows, columns="member,sponsor,depth")
    desk.lines({"member": "S", "pv": 100})
    assert desk.run("first_qualified", "--skips") == 0
    paid = {"B": Decimal("10.00"), "D": Decimal("5.00"), "E": Decimal("3.00")}
    assert desk.paid("dynamic") == desk.paid("standard") == paid
    assert desk.paid("uncompressed") == {}

    with_f = [
        ["S", "A", 0],
        ["A", "B", 0],
        ["B", "F", 1],
        ["F", "D", 1],
        ["D", "E", 3],
        ["E", "", 3],
    ]
    desk.members(*with_f, columns="member,sponsor,depth")
    assert desk.run("first_qualified", "--skips") == 0
    assert desk.paid("dynamic") == paid
    # F uses up level 2; D has level 3.
    assert desk.paid("standard") == {"B": Decimal("10.00"), "D": Decimal("3.00")}
    assert taken(desk, "standard")["F"][0] == Decimal("5.00")
    assert taken(desk, "dynamic").keys() >= {"A", "F"}
