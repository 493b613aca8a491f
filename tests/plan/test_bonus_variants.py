"""Bonuses with variants per market or scheme. Ada sponsors Ben, Ben Cleo, Cleo Dora."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.running import find_skips
from tests.plan.networks import (
    FAMILY,
    VOLUMES,
    carried,
    decimals,
    listed,
    paid,
    run,
    snapshot,
)
from tests.plan.test_time_priors import Company

UNILEVEL = (
    VOLUMES
    + """
[tables.levels]
levels = ["10%", "5%", "2%"]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 3
rate = "levels(level)"
variants = [
  { when = "member.market == 'EU'", rate = "8%", levels = 1 },
  { when = "member.market != 'US'", rate = "1%" },
]
"""
)


def test_each_upline_is_paid_by_the_terms_of_its_own_market() -> None:
    """Dora buys 200. Cleo (US) has level 1 at 10 % = 20.00; Ben (EU) is paid one level deep, so
    nothing on level 2; Ada (Asia) has the 1 % of all others at level 3 = 2.00. Ben's 100: Ada 1.00.
    Cleo's 50: Ben (EU) level 1 at 8 % = 4.00, Ada 0.50."""
    markets = {"market": ["AS", "EU", "US", "US"]}
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 200), ("ben", 100), ("cleo", 50)], columns=markets
    )
    result = run(UNILEVEL, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(cleo="20.00", ben="4.00", ada="3.50")
    assert list(result.awards) == ["team"]
    assert listed(result, result.skips["team"]) == []


def test_the_first_variant_that_holds_counts() -> None:
    """Both variants hold for Ada (EU): the first gives 8 % of Ben's 100 = 8.00, not 1 %."""
    frozen = snapshot(parents=FAMILY, lines=[("ben", 100)], columns={"market": ["EU"] * 4})
    assert paid(run(UNILEVEL, frozen), "team") == decimals(ada="8.00")


DIFFERENTIAL = (
    VOLUMES
    + """
[bonuses.rise]
kind = "differential"
base = "cv"
rate = "2%"
variants = [
  { when = "member.scheme == 'gold'", rate = "10%" },
  { when = "member.scheme == 'silver'", rate = "6%" },
]
"""
)


def test_rates_of_different_schemes_meet_in_one_difference() -> None:
    """Dora (2 %) buys 100: herself 2.00; Cleo (silver, 6 %) the rise of 4 % = 4.00; Ben (2 %) none;
    Ada (gold, 10 %) 4 % = 4.00. Together 10 %, the highest rate."""
    schemes = {"scheme": ["gold", "", "silver", ""]}
    frozen = snapshot(parents=FAMILY, lines=[("dora", 100)], columns=schemes)
    result = run(DIFFERENTIAL, frozen, wants_skips=True)
    assert paid(result, "rise") == decimals(dora="2.00", cleo="4.00", ada="4.00")
    assert [line[0] for line in listed(result, result.skips["rise"])] == ["ben"]


BINARY = (
    VOLUMES
    + """
[trees.binary]
parent = "parent"
side = "side"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
variants = [{ when = "member.scheme == 'fast'", rate = "20%", after = "flush" }]
"""
)
PLACES = {"ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "emil": ("ben", 2)}
FIVE = {"ada": "", "ben": "ada", "cleo": "ada", "dora": "ben", "emil": "ben"}


def test_a_binary_pays_and_carries_by_scheme() -> None:
    """Dora 300, Emil 100, Cleo 150. Ada (slow): legs 400 and 150, 10 % of 150 = 15.00, carries 250
    left. Ben (fast): legs 300 and 100, 20 % of 100 = 20.00, and the 200 left are flushed."""
    frozen = snapshot(
        parents=FIVE, lines=[("dora", 300), ("emil", 100), ("cleo", 150)], placement=PLACES,
        columns={"scheme": ["", "fast", "", "", ""]},
    )  # fmt: skip
    result = run(BINARY, frozen)
    assert paid(result, "legs") == decimals(ada="15.00", ben="20.00")
    assert [(who, leg, value) for who, leg, _day, value in carried(result)] == [
        ("ada", "1", Decimal(250))
    ]


def test_what_was_carried_is_matched_under_the_new_scheme() -> None:
    """Ben carried 200 left under the slow scheme and is fast by now: Emil's 50 match 50 of it, 20 % =
    10.00; the other 150 are flushed. Ada's legs: 50 against nothing, carried."""
    frozen = snapshot(
        parents=FIVE, lines=[("emil", 50)], placement=PLACES, carry=[("ben", "legs", 1, 200)],
        columns={"scheme": ["", "fast", "", "", ""]},
    )  # fmt: skip
    result = run(BINARY, frozen)
    assert paid(result, "legs") == decimals(ben="10.00")
    assert [(who, leg, value) for who, leg, _day, value in carried(result)] == [
        ("ada", "1", Decimal(50))
    ]


POOL = (
    VOLUMES
    + """
[bonuses.fund]
kind = "pool"
fund = "company(cv) * 10%"
share = "1"
variants = [{ when = "member.market == 'EU'", share = "2" }]
"""
)


def test_a_pool_stays_one_fund_whatever_the_shares() -> None:
    """10 % of 400 = 40.00 over 2 + 1 + 1 shares: Ada (EU) 20.00, Ben and Cleo 10.00."""
    frozen = snapshot(
        parents={"ada": "", "ben": "ada", "cleo": "ben"}, lines=[("cleo", 400)],
        columns={"market": ["EU", "US", "US"]},
    )  # fmt: skip
    assert paid(run(POOL, frozen), "fund") == decimals(ada="20.00", ben="10.00", cleo="10.00")


CONDITIONS = (
    VOLUMES
    + """
[statuses.active]
when = "pv >= 100"
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "10%"
payee = "active"
compress = "active"
variants = [{ when = "member.market == 'EU'", payee = "payee.pv >= 300", compress = "True" }]
[bonuses.match]
kind = "matching"
of = ["team"]
rate = "50%"
generations = 1
[limits.each]
scope = "payee"
bonuses = ["team"]
most = "15"
"""
)


def test_skips_say_what_the_payees_own_form_asked_for() -> None:
    """Dora buys 200, Cleo (US) has none and is compressed: 20.00 skipped. Ben (EU, 200) stands at
    level 1 and needs 300: 20.00 skipped. Ada (US, 100) at level 2: 10 % of 200 = 20.00, and 20.00
    of Ben's 200, bounded to 15.00."""
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 200), ("ben", 200), ("ada", 100)],
        columns={"market": ["US", "EU", "US", "US"]},
    )  # fmt: skip
    result = run(CONDITIONS, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(ada="15.00")
    skips = [line for line in listed(result, result.skips["team"]) if line[4] != "limit"]
    assert skips == [
        ("ben", "dora", 1, Decimal("20.0"), "below_threshold"),
        ("cleo", "dora", 1, Decimal("20.0"), "compressed"),
    ]


def test_whom_a_variant_is_for_is_not_asked_what_the_bonus_asks_of_others() -> None:
    """Ben (EU) is not active with his 50, and his own form asks for 20: 10 % of Dora's 200, two
    levels up = 20.00. Cleo (AS) may never be paid; Ada (US) has 50 of the 100 that she needs."""
    plan = CONDITIONS.replace('compress = "active"\n', "").replace(
        """payee = "payee.pv >= 300", compress = "True" }""",
        """payee = "payee.pv >= 20" }, { when = "member.market == 'AS'", payee = false }""",
    )
    plan = plan.replace('most = "15"', 'most = "100"')
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 200), ("ben", 50), ("ada", 50)],
        columns={"market": ["US", "EU", "AS", "US"]},
    )  # fmt: skip
    result = run(plan, frozen, wants_skips=True)
    assert paid(result, "team") == decimals(ben="20.00")
    assert [(line[0], line[1], line[4]) for line in listed(result, result.skips["team"])] == [
        ("ada", "ben", "inactive"), ("cleo", "dora", "condition"),
    ]  # fmt: skip


@pytest.mark.parametrize("member", range(4))
def test_one_members_skips_are_those_of_the_full_list(member: int) -> None:
    plan = CONDITIONS.replace('compress = "True"', "levels = 1")
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 200), ("ben", 200), ("ada", 100)],
        columns={"market": ["US", "EU", "EU", "US"]},
    )  # fmt: skip
    everything = run(plan, frozen, wants_skips=True).skips["team"]
    alone = find_skips(result=run(plan, frozen), member=member)["team"]
    result = run(plan, frozen)
    own = everything.chosen(everything.payee == member)
    assert listed(result, alone) == listed(result, own)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["EU", "US", "AS"]), min_size=4, max_size=4),
    st.lists(st.integers(0, 300), min_size=4, max_size=4),
)
def test_variants_pay_what_separate_bonuses_would(markets: list[str], volumes: list[int]) -> None:
    """Of levels and rates alone: the same as one bonus per form with the form's payees."""
    frozen = snapshot(
        parents=FAMILY, lines=list(zip(FAMILY, volumes, strict=True)), columns={"market": markets}
    )
    result = run(UNILEVEL, frozen)
    shape = '[bonuses.{}]\nkind = "unilevel"\nbase = "cv"\nrate = "{}"\nlevels = {}\npayee = "{}"\n'
    plan = UNILEVEL.split("[bonuses.team]")[0]
    plan += shape.format("eu", "8%", 1, "payee.market == 'EU'")
    plan += shape.format("asia", "1%", 3, "payee.market == 'AS'")
    plan += shape.format("us", "levels(level)", 3, "payee.market == 'US'")
    apart = run(plan, frozen)
    sums = sum(apart.totals().values(), np.zeros(4, dtype=np.int64))
    assert result.totals()["team"].tolist() == sums.tolist()


def test_instalments_go_on_over_chained_periods(tmp_path: Path) -> None:
    """Ada (EU) is paid 90 in three instalments, Ben (US) 90 at once; nobody is paid twice."""
    company = Company(
        tmp_path,
        VOLUMES
        + """
[bonuses.once]
kind = "one_time"
amount = "90"
when = "cv > 0"
variants = [{ when = "member.market == 'EU'", instalments = 3 }]
""",
    )
    company.write("members.csv", "member,sponsor,market\nada,,EU\nben,ada,US\n")
    got, prior = [], []
    for month in range(1, 5):
        name = f"2026-{month:02d}"
        lines = [f"{who}{month},1,{who},self,{name}-15,10,10" for who in ("ada", "ben")]
        assert company.run(name, lines, prior=prior) == 0
        prior = [name]
        totals = company.totals(name)
        got.append((totals.get(("ada", "once"), "0"), totals.get(("ben", "once"), "0")))
    assert got == [("30.00", "90.00"), ("30.00", "0"), ("30.00", "0"), ("0", "0")]


FIRST_PAIR = (
    VOLUMES
    + """
[trees.binary]
parent = "parent"
side = "side"
[bonuses.legs]
kind = "binary"
tree = "binary"
unit = "cycles"
cycle = [100, 100]
pay = "10"
variants = [{ when = "member.scheme == 'new'", first_pair = [100, 100], first_pay = "50" }]
"""
)


def test_what_a_form_knows_nothing_of_is_not_forgotten(tmp_path: Path) -> None:
    """100 on each side every month. January under the new scheme: the first pair, 50.00; February
    under the old one 10.00; in March Ada is back, and her first pair was paid: 10.00."""
    company = Company(tmp_path, FIRST_PAIR)
    got: list[str] = []
    prior: list[str] = []
    for month, scheme in enumerate(("new", "old", "new"), start=1):
        name = f"2026-{month:02d}"
        company.write(
            "members.csv",
            "member,sponsor,parent,side,scheme\n"
            f"ada,,,,{scheme}\nben,ada,ada,left,old\ncleo,ada,ada,right,old\n",
        )
        lines = [f"{who}{month},1,{who},self,{name}-15,100,100" for who in ("ben", "cleo")]
        assert company.run(name, lines, prior=prior) == 0
        prior = [name]
        got.append(company.totals(name)["ada", "legs"])
    assert got == ["50.00", "10.00", "10.00"]
