"""Every reason for not being paid, with what it would have been. Ada sponsors Ben, Ben Cleo, Cleo Dora."""

from decimal import Decimal

import numpy as np
import pytest

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.running import Result, find_skips, run_plan
from mlm_plugin.plan.snapshot import Snapshot
from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, Line, decimals, paid, run, snapshot

Said = tuple[str, str, int, str, str]


def said(result: Result, skips: Awards) -> list[Said]:
    """Payee, source, level, reason with what it is about, and what it would have been."""
    ids = result.computation.snapshot.positions.ids
    skips = skips.in_order()
    values = skips.exact.to_places(2).spread(skips.size)
    return [
        (
            str(ids[skips.payee[row]]), str(ids[skips.source[row]]), int(skips.level[row]),
            f"{skips.reasons[skips.reason[row]].code}:{skips.reasons[skips.reason[row]].about}",
            str(from_minor(int(values[row]))),
        )
        for row in range(skips.size)
    ]  # fmt: skip


def of(plan: str, frozen: Snapshot, bonus: str = "team") -> list[Said]:
    """The skips of a bonus; one member's alone are the same rows, with a run or after one."""
    result = run(plan, frozen, wants_skips=True)
    everybody = said(result, result.skips[bonus])
    without = run(plan, frozen)
    for row, member in enumerate(frozen.positions.ids):
        own = [each for each in everybody if each[0] == member]
        assert said(without, find_skips(result=without, member=row)[bonus]) == own
        alone = run_plan(
            plan=result.computation.plan, snapshot=frozen, wants_skips=True, skips_of=row
        )
        assert said(alone, alone.skips[bonus]) == own
    assert not any(result.skips[bonus].amount)
    return everybody


RANKED = (
    VOLUMES
    + """
[statuses.active]
when = "pv >= 10"
[ladders.rank]
ranks = [{name = "star", requires = ["pv >= 20"]}, {name = "gold", requires = ["pv >= 100"]}]
[tables.rates]
by = "rank"
rows = {star = ["10%"], gold = ["10%", "5%"]}
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(rank, level)"
payee = "active"
"""
)


def test_a_rank_too_low_for_the_level_names_the_lowest_that_would_do() -> None:
    """Dora's 200: Cleo is a star and has level 1. Ben is a star; level 2 takes gold: 5 % is 10.00.
    Cleo's 20 brings Ben 2.00; Ada without rank lacks star and gold for Ben and Cleo."""
    lines: list[Line] = [("dora", 200), ("cleo", 20), ("ben", 20), ("ada", 10)]
    skips = of(RANKED, snapshot(parents=FAMILY, lines=lines))
    assert skips == [
        ("ada", "ben", 1, "rank_too_low:star", "2.00"),
        ("ada", "cleo", 2, "rank_too_low:gold", "1.00"),
        ("ben", "dora", 2, "rank_too_low:gold", "10.00"),
    ]


def test_a_rate_made_of_a_rank_through_a_metric_is_found_as_well() -> None:
    plan = RANKED.replace('rate = "rates(rank, level)"', 'rate = "worth"') + (
        '[metrics.worth]\nvalue = "5% if rank >= \\"gold\\" else 0"\n'
    )
    assert of(plan, snapshot(parents=FAMILY, lines=[("dora", 200), ("cleo", 20)])) == [
        ("ada", "cleo", 2, "inactive:active", "0.00"),
        ("ben", "cleo", 1, "inactive:active", "0.00"),
        ("ben", "dora", 2, "inactive:active", "0.00"),
        ("cleo", "dora", 1, "rank_too_low:gold", "10.00"),
    ]


def test_no_rank_has_a_rate_at_this_level() -> None:
    plan = RANKED.replace("levels = 2", "levels = 3")
    lines: list[Line] = [("dora", 10), ("cleo", 100), ("ben", 100), ("ada", 100)]
    assert of(plan, snapshot(parents=FAMILY, lines=lines)) == [
        ("ada", "dora", 3, "no_rate:", "0.00")
    ]


def test_whoever_is_passed_over_is_told_what_it_lacked() -> None:
    """Cleo and Ben are not active. Ada takes Dora's level 1."""
    plan = RANKED + 'compress = "active"\n'
    lines: list[Line] = [("dora", 200), ("ada", 100)]
    assert of(plan, snapshot(parents=FAMILY, lines=lines)) == [
        ("ben", "dora", 1, "compressed:inactive:active", "0.00"),
        ("cleo", "dora", 1, "compressed:inactive:active", "0.00"),
    ]


def test_a_level_that_goes_to_the_first_qualified_passes_others_over() -> None:
    """Level 2 takes gold. Ben is a star and is passed over; Ada is gold: 5 % of 200 = 10.00."""
    plan = RANKED + "dynamic = true\n"
    lines: list[Line] = [("dora", 200), ("cleo", 20), ("ben", 20), ("ada", 100)]
    frozen = snapshot(parents=FAMILY, lines=lines)
    assert ("ben", "dora", 2, "rank_too_low:gold", "10.00") in of(plan, frozen)
    assert paid(run(plan, frozen), "team")["ada"] == Decimal("13.00")


DIFFERENTIAL = (
    VOLUMES
    + """
[tables.rate]
on = "pv"
steps = [[100, "5%"], [200, "10%"]]
[bonuses.team]
kind = "differential"
base = "cv"
rate = "rate"
group = "total(cv, subtree)"
"""
)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("source", [("ben", "cleo", 1, "blocked:0.1", "20.00"),
                    ("ben", "dora", 2, "blocked:0.1", "10.00")]),
        ("legs", [("ben", "cleo", 1, "blocked:0.1", "30.00")]),
    ],
)  # fmt: skip
def test_an_equal_rate_below_blocks(form: str, expected: list[Said]) -> None:
    """Dora 100 at 5 %, Cleo 200 at 10 %, Ben 200 at 10 %: Cleo had all there is. Ada has no rate."""
    lines: list[Line] = [("dora", 100), ("cleo", 200), ("ben", 200)]
    skips = of(DIFFERENTIAL + f'form = "{form}"\n', snapshot(parents=FAMILY, lines=lines))
    assert [skip for skip in skips if skip[0] == "ben"] == expected
    assert {skip[3] for skip in skips if skip[0] == "ada"} <= {"no_rate:"}


def test_infinity_is_blocked_by_an_equal_rate() -> None:
    """Cleo and Ben both have 3 %: Cleo is paid 3.00 on Dora's 100, Ben nothing."""
    plan = (
        VOLUMES
        + """
[bonuses.team]
kind = "infinity"
base = "cv"
rate = '3% if member.leader == "yes" else 0'
"""
    )
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 100)], columns={"leader": ["no", "yes", "yes", "no"]}
    )
    assert of(plan, frozen) == [("ben", "dora", 2, "blocked:0.03", "3.00")]
    assert of(plan + 'accumulator = "full"\n', frozen) == [
        ("ben", "dora", 2, "blocked:0.03", "3.00")
    ]


def test_a_generation_passes_over_a_leader_who_may_not_be_paid() -> None:
    """Ben leads but is not active: the generation rolls up to Ada."""
    plan = (
        VOLUMES
        + """
[statuses.active]
when = "pv > 0"
[bonuses.team]
kind = "generation"
base = "cv"
boundary = 'member.leader == "yes"'
generations = 1
rate = "5%"
payee = "active"
"""
    )
    frozen = snapshot(
        parents=FAMILY, lines=[("dora", 100), ("cleo", 1), ("ada", 1)],
        columns={"leader": ["yes", "yes", "yes", "no"]},
    )  # fmt: skip
    assert of(plan, frozen) == [
        ("ben", "cleo", 1, "inactive:active", "0.05"),
        ("ben", "dora", 1, "inactive:active", "5.00"),
    ]
    assert paid(run(plan, frozen), "team") == decimals(ada="5.05")


BINARY = (
    HEAD
    + SPONSOR
    + VOLUMES
    + """
[trees.binary]
parent = "placement"
side = "side"
[bonuses.team]
kind = "binary"
tree = "binary"
rate = "10%"
most = "5"
payee = "pv > 0"
"""
)


def test_a_binary_says_what_was_capped_and_what_found_no_partner() -> None:
    """Ada matches 80: 8.00, capped at 5.00. Ben has 30 on the left and nothing on the right. Eve has
    both legs and no volume of her own."""
    parents = dict.fromkeys(("ada", "ben", "cleo", "dora", "eve", "finn", "gina", "hugo"), "")
    placement = {
        "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1),
        "finn": ("eve", 1), "gina": ("eve", 2),
    }  # fmt: skip
    lines: list[Line] = [
        ("ada", 1),
        ("ben", 50),
        ("dora", 30),
        ("cleo", 90),
        ("finn", 7),
        ("gina", 9),
    ]
    frozen = snapshot(parents=parents, lines=lines, placement=placement)
    assert of(BINARY, frozen) == [
        ("ada", "ada", 0, "cap:", "3.00"),
        ("ben", "ben", 0, "no_leg_balance:", "3.00"),
        ("eve", "eve", 0, "below_threshold:pv > 0", "0.70"),
    ]
    result = run(BINARY, frozen)
    awards = result.awards["team"]
    # The award still shows the matched volume and the rate.
    assert (awards.base.values[0], awards.amount[0]) == (8000, 500)


LEVELS = (
    VOLUMES
    + """
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 3
rate = "10%"
"""
)


def test_limits_say_what_each_of_them_took() -> None:
    """Dora's 100 brings Cleo, Ben and Ada 10.00 each. At most 8.00 per payee takes 2.00 of each, at
    most 12.00 for the company takes 4.00 more."""
    plan = (
        LEVELS
        + '[limits.each]\nscope = "payee"\nmost = "8"\n'
        + ('[limits.company]\nscope = "company"\nmost = "12"\n')
    )
    frozen = snapshot(parents=FAMILY, lines=[("dora", 100)])
    assert of(plan, frozen) == [
        ("ada", "dora", 3, "limit:each", "2.00"),
        ("ada", "dora", 3, "limit:company", "4.00"),
        ("ben", "dora", 2, "limit:each", "2.00"),
        ("ben", "dora", 2, "limit:company", "4.00"),
        ("cleo", "dora", 1, "limit:each", "2.00"),
        ("cleo", "dora", 1, "limit:company", "4.00"),
    ]
    assert paid(run(plan, frozen), "team") == decimals(ada="4.00", ben="4.00", cleo="4.00")


def test_awards_and_skips_together_are_what_the_rates_bring() -> None:
    """With limits that bite, nothing is lost between the two lists."""
    plan = LEVELS + '[limits.each]\nscope = "payee"\nmost = "3"\n'
    frozen = snapshot(parents=FAMILY, lines=[("dora", 99), ("cleo", 7)])
    result = run(plan, frozen, wants_skips=True)
    lost = int(result.skips["team"].exact.to_places(2).values.sum())
    assert int(result.awards["team"].amount.sum()) + lost == 990 * 3 + 70 * 2
    assert np.all(result.skips["team"].amount == 0)
