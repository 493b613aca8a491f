"""What somebody owes whose membership has ended: set off against what is held, then a claim. By hand."""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD, SPONSOR
from tests.plan.test_time_priors import Company

PLAN = """
[volumes.cv]
of = "line.cv"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
payee = "payee.status != 'ended'"
[money]
hold_periods = 3
payout_minimum = 20
[returns]
later_period = "reverse"
ended_when = "member.status == 'ended'"
claim_days = 30
"""
SOLD = "A1,1,cleo,self,2026-01-10,600,600,"
LATER_SOLD = "A2,1,cleo,self,2026-02-10,400,400,"


class Members(Company):
    """Ben, who sponsors Cleo, leaves."""

    headings = "order,line,member,buyer,date,pv,cv,refund_of\n"

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        self.done: list[str] = []
        self.lines: list[str] = []

    def month(self, name: str, *lines: str, status: str = "ended") -> dict[str, str]:
        """Ben's statement of a month, without what he earned."""
        self.write("members.csv", f"member,sponsor,status\nada,,\nben,ada,{status}\ncleo,ben,\n")
        self.lines += lines
        assert self.run(f"2026-{name}", self.lines, prior=self.done) == 0
        self.done.append(f"2026-{name}")
        rows = self.rows(f"2026-{name}", "payouts.csv")
        return {row["line"]: row["amount"] for row in rows
                if row["payee"] == "ben" and row["line"] != "earned"}  # fmt: skip


def back(month: str, of: str, cv: int) -> str:
    """A return in a month."""
    return f"R{month}{of},1,cleo,self,2026-{month}-05,-{cv},-{cv},{of}/1"


def test_what_is_held_is_set_off_when_a_membership_ends(tmp_path: Path) -> None:
    """60.00 of January and 40.00 of February are held. In March Ben leaves, and the whole of January's
    and 250 of February's goods come back: 85.00 are set off, and 15.00 are paid out, though that is
    less than 20.00."""
    members = Members(tmp_path)
    assert members.month("01", SOLD, status="") == {"held": "-60.00"}
    assert members.month("02", LATER_SOLD, status="") == {"held": "-40.00"}
    returned = (back("03", "A1", 600), back("03", "A2", 250))
    assert members.month("03", *returned) == {"released": "100.00", "paid": "-15.00"}
    assert members.month("04") == {}


def test_who_stays_has_what_is_held_released_in_its_time(tmp_path: Path) -> None:
    members = Members(tmp_path)
    members.month("01", SOLD, status="")
    back_in_march = back("03", "A1", 600)
    assert members.month("03", back_in_march, status="") == {"balance": "-60.00"}


def test_what_is_owed_for_thirty_days_after_the_end_is_a_claim(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """January's 60.00 are released and paid in April. In May Ben leaves and the goods come back: he owes
    60.00 at the end of May, and 30 days later, at the end of June, that is a claim."""
    members = Members(tmp_path)
    members.month("01", SOLD, status="")
    assert members.month("04", status="") == {"released": "60.00", "paid": "-60.00"}
    assert members.month("05", back("05", "A1", 600)) == {"balance": "-60.00"}
    assert members.month("06") == {"balance_before": "-60.00", "claimed": "60.00"}
    for language, said in (("en", "claimed, as the membership has ended: 60.00 EUR"),
                           ("ru", "к возврату, так как участие прекращено: 60,00")):  # fmt: skip
        arguments = ["explain", str(tmp_path / "2026-06"), "--member", "ben", "--lang", language]
        assert main(arguments) == 0
        assert said in capsys.readouterr().out
    assert members.month("07") == {}


def test_a_day_less_is_no_claim_yet(tmp_path: Path) -> None:
    """From the end of May to that of June there are 30 days, and not 31."""
    members = Members(tmp_path, PLAN.replace("claim_days = 30", "claim_days = 31"))
    members.month("01", SOLD, status="")
    members.month("04", status="")
    members.month("05", back("05", "A1", 600))
    assert members.month("06") == {"balance_before": "-60.00", "balance": "-60.00"}
    assert members.month("07") == {"balance_before": "-60.00", "claimed": "60.00"}


def test_claims_need_to_know_whose_membership_has_ended() -> None:
    with pytest.raises(PlanError, match="“claim_days” needs “ended_when”"):
        load_plan(HEAD + SPONSOR + PLAN.replace("ended_when = ", "# "))
