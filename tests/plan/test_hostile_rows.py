"""Rows of files that contradict each other, or say nothing where something is needed."""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.test_command_line import PLAN, Folder

HEADINGS = "order,line,member,buyer,date,pv,cv,amount,refund_of\n"
SOLD = "A1,1,ben,self,2026-01-05,10,20,30,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["R1,1,ben,self,2026-01-06,-10,-21,-30,A1/1"],
            "line 3: with this 21 cv of A1/1 are given back, and 20 were sold",
        ),
        (
            ["R1,1,ben,self,2026-01-06,-6,-6,-6,A1/1", "R2,1,ben,self,2026-01-06,-5,-5,-5,A1/1"],
            "with this 11 pv of A1/1 are given back, and 10 were sold",
        ),
        (
            ["R1,1,ben,self,2026-01-06,-5,-5,-31,A1/1"],
            "line 3: with this 31 amount of A1/1 are given back, and 30 were sold",
        ),
        (["R1,1,ben,self,2026-01-06,5,-5,0,A1/1"], "line 3: a refund has a negative pv"),
        (["R1,1,ben,self,2026-01-06,0,5,0,Z1/1"], "line 3: a refund has a negative cv"),
        (
            ["R1,1,ben,self,2026-01-06,-5,0,0,A1/1", "R2,1,ben,self,2026-01-07,6,0,0,A1/1"],
            "line 4: a refund has a negative pv",
        ),
        (
            ["R1,1,ben,self,2026-01-04,-5,-5,-5,A1/1"],
            "line 3: the refund is of a day before A1/1 was sold",
        ),
        (["A2,1,ben,self,2026-01-06,,5,5,"], "line 3: column “pv” is empty; write 0"),
        (["A2,1,ben,self,2026-01-06,5,,5,"], "line 3: column “cv” is empty; write 0"),
        (["A2,1,ben,self,0206-01-06,5,5,5,"], "line 3: “0206-01-06” in column “date”"),
        (["A2,1,ben,self,2026-02-30,5,5,5,"], "line 3: “2026-02-30” in column “date”"),
    ],
)
def test_order_lines_that_cannot_be_are_named(
    folder: Folder, capsys: pytest.CaptureFixture[str], lines: list[str], said: str
) -> None:
    folder.write("volumes.csv", HEADINGS + SOLD + "\n".join(lines) + "\n")
    assert main(folder.arguments()) == 2
    assert said in capsys.readouterr().err
    assert not (folder.path / "out").exists()


def test_a_refund_undone_on_the_same_day_and_an_empty_price_are_read(folder: Folder) -> None:
    """Ben's 20 CV come back, are sold again, and come back in half: Ada has 10 % of 10."""
    folder.write(
        "volumes.csv",
        HEADINGS
        + SOLD
        + "A0,1,ada,self,2026-01-05,1,1,,\n"
        + "R0,1,ben,self,2026-01-06,10,20,30,A1/1\n"
        + "R1,1,ben,self,2026-01-06,-10,-20,-30,A1/1\n"
        + "R2,1,ben,self,2026-01-07,-5,-10,-15,A1/1\n",
    )
    assert main(folder.arguments()) == 0
    assert folder.rows("totals.csv") == [["ada", "team", "1.00"]]


def test_a_rank_that_is_given_ends_after_it_begins(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("plan.toml", PLAN + "[ladders.rank]\nranks = [{name = 'star'}]\n")
    folder.write(
        "members.csv",
        "member,sponsor,forced_rank,forced_from,forced_until\nada,,,,\n"
        "ben,ada,star,2026-02-01,2026-01-31\n",
    )
    folder.write("volumes.csv", HEADINGS)
    assert main(folder.arguments()) == 2
    assert "members.csv, line 3: forced_until, 2026-01-31, is before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('currency = "EUR"\ntime_zone = "Europe/Berln"', "did you mean “Europe/Berlin”?"),
        (
            'currency = "EUR"\n[pegs.p]\nrates = [{first = 2026-02-01, until = 2026-01-01, rate = 1}]',
            "pegs.p.rates.0: it ends on 2026-01-01, before it begins",
        ),
        (
            'currency = "EUR"\n[guards.g]\nkind = "payee"\nwhen = "cv > 0"\nfirst = 0206-01-01',
            "guards.g.first: 0206-01-01: a day lies between",
        ),
    ],
)
def test_days_and_zones_of_a_document_are_ones_that_exist(
    folder: Folder, capsys: pytest.CaptureFixture[str], part: str, said: str
) -> None:
    folder.write("plan.toml", PLAN.replace('currency = "EUR"', part))
    assert main(["check", str(folder.path / "plan.toml")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "volume",
    ["total(cv, subtree)", "company(cv)", "leg(cv, 1)", "line.cv * count(True, frontline)"],
)
def test_an_order_line_knows_no_other_members(
    folder: Folder, capsys: pytest.CaptureFixture[str], volume: str
) -> None:
    folder.write("plan.toml", PLAN.replace('of = "line.cv"', f'of = "{volume}"'))
    assert main(folder.arguments()) == 2
    assert "volumes.cv.of: " in capsys.readouterr().err
