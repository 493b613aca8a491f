"""Cycles above the most a position may have: paid to nobody, and used up, kept or flushed."""

from decimal import Decimal

import pytest

from tests.plan.networks import VOLUMES, carried, listed, paid, run, snapshot

CYCLES = (
    VOLUMES
    + """
[trees.binary]
parent = "placement"
side = "side"
[bonuses.legs]
kind = "binary"
tree = "binary"
unit = "cycles"
cycle = [200, 100]
pay = "10"
most_cycles = "2"
"""
)
FAMILY = {"ada": "", "ben": "ada", "cleo": "ada"}
PLACES = {"ben": ("ada", 1), "cleo": ("ada", 2)}


@pytest.mark.parametrize(
    ("above", "money", "left", "skipped"),
    [
        ("", 20, {"1": 500, "2": 300}, [20]),
        ('above_most = "keep"', 20, {"1": 500, "2": 300}, [20]),
        ('above_most = "consume"', 20, {"1": 100, "2": 100}, [20]),
        ('above_most = "flush"', 20, {}, [20]),
        ('above_most = "consume"\npayee = "cv > 9"', None, {"1": 900, "2": 500}, [20]),
        ('above_most = "flush"\nmost_cycles = "4"', 40, {"1": 100, "2": 100}, []),
        ('above_most = "consume"\nmost = "15"', 15, {"1": 100, "2": 100}, [5, 20]),
        ('above_most = "consume"\nmost_cycles = "0"', None, {"1": 100, "2": 100}, [40]),
        ('above_most = "consume"\nfirst_pair = [200, 100]\nfirst_pay = "99"', 109,
         {"1": 100, "2": 100}, [20]),
    ],
)  # fmt: skip
def test_what_becomes_of_cycles_above_the_most(
    above: str, money: int | None, left: dict[str, int], skipped: list[int]
) -> None:
    """900 left, 500 right. 200 of the stronger and 100 of the weaker leg, four times: 700 and 400,
    500 and 300, 300 and 200, 100 and 100. Two cycles are paid, and two are above the most."""
    plan = CYCLES.replace(
        'most_cycles = "2"\n', "" if "most_cycles" in above else 'most_cycles = "2"\n'
    )
    frozen = snapshot(
        parents=FAMILY, lines=[("ada", 1), ("ben", 900), ("cleo", 500)], placement=PLACES
    )
    result = run(plan + above, frozen, wants_skips=True)
    assert paid(result, "legs").get("ada") == money
    assert {leg: value for who, leg, _day, value in carried(result) if who == "ada" and leg} == left
    skips = listed(result, result.skips["legs"])
    assert sorted(line[3] for line in skips if line[4] in ("cap", "below_threshold")) == [
        Decimal(each) for each in skipped
    ]


@pytest.mark.parametrize(
    ("most", "left"),
    [
        # 900 and 900 after the first one; two turns of two take 600 from each.
        (5, {"1": 300, "2": 300}),
        # One turn of two, and one more from either: the legs are alike, so from the left as the stronger.
        (4, {"1": 400, "2": 500}),
        (1, {"1": 900, "2": 900}),
        (99, {}),
    ],
)
def test_legs_that_have_met_take_turns_up_to_the_most(most: int, left: dict[str, int]) -> None:
    """1,100 left, 1,000 right: the first cycle takes 200 and 100, and the legs are alike."""
    frozen = snapshot(parents=FAMILY, lines=[("ben", 1100), ("cleo", 1000)], placement=PLACES)
    result = run(CYCLES.replace('most_cycles = "2"', f'most_cycles = "{most}"'), frozen)
    assert paid(result, "legs")["ada"] == 10 * min(most, 7)
    assert {leg: value for who, leg, _day, value in carried(result) if who == "ada" and leg} == left
