"""Worked examples that go over several periods, or settle what a payee is due."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlm_plugin.plan.__main__ import main
from tests.acceptance.files import PLANS, Desk, read_examples

Examples = dict[str, Any]


@pytest.fixture(scope="module")
def examples() -> Examples:
    """The examples by id."""
    return read_examples()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with members and lines."""
    return Desk(tmp_path)


def statement(desk: Desk, payee: str) -> dict[str, Decimal]:
    """The lines of a payee's statement."""
    return {
        row["line"]: Decimal(row["amount"])
        for row in desk.rows("payouts.csv")
        if row["payee"] == payee
    }


def carried(desk: Desk, kind: str, member: str) -> dict[str, Decimal]:
    """What is carried of a member, by leg."""
    return {
        row["leg"]: Decimal(row["value"])
        for row in desk.rows("carry.csv")
        if (row["kind"], row["member"]) == (kind, member)
    }


def test_two_periods_of_a_binary_are_chained_by_what_the_first_left(
    desk: Desk, examples: Examples
) -> None:
    """The source prints what You get and carry; L1 and R1 have two legs of their own as well."""
    example = examples["mlmforge-binary-carry"]
    volumes, expected = example["volumes"], example["expected"]
    sides = {"L": "left", "R": "right"}
    rows = [
        (node["id"], node.get("placement") or "", sides.get(node.get("leg"), ""))
        for node in example["tree"]
    ]
    desk.members(
        *((who, parent, parent, side) for who, parent, side in rows),
        columns="member,sponsor,placement,side",
    )
    desk.lines(*({"member": who, "pv": pv} for who, pv in volumes["period1"].items()))
    assert desk.run("weaker_leg") == 0
    assert desk.paid("carry_forward")["You"] == expected["period1"]["You"]
    first = {
        row["leg"]: Decimal(row["value"])
        for row in desk.rows("carry.csv")
        if (row["name"], row["member"]) == ("carry_forward", "You")
    }
    assert first == {"2": expected["period1"]["carry_right"]}
    assert (desk.paid("carry_forward")["L1"], desk.paid("carry_forward")["R1"]) == (10, 20)
    second = volumes["period2"]
    desk.lines(
        {"member": "L2", "pv": second["left_new"], "date": "2026-02-01"},
        {"member": "R2", "pv": second["right_new"], "date": "2026-02-01"},
    )
    january = desk.out.rename(desk.folder / "january")
    assert desk.run("weaker_leg", "--prior", str(january), period="2026-02") == 0
    assert desk.paid("carry_forward")["You"] == expected["period2"]["You"]
    assert desk.paid("full_flush")["You"] == expected["period2_if_full_flush"]["You"]
    assert "You" not in [
        row["member"] for row in desk.rows("carry.csv") if row["name"] == "carry_forward"
    ]


def test_the_first_pair_of_heads_is_two_and_one(desk: Desk, examples: Examples) -> None:
    """3 left, 2 right: first pair 2 + 1 = 300, second 1 + 1 = 200; tax and service are lines."""
    example = examples["binary-2to1-then-1to1"]
    heads, expected = example["volumes"], example["expected"]
    rows = [("U", "", "", "")]
    for side, count in (("left", heads["left_members"]), ("right", heads["right_members"])):
        above = "U"
        for number in range(count):
            who = f"{side}{number}"
            rows.append((who, "U", above, side if above == "U" else "left"))
            above = who
    desk.members(*rows, columns="member,sponsor,placement,side")
    desk.lines(*({"member": who, "pv": 1} for who, *_rest in rows[1:]))
    assert desk.run("first_pair") == 0
    pairs = [row for row in desk.rows("awards.csv") if row["payee"] == "U"]
    assert sum(int(row["base"]) for row in pairs) == expected["pairs"]
    got = statement(desk, "U")
    assert got["earned"] == expected["gross"]
    assert got["deduction:tax"] == -Decimal(expected["tds"])
    assert got["deduction:service"] == -Decimal(expected["service"])
    assert got["paid"] == -Decimal(expected["net"])
    assert [carried(desk, "binary", "U").get(leg, 0) for leg in ("1", "2")] == expected["carry"]


def test_codes_are_kept_from_the_fourth_enrolee_on(desk: Desk, examples: Examples) -> None:
    """Anthony is the fourth whom You enrolled, so he is coded to You. His first three pass You on:
    Carol is one of them. Her own first three pass on further, to nobody but You again; the source
    counts only what Anthony and Carol earn, and so does this: nobody below them enrolls."""
    example = examples["coded-100"]
    counts, expected = example["volumes"], example["expected"]
    rows: list[tuple[object, ...]] = [("You", "", 0)]
    rows += [(node["id"], node["sponsor"], node["order"]) for node in example["tree"][1:]]
    rows += [(f"a{turn}", "Anthony", turn) for turn in range(2, counts["Anthony_enrols"] + 1)]
    rows += [(f"c{turn}", "Carol", turn) for turn in range(1, counts["Carol_enrols"] + 1)]
    desk.members(*rows, columns="member,sponsor,turn")
    desk.lines(*({"member": who, "pv": 1} for who, *_rest in rows[1:]))
    assert desk.run("coded") == 0
    direct = desk.paid("fast_track")
    assert direct == {"You": expected["You_direct"], "Anthony": expected["Anthony"],
                      "Carol": expected["Carol"]}  # fmt: skip
    matched = {
        row["source"]: Decimal(row["amount"])
        for row in desk.rows("awards.csv")
        if (row["payee"], row["bonus"]) == ("You", "legacy_match")
    }
    assert [matched["Anthony"], matched["Carol"]] == expected["You_match"]
    codes = {row["member"]: row["value"] for row in desk.rows("carry.csv") if row["kind"] == "code"}
    assert (codes["Carol"], codes["a3"], codes["a4"]) == ("You", "You", "Anthony")


def test_a_debit_is_carried_until_it_is_recovered(desk: Desk, examples: Examples) -> None:
    """A sale of 160 in the month before was paid on and comes back in the first of three months."""
    example = examples["negative-balance-carry"]
    earned, debit = example["volumes"]["earned"], example["volumes"]["debit_in_period_1"]
    desk.members(("A", ""))
    lines: list[dict[str, object]] = [{"member": "A", "pv": debit, "date": "2025-12-01"}]
    desk.lines(*lines)
    assert desk.run("debit_carried", period="2025-12") == 0
    prior = [desk.out.rename(desk.folder / "2025-12")]
    lines.append({"member": "A", "pv": -debit, "date": "2026-01-02", "refund_of": "0000/1"})
    paid, balance = [], []
    for month, amount in enumerate(earned, start=1):
        period = f"2026-{month:02d}"
        lines.append({"member": "A", "pv": amount, "date": f"{period}-03"})
        desk.lines(*lines)
        given = [each for folder in prior for each in ("--prior", str(folder))]
        assert desk.run("debit_carried", *given, period=period) == 0
        got = statement(desk, "A")
        paid.append(-got.get("paid", Decimal(0)))
        balance.append(carried(desk, "balance", "A").get("", Decimal(0)))
        prior.append(desk.out.rename(desk.folder / period))
    assert paid == example["expected"]["paid"]
    assert balance == example["expected"]["balance_after"]


def test_what_is_bought_at_a_discount_is_sold_at_a_profit(desk: Desk, examples: Examples) -> None:
    """300 on 700 is 42.857 %, which the source prints as 43 %."""
    example = examples["forever-new-distributor"]
    desk.members(("A", ""))
    desk.lines({"member": "A", "pv": example["volumes"]["retail"]})
    assert desk.run("bought_at_a_discount") == 0
    expected = example["expected"]
    assert desk.paid("margin") == {"A": expected["profit"]}
    assert desk.metric("profit") == {"A": expected["profit"]}
    assert desk.metric("markup") == {"A": expected["markup_pct"]}
    assert desk.metric("fresh") == {"A": 1}


def test_the_company_pays_no_more_than_its_share(desk: Desk, examples: Examples) -> None:
    """480,000 on 1,000,000 of volume under 42 %: everybody has 87.5 %, 875.00 of 1,000. And a payee
    with 62,000 has 50,000 where the company pays no more than its share anyway."""
    example = examples["company-cap-pro-rata"]
    volumes, expected = example["volumes"], example["expected"]
    members = [f"m{number:02d}" for number in range(10)]
    desk.members(("A", ""), *((member, "A") for member in members))
    rest = volumes["raw_total"] - volumes["member_raw"]
    shares = [rest // 10] * 10
    desk.lines(
        {"member": "A", "pv": volumes["volume"], "amount": volumes["member_raw"]},
        *({"member": who, "pv": 0, "cv": "0.01", "amount": share}
          for who, share in zip(members, shares, strict=True)),
    )  # fmt: skip
    assert desk.run("company_cap") == 0
    paid = desk.paid("raw_pay")
    assert paid["A"] == Decimal(expected["member_paid"])
    # The tenths of a cent-sized volume that carry the other lines raise the cap by 0.04.
    assert abs(sum(paid.values()) - expected["cap"]) <= Decimal("0.05")
    desk.lines({"member": "A", "pv": volumes["volume"], "amount": volumes["distributor_cap_case"]})
    assert desk.run("company_cap") == 0
    assert desk.paid("raw_pay") == {"A": expected["distributor_capped"]}


def test_every_plan_here_passes_the_check() -> None:
    for name in ("first_pair", "coded", "debit_carried", "bought_at_a_discount", "company_cap"):
        assert main(["check", str(PLANS / f"{name}.toml")]) == 0
