"""Ranks over several periods: what is kept, what is promoted late, what is remembered for good.

Ada sponsors Ben, Ben sponsors Cleo. Bronze asks 100 points, Silver 200, Gold 300, of own orders.
"""

from pathlib import Path

import pytest

from tests.plan.test_time_priors import Company

LADDER = """
[volumes.pv]
of = "line.pv"
[ladders.rank]
ranks = [
  { name = "Bronze", requires = ["pv >= 100"] },
  { name = "Silver", requires = ["pv >= 200"] },
  { name = "Gold", requires = ["pv >= 300"] },
]
"""


def held(company: Company, points: list[int], *, start: int = 1, year: int = 2026) -> list[str]:
    """Ada's paid-as and career rank, month by month, with so many points; - for none."""
    ranks = []
    prior: list[str] = []
    for number, pv in enumerate(points):
        month = start + number - 1
        period = f"{year + month // 12}-{month % 12 + 1:02d}"
        lines = [f"A{number},1,ada,self,{period}-15,{pv},{pv}"] if pv else []
        assert company.run(period, lines, prior=prior) == 0
        prior = [period]
        shown = {
            row["kind"]: row["rank"]
            for row in company.rows(period, "ranks.csv")
            if row["member"] == "ada"
        }
        ranks.append(f"{shown.get('paid_as', '-')}/{shown.get('career', '-')}")
    return ranks


def test_the_career_rank_is_the_highest_ever(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER)
    assert held(company, [100, 300, 0, 200]) == [
        "Bronze/Bronze", "Gold/Gold", "-/Gold", "Silver/Gold"
    ]  # fmt: skip


def test_a_rank_is_kept_for_the_periods_of_grace(tmp_path: Path) -> None:
    """Gold of January is kept in February and March; Silver of February in March and April, where
    Gold has run out; May has nothing left."""
    company = Company(tmp_path, LADDER + "grace_periods = 2\n")
    assert held(company, [300, 200, 0, 0, 0]) == [
        "Gold/Gold", "Gold/Gold", "Gold/Gold", "Silver/Gold", "-/Gold"
    ]  # fmt: skip


def test_grace_counts_periods_that_were_not_computed(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER + "grace_periods = 2\n")
    assert company.run("2026-01", ["A1,1,ada,self,2026-01-15,300,300"]) == 0
    assert company.run("2026-04", prior=["2026-01"]) == 0
    assert [row["kind"] for row in company.rows("2026-04", "ranks.csv") if row["member"] == "ada"] == [
        "career", "next"
    ]  # fmt: skip


def test_who_is_not_active_keeps_nothing(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER + 'grace_periods = 2\nkept_while = "pv > 0"\n')
    assert held(company, [300, 50, 0]) == ["Gold/Gold", "Gold/Gold", "-/Gold"]


def test_a_rank_falls_by_no_more_than_so_many_steps(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER + "demotion_steps = 1\n")
    assert held(company, [300, 0, 0, 0]) == [
        "Gold/Gold", "Silver/Gold", "Bronze/Gold", "-/Gold"
    ]  # fmt: skip


def test_a_rank_has_to_be_reached_in_two_periods_the_first_time(tmp_path: Path) -> None:
    """Silver in January and Gold in February are Silver twice; once promoted, one month is enough."""
    company = Company(tmp_path, LADDER + 'promotion = "two_periods"\n')
    assert held(company, [200, 300, 100, 0, 200, 300]) == [
        "-/-", "Silver/Silver", "Bronze/Silver", "-/Silver", "Silver/Silver", "Silver/Silver"
    ]  # fmt: skip


def test_one_step_at_a_time(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER + "one_step = true\n")
    assert held(company, [300, 300, 0, 300]) == [
        "Bronze/Bronze", "Silver/Silver", "-/Silver", "Gold/Gold"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keeps", "expected"),
    [
        ("year", ["Gold", "Gold", "Silver", "-"]),
        ("next_year", ["Gold", "Gold", "Gold", "Gold"]),
        ("ever", ["Gold", "Gold", "Gold", "Gold"]),
    ],
)
def test_a_rank_is_kept_to_the_end_of_a_year(
    tmp_path: Path, keeps: str, expected: list[str]
) -> None:
    """Gold in November, nothing in December, Silver in January, which begins a year, then nothing."""
    company = Company(tmp_path, LADDER + f'keeps = "{keeps}"\n')
    ranks = held(company, [300, 0, 200, 0], start=11, year=2025)
    expected = [rank if rank != "-" or keeps != "year" else "Silver" for rank in expected]
    assert [rank.split("/")[0] for rank in ranks] == expected


def test_a_year_may_start_in_any_month(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER + 'keeps = "year"\nyear_starts = 9\n')
    ranks = held(company, [300, 0, 0, 0], start=7)
    assert [rank.split("/")[0] for rank in ranks] == ["Gold", "Gold", "-", "-"]


def test_a_kept_rank_counts_in_the_leg_of_the_upline(tmp_path: Path) -> None:
    """Ben is Gold in January and keeps it in February; Ada's Leader asks for a Gold leg."""
    plan = LADDER.replace(
        '"pv >= 300"] },',
        '"pv >= 300"] },\n  { name = "Leader", requires = [\'legs(rank >= "Gold") >= 1\'] },',
    )
    company = Company(tmp_path, plan + "cumulative = false\ngrace_periods = 1\n")
    assert company.run("2026-01", ["A1,1,ben,self,2026-01-15,300,300"]) == 0
    assert company.run("2026-02", prior=["2026-01"]) == 0
    assert [
        (row["member"], row["rank"])
        for row in company.rows("2026-02", "ranks.csv")
        if row["kind"] == "paid_as"
    ] == [("ada", "Leader"), ("ben", "Gold")]


def test_a_daily_run_promotes_on_the_day_a_rank_is_reached(tmp_path: Path) -> None:
    """100 on the second of January are paid at Bronze's 5 %, 150 on the third at Silver's 10 %: 250
    so far. On the first of February the month begins again."""
    company = Company(
        tmp_path,
        """
[volumes.so_far]
of = "line.pv"
since = "month"
[volumes.cv]
of = "line.cv"
[tables.rates]
by = "rank"
rows = { Bronze = "5%", Silver = "10%" }
[ladders.rank]
ranks = [
  { name = "Bronze", requires = ["so_far >= 100"] },
  { name = "Silver", requires = ["so_far >= 200"] },
]
[bonuses.own]
kind = "direct"
calendar = "day"
base = "cv"
rate = "rates(rank)"
""",
    )
    sales = {"2026-01-02": 100, "2026-01-03": 150, "2026-02-01": 120}
    lines = [f"A{day},1,ada,self,{day},{pv},{pv}" for day, pv in sales.items()]
    paid = []
    prior: list[str] = []
    for day in sales:
        assert company.run(day, lines, prior=prior) == 0
        prior = [day]
        paid.append(company.totals(day)["ada", "own"])
    assert paid == ["5.00", "15.00", "6.00"]


def test_a_rank_may_ask_for_months_that_were_held(tmp_path: Path) -> None:
    """Gold also asks for Silver in two of the last three months, this one among them."""
    plan = LADDER.replace('"pv >= 300"', '"pv >= 300", \'times(rank >= "Silver", 3) >= 2\'')
    company = Company(tmp_path, plan)
    prior: list[str] = []
    got = []
    for month, pv in enumerate([200, 0, 300, 300], start=1):
        period = f"2026-{month:02d}"
        lines = [f"A{month},1,ada,self,{period}-15,{pv},{pv}"] if pv else []
        assert company.run(period, lines, prior=prior) == 0
        prior.append(period)
        rows = company.rows(period, "ranks.csv")
        got.append([row["rank"] for row in rows if row["kind"] == "paid_as"][:1])
    assert got == [["Silver"], [], ["Gold"], ["Gold"]]


def test_history_tells_the_career_and_the_rank_before(tmp_path: Path) -> None:
    plan = LADDER + "[metrics.was]\nvalue = \"1 if rank.before == 'Silver' else 0\"\n"
    company = Company(
        tmp_path, plan + "[metrics.high]\nvalue = \"1 if rank.career == 'Gold' else 0\"\n"
    )
    history = ["2025-06,ada,rank,Gold", "2025-12,ada,rank,Silver"]
    assert company.run("2026-01", history=history) == 0
    assert company.metric("2026-01", "was") == company.metric("2026-01", "high") == {"ada": "1"}


def test_a_forced_rank_holds_between_its_dates(tmp_path: Path) -> None:
    company = Company(tmp_path, LADDER)
    company.write(
        "members.csv",
        "member,sponsor,forced_rank,forced_from,forced_until,forced_reason\n"
        "ada,,Gold,2026-02-01,2026-03-31,by contract\nben,ada,,,,\n",
    )
    assert held(company, [0, 0, 0, 0]) == ["-/-", "Gold/Gold", "Gold/Gold", "-/Gold"]
    rows = company.rows("2026-02", "ranks.csv")
    assert [row["requirement"] for row in rows if row["kind"] == "forced"] == ["by contract"]
