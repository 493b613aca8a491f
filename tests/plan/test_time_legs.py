"""Legs of a binary over several periods: what returns take, what expires, what idleness loses."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.bonuses.lots import Lots
from tests.plan.test_time_priors import Company

BINARY = """
[trees.binary]
parent = "parent"
side = "side"
[volumes.cv]
of = "line.cv"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
"""
PAIRS = """
[trees.binary]
parent = "parent"
side = "side"
[volumes.heads]
of = "1"
where = "line.first_order"
[bonuses.legs]
kind = "binary"
tree = "binary"
volume = "heads"
unit = "pairs"
first_pair = [2, 1]
first_pay = "300"
pay = "200"
"""


def legs(path: Path, plan: str, months: list[tuple[int, int]]) -> list[tuple[str, str, str]]:
    """What Ada is paid and what stays left and right, month by month, with volume on both sides."""
    company = Company(path, plan)
    company.write(
        "members.csv", "member,sponsor,parent,side\nada,,,\nben,ada,ada,left\ncleo,ada,ada,right\n"
    )
    got = []
    prior: list[str] = []
    for month, volumes in enumerate(months, start=1):
        period = f"2026-{month:02d}"
        lines = [f"{who}{month},1,{who},self,{period}-15,{cv},{cv}"
                 for who, cv in zip(("ben", "cleo"), volumes, strict=True) if cv]  # fmt: skip
        assert company.run(period, lines, prior=prior) == 0
        prior = [period]
        left = {"1": 0.0, "2": 0.0}
        for row in company.rows(period, "carry.csv"):
            if row["kind"] == "binary":
                left[row["leg"]] += float(row["value"])
        paid = company.totals(period).get(("ada", "legs"), "0")
        got.append((paid, f"{left['1']:g}", f"{left['2']:g}"))
    return got


def test_volume_expires_oldest_first(tmp_path: Path) -> None:
    """Carried for two periods: of January's 300 on the left February uses 100; the 200 left are gone
    in April. March adds 50, which April still has."""
    months = [(300, 0), (0, 100), (50, 0), (0, 70)]
    assert legs(tmp_path, BINARY + "expires = 2\n", months) == [
        ("0", "300", "0"), ("10.00", "200", "0"), ("0", "250", "0"), ("5.00", "0", "20"),
    ]  # fmt: skip


def test_idle_members_lose_their_legs_after_so_many_periods(tmp_path: Path) -> None:
    """Ada buys nothing at all: two periods in a row are borne, the third loses the volume."""
    plan = BINARY + 'flush_when = "cv == 0"\nflush_after = 3\n'
    assert legs(tmp_path, plan, [(300, 0), (100, 0), (100, 0), (100, 50)]) == [
        ("0", "300", "0"), ("0", "400", "0"), ("0", "0", "0"), ("5.00", "0", "0"),
    ]  # fmt: skip


def test_no_more_than_a_bound_is_carried_per_leg(tmp_path: Path) -> None:
    assert legs(tmp_path, BINARY + "carry_most = 150\n", [(300, 0), (0, 200)]) == [
        ("0", "150", "0"), ("15.00", "0", "50"),
    ]  # fmt: skip


def test_the_first_pair_is_paid_once_in_a_life(tmp_path: Path) -> None:
    """Two and one head make the first pair of January; a second pair takes one and one."""
    company = Company(tmp_path, PAIRS)
    places = [("ada", "", ""), ("b", "ada", "left"), ("c", "ada", "right"), ("d", "b", "left"),
              ("e", "c", "left"), ("f", "d", "left"), ("g", "e", "left")]  # fmt: skip
    rows = [f"{member},{parent or ''},{parent},{side}" for member, parent, side in places]
    company.write("members.csv", "member,sponsor,parent,side\n" + "\n".join(rows) + "\n")
    months = {"2026-01": "bcd", "2026-02": "efg"}
    prior: list[str] = []
    awards = []
    for period, heads in months.items():
        lines = [f"{who},1,{who},self,{period}-15,10,10" for who in heads]
        assert company.run(period, lines, prior=prior) == 0
        prior = [period]
        awards.append([(row["base"], row["amount"], row["reason"])
                       for row in company.rows(period, "awards.csv") if row["payee"] == "ada"])  # fmt: skip
    assert awards == [[("1", "300.00", "first_pair")], [("1", "200.00", "paid")]]


def test_the_rate_may_follow_how_even_the_legs_are(tmp_path: Path) -> None:
    """10 % of 200 x 200/500 = 8.00."""
    assert legs(tmp_path, BINARY + "by_ratio = true\n", [(500, 200)]) == [("8.00", "300", "0")]


@pytest.mark.parametrize(
    ("combined", "volumes", "expected"),
    [
        ("false", (450, 450), ("0", "450", "450")),
        # 450 of one leg and 450 of the other are 900 as well.
        ("true", (450, 450), ("50.00", "0", "0")),
        ("true", (500, 450), ("50.00", "0", "50")),
        ("true", (700, 250), ("0", "700", "250")),
        # 600 and 300 first, and then what is left makes 300 of one and 600 of the other.
        ("true", (900, 900), ("100.00", "0", "0")),
        ("true", (1050, 750), ("100.00", "0", "0")),
    ],
)
def test_a_cycle_of_a_third_and_two_thirds(
    tmp_path: Path, combined: str, volumes: tuple[int, int], expected: tuple[str, str, str]
) -> None:
    plan = BINARY + f'unit = "cycles"\ncycle = [600, 300]\npay = "50"\ncombined = {combined}\n'
    assert legs(tmp_path, plan, [volumes]) == [expected]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('unit = "cycles"\npay = "20"', "needs “cycle”"),
        ('unit = "pairs"', "needs “pay”"),
        ('unit = "steps"\nsteps = [5, 3]', "needs “steps”, rising"),
        ("first_pair = [2, 1]", "“first_pair” and “first_pay” belong together"),
    ],
)
def test_a_unit_needs_what_it_counts_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, said: str
) -> None:
    company = Company(tmp_path, BINARY + wrong + "\n")
    assert company.run("2026-01") == 2
    assert said in capsys.readouterr().err


@given(
    lots=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 4), st.integers(-50, 50)),
        min_size=1, max_size=12,
    )
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_netting_keeps_every_leg_and_leaves_no_two_signs_in_one(
    lots: list[tuple[int, int, int, int]],
) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*lots, strict=True)]
    before = Lots.join([Lots(columns[0], columns[1], columns[2], columns[3])])
    if not len(before.member):
        return
    after = before.netted()
    for sums in (before, after):
        assert sums.per_leg(members=3, legs=2).shape == (2, 3)
    assert (before.per_leg(members=3, legs=2) == after.per_leg(members=3, legs=2)).all()
    for member, leg in {*zip(after.member.tolist(), after.leg.tolist(), strict=True)}:
        of_leg = after.value[(after.member == member) & (after.leg == leg)]
        assert (of_leg > 0).all() or (of_leg < 0).all()
