"""Monthly matches on weekly bonuses, where a week takes back what an earlier month had matched.

Ada sponsors Ben, Ben sponsors Cleo. Ben is paid 10 % of what Cleo buys in a week, Ada half of what Ben's
weeks of a month come to, if she buys something herself in that month.
"""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.test_time_replaced import SALE, Weeks

PLAN = """
[volumes.cv]
of = "line.cv"
[statuses.active]
when = "cv > 0"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
[bonuses.match]
kind = "matching"
of = ["team"]
generations = 1
rate = "50%"
payee = "payee.active"
calendar = "month"
[returns]
later_period = "reverse"
"""
OWN = "O1,1,ada,self,2026-01-06,7,7,"


class Months(Weeks):
    """Weeks, and months that match them."""

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        self.week("2026-W02", SALE, OWN)
        self.month("2026-01")

    def month(self, name: str) -> list[tuple[str, str, str]]:
        """Run a month on the weeks there are; base, amount and reason of each match."""
        assert self.run(name, self.lines, prior=self.done) == 0
        self.done.append(name)
        return [
            (row["base"], row["amount"], row["reason"]) for row in self.rows(name, "awards.csv")
        ]


def test_a_match_is_taken_back_of_the_month_that_paid_it(tmp_path: Path) -> None:
    """January: Ben 10.00 on 100, Ada 5.00. In February half of it comes back: Ben loses 5.00 and Ada 2.50,
    although she buys nothing in February. The other half comes back in March."""
    months = Months(tmp_path)
    assert months.rows("2026-01", "totals.csv")[0]["amount"] == "5.00"
    months.week("2026-W06", "R1,1,cleo,self,2026-02-03,-50,-50,A1/1")
    assert months.month("2026-02") == [("-5", "-2.50", "returned:2026-01")]
    months.week("2026-W10", "R2,1,cleo,self,2026-03-03,-50,-50,A1/1")
    assert months.month("2026-03") == [("-5", "-2.50", "returned:2026-01")]
    assert months.month("2026-04") == []


def test_what_comes_back_lowers_no_match_of_what_is_sold_anew(tmp_path: Path) -> None:
    """In February Ben has 20.00 on 200 and loses 10.00: Ada has 10.00 of the one and gives 5.00 of the
    other back."""
    months = Months(tmp_path)
    months.week(
        "2026-W06", "R1,1,cleo,self,2026-02-03,-100,-100,A1/1", "A2,1,cleo,self,2026-02-04,200,200,",
        "O2,1,ada,self,2026-02-04,7,7,",
    )  # fmt: skip
    assert months.month("2026-02") == [
        ("20", "10.00", "paid"), ("-10", "-5.00", "returned:2026-01"),
    ]  # fmt: skip


def test_a_refund_that_is_undone_brings_the_match_back(tmp_path: Path) -> None:
    months = Months(tmp_path)
    months.week("2026-W06", "R1,1,cleo,self,2026-02-03,-100,-100,A1/1")
    assert months.month("2026-02") == [("-10", "-5.00", "returned:2026-01")]
    months.week("2026-W10", "R2,1,cleo,self,2026-03-03,100,100,A1/1")
    assert months.month("2026-03") == [("10", "5.00", "returned:2026-01")]


def test_what_comes_back_in_the_same_month_is_not_matched(tmp_path: Path) -> None:
    """Ben's 10.00 of the second week are 4.00 after the third."""
    weeks = Weeks(tmp_path, PLAN)
    weeks.week("2026-W02", SALE, OWN)
    weeks.week("2026-W03", "R1,1,cleo,self,2026-01-13,-60,-60,A1/1")
    assert weeks.run("2026-01", weeks.lines, prior=weeks.done) == 0
    assert [row["base"] for row in weeks.rows("2026-01", "awards.csv")] == ["4"]


def test_a_refund_at_the_end_of_a_month_counts_in_the_month_its_week_ends_in(
    tmp_path: Path,
) -> None:
    """The week of 31 January ends in February, where no order line of that month gives anything back."""
    months = Months(tmp_path)
    months.week("2026-W05", "R1,1,cleo,self,2026-01-31,-100,-100,A1/1")
    assert months.month("2026-02") == [("-10", "-5.00", "returned:2026-01")]


def test_a_week_that_ends_with_the_month_belongs_to_it(tmp_path: Path) -> None:
    """31 May 2026 is a Sunday: what its week takes back of April's is taken back in May, and not again."""
    weeks = Weeks(tmp_path, PLAN)
    weeks.week("2026-W16", "A1,1,cleo,self,2026-04-14,100,100,", "O1,1,ada,self,2026-04-14,7,7,")
    found = []
    for month, week, lines in (
        ("2026-04", "", ()),
        ("2026-05", "2026-W22", ["R1,1,cleo,self,2026-05-26,-100,-100,A1/1"]),
        ("2026-06", "2026-W23", []),
    ):
        if week:
            weeks.week(week, *lines)
        assert weeks.run(month, weeks.lines, prior=weeks.done) == 0
        weeks.done.append(month)
        found.append([row["amount"] for row in weeks.rows(month, "awards.csv")])
    assert found == [["5.00"], ["-5.00"], []]


def test_the_result_of_the_month_that_matched_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    months = Months(tmp_path)
    months.week("2026-W05", "R1,1,cleo,self,2026-01-31,-100,-100,A1/1")
    assert months.run("2026-02", months.lines, prior=["2026-W02", "2026-W05"]) == 2
    assert (
        "2026-W05 takes back what “team” paid in a period that 2026-01 matched; give the result of that "
        "period with --prior"
    ) in capsys.readouterr().err


def test_frozen_inputs_know_what_was_taken_back(tmp_path: Path) -> None:
    months = Months(tmp_path)
    months.week("2026-W06", "R1,1,cleo,self,2026-02-03,-100,-100,A1/1")
    months.month("2026-02")
    frozen, out = str(tmp_path / "2026-02" / "inputs.zip"), tmp_path / "again"
    plan = str(tmp_path / "plan.toml")
    assert main(["run", plan, "--snapshot", frozen, "--out", str(out)]) == 0
    for name in ("awards.csv", "totals.csv", "carry.csv"):
        assert (out / name).read_bytes() == (tmp_path / "2026-02" / name).read_bytes()
