"""Bounds that leave a part of each award alone: the first cycles of a binary, a first sum of money."""

from decimal import Decimal

import pytest

from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, decimals, paid, run, snapshot

LEGS = (
    HEAD
    + SPONSOR
    + '[trees.binary]\nparent = "placement"\nside = "side"\nwidth = 2\n'
    + VOLUMES
    + """
[bonuses.cycles]
kind = "binary"
tree = "binary"
unit = "cycles"
cycle = [100, 100]
pay = "50"
[limits.company]
scope = "company"
exempt_part = "min(base, 4) * 50"
"""
)
PARENTS = dict.fromkeys(("ada", "ben", "cleo", "dora", "emil", "fay"), "")
PLACES = {"cleo": ("ada", 1), "dora": ("ada", 2), "emil": ("ben", 1), "fay": ("ben", 2)}
SALES = [("cleo", 600), ("dora", 600), ("emil", 500), ("fay", 500)]


def legs(most: int, mode: str) -> dict[str, Decimal]:
    """Six cycles of Ada, five of Ben."""
    plan = f'{LEGS}most = "{most}"\nmode = "{mode}"\n'
    return paid(run(plan, snapshot(parents=PARENTS, lines=SALES, placement=PLACES)), "cycles")


def test_the_first_cycles_of_a_week_are_not_bound() -> None:
    """300 and 250 are due, 480 there is. Four cycles each, 400, are left alone; the 80 that are left
    go to 100 and 50 by 8/15: 53.33 and 26.67."""
    assert legs(480, "pro_rata") == decimals(ada="253.33", ben="226.67")


@pytest.mark.parametrize(
    ("mode", "most", "ada", "ben"),
    [
        ("hard_stop", 480, "200", "200"),
        ("hard_stop", 550, "300", "250"),
        ("report", 480, "300", "250"),
        # Less than what is left alone takes away all the rest, and no more.
        ("pro_rata", 100, "200", "200"),
    ],
)
def test_what_is_left_alone_is_paid_whatever_the_mode(
    mode: str, most: int, ada: str, ben: str
) -> None:
    assert legs(most, mode) == decimals(ada=ada, ben=ben)


def test_a_bound_on_each_award_leaves_a_part_of_each_alone() -> None:
    """Awards of 10, 20 and 30: 5 of each are left alone, and of the others 5, 12 and 12 are paid."""
    plan = LEVELS.replace('"payee"', '"award"').replace('"20"', '"12"') + 'exempt_part = "5"\n'
    lines = [("ben", 100), ("cleo", 200), ("dora", 300)]
    assert paid(run(plan, snapshot(parents=FAMILY, lines=lines)), "levels")["ada"] == 44


LEVELS = (
    VOLUMES
    + """
[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 3
rate = "10%"
[limits.member]
scope = "payee"
most = "20"
"""
)


@pytest.mark.parametrize(
    ("exempt", "ada"),
    [
        # 5 of each of three awards is left alone, and 20 of the other 5 + 15 + 25.
        ('exempt_part = "5"', "35"),
        ('exempt_part = "-5"', "20"),
        # More than an award has is all of it: 10, 12 and 12, and 20 of the other 8 + 18.
        ('exempt_part = "12"', "54"),
        # The first level is left alone whole, and of the others 20 of 50.
        ('exempt = "level == 1"', "30"),
        # The first level whole, 5 of each of the others, and 20 of the other 15 + 25.
        ('exempt = "level == 1"\nexempt_part = "5"', "40"),
    ],
)
def test_a_part_of_each_award_is_left_alone(exempt: str, ada: str) -> None:
    """Ada's awards are 10, 20 and 30 on Ben, Cleo and Dora."""
    lines = [("ben", 100), ("cleo", 200), ("dora", 300)]
    result = run(LEVELS + exempt + "\n", snapshot(parents=FAMILY, lines=lines))
    assert paid(result, "levels")["ada"] == Decimal(ada)


def test_several_bonuses_share_a_bound_in_proportion() -> None:
    """10 of Ben's purchase and 20 of the own one, bounded to 20: 6.67 and 13.33."""
    plan = LEVELS + '[bonuses.own]\nkind = "direct"\nbase = "cv"\nrate = "10%"\n'
    result = run(plan, snapshot(parents=FAMILY, lines=[("ada", 200), ("ben", 100)]))
    assert [paid(result, bonus)["ada"] for bonus in ("levels", "own")] == [
        Decimal("6.67"), Decimal("13.33"),
    ]  # fmt: skip
    company = plan.replace('scope = "payee"', 'scope = "company"')
    result = run(company, snapshot(parents=FAMILY, lines=[("ada", 200), ("ben", 100)]))
    # 20 for 10, 20 and 10 of Ben's own: half of each.
    assert paid(result, "levels") == decimals(ada=5)
    assert paid(result, "own") == decimals(ada=10, ben=5)


@pytest.mark.parametrize(
    ("bound", "ben", "ada"),
    [
        # Binds what was worked before the match, so the match is on what it leaves.
        ('scope = "payee"\nbonuses = ["levels"]\nmost = "6"', 6, 3),
        ('scope = "company"\nbonuses = ["levels"]\nmost = "6"', 6, 3),
        # Binds the match as well, which is still to be worked: the match is on the whole 10.00, and
        # each has at most 6.00.
        ('scope = "payee"\nmost = "6"', 6, 5),
        # Of each bonus by itself: known as soon as that bonus is.
        ('scope = "bonus"\nmost = "6"', 6, 3),
        ('scope = "award"\nmost = "6"', 6, 3),
    ],
)
def test_a_match_after_limits_counts_those_that_bind_no_later_bonus(
    bound: str, ben: int, ada: int
) -> None:
    """Ben has 10.00 of Cleo's 100, Ada a half of what he earned."""
    plan = (
        VOLUMES
        + f"""
[bonuses.levels]
kind = "unilevel"
base = "cv"
levels = 1
rate = "10%"
[bonuses.match]
kind = "matching"
of = ["levels"]
generations = 1
rate = "50%"
after_limits = true
[limits.most]
{bound}
"""
    )
    result = run(plan, snapshot(parents=FAMILY, lines=[("cleo", 100)]))
    assert paid(result, "levels") == decimals(ben=ben)
    assert paid(result, "match") == decimals(ada=ada)
