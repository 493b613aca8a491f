"""Where sums are rounded decides cents (plan catalogue, 1.16)."""

from decimal import Decimal

import pytest

from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, Line, paid, run, snapshot

PLAN = (
    SPONSOR
    + VOLUMES
    + """
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "5%"
[bonuses.more]
kind = "unilevel"
base = "cv"
levels = 2
rate = "1%"
"""
)
LINES: list[Line] = [("dora", "10.10"), ("cleo", "10.10")]


@pytest.mark.parametrize(
    ("at", "mode", "team", "more"),
    [
        # Ben has twice 0.505 and twice 0.101, each rounded: 0.51 + 0.51, 0.10 + 0.10.
        ("award", "half_up", "1.02", "0.20"),
        # 1.01 and 0.202 per bonus.
        ("bonus", "half_up", "1.01", "0.20"),
        # 1.212 together is 1.21; 0.504, 0.504, 0.1008, 0.1008 and the cent that is missing goes to the
        # largest rest, of which the first line has one.
        ("payee", "half_up", "1.01", "0.20"),
        # 1.22 together: the two missing cents go to the two lines of 0.5083.
        ("payee", "ceiling", "1.02", "0.20"),
        ("bonus", "ceiling", "1.01", "0.21"),
        ("award", "ceiling", "1.02", "0.22"),
    ],
)
def test_the_place_of_rounding(at: str, mode: str, team: str, more: str) -> None:
    plan = HEAD + f'[plan.rounding]\nat = "{at}"\nmode = "{mode}"\n' + PLAN
    result = run(plan, snapshot(parents=FAMILY, lines=LINES))
    found = [paid(result, bonus)["ben"] for bonus in ("team", "more")]
    assert found == [Decimal(team), Decimal(more)]


def test_the_sum_of_a_payee_is_rounded_once() -> None:
    """10.10 brings 0.505 by each of two bonuses: rounded each 0.51 and 0.51, together 1.01."""
    lines: list[Line] = [("dora", "10.10")]
    for at, expected in (("bonus", "1.02"), ("payee", "1.01")):
        plan = HEAD + f'[plan.rounding]\nat = "{at}"\n' + PLAN.replace('"1%"', '"5%"')
        result = run(plan, snapshot(parents=FAMILY, lines=lines))
        both = [paid(result, bonus)["cleo"] for bonus in ("team", "more")]
        assert sum(both) == Decimal(expected)
