"""How fine an award is, and how an award is found again in its order lines."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.money import from_minor, share_signed
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result
from mlm_plugin.plan.shares import shares_of
from tests.plan.networks import FAMILY, HEAD, SPONSOR, VOLUMES, decimals, paid, run, snapshot

TEAM = (
    VOLUMES
    + """
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 1
rate = "5%"
"""
)
# Three lines of Dora; 5 % of each is 0.505.
LINES = [("dora", "10.10"), ("dora", "10.10"), ("dora", "10.10")]


def lines_of(result: Result, bonus: str) -> list[tuple[int | None, Decimal, Decimal]]:
    """Row of the line, base and amount of each award."""
    awards = result.awards[bonus].in_order()
    rows = [None] * awards.size if awards.line is None else awards.line.tolist()
    base = awards.base.spread(awards.size).tolist()
    return [
        (row, from_minor(base[place], places=awards.base.places), from_minor(int(amount)))
        for place, (row, amount) in enumerate(zip(rows, awards.amount, strict=True))
    ]


def test_rounding_happens_at_the_grain() -> None:
    """Per source 5 % of 30.30 is 1.515, half up 1.52; per line three times 0.505, each 0.51: 1.53."""
    frozen = snapshot(parents=FAMILY, lines=LINES)
    assert lines_of(run(TEAM, frozen), "team") == [(None, Decimal("30.30"), Decimal("1.52"))]
    each = [(row, Decimal("10.10"), Decimal("0.51")) for row in range(3)]
    assert lines_of(run(TEAM + 'grain = "line"\n', frozen), "team") == each
    # Each line of these is an order of its own.
    assert lines_of(run(TEAM + 'grain = "order"\n', frozen), "team") == each


def test_a_line_that_is_returned_in_the_period_is_an_award_below_nothing() -> None:
    """10.10 and its return cancel; 5 % of the other 10.10 is left, 0.505 up to 0.51."""
    lines = [("dora", "10.10"), ("dora", "10.10"), ("dora", "-10.10")]
    result = run(TEAM + 'grain = "line"\n', snapshot(parents=FAMILY, lines=lines))
    assert [amount for _row, _base, amount in lines_of(result, "team")] == [
        Decimal("0.51"), Decimal("0.51"), Decimal("-0.51"),
    ]  # fmt: skip


def drilled(result: Result, bonus: str) -> list[tuple[int, str]]:
    """Line and its share, of all awards in order."""
    shares = shares_of(result.computation, result.awards[bonus].in_order())
    assert shares is not None
    return [
        (int(line), str(from_minor(int(amount))))
        for line, amount in zip(shares.line, shares.amount, strict=True)
    ]


def test_an_award_is_shared_over_its_lines_exactly() -> None:
    """1.52 over three equal lines: 0.51, 0.51, 0.50."""
    result = run(TEAM, snapshot(parents=FAMILY, lines=LINES))
    assert drilled(result, "team") == [(0, "0.51"), (1, "0.51"), (2, "0.50")]


def test_a_base_of_a_metric_finds_what_each_line_brought() -> None:
    """The base is 40 % of CV on own lines and all of it on customers': 4 + 10; 5 % is 0.70."""
    plan = TEAM.replace('base = "cv"', 'base = "worth"') + (
        '[metrics.worth]\nvalue = "cv.self * 40% + cv.customers"\n'
    )
    lines = [("dora", 10, 10, "self"), ("dora", 10, 10, "retail")]
    assert drilled(run(plan, snapshot(parents=FAMILY, lines=lines)), "team") == [
        (0, "0.20"), (1, "0.50"),
    ]  # fmt: skip


def test_volume_that_a_view_moved_is_found_with_who_receives_it() -> None:
    """Cleo is taken out: her own 20 and Dora's 10 hang on Ben; Ada has 5 % of Ben's 20."""
    plan = (
        VOLUMES
        + """
[views.kept]
of = "sponsor"
keep = 'member.kept == "yes"'
move = ["children", "volume"]
volume = "cv"
[bonuses.team]
kind = "unilevel"
tree = "kept"
base = "kept.cv"
levels = 1
rate = "5%"
"""
    )
    frozen = snapshot(
        parents=FAMILY, lines=[("cleo", 20), ("dora", 10)],
        columns={"kept": ["yes", "yes", "no", "yes"]},
    )  # fmt: skip
    result = run(plan, frozen)
    assert paid(result, "team") == decimals(ada="1.00", ben="0.50")
    assert drilled(result, "team") == [(0, "1.00"), (1, "0.50")]


def test_the_lines_of_a_group_are_those_of_everybody_below() -> None:
    """Ada's 10 % on Ben's leg of 30: Cleo's 10 and Dora's 20 bring 1.00 and 2.00."""
    plan = (
        VOLUMES
        + """
[metrics.group]
value = "total(cv, subtree)"
[bonuses.team]
kind = "differential"
form = "legs"
base = "cv"
rate = '10% if member.leader == "yes" else 0'
group = "group"
"""
    )
    frozen = snapshot(
        parents=FAMILY, lines=[("cleo", 10), ("dora", 20)],
        columns={"leader": ["yes", "no", "no", "no"]},
    )  # fmt: skip
    assert drilled(run(plan, frozen), "team") == [(0, "1.00"), (1, "2.00")]


@pytest.mark.parametrize(
    ("base", "kind", "said"),
    [
        ("group", "unilevel", "the base is not the source's own volume"),
        ("total(cv, levels(1, 2))", "unilevel", "the base is not the source's own volume"),
        ("50", "unilevel", "the base is not the source's own volume"),
        ("", "matching", "this kind is paid per source"),
    ],
)
def test_only_own_volume_has_lines(base: str, kind: str, said: str) -> None:
    more = (
        'of = ["team"]\ngenerations = 1' if kind == "matching" else f'base = "{base}"\nlevels = 1'
    )
    plan = f"""{HEAD}{SPONSOR}{TEAM}
[metrics.group]
value = "total(cv, subtree)"
[bonuses.fine]
kind = "{kind}"
grain = "line"
rate = "5%"
{more}
"""
    with pytest.raises(PlanError, match=rf"bonuses\.fine\.grain: {said}"):
        load_plan(plan)


def test_the_missing_unit_goes_to_the_largest_rest_below_nothing_too() -> None:
    """4 over weights 4 and -1: 5.33 and -1.33. Rounded down 5 and -2, with rests 0.33 and 0.67."""
    shares = share_signed(np.array([4]), weights=np.array([4, -1]), groups=np.array([0, 0]))
    assert shares.tolist() == [5, -1]


WEIGHTS = st.lists(st.tuples(st.integers(0, 3), st.integers(-500, 500)), min_size=1, max_size=20)


@settings(max_examples=100)
@given(WEIGHTS, st.lists(st.integers(-10_000, 10_000), min_size=4, max_size=4))
def test_signed_shares_add_up_and_stay_within_a_unit(
    rows: Sequence[tuple[int, int]], totals: Sequence[int]
) -> None:
    groups = np.array([group for group, _weight in rows])
    weights = np.array([weight for _group, weight in rows])
    shares = share_signed(np.array(totals), weights=weights, groups=groups)
    for group in set(groups.tolist()):
        chosen = groups == group
        whole = int(weights[chosen].sum())
        assert shares[chosen].sum() == totals[group]
        if whole:
            for share, weight in zip(shares[chosen], weights[chosen], strict=True):
                assert abs(share * whole - totals[group] * weight) <= abs(whole)
