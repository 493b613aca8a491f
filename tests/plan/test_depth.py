"""Bonuses without an end in depth: what blocks them, and where they begin. Sums by hand."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import (
    FAMILY,
    HEAD,
    SPONSOR,
    VOLUMES,
    decimals,
    listed,
    paid,
    run,
    snapshot,
)

LINE = {**FAMILY, "eve": "dora", "finn": "eve"}
RATES = """
[attributes.title]
kind = "text"
[tables.rates]
by = "member.title"
rows = { gold = "1%", pearl = "2%", ruby = "4%" }
"""
INFINITY = (
    VOLUMES
    + RATES
    + """
[bonuses.depth]
kind = "infinity"
base = "cv"
rate = "rates(member.title)"
"""
)


def titles(**given: str) -> dict[str, list[str]]:
    """A title for some of the line, by member."""
    return {"title": [given.get(who, "") for who in LINE]}


def test_each_is_paid_the_rise_over_the_one_below() -> None:
    """Finn's 1,000: Dora (gold) 1 %, Cleo (gold) nothing, Ben (ruby) 3 %, Ada (pearl) nothing."""
    columns = titles(dora="gold", cleo="gold", ben="ruby", ada="pearl")
    frozen = snapshot(parents=LINE, lines=[("finn", 1000)], columns=columns)
    assert paid(run(INFINITY, frozen), "depth") == decimals(dora=10, ben=30)


def test_the_same_rate_blocks_or_only_a_higher_one() -> None:
    """Whole rates: Dora 10 and then Cleo is blocked, and everybody above. Where only a higher rate
    blocks, Cleo has 10 too and Ben 40; Ada (2 % after 4 %) is blocked."""
    columns = titles(dora="gold", cleo="gold", ben="ruby", ada="pearl")
    frozen = snapshot(parents=LINE, lines=[("finn", 1000)], columns=columns)
    plan = INFINITY + 'accumulator = "full"\n'
    assert paid(run(plan, frozen), "depth") == decimals(dora=10)
    plan += 'blocked_by = "higher"\n'
    assert paid(run(plan, frozen), "depth") == decimals(dora=10, cleo=10, ben=40)


def test_it_can_begin_with_the_second_leader_above_the_own_group() -> None:
    """Finn belongs to Eve's group. Dora is the first leader above, Ben the second: he is paid 1 %. Cleo,
    who stands between them, is no leader, but what Ben has is counted from Dora."""
    plan = INFINITY + ("boundary = \"member.leads == 'yes'\"\nfirst_generation = 2\n")
    leads = {"leads": ["yes" if who in ("eve", "dora", "ben") else "" for who in LINE]}
    columns = titles(eve="gold", dora="gold", ben="gold") | leads
    frozen = snapshot(parents=LINE, lines=[("finn", 1000), ("dora", 500)], columns=columns)
    result = run(plan, frozen)
    assert listed(result, result.awards["depth"]) == [("ben", "finn", 4, Decimal("10.00"), "paid")]


DEPTH = (
    VOLUMES
    + """
[views.leaders]
of = "sponsor"
keep = "member.leads == 'yes'"
[bonuses.depth]
kind = "infinity"
tree = "leaders"
base = "cv"
source = "member.leads == 'yes'"
first_level = 2
rate = "1% if member.depth == 'yes' else 0"
accumulator = "full"
"""
)


def test_a_depth_bonus_ends_one_group_below_the_next_who_has_it() -> None:
    """A line of leaders, Ada and Cleo have the bonus. Cleo: Eve's and Finn's groups, from the second
    down. Ada: Cleo's, and Dora's, which is Cleo's first; not what is further down. Ben's is her first."""
    columns = {"leads": ["yes"] * 6, "depth": ["yes", "", "yes", "", "", ""]}
    lines = [(who, 100 * number) for number, who in enumerate(LINE, start=1)]
    result = run(DEPTH, snapshot(parents=LINE, lines=lines, columns=columns))
    assert listed(result, result.awards["depth"]) == [
        ("ada", "cleo", 2, Decimal("3.00"), "paid"),
        ("ada", "dora", 3, Decimal("4.00"), "paid"),
        ("cleo", "eve", 2, Decimal("5.00"), "paid"),
        ("cleo", "finn", 3, Decimal("6.00"), "paid"),
    ]


@settings(max_examples=40, deadline=None)
@given(
    above=st.lists(st.integers(0, 100), min_size=1, max_size=14),
    held=st.lists(st.sampled_from(["", "gold", "pearl", "ruby"]), min_size=15, max_size=15),
)
def test_asking_for_skips_changes_no_award(above: list[int], held: list[str]) -> None:
    """With skips the way goes by every upline, without them from rise to rise."""
    names = [f"m{number:02d}" for number in range(len(above) + 1)]
    parents = {names[0]: ""}
    parents |= {names[row]: names[each % row] for row, each in enumerate(above, start=1)}
    frozen = snapshot(
        parents=parents, lines=[(name, 100) for name in names],
        columns={"title": held[: len(names)]},
    )  # fmt: skip
    quick, slow = run(INFINITY, frozen), run(INFINITY, frozen, wants_skips=True)
    assert listed(quick, quick.awards["depth"]) == listed(slow, slow.awards["depth"])


def test_who_is_blocked_is_paid_on_the_upper_levels_inside_the_blockers_branch() -> None:
    """Dora and Ben are gold, Ada is ruby. Ben is blocked by Dora: of Eve and Finn, one and two levels
    below Dora, he is paid on Eve's 500 alone, which is 5; Ada, beyond Ben, is paid on neither, as on
    nothing that was blocked. Above Dora she has 4 % of Dora's 100, after Ben's 1 % of it."""
    columns = titles(dora="gold", ben="gold", ada="ruby")
    lines = [("finn", 1000), ("eve", 500), ("dora", 100)]
    frozen = snapshot(parents=LINE, lines=lines, columns=columns)
    plan = INFINITY + 'accumulator = "full"\n'
    assert paid(run(plan, frozen), "depth") == decimals(dora=15, ben=1, ada=4)
    inside = run(plan + "inside_blocker = 1\n", frozen, wants_skips=True)
    assert paid(inside, "depth") == decimals(dora=15, ben=6, ada=4)
    assert ("ben", "eve", 3, Decimal("5.00"), "inside_blocker") in listed(
        inside, inside.awards["depth"]
    )
    assert ("ben", "finn", 4, Decimal("10.00"), "blocked") in listed(inside, inside.skips["depth"])
    deeper = run(plan + "inside_blocker = 2\n", frozen, wants_skips=True)
    assert paid(deeper, "depth") == decimals(dora=15, ben=16, ada=4)
    assert [skip for skip in listed(deeper, deeper.skips["depth"]) if skip[0] == "ben"] == []


def test_a_last_generation_needs_somebody_who_blocks() -> None:
    with pytest.raises(PlanError, match="belongs to the accumulator “full”"):
        load_plan(HEAD + SPONSOR + INFINITY + "inside_blocker = 9\n")


def test_only_the_same_rate_may_block() -> None:
    """Finn's 1,000: Dora (gold) 10, Cleo (gold) blocked, Ben (ruby) 40, Ada (pearl) 20 although Ben has
    more. At most 4.5 % on one source: 10, then 35 of Ben's 40, and nothing for Ada."""
    columns = titles(dora="gold", cleo="gold", ben="ruby", ada="pearl")
    frozen = snapshot(parents=LINE, lines=[("finn", 1000)], columns=columns)
    plan = INFINITY + 'accumulator = "full"\nblocked_by = "same"\n'
    result = run(plan, frozen, wants_skips=True)
    assert paid(result, "depth") == decimals(dora=10, ben=40, ada=20)
    assert listed(result, result.skips["depth"]) == [
        ("cleo", "finn", 3, Decimal("10.00"), "blocked")
    ]
    assert paid(run(plan + 'most = "4.5%"\n', frozen), "depth") == decimals(dora=10, ben=35)
    with pytest.raises(PlanError, match="“same” belongs to the accumulator “full”"):
        load_plan(HEAD + SPONSOR + INFINITY + 'blocked_by = "same"\n')


@pytest.mark.parametrize("kind", ["infinity", "differential"])
def test_a_bound_finer_than_the_rates_is_met_exactly(kind: str) -> None:
    """At most 2.5 % of Finn's 1,000: Dora (gold) 10, Ben (ruby) 15 of his 3 %."""
    columns = titles(dora="gold", ben="ruby")
    frozen = snapshot(parents=LINE, lines=[("finn", 1000)], columns=columns)
    plan = INFINITY.replace('"infinity"', f'"{kind}"') + 'most = "2.5%"\n'
    assert paid(run(plan, frozen), "depth") == decimals(dora=10, ben=15)


def test_a_reserve_finer_than_the_rates_is_kept_exactly() -> None:
    """Finn and Eve are gold: Eve can earn no difference, and 0.5 % of 1,000 stay with her. Ben's 4 %
    are 2.5 % above that."""
    columns = titles(finn="gold", eve="gold", ben="ruby")
    frozen = snapshot(parents=LINE, lines=[("finn", 1000)], columns=columns)
    plan = INFINITY.replace('"infinity"', '"differential"') + 'reserve = "0.5%"\n'
    assert paid(run(plan, frozen), "depth") == decimals(finn=10, ben=25)
