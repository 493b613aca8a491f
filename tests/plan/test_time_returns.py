"""Returns: in the period of the sale, later, in part, twice, and taken back again.

Ada sponsors Ben, Ben sponsors Cleo. Cleo's volume pays Ben 10 % and Ada 5 %; Ada is matched half of
what Ben earns by it.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.carrying_on import carry_on
from mlm_plugin.plan.changes import portion
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.explaining.legs import legs_of
from mlm_plugin.plan.freezing import INPUTS, thaw
from mlm_plugin.plan.money import Rounding
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.reading import read_snapshot
from mlm_plugin.plan.running import run_plan
from tests.plan.networks import paid, period
from tests.plan.test_time_priors import Company

PLAN = """
[volumes.pv]
of = "line.pv"
[volumes.cv]
of = "line.cv"
[counts.orders]
distinct = "order"
[tables.rates]
levels = ["10%", "5%"]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(level)"
[bonuses.match]
kind = "matching"
of = ["team"]
generations = 1
rate = "50%"
[returns]
later_period = "reverse"
"""
SALES = ["A1,1,cleo,self,2026-01-10,100,100,", "A2,1,cleo,self,2026-01-12,200,200,"]


class Shop(Company):
    """A company whose lines say what they give back, all of them in every period's file."""

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        self.lines = list(SALES)

    def month(self, period: str, *prior: str) -> int:
        """Run a month on all lines there are so far."""
        self.headings = "order,line,member,buyer,date,pv,cv,refund_of\n"
        return self.run(period, self.lines, prior=prior)

    def give_back(self, line: str, of: str, cv: str) -> None:
        """A refund."""
        order, number, date = line.split()
        self.lines.append(f"{order},{number},cleo,self,{date},{cv},{cv},{of}")


def test_a_refund_in_the_period_of_the_sale_removes_the_line(tmp_path: Path) -> None:
    """200 are left of 300: 20.00 and 10.00, and one order."""
    shop = Shop(tmp_path)
    shop.give_back("R1 1 2026-01-20", "A1/1", "-100")
    assert shop.month("2026-01") == 0
    assert shop.totals("2026-01") == {
        ("ben", "team"): "20.00", ("ada", "team"): "10.00", ("ada", "match"): "10.00",
    }  # fmt: skip
    assert shop.metric("2026-01", "orders") == {"cleo": "1"}


def test_a_later_refund_takes_awards_back_in_proportion(tmp_path: Path) -> None:
    """Of 300 in January 50 come back in February: Ben 30.00 x 50/300 = 5.00, Ada 2.50, and of the
    match 15.00 x 5/30 = 2.50. The new sale of 60 pays in full; PV is lowered, CV of February is not."""
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.lines.append("A3,1,cleo,self,2026-02-05,60,60,")
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    back = [
        (row["payee"], row["bonus"], row["base"], row["amount"])
        for row in shop.rows("2026-02", "awards.csv")
        if row["reason"] == "returned:2026-01"
    ]
    assert back == [
        ("ada", "team", "-50", "-2.50"), ("ben", "team", "-50", "-5.00"),
        ("ada", "match", "-5", "-2.50"),
    ]  # fmt: skip
    assert shop.totals("2026-02")["ben", "team"] == "1.00"
    assert shop.metric("2026-02", "pv") == {"cleo": "10"}


def test_parts_of_a_refund_add_up_and_a_refund_undone_comes_to_nothing(tmp_path: Path) -> None:
    """A third of A1 comes back in February, the rest in March, and all of it is sold again in April:
    Ben loses 10.00 in all and has it back."""
    shop = Shop(tmp_path)
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert shop.month("2026-01") == 0
    for number, (month, cv) in enumerate(zip(months[1:], ["-33.33", "-66.67", "100"], strict=True)):
        shop.give_back(f"R{number} 1 {month}-20", "A1/1", cv)
        assert shop.month(month, *months[: number + 1]) == 0
    ben = [shop.totals(month).get(("ben", "team"), "0") for month in months]
    assert ben == ["30.00", "-3.33", "-6.67", "10.00"]
    match = [shop.totals(month).get(("ada", "match"), "0") for month in months]
    assert match == ["15.00", "-1.67", "-3.33", "5.00"]


def test_what_a_month_took_back_is_no_part_of_what_it_paid(tmp_path: Path) -> None:
    """February takes 5.00 back of January and pays 6.00 on 60; all of the 60 come back in March."""
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.lines.append("A3,1,cleo,self,2026-02-05,60,60,")
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    shop.give_back("R2 1 2026-03-20", "A3/1", "-60")
    assert shop.month("2026-03", "2026-01", "2026-02") == 0
    assert shop.totals("2026-03") == {
        ("ben", "team"): "-6.00", ("ada", "team"): "-3.00", ("ada", "match"): "-3.00",
    }  # fmt: skip


def test_more_than_was_sold_cannot_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-100")
    shop.give_back("R2 1 2026-02-21", "A1/1", "-70")
    assert shop.month("2026-02", "2026-01") == 2
    assert "line 5: with this 170 pv of A1/1 are given back, and 100 were sold" in (
        capsys.readouterr().err
    )


def test_what_came_back_in_time_was_not_paid_on_and_is_not_taken_back(tmp_path: Path) -> None:
    """Half of A1 came back in January, so 250 were paid on; all of it in February takes back 50."""
    shop = Shop(tmp_path)
    shop.give_back("R1 1 2026-01-25", "A1/1", "-50")
    assert shop.month("2026-01") == 0
    shop.give_back("R2 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    totals = [shop.totals(month)["ben", "team"] for month in ("2026-01", "2026-02")]
    assert totals == ["25.00", "-5.00"]


@pytest.mark.parametrize("grain", ["source", "order", "line"])
def test_months_without_files_take_back_the_same(tmp_path: Path, grain: str) -> None:
    plan = PLAN.replace('kind = "unilevel"', f'kind = "unilevel"\ngrain = "{grain}"')
    shop = Shop(tmp_path, plan)
    months = ["2026-01", "2026-02", "2026-03"]
    shop.give_back("R1 1 2026-02-20", "A1/1", "-33.33")
    shop.give_back("R2 1 2026-03-20", "A2/1", "-77.77")
    loaded, earlier = load_plan(tmp_path / "plan.toml"), Earlier()
    for number, month in enumerate(months):
        assert shop.month(month, *months[:number]) == 0
        snapshot = read_snapshot(
            plan=loaded, period=period(month), members=tmp_path / "members.csv",
            volumes=tmp_path / "volumes.csv",
        )  # fmt: skip
        result = run_plan(plan=loaded, snapshot=replace(snapshot, earlier=earlier))
        earlier = carry_on(result)
        for bonus in ("team", "match"):
            of_files = {who: Decimal(amount) for (who, name), amount in shop.totals(month).items()
                        if name == bonus}  # fmt: skip
            assert paid(result, bonus) == of_files
        ids = result.computation.snapshot.positions.ids
        rows = [tuple(row.values()) for row in shop.rows(month, "carry.csv")]
        assert list(result.state.lines(ids)) == rows


def test_frozen_inputs_hold_what_is_taken_back(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    frozen = str(tmp_path / "2026-02" / "inputs.zip")
    out = tmp_path / "again"
    plan = str(tmp_path / "plan.toml")
    assert main(["run", plan, "--snapshot", frozen, "--out", str(out)]) == 0
    for name in ("awards.csv", "carry.csv", "totals.csv"):
        assert (out / name).read_bytes() == (tmp_path / "2026-02" / name).read_bytes()


def test_what_is_taken_back_is_owed_until_it_is_earned(tmp_path: Path) -> None:
    """Ben owes 10.00 after February; of 4.00 in March and 9.00 in April 3.00 are paid."""
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-100")
    shop.lines += ["A3,1,cleo,self,2026-03-05,40,40,", "A4,1,cleo,self,2026-04-05,90,90,"]
    done = ["2026-01"]
    for month in ("2026-02", "2026-03", "2026-04"):
        assert shop.month(month, *done) == 0
        done.append(month)
    lines = {"paid": [], "balance": []}
    for month in done:
        rows = {row["line"]: row["amount"] for row in shop.rows(month, "payouts.csv")
                if row["payee"] == "ben"}  # fmt: skip
        for name, listed in lines.items():
            listed.append(rows.get(name, "0"))
    assert lines == {
        "paid": ["-30.00", "0", "0", "-3.00"],
        "balance": ["0", "-10.00", "-6.00", "0"],
    }


def test_what_is_taken_back_may_be_forgiven(tmp_path: Path) -> None:
    shop = Shop(tmp_path, PLAN + 'collect = "forgive"\n')
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-100")
    assert shop.month("2026-02", "2026-01") == 0
    assert [row for row in shop.rows("2026-02", "payouts.csv") if row["line"] == "balance"] == []
    assert [row for row in shop.rows("2026-02", "carry.csv") if row["kind"] == "balance"] == []


def test_the_average_rate_of_the_month_is_taken(tmp_path: Path) -> None:
    """Ben's own sale of 100 pays Ada 10 %, Cleo's 300 pay her 5 %: 25.00 on 400, 6.25 % on average.
    50 of Cleo's come back: 3.13 from Ada."""
    shop = Shop(tmp_path, PLAN.replace('"reverse"', '"average"'))
    shop.lines.append("B1,1,ben,self,2026-01-05,100,100,")
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A1/1", "-50")
    assert shop.month("2026-02", "2026-01") == 0
    totals = shop.totals("2026-02")
    assert (totals["ada", "team"], totals["ben", "team"]) == ("-3.13", "-5.00")


@pytest.mark.parametrize(("policy", "expected"), [("volume_only", "0.50"), ("ignore", "6.00")])
def test_a_later_refund_may_lower_the_volume_alone_or_nothing(
    tmp_path: Path, policy: str, expected: str
) -> None:
    """60 sold and 55 returned in February: 10 % of 5 or of 60."""
    shop = Shop(tmp_path, PLAN.replace('"reverse"', f'"{policy}"'))
    shop.lines.append("A3,1,cleo,self,2026-02-05,60,60,")
    shop.give_back("R1 1 2026-02-20", "A1/1", "-55")
    assert shop.month("2026-02") == 0
    assert shop.totals("2026-02")["ben", "team"] == expected


@pytest.mark.parametrize(("of", "expected"), [("A1/1", "-5.00"), ("A2/1", None)])
def test_a_share_of_what_customers_bought_is_lowered_by_their_returns_alone(
    tmp_path: Path, of: str, expected: str | None
) -> None:
    """Of Cleo's 300 a customer bought 100: 10.00 of them. Half of that comes back, or of her own 200."""
    retail = """
[bonuses.retail]
kind = "direct"
base = "cv.retail"
rate = "10%"
"""
    shop = Shop(tmp_path, PLAN.replace("[returns]", retail + "[returns]"))
    shop.lines[0] = shop.lines[0].replace("self", "retail")
    assert shop.month("2026-01") == 0
    assert shop.totals("2026-01")["cleo", "retail"] == "10.00"
    shop.give_back("R1 1 2026-02-20", of, "-50")
    assert shop.month("2026-02", "2026-01") == 0
    assert shop.totals("2026-02").get(("cleo", "retail")) == expected


def test_a_differential_by_legs_is_taken_back_along_the_line(tmp_path: Path) -> None:
    """Everybody's rate is 10 % from 100 points of the group on, Ada's 20 %. Cleo's 300 pay her 30.00
    and Ada 30.00 on the leg of Ben; 100 of them return, and a third of each."""
    shop = Shop(
        tmp_path,
        """
[volumes.cv]
of = "line.cv"
[metrics.group]
value = "total(cv, subtree)"
[metrics.rate]
value = "0.2 if member.sponsor == '' else 0.1"
[bonuses.team]
kind = "differential"
form = "legs"
base = "cv"
group = "group"
rate = "rate"
[returns]
later_period = "reverse"
""",
    )
    assert shop.month("2026-01") == 0
    assert shop.totals("2026-01") == {("cleo", "team"): "30.00", ("ada", "team"): "30.00"}
    shop.give_back("R1 1 2026-02-20", "A1/1", "-100")
    assert shop.month("2026-02", "2026-01") == 0
    assert shop.totals("2026-02") == {("cleo", "team"): "-10.00", ("ada", "team"): "-10.00"}


@pytest.mark.parametrize(
    "bonus",
    ['kind = "unilevel"\nlevels = 1', 'kind = "guarantee"\npayee = "leader"'],
)
def test_an_override_on_a_group_is_lowered_by_what_anybody_in_it_returned(
    tmp_path: Path, bonus: str
) -> None:
    """Ada and Ben lead. Ben's group has his own 100 and Cleo's 300: 4 % for Ada are 16.00, of which
    100/400 come back with Cleo's 100."""
    plan = f"""
[volumes.cv]
of = "line.cv"
[predicates.leader]
when = "member.member != 'cleo'"
[bonuses.override]
{bonus}
base = "total(cv, group(leader))"
source = "leader"
rate = "4%"
[returns]
later_period = "reverse"
"""
    shop = Shop(tmp_path, plan)
    shop.lines.append("B1,1,ben,self,2026-01-05,100,100,")
    assert shop.month("2026-01") == 0
    assert shop.totals("2026-01") == {("ada", "override"): "16.00"}
    shop.give_back("R1 1 2026-02-20", "A1/1", "-100")
    assert shop.month("2026-02", "2026-01") == 0
    assert shop.totals("2026-02") == {("ada", "override"): "-4.00"}


def test_awards_of_a_line_are_taken_back_for_that_line_alone(tmp_path: Path) -> None:
    """Half of A2 comes back: Ben's 20.00 for that line lose 10.00, his 10.00 for A1 nothing."""
    shop = Shop(tmp_path, PLAN.replace('kind = "unilevel"', 'kind = "unilevel"\ngrain = "line"'))
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "A2/1", "-100")
    assert shop.month("2026-02", "2026-01") == 0
    assert shop.totals("2026-02")["ben", "team"] == "-10.00"


FIXED = """
[tables.packs]
by = "line.sku"
rows = { starter = 40, pro = 90 }
[volumes.first_pack]
of = "packs(line.sku)"
where = "line.first_order and days_since(member.joined) < 40"
[bonuses.start]
kind = "unilevel"
base = "first_pack"
levels = 1
rate = "1"
[returns]
later_period = "reverse"
"""


@pytest.mark.parametrize(("month", "expected"), [("2026-01", {}), ("2026-02", {"start": "-90.00"})])
def test_a_fixed_amount_for_a_pack_comes_back_with_the_pack(
    tmp_path: Path, month: str, expected: dict[str, str]
) -> None:
    """Whatever the refund's own day and line would bring: it is the pack that counted. Half of it
    given back in the month of the sale leaves half."""
    shop = Shop(tmp_path, FIXED)
    shop.headings = "order,line,member,buyer,date,pv,cv,sku,refund_of\n"
    members = "member,sponsor,joined\nada,,2025-01-01\nben,ada,2025-01-01\ncleo,ben,2026-01-05\n"
    shop.write("members.csv", members)
    sale = "A1,1,cleo,self,2026-01-10,100,100,pro,"
    assert shop.run("2026-01", [sale]) == 0
    assert shop.totals("2026-01") == {("ben", "start"): "90.00"}
    whole = [sale, f"R1,1,cleo,self,{month}-25,-100,-100,pro,A1/1"]
    half = [sale, f"R1,1,cleo,self,{month}-25,-50,-50,pro,A1/1"]
    prior = ["2026-01"] if month == "2026-02" else []
    assert shop.run(month, half, prior=prior) == 0
    assert shop.totals(month) == {("ben", "start"): "-45.00" if prior else "45.00"}
    if prior:
        assert shop.run(month, whole, prior=prior) == 0
        assert shop.totals(month) == {("ben", bonus): each for bonus, each in expected.items()}


BINARY = """
[trees.binary]
parent = "parent"
side = "side"
[volumes.cv]
of = "line.cv"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
[returns]
later_period = "reverse"
"""


def test_a_leg_takes_returned_volume_even_below_nothing(tmp_path: Path) -> None:
    """300 left, 200 right: 200 matched, 100 carried on the left. Cleo's 200 on the right come back:
    -200 is carried there. 250 new on the right leave 50, matched with the 100 on the left."""
    shop = Shop(tmp_path, BINARY)
    shop.write(
        "members.csv", "member,sponsor,parent,side\nada,,,\nben,ada,ada,left\ncleo,ada,ada,right\n"
    )
    shop.lines = ["B1,1,ben,self,2026-01-10,300,300,", "C1,1,cleo,self,2026-01-10,200,200,"]
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", "C1/1", "-200")
    assert shop.month("2026-02", "2026-01") == 0
    legs = {row["leg"]: row["value"] for row in shop.rows("2026-02", "carry.csv")
            if row["kind"] == "binary"}  # fmt: skip
    assert legs == {"1": "100.00", "2": "-200.00"}
    # What is said of the legs is what was matched: the refund is one of the lines.
    plan, frozen = thaw(tmp_path / "2026-02" / INPUTS)
    result = run_plan(plan=plan, snapshot=frozen)
    _left, right = legs_of(result, "legs", 0)
    assert (right.new, right.carried, right.left) == (-20000, 0, -20000)
    assert result.computation.snapshot.lines.orders[right.line].tolist() == ["R1"]
    shop.lines.append("C2,1,cleo,self,2026-03-10,250,250,")
    assert shop.month("2026-03", "2026-01", "2026-02") == 0
    assert shop.totals("2026-03") == {("ada", "legs"): "5.00"}


@pytest.mark.parametrize(
    ("of", "prior", "said"),
    [
        ("A1/1", [], "is a refund of a line of 2026-01; give the result of that period"),
        ("A9/1", ["2026-01"], "is a refund of a line that is not in the volumes' file"),
    ],
)
def test_a_refund_of_what_nobody_knows_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], of: str, prior: list[str], said: str
) -> None:
    shop = Shop(tmp_path)
    assert shop.month("2026-01") == 0
    shop.give_back("R1 1 2026-02-20", of, "-50")
    assert shop.month("2026-02", *prior) == 2
    assert said in capsys.readouterr().err


def test_a_refund_of_a_refund_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(tmp_path)
    shop.give_back("R1 1 2026-01-20", "A1/1", "-50")
    shop.give_back("R2 1 2026-01-21", "R1/1", "50")
    assert shop.month("2026-01") == 2
    assert "line 5: R1/1 is itself a refund" in capsys.readouterr().err


def test_of_nothing_nothing_is_taken_back() -> None:
    nothing, five = np.zeros(1, dtype=np.int64), np.full(1, 5)
    assert portion(five, five, nothing, mode=Rounding.HALF_UP).tolist() == [0]
    assert portion(five, nothing, five, mode=Rounding.CEILING).tolist() == [0]


@pytest.mark.parametrize(
    ("mode", "halves", "thirds"),
    [
        (Rounding.HALF_UP, [3, 4, -3], [2, 3, -2]),
        (Rounding.HALF_EVEN, [2, 4, -2], [2, 3, -2]),
        (Rounding.HALF_DOWN, [2, 3, -2], [2, 3, -2]),
        (Rounding.DOWN, [2, 3, -2], [1, 2, -1]),
        (Rounding.CEILING, [3, 4, -3], [2, 3, -2]),
    ],
)
def test_a_part_is_rounded_as_the_plan_says(
    mode: Rounding, halves: list[int], thirds: list[int]
) -> None:
    """Half of 5, 7 and -5; a third of 5, 8 and -5, which are 1 2/3 and 2 2/3."""
    one, two, three = (np.full(3, number) for number in (1, 2, 3))
    assert portion(np.array([5, 7, -5]), one, two, mode=mode).tolist() == halves
    assert portion(np.array([5, 8, -5]), one, three, mode=mode).tolist() == thirds


@given(
    amount=st.integers(-10_000, 10_000),
    parts=st.lists(st.integers(0, 500), min_size=1, max_size=5),
    mode=st.sampled_from(list(Rounding)),
)
@settings(max_examples=60, deadline=None)
def test_steps_of_a_return_never_exceed_what_was_given(
    amount: int, parts: list[int], mode: Rounding
) -> None:
    whole = np.array([sum(parts) or 1])
    reached = 0
    taken = []
    for part in parts:
        before = portion(np.array([amount]), np.array([reached]), whole, mode=mode)
        reached += part
        after = portion(np.array([amount]), np.array([reached]), whole, mode=mode)
        taken.append(int((after - before)[0]))
    assert all(each * amount >= 0 for each in taken)
    assert abs(sum(taken)) <= abs(amount)
    if reached:
        assert sum(taken) == amount


def test_each_line_of_an_order_comes_back_by_itself(tmp_path: Path) -> None:
    """A0 has one line of 100, A1 three. A0's and the second of A1 come back in two halves, in February and
    in March, and are sold again in April; the third comes back in March. 10.00, 10.00 and 10.00 for it,
    and 20.00 given again."""
    shop = Shop(tmp_path)
    shop.lines = ["A0,1,cleo,self,2026-01-10,100,100,"]
    shop.lines += [f"A1,{line},cleo,self,2026-01-10,100,100," for line in (1, 2, 3)]
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert shop.month("2026-01") == 0
    for number, (month, cv) in enumerate(zip(months[1:], ("-50", "-50", "100"), strict=True)):
        shop.give_back(f"R{number} 1 {month}-20", "A0/1", cv)
        shop.give_back(f"S{number} 1 {month}-20", "A1/2", cv)
        if month == "2026-03":
            shop.give_back("T1 1 2026-03-20", "A1/3", "-100")
        assert shop.month(month, *months[: number + 1]) == 0
    ben = [shop.totals(month)["ben", "team"] for month in months]
    assert ben == ["40.00", "-10.00", "-20.00", "20.00"]


def test_of_what_is_carried_the_newest_is_kept(tmp_path: Path) -> None:
    """At most 120 are carried on the left: of 100, 50 and 40 the last two, and 30 of the first."""
    shop = Shop(tmp_path, BINARY.replace('rate = "10%"', 'rate = "10%"\ncarry_most = "120"'))
    shop.write(
        "members.csv", "member,sponsor,parent,side\nada,,,\nben,ada,ada,left\ncleo,ada,ada,right\n"
    )
    shop.lines = [
        f"B{month},1,ben,self,2026-0{month}-10,{cv},{cv},"
        for month, cv in ((1, 100), (2, 50), (3, 40))
    ]
    for month, prior in (
        ("2026-01", []),
        ("2026-02", ["2026-01"]),
        ("2026-03", ["2026-01", "2026-02"]),
    ):
        assert shop.month(month, *prior) == 0
    lots = {row["date"]: row["value"] for row in shop.rows("2026-03", "carry.csv")
            if row["kind"] == "binary"}  # fmt: skip
    assert lots == {"2026-01-31": "30.00", "2026-02-28": "50.00", "2026-03-31": "40.00"}
