"""Order lines behind figures that are sums: over levels, groups, legs, and what is made of such sums."""

from decimal import Decimal

import numpy as np
import pytest

from mlm_plugin.plan.explaining.legs import legs_of
from mlm_plugin.plan.explaining.sentences import explain
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.numbers import plain_number
from mlm_plugin.plan.shares import shares_of
from tests.plan.networks import VOLUMES, run, snapshot

# ada > ben, eve; ben > cleo, dora; cleo > finn. A line each, in the order of the list.
PARENTS = {"ada": "", "ben": "ada", "cleo": "ben", "dora": "ben", "eve": "ada", "finn": "cleo"}
LINES = [("ada", 100), ("ben", 10), ("cleo", 200), ("dora", 70), ("eve", 60), ("finn", 20)]
DIRECT = '[bonuses.own]\nkind = "direct"\nbase = "{}"\nrate = "10%"\n'
METRIC = '[metrics.team]\nvalue = "total(cv, subtree)"\n'


def lines_of(formula: str, *, member: str = "ada") -> dict[str, Decimal]:
    """By who bought: what each line brought to a figure that a member is paid 10 % of."""
    result = run(VOLUMES + METRIC + DIRECT.format(formula), snapshot(parents=PARENTS, lines=LINES))
    computation = result.computation
    ids, awards = computation.snapshot.positions.ids, result.awards["own"]
    own = awards.chosen(ids[awards.payee] == member)
    shares = shares_of(computation, own)
    assert shares is not None
    assert shares.amount.sum() == own.amount.sum()
    if "min" not in formula:
        places = max(shares.base.places, own.base.places)
        base, found = (each.to_places(places).values.sum() for each in (own.base, shares.base))
        assert base == found
    whose = ids[computation.snapshot.lines.member[shares.line]]
    return {
        str(who): Decimal(plain_number(int(value), shares.base.places))
        for who, value in zip(whose, shares.base.spread(len(whose)), strict=True)
    }


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("total(cv, levels(1, 2))", {"ben": 10, "cleo": 200, "dora": 70, "eve": 60}),
        ("total(cv, frontline)", {"ben": 10, "eve": 60}),
        ("total(cv, level(3))", {"finn": 20}),
        ("total(cv, self)", {"ada": 100}),
        ("total(cv, downline) * 0.5",
         {"ben": 5, "cleo": 100, "dora": 35, "eve": 30, "finn": 10}),
        ("total(cv, group(cv == 200))", {"ada": 100, "ben": 10, "dora": 70, "eve": 60}),
        ("total(cv, subtree) - total(cv, levels(0, 2))", {"finn": 20}),
        ("cv + total(cv, frontline) / 2", {"ada": 100, "ben": 5, "eve": 30}),
        ("min(total(cv, frontline), 50)", {"ben": 10, "eve": 60}),
        ("max(cv, total(cv, frontline))", {"ada": 100}),
        ("round(total(cv, frontline), 0)", {"ben": 10, "eve": 60}),
        ("total(cv, frontline) if pv > 90 else cv", {"ben": 10, "eve": 60}),
        ("total(cv, frontline) if pv > 100 else cv", {"ada": 100}),
        ("leg(team, 2)", {"eve": 60}),
        ("legs_beyond(team, 1)", {"eve": 60}),
        ("legs_capped(team, 1000)",
         {"ben": 10, "cleo": 200, "dora": 70, "eve": 60, "finn": 20}),
        ("total(team, level(2))", {"cleo": 200, "dora": 70, "finn": 20}),
        ("company(cv)",
         {"ada": 100, "ben": 10, "cleo": 200, "dora": 70, "eve": 60, "finn": 20}),
        ("cv * (1 if total(cv, level(3)) > 0 else 0)", {"ada": 100}),
    ],
)  # fmt: skip
def test_each_line_of_a_sum_is_found_with_what_it_brought(
    formula: str, expected: dict[str, int]
) -> None:
    assert lines_of(formula) == expected


def test_a_sum_over_a_view_has_no_lines_of_who_is_not_in_it() -> None:
    view = '[views.strong]\nof = "sponsor"\nkeep = "pv >= 60"\n'
    for formula in ("total(cv, subtree, tree=strong)", "total(cv, levels(0, 9), tree=strong)"):
        plan = VOLUMES + view + DIRECT.format(formula)
        result = run(plan, snapshot(parents=PARENTS, lines=LINES))
        awards = result.awards["own"]
        own = awards.chosen(np.flatnonzero(awards.payee == 0))
        shares = shares_of(result.computation, own)
        assert shares is not None
        assert shares.line.tolist() == [0, 2, 3, 4]


def test_legs_that_are_paid_on_have_their_lines() -> None:
    """Ben's leg brings 300 and is the strongest; Ada has 10 % of Eve's 60."""
    plan = VOLUMES + '[bonuses.legs]\nkind = "pay_legs"\nrate = "10%"\n'
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    said = explain(result=result, member="ada", language="en")
    assert "6.00 EUR: 10% of 60 in the legs that are paid on\n      order 000004, line 1" in said


def test_every_formula_of_a_binary_is_explained() -> None:
    """Volume that asks about others, carried volume, and sums of others: never a traceback."""
    binary = '[trees.binary]\nparent = "placement"\nside = "side"\n'
    places = {"ben": ("ada", 1), "eve": ("ada", 2), "cleo": ("ben", 1), "dora": ("ben", 2),
              "finn": ("cleo", 1)}  # fmt: skip
    volumes = (
        "cv", "cv * (1 if legs(pv > 0) > 0 else 0.5)", "total(cv, self)", "total(cv, frontline)",
        "leg(cv, 1)", "min(cv, 100)",
    )  # fmt: skip
    for volume in volumes:
        for more in ("", '[returns]\nlater_period = "reverse"\n'):
            legs = f'[bonuses.legs]\nkind = "binary"\ntree = "binary"\nvolume = "{volume}"\nrate = "10%"\n'
            frozen = snapshot(
                parents=PARENTS,
                lines=LINES,
                placement=places,
                carry=[("ada", "legs", 1, 500), ("ada", "legs", 2, 500)],
            )  # fmt: skip
            result = run(VOLUMES + binary + legs + more, frozen)
            said = explain(result=result, member="ada", language="ru")
            assert "ветвь 1:" in said


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        # Ben brings Cleo's and Dora's, Cleo brings Finn's.
        ("total(cv, frontline)", {"cleo": 200, "dora": 70, "finn": 20}),
        # Cleo's 200 stand behind her own figure and behind Ben's, Finn's 20 behind three.
        ("total(cv, subtree)", {"ben": 10, "cleo": 400, "dora": 140, "finn": 60}),
        ("cv + total(cv, frontline) / 2", {"ben": 10, "cleo": 300, "dora": 105, "finn": 30}),
        ("leg(cv, 1)", {"cleo": 200, "finn": 20}),
        ("total(cv, self)", {"ben": 10, "cleo": 200, "dora": 70, "finn": 20}),
    ],
)  # fmt: skip
def test_legs_whose_volume_is_a_sum_show_the_lines_behind_it(
    volume: str, expected: dict[str, int]
) -> None:
    """Ben stands left of Ada, with Cleo, Dora and Finn below him."""
    binary = '[trees.binary]\nparent = "placement"\nside = "side"\n'
    legs = f'[bonuses.legs]\nkind = "binary"\ntree = "binary"\nvolume = "{volume}"\nrate = "10%"\n'
    places = {"ben": ("ada", 1), "eve": ("ada", 2), "cleo": ("ben", 1), "dora": ("ben", 2),
              "finn": ("cleo", 1)}  # fmt: skip
    frozen = snapshot(
        parents=PARENTS, lines=LINES, placement=places, carry=[("ada", "legs", 2, 500)]
    )
    result = run(VOLUMES + binary + legs, frozen)
    left, _right = legs_of(result, "legs", 0)
    lines = result.computation.snapshot.lines
    whose = frozen.positions.ids[lines.member[left.line]]
    brought = left.brought.spread(len(left.line)).tolist()
    assert {
        str(who): Decimal(plain_number(value, left.brought.places))
        for who, value in zip(whose, brought, strict=True)
    } == expected
    assert from_minor(left.new, places=left.places) == sum(expected.values())
    said = explain(result=result, member="ada", language="en")
    assert f"of 1 January 2026: {expected['cleo']} from cleo" in said


def test_amounts_of_lines_add_up_to_the_award() -> None:
    """10 % of 70 is 7.00: Ben's 10 brought 1.00 of it, Eve's 60 brought 6.00."""
    plan = VOLUMES + DIRECT.format("total(cv, frontline)")
    result = run(plan, snapshot(parents=PARENTS, lines=LINES))
    awards = result.awards["own"]
    shares = shares_of(result.computation, awards.chosen(np.array([0])))
    assert shares is not None
    assert [from_minor(int(each), places=2) for each in shares.amount] == [Decimal(1), Decimal(6)]
