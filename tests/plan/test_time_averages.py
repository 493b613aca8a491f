"""Returns at the average rate of the month of the sale, where weeks are paid.

Ada sponsors Ben, Ben sponsors Cleo. Ben is paid 10 % of what Cleo buys in a week, 20 % from 300 on; Ada is
matched half of it. Of 2026 W02 to W04 end in January, W05 to W08 in February.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.carrying_on import carry_on
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.reading import read_snapshot
from mlm_plugin.plan.running import run_plan
from tests.plan.networks import HEAD, paid, period
from tests.plan.test_time_replaced import Weeks

PLAN = """
[volumes.cv]
of = "line.cv"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "20% if source.cv >= 300 else 10%"
[bonuses.match]
kind = "matching"
of = ["team"]
generations = 1
rate = "50%"
[returns]
later_period = "average"
average_within = "month"
"""
SALES = ("A1,1,cleo,self,2026-01-06,100,100,", "A2,1,cleo,self,2026-01-13,300,300,")


class January(Weeks):
    """A month of two sales, and a week without any."""

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        for week, lines in (("2026-W02", SALES[:1]), ("2026-W03", SALES[1:]), ("2026-W04", ())):
            self.week(week, *lines)

    def back(self, week: str, *lines: str) -> dict[str, str]:
        """What a week takes back, by payee."""
        self.week(week, *lines)
        rows = self.rows(week, "awards.csv")
        return {row["payee"]: row["amount"] for row in rows if row["reason"] == "returned:2026-01"}


def refund(order: str, day: str, cv: int, of: str = "A1/1") -> str:
    """A line that gives something back, or sells it again."""
    return f"{order},1,cleo,self,2026-{day},{cv},{cv},{of}"


def test_returned_goods_cost_the_average_rate_of_the_month_they_were_sold_in(
    tmp_path: Path,
) -> None:
    """January: 10.00 on 100 and 60.00 on 300, 17.5 % on average. Of A1 all 100 come back in February:
    17.50, and not the 10.00 that were paid on it; Ada gives back 8.75 of her 35.00."""
    weeks = January(tmp_path)
    assert weeks.back("2026-W05", refund("R1", "01-27", -100)) == {"ben": "-17.50", "ada": "-8.75"}
    row = next(row for row in weeks.rows("2026-W05", "awards.csv") if row["payee"] == "ben")
    assert (row["source"], row["level"], row["base"], row["rate"]) == ("ben", "0", "-100", "0.175")


def test_without_a_longer_calendar_it_is_the_rate_of_the_week(tmp_path: Path) -> None:
    weeks = January(tmp_path, PLAN.replace('average_within = "month"\n', ""))
    weeks.week("2026-W05", refund("R1", "01-27", -100))
    rows = weeks.rows("2026-W05", "awards.csv")
    assert {row["payee"]: row["amount"] for row in rows} == {"ben": "-10.00", "ada": "-5.00"}


def test_parts_add_up_to_all_that_was_paid_and_no_more(tmp_path: Path) -> None:
    """Everything of both weeks comes back in three: 33.33 of 400 is 5.83, with 66.67 17.50, with 300 all
    of 70.00."""
    weeks = January(tmp_path)
    found = [
        weeks.back("2026-W05", "R1,1,cleo,self,2026-01-27,-33.33,-33.33,A1/1"),
        weeks.back("2026-W06", "R2,1,cleo,self,2026-02-03,-66.67,-66.67,A1/1"),
        weeks.back("2026-W08", refund("R3", "02-17", -300, "A2/1")),
    ]
    assert [each["ben"] for each in found] == ["-5.83", "-11.67", "-52.50"]
    assert sum(Decimal(each["ada"]) for each in found) == Decimal("-35.00")


def test_a_return_that_is_undone_comes_to_nothing_although_the_average_has_changed(
    tmp_path: Path,
) -> None:
    """A1 comes back in W03 of the same month, when its average is 10 % of 100: all of 10.00. W03 then
    pays 80.00 on 400. Undone in February, Ben has his 10.00 again, and Ada her 5.00."""
    weeks = Weeks(tmp_path, PLAN)
    weeks.week("2026-W02", SALES[0])
    sold = "A2,1,cleo,self,2026-01-13,400,400,"
    found = weeks.week("2026-W03", sold, refund("R1", "01-14", -100))
    assert found == {"paid": "80.00", "returned:2026-01": "-10.00"}
    weeks.week("2026-W04")
    assert weeks.week("2026-W05", refund("R2", "01-27", 100)) == {"returned:2026-01": "10.00"}
    ada = [row for row in weeks.rows("2026-W05", "awards.csv") if row["payee"] == "ada"]
    assert [row["amount"] for row in ada] == ["5.00"]
    assert not [row for row in weeks.rows("2026-W05", "carry.csv") if row["kind"] == "averaged"]


def test_what_is_replaced_within_the_month_waits_for_its_average(tmp_path: Path) -> None:
    """A1 comes back in W03, which sells 40 anew: 40 are taken back at 10 %, the rest in W04, the last of
    the month, at the average of 10.00 and 4.00 on 140: again 10 %."""
    weeks = Weeks(tmp_path, PLAN + 'replace_within = "month"\n')
    weeks.week("2026-W02", SALES[0])
    sold = "A3,1,cleo,self,2026-01-14,40,40,"
    found = weeks.week("2026-W03", refund("R1", "01-14", -100), sold)
    assert found == {"paid": "4.00", "returned:2026-01": "-4.00"}
    assert weeks.week("2026-W04") == {"returned:2026-01": "-6.00"}


def test_every_week_of_the_month_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the first week there is a result of: what a company paid before it kept books is not known."""
    weeks = January(tmp_path)
    lines = [*weeks.lines, refund("R1", "01-27", -100)]
    assert weeks.run("2026-W05", lines, prior=["2026-W02", "2026-W04"]) == 2
    assert (
        "what came back is taken back at the average of 2026-01; give the result of 2026-W03 with --prior"
    ) in capsys.readouterr().err
    assert weeks.run("2026-W05", lines, prior=["2026-W02", "2026-W03"]) == 2
    assert "give the result of 2026-W04" in capsys.readouterr().err


def test_frozen_inputs_and_weeks_without_files_take_back_the_same(tmp_path: Path) -> None:
    weeks = January(tmp_path)
    weeks.back("2026-W05", refund("R1", "01-27", -33))
    weeks.back("2026-W06", refund("R2", "02-03", -11))
    frozen, out = str(tmp_path / "2026-W06" / "inputs.zip"), tmp_path / "again"
    assert main(["run", str(tmp_path / "plan.toml"), "--snapshot", frozen, "--out", str(out)]) == 0
    for name in ("awards.csv", "carry.csv"):
        assert (out / name).read_bytes() == (tmp_path / "2026-W06" / name).read_bytes()
    plan, earlier = load_plan(tmp_path / "plan.toml"), Earlier()
    for week in weeks.done:
        snapshot = read_snapshot(
            plan=plan, period=period(week), members=tmp_path / "members.csv",
            volumes=tmp_path / "volumes.csv",
        )  # fmt: skip
        result = run_plan(plan=plan, snapshot=replace(snapshot, earlier=earlier))
        earlier = carry_on(result)
        for bonus in ("team", "match"):
            of_files = {who: Decimal(amount) for (who, name), amount in weeks.totals(week).items()
                        if name == bonus}  # fmt: skip
            assert paid(result, bonus) == of_files
        rows = [tuple(row.values()) for row in weeks.rows(week, "carry.csv")]
        assert list(result.state.lines(result.computation.snapshot.positions.ids)) == rows


def test_a_monthly_match_is_taken_back_by_what_its_weeks_take_back_at_an_average(
    tmp_path: Path,
) -> None:
    """January's match was 35.00 on 70.00; 17.50 of these are taken back, and 8.75 of it."""
    weeks = January(tmp_path, PLAN.replace('rate = "50%"\n', 'rate = "50%"\ncalendar = "month"\n'))
    assert weeks.run("2026-01", weeks.lines, prior=weeks.done) == 0
    assert weeks.totals("2026-01") == {("ada", "match"): "35.00"}
    weeks.done.append("2026-01")
    weeks.week("2026-W05", refund("R1", "01-27", -100))
    assert weeks.run("2026-02", weeks.lines, prior=weeks.done) == 0
    assert weeks.totals("2026-02") == {("ada", "match"): "-8.75"}


def test_what_rests_on_volume_as_a_whole_goes_week_by_week_with_its_match(tmp_path: Path) -> None:
    """A car of 10.00 in each week with a sale; Ben is matched half of it. Both weeks come back whole:
    20.00 and 10.00, and nothing at an average."""
    car = (
        '[bonuses.car]\nkind = "allowance"\namount = "10"\nvolume = "cv"\nrests_on = "cv"\n'
        "[bonuses.team]"
    )
    plan = PLAN.replace("[bonuses.team]", car).replace('of = ["team"]', 'of = ["car"]')
    weeks = January(tmp_path, plan)
    weeks.week("2026-W05", refund("R1", "01-27", -100), refund("R2", "01-27", -300, "A2/1"))
    rows = weeks.rows("2026-W05", "awards.csv")
    found = {(row["payee"], row["bonus"], row["reason"]): row["amount"] for row in rows}
    assert found == {
        ("cleo", "car", "returned:2026-W02"): "-10.00",
        ("cleo", "car", "returned:2026-W03"): "-10.00",
        ("ben", "team", "returned:2026-01"): "-70.00",
        ("ben", "match", "returned:2026-01"): "-10.00",
    }


def test_only_averages_have_a_longer_calendar() -> None:
    with pytest.raises(PlanError, match="“average_within” needs “average”"):
        load_plan(HEAD + PLAN.replace('"average"', '"reverse"'))
    with pytest.raises(PlanError, match=r"returns\.average_within: there is no calendar “moon”"):
        load_plan(HEAD + PLAN.replace('"month"', '"moon"'))
