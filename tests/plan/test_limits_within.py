"""Bounds of a longer calendar than the run's: the month of weekly runs.

Ada sponsors Ben, Ben sponsors Cleo. Whoever stands right above is paid 10 %. Weeks end on Sundays: of 2026
W02 to W04 end in January, W05 and W06 in February.
"""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.analysis.payout import bound_payout
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD, SPONSOR
from tests.plan.test_time_replaced import Weeks

TEAM = """
[volumes.cv]
of = "line.cv"
[volumes.cv_of_month]
of = "line.cv"
since = "month"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
"""
MEMBER = '[limits.member]\nscope = "payee"\nmost = "15"\nwithin = "month"\n'
COMPANY = (
    '[limits.company]\nscope = "company"\nmost = "company(cv_of_month) * 8%"\nwithin = "month"\n'
)


class Bound(Weeks):
    """Weeks with what each payee has of them."""

    def pay(self, name: str, *lines: str) -> dict[str, str]:
        """Run a week on all lines so far, and these; what each payee gets in all."""
        self.week(name, *lines)
        return {payee: amount for (payee, _bonus), amount in self.totals(name).items()}


def sale(order: str, who: str, day: str, cv: int) -> str:
    """An order line."""
    return f"{order},1,{who},self,2026-{day},{cv},{cv},"


def test_a_month_binds_a_member_through_its_weeks(tmp_path: Path) -> None:
    """Ben is due 10.00 in each of three weeks of January: 10.00 and 5.00 of 15.00 are paid, and nothing
    in the third. The week after ends in February, whose 15.00 it takes whole."""
    weeks = Bound(tmp_path, TEAM + MEMBER)
    assert weeks.pay("2026-W02", sale("A1", "cleo", "01-06", 100)) == {"ben": "10.00"}
    assert weeks.pay("2026-W03", sale("A2", "cleo", "01-13", 100)) == {"ben": "5.00"}
    assert weeks.pay("2026-W04", sale("A3", "cleo", "01-20", 100)) == {}
    assert weeks.pay("2026-W05", sale("A4", "cleo", "01-27", 200)) == {"ben": "15.00"}


def test_a_month_binds_the_company_through_its_weeks(tmp_path: Path) -> None:
    """8 % of what the month has sold so far. W02: 100 of Ada and 100 of Cleo allow 16.00, and 10.00 is
    due. W03: 300 more of Cleo allow 40.00 - 10.00, which is just what is due. W04: 200 of Cleo and 100 of
    Ben, 20.00 and 10.00, of which 64.00 - 40.00 = 24.00 are paid: 16.00 and 8.00. W05 begins anew: 8.00
    of 10.00."""
    weeks = Bound(tmp_path, TEAM + COMPANY)
    assert weeks.pay(
        "2026-W02", sale("A1", "ada", "01-06", 100), sale("A2", "cleo", "01-06", 100)
    ) == {"ben": "10.00"}
    assert weeks.pay("2026-W03", sale("A3", "cleo", "01-13", 300)) == {"ben": "30.00"}
    assert weeks.pay(
        "2026-W04", sale("A4", "cleo", "01-20", 200), sale("A5", "ben", "01-20", 100)
    ) == {"ben": "16.00", "ada": "8.00"}
    assert weeks.pay("2026-W05", sale("A6", "cleo", "01-27", 100)) == {"ben": "8.00"}


def test_what_was_taken_back_leaves_room(tmp_path: Path) -> None:
    """Ben had 10.00; 6.00 of it are taken back in W03. Of 12.00 in W04 11.00 make 15.00 with the rest."""
    weeks = Bound(tmp_path, TEAM + '[returns]\nlater_period = "reverse"\n' + MEMBER)
    weeks.pay("2026-W02", sale("A1", "cleo", "01-06", 100))
    weeks.week("2026-W03", "R1,1,cleo,self,2026-01-13,-60,-60,A1/1")
    assert weeks.pay("2026-W04", sale("A2", "cleo", "01-20", 120)) == {"ben": "11.00"}


def test_bonuses_of_the_month_itself_have_what_its_weeks_left(tmp_path: Path) -> None:
    """Of Ben's 15.00 the week took 10.00; the 8 % of the month, 8.00, have 5.00 left."""
    monthly = TEAM.replace("[bonuses.team]", "[bonuses.monthly]").replace("10%", "8%")
    monthly = monthly[monthly.index("[bonuses") :] + 'calendar = "month"\n'
    weeks = Bound(tmp_path, TEAM + monthly + MEMBER)
    weeks.pay("2026-W02", sale("A1", "cleo", "01-06", 100))
    assert weeks.run("2026-01", weeks.lines, prior=weeks.done) == 0
    assert weeks.totals("2026-01") == {("ben", "monthly"): "5.00"}


def test_each_bonus_may_be_bound_by_itself(tmp_path: Path) -> None:
    """`second` is due 20.00 in W02 and 10.00 in W03, the other bonus 10.00 and 5.00."""
    second = TEAM[TEAM.index("[bonuses") :].replace("team", "second").replace("10%", "20%")
    weeks = Bound(tmp_path, TEAM + second + MEMBER.replace('"payee"', '"bonus"'))
    weeks.week("2026-W02", sale("A1", "cleo", "01-06", 100))
    weeks.week("2026-W03", sale("A2", "cleo", "01-13", 50))
    found = [weeks.totals(week) for week in ("2026-W02", "2026-W03")]
    assert found == [
        {("ben", "team"): "10.00", ("ben", "second"): "15.00"}, {("ben", "team"): "5.00"},
    ]  # fmt: skip


def test_all_or_nothing_and_reports_know_the_weeks_before(tmp_path: Path) -> None:
    """W02 sells 100 and pays 10.00 although 8.00 are allowed, so in W03 16.00 - 10.00 are left of the
    10.00 that are due: 4.00 above."""
    weeks = Bound(tmp_path, TEAM + COMPANY + 'mode = "report"\n')
    weeks.pay("2026-W02", sale("A1", "cleo", "01-06", 100))
    assert weeks.pay("2026-W03", sale("A2", "cleo", "01-13", 100)) == {"ben": "10.00"}
    summary = (tmp_path / "2026-W03" / "summary.json").read_text(encoding="utf-8")
    assert '"above": "4.00"' in summary
    stop = COMPANY.replace("8%", "10%") + 'mode = "hard_stop"\n'
    other = Bound(tmp_path, TEAM + stop)
    assert other.pay("2026-W02", sale("A1", "cleo", "01-06", 100)) == {"ben": "10.00"}
    assert other.pay("2026-W03", sale("A2", "ada", "01-13", 50)) == {}
    # 25.00 - 10.00 are left, which is just what is due.
    assert other.pay("2026-W04", sale("A3", "cleo", "01-20", 100)) == {"ben": "10.00"}


def test_frozen_inputs_know_what_was_paid_before(tmp_path: Path) -> None:
    weeks = Bound(tmp_path, TEAM + MEMBER)
    weeks.pay("2026-W02", sale("A1", "cleo", "01-06", 100))
    weeks.pay("2026-W03", sale("A2", "cleo", "01-13", 100))
    frozen, out = str(tmp_path / "2026-W03" / "inputs.zip"), tmp_path / "again"
    plan = str(tmp_path / "plan.toml")
    assert main(["run", plan, "--snapshot", frozen, "--out", str(out)]) == 0
    assert (out / "totals.csv").read_bytes() == (tmp_path / "2026-W03" / "totals.csv").read_bytes()


def test_the_most_a_plan_pays_counts_a_bound_for_each_calendar() -> None:
    """20 % weekly and 20 % monthly. A bound of 8 % of what a run sold holds for each, 16 % in all; one of
    the month's sales for both. What counts lines of several weeks bounds no single week."""
    weekly = HEAD.replace('"EUR"', '"EUR"\ncalendar = "week"') + SPONSOR + TEAM
    weekly = weekly.replace("10%", "20%")
    monthly = '[bonuses.monthly]\nkind = "direct"\nbase = "cv"\nrate = "20%"\ncalendar = "month"\n'
    bounds = {
        COMPANY: "0.08",
        COMPANY.replace("cv_of_month", "cv").replace('within = "month"\n', ""): "0.16",
        COMPANY.replace('within = "month"\n', ""): "0.40",
    }
    for limit, most in bounds.items():
        found = bound_payout(load_plan(weekly + monthly + limit))[""]
        assert {name: f"{share:.2f}" for name, share in (found.shares or {}).items()} == {
            "cv": most
        }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ('scope = "award"', "no award and no position can be bound so"),
        ('scope = "payee"\nper = "position"', "no award and no position can be bound so"),
        ('scope = "payee"\nexempt_part = "1"', "only a bound of the company"),
        ('scope = "payee"\nexempt = "level == 1"', "only a bound of the company"),
    ],
)
def test_a_bound_that_cannot_be_added_up_is_refused(changed: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + TEAM + MEMBER.replace('scope = "payee"', changed))
    with pytest.raises(PlanError, match=r"limits\.member\.within: there is no calendar “moon”"):
        load_plan(HEAD + SPONSOR + TEAM + MEMBER.replace('"month"', '"moon"'))
