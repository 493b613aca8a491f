"""Weekly runs: what comes back within the month is replaced by what the same member sells anew.

Ada sponsors Ben, Ben sponsors Cleo, who buys for 100 (A1) in the second week of January 2026, which
ends on the 11th. The month's last weekly run is W04; W05 ends in February.
"""

from pathlib import Path

import pytest

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD
from tests.plan.test_time_priors import Company

PLAN = """
[volumes.cv]
of = "line.cv"
[metrics.rate]
value = "0.2 if earlier(cv) > 0 or cv >= 500 else 0.1"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "source.rate"
[returns]
later_period = "reverse"
replace_within = "month"
"""
SALE = "A1,1,cleo,self,2026-01-06,100,100,"


class Weeks(Company):
    """A company that is paid by the week."""

    headings = "order,line,member,buyer,date,pv,cv,refund_of\n"

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        self.write("plan.toml", HEAD.replace('"EUR"', '"EUR"\ncalendar = "week"')
                   + '[trees.sponsor]\nparent = "sponsor"\n' + plan)  # fmt: skip
        self.done: list[str] = []
        self.lines: list[str] = []

    def week(self, name: str, *lines: str) -> dict[str, str]:
        """Run a week on all lines so far, and these; what Ben gets, by reason."""
        self.lines += lines
        assert self.run(name, self.lines, prior=self.done) == 0
        self.done.append(name)
        return {row["reason"]: row["amount"] for row in self.rows(name, "awards.csv")
                if row["payee"] == "ben"}  # fmt: skip

    def waiting(self) -> dict[str, str]:
        """What of each line came back and waits, after the latest week."""
        rows = self.rows(self.done[-1], "carry.csv")
        return {row["order"]: row["value"] for row in rows if row["kind"] == "waiting"}


def test_returned_volume_is_replaced_and_the_rest_taken_back_in_the_last_run(
    tmp_path: Path,
) -> None:
    """Ben had 10.00 on A1. It comes back whole in W03, where Cleo sells 60 anew: 20 % of 60 is paid,
    and 10 % of 60 taken back. 40 wait. In W04, the last of the month, they are taken back whatever is
    sold."""
    weeks = Weeks(tmp_path)
    assert weeks.week("2026-W02", SALE) == {"paid": "10.00"}
    found = weeks.week(
        "2026-W03", "R1,1,cleo,self,2026-01-13,-100,-100,A1/1", "A2,1,cleo,self,2026-01-14,60,60,"
    )
    assert found == {"paid": "12.00", "returned:2026-W02": "-6.00"}
    assert weeks.waiting() == {"A1": "40.00"}
    assert weeks.week("2026-W04") == {"returned:2026-W02": "-4.00"}
    assert weeks.waiting() == {}
    assert weeks.week("2026-W05") == {}


def test_what_waits_is_replaced_by_a_later_week_of_the_month(tmp_path: Path) -> None:
    """Nothing is sold in the week of the return; the next one, of 30, replaces 30 of 100. Sales of
    others replace nothing. December's W01 ends in January."""
    weeks = Weeks(tmp_path)
    assert weeks.week("2026-W01", SALE.replace("01-06", "01-02")) == {"paid": "10.00"}
    assert weeks.week("2026-W02", "R1,1,cleo,self,2026-01-07,-100,-100,A1/1") == {}
    assert weeks.waiting() == {"A1": "100.00"}
    found = weeks.week("2026-W03", "B1,1,ben,self,2026-01-13,70,70,",
                       "A2,1,cleo,self,2026-01-14,30,30,")  # fmt: skip
    assert found["returned:2026-W01"] == "-3.00"
    assert weeks.waiting() == {"A1": "70.00"}


def test_what_was_sold_first_is_replaced_first(tmp_path: Path) -> None:
    weeks = Weeks(tmp_path)
    weeks.week("2026-W01", SALE.replace("01-06", "01-02"))
    weeks.week("2026-W02", "A0,1,cleo,self,2026-01-07,50,50,")
    weeks.week("2026-W03", "R1,1,cleo,self,2026-01-13,-100,-100,A1/1",
               "R2,1,cleo,self,2026-01-13,-50,-50,A0/1", "A2,1,cleo,self,2026-01-14,120,120,")  # fmt: skip
    assert weeks.waiting() == {"A0": "30.00"}


def test_everybody_replaces_the_own_returns_alone(tmp_path: Path) -> None:
    """Ben's 30 replace 30 of his 80, Cleo's 40 replace 40 of her 100; neither has any left over."""
    weeks = Weeks(tmp_path)
    weeks.week("2026-W01", SALE.replace("01-06", "01-02"), "B0,1,ben,self,2026-01-02,80,80,")
    weeks.week("2026-W02", "R1,1,cleo,self,2026-01-07,-100,-100,A1/1",
               "R2,1,ben,self,2026-01-07,-80,-80,B0/1", "A2,1,cleo,self,2026-01-08,40,40,",
               "B2,1,ben,self,2026-01-08,30,30,")  # fmt: skip
    assert weeks.waiting() == {"A1": "60.00", "B0": "50.00"}


def test_a_return_of_another_month_is_taken_back_at_once(tmp_path: Path) -> None:
    weeks = Weeks(tmp_path)
    weeks.week("2026-W04", SALE.replace("01-06", "01-20"))
    found = weeks.week("2026-W05", "R1,1,cleo,self,2026-01-27,-100,-100,A1/1")
    assert found == {"returned:2026-W04": "-10.00"}
    assert weeks.waiting() == {}


def test_a_return_undone_while_it_waits_comes_to_nothing(tmp_path: Path) -> None:
    weeks = Weeks(tmp_path)
    weeks.week("2026-W01", SALE.replace("01-06", "01-02"))
    weeks.week("2026-W02", "R1,1,cleo,self,2026-01-07,-100,-100,A1/1")
    assert weeks.week("2026-W03", "R2,1,cleo,self,2026-01-13,100,100,A1/1") == {}
    assert weeks.waiting() == {}
    assert weeks.week("2026-W04") == {}


def test_what_waits_must_be_among_the_lines_and_its_result_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weeks = Weeks(tmp_path)
    weeks.week("2026-W02", SALE)
    weeks.week("2026-W03", "R1,1,cleo,self,2026-01-13,-100,-100,A1/1")
    assert weeks.run("2026-W04", [], prior=weeks.done) == 2
    assert "line 1 of order A1 came back and waits" in capsys.readouterr().err
    assert weeks.run("2026-W04", weeks.lines, prior=weeks.done[1:]) == 2
    assert "give the result of 2026-W02 with --prior" in capsys.readouterr().err


def test_only_what_is_taken_back_can_be_replaced() -> None:
    with pytest.raises(PlanError, match="needs “reverse” or “average”"):
        load_plan(HEAD + PLAN.replace('"reverse"', '"volume_only"'))
    with pytest.raises(PlanError, match="there is no calendar “moon”"):
        load_plan(HEAD + PLAN.replace('"month"', '"moon"'))
