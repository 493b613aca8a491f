"""Loyalty points: collected, spent oldest first, gone after their time. Sums by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.networks import FAMILY, listed, run, snapshot
from tests.plan.test_time_priors import Company

PLAN = """
[attributes."line.points"]
kind = "number"
[volumes.cv]
of = "line.cv"
[volumes.points_spent]
of = "line.points"
[statuses.active]
when = "cv >= 10"
[bonuses.loyalty]
kind = "points"
volume = "cv.self"
rate = "10%"
spent = "points_spent"
expires = 2
[returns]
later_period = "reverse"
"""


class Club(Company):
    """Ben buys, month after month."""

    headings = "order,line,member,buyer,date,pv,cv,points,refund_of\n"

    def __init__(self, path: Path, plan: str = PLAN) -> None:
        super().__init__(path, plan)
        self.done: list[str] = []
        self.lines: list[str] = []

    def month(self, name: str, *, bought: str = "0", spent: str = "0", back: str = "") -> str:
        """What is paid in a month in which Ben bought and spent so much."""
        self.lines.append(f"A{name},1,ben,self,2026-{name}-10,{bought},{bought},{spent},")
        if back:
            of, cv = back.split()
            self.lines.append(f"R{name},1,ben,self,2026-{name}-11,{cv},{cv},0,A{of}/1")
        assert self.run(f"2026-{name}", self.lines, prior=self.done) == 0
        self.done.append(f"2026-{name}")
        return self.totals(f"2026-{name}").get(("ben", "loyalty"), "0")

    def left(self) -> dict[str, Decimal]:
        """The points that can still be spent, by the month they were collected in."""
        rows = self.rows(self.done[-1], "carry.csv")
        return {row["date"][:7]: Decimal(row["value"]) for row in rows if row["kind"] == "points"}


def test_the_oldest_points_are_spent_first_and_what_is_not_spent_in_time_is_gone(
    tmp_path: Path,
) -> None:
    """10 in January, 20 in February, 5 in March. 12 spent in February are January's and 2 of
    February's; February's last 18 can be spent until April."""
    club = Club(tmp_path)
    assert club.month("01", bought="100") == "0"
    assert club.left() == {"2026-01": 10}
    assert club.month("02", bought="200", spent="12") == "12.00"
    assert club.left() == {"2026-02": 18}
    assert club.month("03", bought="50") == "0"
    assert club.month("04", spent="1.50") == "1.50"
    assert club.left() == {"2026-02": Decimal("16.50"), "2026-03": 5}
    assert club.month("05") == "0"
    assert club.left() == {"2026-03": 5}


def test_more_than_there_is_cannot_be_spent(tmp_path: Path) -> None:
    """Points of the month can be spent at once: 10 of the 25 that were wanted."""
    club = Club(tmp_path)
    assert club.month("01", bought="100", spent="25") == "10.00"
    assert club.left() == {}


def test_who_has_no_points_can_spend_none(tmp_path: Path) -> None:
    """Not even a hundredth of one."""
    club = Club(tmp_path)
    assert club.month("01", spent="0.01") == "0"
    assert club.month("02", bought="100") == "0"
    assert club.left() == {"2026-02": 10}


def test_the_smallest_lot_expires_too(tmp_path: Path) -> None:
    """0.10 bring 0.01 in January, which is gone in April."""
    club = Club(tmp_path)
    for month, bought in (("01", "0.10"), ("02", "0"), ("03", "0")):
        club.month(month, bought=bought)
    assert club.left() == {"2026-01": Decimal("0.01")}
    assert club.month("04", spent="0.01") == "0"
    assert club.left() == {}


def test_points_stay_for_good_where_nothing_else_is_said(tmp_path: Path) -> None:
    club = Club(tmp_path, PLAN.replace("expires = 2\n", ""))
    club.month("01", bought="100")
    for month in ("02", "03", "04", "05"):
        assert club.month(month) == "0"
    assert club.month("06", spent="10") == "10.00"


def test_returned_goods_take_their_points_away_or_are_owed(tmp_path: Path) -> None:
    """January's 10 are spent at once; in February the goods come back, and 10 are owed. Of March's 30
    points 20 are left."""
    club = Club(tmp_path)
    assert club.month("01", bought="100", spent="10") == "10.00"
    assert club.month("02", back="01 -100") == "0"
    assert list(club.left().values()) == [-10]
    assert club.month("03", bought="300", spent="30") == "20.00"
    assert club.left() == {}


def test_only_who_may_collects_points(tmp_path: Path) -> None:
    club = Club(
        tmp_path, PLAN.replace('spent = "points_spent"', 'spent = "points_spent"\npayee = "active"')
    )
    club.month("01", bought="9")
    assert club.left() == {}
    club.month("02", bought="10")
    assert club.left() == {"2026-02": 1}


def test_who_collects_nothing_loses_nothing_and_returns_count_for_everybody(tmp_path: Path) -> None:
    """Ben is not active with 0.10 bought, and loses 0.01; who bought nothing loses nothing. January's
    10 go back in March with the goods, though with 0 CV in March he is not active."""
    plan = PLAN.replace('spent = "points_spent"', 'spent = "points_spent"\npayee = "active"')
    without = plan[plan.index("[volumes.cv]") :].replace('"points_spent"', '"0"')
    without = without.replace('[volumes.points_spent]\nof = "line.points"\n', "")
    result = run(without, snapshot(parents=FAMILY, lines=[("ben", "0.10")]), wants_skips=True)
    skips = [(payee, amount) for payee, _source, _level, amount, _reason
             in listed(result, result.skips["loyalty"])]  # fmt: skip
    assert skips == [("ben", Decimal("0.01"))]
    club = Club(tmp_path, plan)
    club.month("01", bought="100")
    club.month("02")
    club.month("03", back="01 -100")
    assert club.left() == {}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["12.00 EUR: 12 points were spent", "the points were not spent in time",
                "there were not so many points to spend"]),
        ("ru", ["потрачено баллов: 12", "баллы не потрачены в срок", "столько баллов"]),
    ],
)  # fmt: skip
def test_it_is_said_what_became_of_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said: list[str]
) -> None:
    """January's 10 are gone in April; of 20 wanted then there are March's 12."""
    club = Club(tmp_path)
    club.month("01", bought="100")
    club.month("02")
    club.month("03", bought="120")
    club.month("04", spent="20")
    arguments = ["explain", str(tmp_path / "2026-04"), "--member", "ben", "--lang", language]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert [each for each in said if each not in text] == []
