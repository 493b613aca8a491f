"""Returns of lines that were not, or not wholly, paid on; and of lines on both sides of a promotion.

Ada sponsors Ben, Ben sponsors Cleo; 10 % of what somebody buys goes right up.
"""

from pathlib import Path

import pytest

from tests.plan.test_time_priors import VOLUMES, Company

PLAN = (
    VOLUMES
    + """
[volumes.pv]
of = "line.pv"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
[returns]
later_period = "reverse"
"""
)
PROVEN = '[guards.proven]\nkind = "line"\nwhen = \'line.receipt == "yes"\'\n'
FIRST_200 = '[guards.own]\nkind = "own_use_limit"\nmost = 200\n'


def ben(path: Path, plan: str, sales: list[str], refunds: list[str]) -> tuple[str, str]:
    """What Ben gets in January, and in February, where the refunds are."""
    company = Company(path, plan)
    company.headings = "order,line,member,buyer,date,pv,cv,receipt,refund_of\n"
    assert company.run("2026-01", sales) == 0
    assert company.run("2026-02", [*sales, *refunds], prior=["2026-01"]) == 0
    january, february = (
        company.totals(month).get(("ben", "team"), "0") for month in ("2026-01", "2026-02")
    )
    return january, february


A_100 = "A1,1,cleo,self,2026-01-05,100,100,yes,"
B_80 = "B1,1,cleo,self,2026-01-06,80,80,no,"
A_300 = "A1,1,cleo,self,2026-01-05,300,300,yes,"


@pytest.mark.parametrize(
    ("plan", "sales", "refunds", "expected"),
    [
        # Nothing was paid on the line without a receipt, so nothing is taken back for it.
        (PLAN + PROVEN, [A_100, B_80], ["R1,1,cleo,self,2026-02-06,-80,-80,,B1/1"], ("10.00", "0")),
        # Of the other line a half is a half of the award, whatever was bought besides.
        (
            PLAN + PROVEN, [A_100, B_80], ["R1,1,cleo,self,2026-02-06,-50,-50,,A1/1"],
            ("10.00", "-5.00"),
        ),
        # The same where the base is made of the volume: 5.00 on half of 100.
        (
            PLAN.replace('base = "cv"', 'base = "cv * 0.5"') + PROVEN, [A_100, B_80],
            ["R1,1,cleo,self,2026-02-06,-80,-80,,B1/1", "R2,1,cleo,self,2026-02-06,-50,-50,,A1/1"],
            ("5.00", "-2.50"),
        ),
        # Or where it is a sum over members.
        (
            PLAN.replace('base = "cv"', 'base = "total(cv, self)"') + PROVEN, [A_100, B_80],
            ["R1,1,cleo,self,2026-02-06,-80,-80,,B1/1", "R2,1,cleo,self,2026-02-06,-50,-50,,A1/1"],
            ("10.00", "-5.00"),
        ),
        # 200 of 300 were paid on; half of the line comes back, and half of the award with it.
        (
            PLAN + FIRST_200, [A_300], ["R1,1,cleo,self,2026-02-06,-150,-150,,A1/1"],
            ("20.00", "-10.00"),
        ),
        # A line without CV qualifies and is not paid on.
        (
            PLAN.replace('base = "cv"', 'base = "pv"'),
            [A_100, "B1,1,cleo,self,2026-01-06,80,0,no,"],
            ["R1,1,cleo,self,2026-02-06,-80,0,,B1/1"],
            ("10.00", "0"),
        ),
    ],
)  # fmt: skip
def test_only_what_was_paid_on_is_taken_back(
    tmp_path: Path, plan: str, sales: list[str], refunds: list[str], expected: tuple[str, str]
) -> None:
    assert ben(tmp_path, plan, sales, refunds) == expected


@pytest.mark.parametrize(
    ("refunds", "back"),
    [
        # 80 of 180 that were bought, of which 150 were paid on.
        (["R1,1,cleo,self,2026-02-06,-80,-80,,O1/1"], "-6.67"),
        (["R1,1,cleo,retail,2026-02-06,-100,-100,,C1/1"], "-8.33"),
        (
            [
                "R1,1,cleo,self,2026-02-06,-80,-80,,O1/1",
                "R2,1,cleo,retail,2026-02-06,-100,-100,,C1/1",
            ],
            "-15.00",
        ),
    ],
)
def test_where_own_use_was_cut_down_each_line_bears_its_part(
    tmp_path: Path, refunds: list[str], back: str
) -> None:
    """A customer's 100 let 50 of Cleo's own 80 count: 15.00 for Ben."""
    sales = ["C1,1,cleo,retail,2026-01-05,100,100,,", "O1,1,cleo,self,2026-01-06,80,80,,"]
    plan = PLAN + '[guards.share]\nkind = "own_use_share"\n'
    assert ben(tmp_path, plan, sales, refunds) == ("15.00", back)


def test_a_late_refund_in_the_month_of_the_sale_is_no_part_of_what_was_paid_on(
    tmp_path: Path,
) -> None:
    """December's 60 come back in January, where 100 are sold: 5.00 on half of these. In February 50 of
    the 100 come back, and 2.50 of the 5.00."""
    company = Company(tmp_path, PLAN.replace('base = "cv"', 'base = "cv * 0.5"'))
    company.headings = "order,line,member,buyer,date,pv,cv,receipt,refund_of\n"
    lines = [
        "Z1,1,cleo,self,2025-12-05,60,60,,", A_100, "Q1,1,cleo,self,2026-01-06,-60,-60,,Z1/1",
        "R1,1,cleo,self,2026-02-06,-50,-50,,A1/1",
    ]  # fmt: skip
    done: list[str] = []
    for month, count in (("2025-12", 1), ("2026-01", 3), ("2026-02", 4)):
        assert company.run(month, lines[:count], prior=done) == 0
        done.append(month)
    assert [company.totals(month)["ben", "team"] for month in done] == ["3.00", "2.00", "-2.50"]


@pytest.mark.parametrize(
    ("grain", "refunds", "back"),
    [
        # 300 of 400: three quarters of 50.00.
        ("source", ["R1,1,cleo,self,2026-02-06,-300,-300,,A1/1"], "-37.50"),
        # Where each line is an award of its own, what was paid on that line.
        ("line", ["R1,1,cleo,self,2026-02-06,-300,-300,,A1/1"], "-30.00"),
        (
            "source",
            [
                "R1,1,cleo,self,2026-02-06,-300,-300,,A1/1",
                "R2,1,cleo,self,2026-02-06,-100,-100,,C1/1",
            ],
            "-50.00",
        ),
    ],
)
def test_awards_on_one_source_before_and_after_a_promotion_are_taken_back_together(
    tmp_path: Path, grain: str, refunds: list[str], back: str
) -> None:
    """Ben is star when Cleo buys 300, and gold when she buys 100: 30.00 and 20.00."""
    plan = PLAN.replace('rate = "10%"', f'rate = "rates(rank)"\ngrain = "{grain}"') + (
        '[ladders.rank]\npromotion = "immediate"\nranks = [{ name = "star", requires = ["pv >= 50"] }, '
        '{ name = "gold", requires = ["pv >= 100"] }]\n'
        '[tables.rates]\nby = "rank"\nrows = { star = "10%", gold = "20%" }\n'
    )
    sales = [
        "O1,1,ben,self,2026-01-01,50,50,,", A_300, "O2,1,ben,self,2026-01-09,50,50,,",
        "C1,1,cleo,self,2026-01-15,100,100,,",
    ]  # fmt: skip
    assert ben(tmp_path, plan, sales, refunds) == ("50.00", back)
