"""Paid once: by rank, by member, in instalments, within a time. And what becomes of a payee's sum."""

from pathlib import Path

import pytest

from tests.plan.test_time_priors import Company

RANKS = """
[volumes.pv]
of = "line.pv"
[tables.amounts]
by = "rank"
rows = { Bronze = 100, Silver = 200, Gold = 300 }
[ladders.rank]
ranks = [
  { name = "Bronze", requires = ["pv >= 100"] },
  { name = "Silver", requires = ["pv >= 200"] },
  { name = "Gold", requires = ["pv >= 300"] },
]
[bonuses.advance]
kind = "one_time"
key = "rank"
amount = "amounts(key)"
"""


def earned(
    company: Company, points: list[int], *, history: list[str] | None = None
) -> list[list[tuple[str, str]]]:
    """Ada's awards as level and amount, month by month, with so many points."""
    got = []
    prior: list[str] = []
    for month, pv in enumerate(points, start=1):
        period = f"2026-{month:02d}"
        lines = [f"A{month},1,ada,self,{period}-15,{pv},{pv}"] if pv else []
        assert company.run(period, lines, prior=prior, history=history or []) == 0
        prior = [period]
        rows = company.rows(period, "awards.csv")
        got.append([(row["level"], row["amount"]) for row in rows if row["payee"] == "ada"])
    return got


def test_each_rank_is_paid_once_with_all_that_were_passed(tmp_path: Path) -> None:
    """Silver in January pays Bronze and Silver, Gold in March Gold alone, Silver again nothing."""
    assert earned(Company(tmp_path, RANKS), [200, 200, 300, 200]) == [
        [("1", "100.00"), ("2", "200.00")], [], [("3", "300.00")], []
    ]  # fmt: skip


def test_or_the_highest_alone_in_place_of_all(tmp_path: Path) -> None:
    """Gold at once pays 300; Silver and Bronze, reached later, were passed."""
    plan = RANKS + 'skipped = "highest"\n'
    assert earned(Company(tmp_path, plan), [0, 300, 200, 100]) == [[], [("3", "300.00")], [], []]
    assert earned(Company(tmp_path, plan), [100, 300, 200]) == [
        [("1", "100.00")], [("3", "300.00")], []
    ]  # fmt: skip


def test_a_key_that_a_condition_kept_from_pay_is_not_used_up(tmp_path: Path) -> None:
    plan = RANKS + 'payee = "pv >= 250"\n'
    assert earned(Company(tmp_path, plan), [200, 300]) == [
        [], [("1", "100.00"), ("2", "200.00"), ("3", "300.00")]
    ]  # fmt: skip


def test_a_rank_without_a_sold_line_is_not_paid_and_not_used_up(tmp_path: Path) -> None:
    """Ada is Silver by force; once she sells, both ranks are paid. What was paid shows as a skip."""
    company = Company(tmp_path, RANKS)
    company.write("members.csv", "member,sponsor,forced_rank\nada,,Silver\nben,ada,\n")
    assert earned(company, [0, 10, 10]) == [[], [("1", "100.00"), ("2", "200.00")], []]


def test_ranks_that_history_tells_of_were_paid_before(tmp_path: Path) -> None:
    history = ["2025-12,ada,rank,Silver"]
    assert earned(Company(tmp_path, RANKS), [300], history=history) == [[("3", "300.00")]]


def test_a_rank_bonus_may_have_to_be_reached_in_time(tmp_path: Path) -> None:
    """Ada joined in January 2025: February 2026 is the 13th month after it."""
    plan = RANKS + 'when = "months_between(member.joined, period.end) <= 12"\n'
    assert earned(Company(tmp_path, plan), [100, 200]) == [[("1", "100.00")], []]


def test_instalments_are_paid_while_the_rank_is_held(tmp_path: Path) -> None:
    """100 in three: 33.33, 33.33, 33.34. Silver's 200 begins in February and ends in March, where
    Ada is Bronze; the rest of it is lost, and it is not earned a second time in April."""
    plan = RANKS + 'instalments = 3\nwhile_held = "rank >= key"\n'
    assert earned(Company(tmp_path, plan), [100, 200, 100, 200]) == [
        [("1", "33.33")], [("1", "33.33"), ("2", "66.66")], [("1", "33.34")], [],
    ]  # fmt: skip


def test_instalments_may_wait_until_the_rank_is_held_again(tmp_path: Path) -> None:
    plan = RANKS + 'instalments = 2\nwhile_held = "rank >= key"\non_break = "pause"\n'
    assert earned(Company(tmp_path, plan), [100, 0, 100, 100]) == [
        [("1", "50.00")], [], [("1", "50.00")], []
    ]  # fmt: skip


def test_a_share_of_the_first_order_is_paid_once(tmp_path: Path) -> None:
    """Cleo's first order of 80 pays Ben 20 %; the second, and in the same month a third, nothing."""
    company = Company(
        tmp_path,
        """
[volumes.first]
of = "line.cv"
where = "line.first_order"
[bonuses.start]
kind = "unilevel"
base = "first"
levels = 1
rate = "20%"
""",
    )
    lines = ["A1,1,cleo,self,2026-01-10,80,80", "A2,1,cleo,self,2026-01-11,50,50",
             "A3,1,cleo,self,2026-02-10,70,70"]  # fmt: skip
    assert company.run("2026-01", lines[:2]) == 0
    assert company.totals("2026-01") == {("ben", "start"): "16.00"}
    # A file of February alone does not show the order of January; what was carried does.
    assert company.run("2026-02", lines[2:], prior=["2026-01"]) == 0
    assert company.totals("2026-02") == {}
    assert company.run("2026-02", lines[2:], history=["2025-05,cleo,first_order,2025-05-07"]) == 0
    assert company.totals("2026-02") == {}


@pytest.mark.parametrize(
    ("lines", "paid"),
    [
        # What a customer bought before is no order of Cleo's own.
        (["A1,1,cleo,retail,2026-01-03,90,90,", "A2,1,cleo,self,2026-01-05,50,50,"], "10.00"),
        # Nor is what she gave back whole in the same month, or ordered afterwards.
        (
            [
                "A1,1,cleo,self,2026-01-03,90,90,", "A2,1,cleo,self,2026-01-05,50,50,",
                "R1,1,cleo,self,2026-01-06,-90,-90,A1/1",
            ],
            "10.00",
        ),
        (["A1,1,cleo,self,2026-02-03,90,90,", "A2,1,cleo,self,2026-01-05,50,50,"], "10.00"),
        # Of one that is given back in part the rest is left.
        (
            ["A1,1,cleo,self,2026-01-03,90,90,", "R1,1,cleo,self,2026-01-06,-40,-40,A1/1"],
            "10.00",
        ),
        # Two lines of one order are one order.
        (["A1,1,cleo,self,2026-01-03,20,20,", "A1,2,cleo,self,2026-01-03,30,30,"], "10.00"),
    ],
)  # fmt: skip
def test_the_first_order_is_the_first_of_ones_own_that_was_kept(
    tmp_path: Path, lines: list[str], paid: str
) -> None:
    company = Company(
        tmp_path,
        """
[volumes.first]
of = "line.cv"
where = "line.first_order"
[bonuses.start]
kind = "unilevel"
base = "first"
levels = 1
rate = "20%"
""",
    )
    company.headings = "order,line,member,buyer,date,pv,cv,refund_of\n"
    assert company.run("2026-01", lines) == 0
    assert company.totals("2026-01") == {("ben", "start"): paid}


def test_a_fast_start_replaces_the_unilevel_of_the_first_days(tmp_path: Path) -> None:
    """Cleo joined on 20 February: her order of 1 March is fast start for her enroller Ada, that of 1
    May, 70 days after, unilevel for her sponsor Ben."""
    company = Company(
        tmp_path,
        """
[trees.sponsor2]
parent = "enroller"
[volumes.fast]
of = "line.cv"
where = "days_since(member.joined) < 60"
[volumes.cv]
of = "line.cv"
where = "not days_since(member.joined) < 60"
[bonuses.fast_start]
kind = "unilevel"
tree = "sponsor2"
base = "fast"
levels = 1
rate = "20%"
[bonuses.team]
kind = "unilevel"
tree = "sponsor"
base = "cv"
levels = 1
rate = "5%"
""",
    )
    company.write(
        "members.csv",
        "member,sponsor,enroller,joined\nada,,,2025-01-01\nben,ada,ada,2025-01-01\n"
        "cleo,ben,ada,2026-02-20\n",
    )
    lines = ["A1,1,cleo,self,2026-03-01,100,100", "A2,1,cleo,self,2026-05-01,100,100"]
    for period in ("2026-03", "2026-05"):
        assert company.run(period, lines) == 0
    assert company.totals("2026-03") == {("ada", "fast_start"): "20.00"}
    assert company.totals("2026-05") == {("ben", "team"): "5.00"}


def test_a_pack_has_its_own_amount(tmp_path: Path) -> None:
    company = Company(
        tmp_path,
        """
[tables.packs]
by = "line.sku"
rows = { starter = 10, pro = 45 }
[volumes.packs_sold]
of = "packs(line.sku)"
[bonuses.pack]
kind = "unilevel"
base = "packs_sold"
levels = 1
rate = "1"
""",
    )
    company.headings = "order,line,member,buyer,date,pv,cv,sku\n"
    lines = [f"A{number},1,cleo,self,2026-03-01,100,100,{sku}"
             for number, sku in enumerate(["starter", "pro", "soap"])]  # fmt: skip
    assert company.run("2026-03", lines) == 0
    assert company.totals("2026-03") == {("ben", "pack"): "55.00"}


MONEY = """
[volumes.cv]
of = "line.cv"
[bonuses.own]
kind = "direct"
base = "cv"
rate = "10%"
[money]
"""


def settled(company: Company, sales: list[int]) -> list[dict[str, str]]:
    """Ada's statement lines, month by month."""
    got = []
    prior: list[str] = []
    for month, cv in enumerate(sales, start=1):
        period = f"2026-{month:02d}"
        lines = [f"A{month},1,ada,self,{period}-15,{cv},{cv}"] if cv else []
        assert company.run(period, lines, prior=prior) == 0
        prior = [period]
        rows = company.rows(period, "payouts.csv")
        got.append({row["line"]: row["amount"] for row in rows if row["payee"] == "ada"})
    return got


def test_less_than_the_minimum_is_carried(tmp_path: Path) -> None:
    """20.00 and 25.00 wait; with 10.00 more 55.00 is paid, and nothing is left."""
    months = settled(Company(tmp_path, MONEY + "payout_minimum = 50\n"), [200, 250, 100])
    assert [month.get("paid", "0") for month in months] == ["0", "0", "-55.00"]
    assert [month.get("balance", "0") for month in months] == ["20.00", "45.00", "0"]


def test_deductions_and_fees_are_lines(tmp_path: Path) -> None:
    """10 % of 333.30 is 33.33, 1.50 of it fixed: 300.00 - 1.50 = 298.47 is paid."""
    plan = MONEY + 'deductions = { tax = "10%" }\nfees = { transfer = "1.50" }\n'
    (month,) = settled(Company(tmp_path, plan), [3333])
    assert month == {
        "earned": "333.30", "deduction:tax": "-33.33", "deduction:transfer": "-1.50",
        "paid": "-298.47",
    }  # fmt: skip


def test_what_is_held_is_released_later(tmp_path: Path) -> None:
    months = settled(Company(tmp_path, MONEY + "hold_periods = 2\n"), [100, 200, 0, 0])
    assert [month.get("paid", "0") for month in months] == ["0", "0", "-10.00", "-20.00"]
    assert [month.get("held", "0") for month in months] == ["-10.00", "-20.00", "0", "0"]


def test_positions_of_one_owner_share_a_balance(tmp_path: Path) -> None:
    company = Company(tmp_path, MONEY + "payout_minimum = 50\n")
    company.write("members.csv", "member,sponsor,owner\nada,,ada\nben,ada,ada\n")
    for month, payee in (("2026-01", "ben"), ("2026-02", "ada")):
        lines = [f"A{month},1,{payee},self,{month}-15,300,300"]
        prior = ["2026-01"] if month == "2026-02" else []
        assert company.run(month, lines, prior=prior) == 0
    assert company.rows("2026-01", "payouts.csv")[-1] == {
        "payee": "ada", "line": "balance", "amount": "30.00",
    }  # fmt: skip
    assert (
        company.rows("2026-02", "payouts.csv")[-1]["payee"],
        company.rows("2026-02", "payouts.csv")[-1]["amount"].lstrip("-"),
    ) == ("ada", "60.00")


@pytest.mark.parametrize("key", ["ranks", "pv"])
def test_a_key_is_a_ladder_or_an_attribute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    company = Company(tmp_path, RANKS.replace('key = "rank"', f'key = "{key}"'))
    assert company.run("2026-01") == 2
    assert f"there is no ladder “{key}”" in capsys.readouterr().err


@pytest.mark.parametrize(("after", "expected"), [("true", "5.00"), ("false", "10.00")])
def test_a_match_counts_before_or_after_the_limit(
    tmp_path: Path, after: str, expected: str
) -> None:
    """Cleo earns 20.00 of which the limit leaves 10.00; Ben is matched half of it."""
    company = Company(
        tmp_path,
        f"""
[volumes.cv]
of = "line.cv"
[bonuses.own]
kind = "direct"
base = "cv"
rate = "10%"
[bonuses.match]
kind = "matching"
of = ["own"]
generations = 1
rate = "50%"
after_limits = {after}
[limits.own]
scope = "payee"
bonuses = ["own"]
most = "10"
""",
    )
    assert company.run("2026-01", ["A1,1,cleo,self,2026-01-10,200,200"]) == 0
    assert company.totals("2026-01") == {("ben", "match"): expected, ("cleo", "own"): "10.00"}
