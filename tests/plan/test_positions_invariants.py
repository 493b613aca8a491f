"""What holds for pools, overrides, legs, boards and passing up in any network."""

from collections import Counter
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.snapshot import Snapshot
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, snapshot

PLAN = load_plan(
    HEAD
    + SPONSOR
    + VOLUMES
    + """
[trees.binary]
parent = "placement"
side = "side"
width = 2
[bonuses.pool]
kind = "pool"
fund = "company(cv) * 3%"
share = "pv"
payee = "pv >= 20"
most = "4"
above_most = "others"
[bonuses.override]
kind = "guarantee"
base = "cv"
rate = "7%"
least = "3"
payee = "pv >= 10"
[bonuses.legs]
kind = "pay_legs"
rate = "5%"
most_per_leg = "60"
[bonuses.board]
kind = "board"
entries = "cv"
seat = 30
height = 1
pay = "9"
[bonuses.full]
kind = "completion"
tree = "binary"
levels = 3
volume = "cv"
pay = "level"
[bonuses.car]
kind = "allowance"
amount = "5"
volume = "total(cv, subtree)"
[bonuses.infinity]
kind = "infinity"
base = "cv"
rate = "2% if pv >= 50 else 1% if pv >= 20 else 0"
"""
)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Whom each is below, and the points of each; some buy nothing."""
    size = draw(st.integers(2, 12))
    above = [draw(st.integers(0, row - 1)) for row in range(1, size)]
    points = draw(st.lists(st.sampled_from([0, 0, 5, 20, 35, 90]), min_size=size, max_size=size))
    return above, points


def freeze(network: tuple[list[int], list[int]], *, sells: bool = True) -> Snapshot:
    """The network with its order lines, in a binary filled row by row."""
    above, points = network
    names = [f"m{row:02d}" for row in range(len(points))]
    parents = {names[0]: "", **{names[row]: names[up] for row, up in enumerate(above, start=1)}}
    placement = {names[row]: (names[(row - 1) // 2], 2 - row % 2) for row in range(1, len(names))}
    lines = [(name, pv) for name, pv in zip(names, points, strict=True) if pv and sells]
    return snapshot(parents=parents, lines=lines, placement=placement)


def total(result: Result, bonus: str) -> Decimal:
    """All that a bonus pays."""
    return Decimal(int(result.awards[bonus].amount.sum())) / 100


@settings(max_examples=20, deadline=None)
@given(network=networks())
def test_without_order_lines_nothing_is_paid_and_nobody_sits(
    network: tuple[list[int], list[int]],
) -> None:
    result = run_plan(plan=PLAN, snapshot=freeze(network, sells=False))
    assert {name: awards.size for name, awards in result.awards.items() if awards.size} == {}
    assert [rows for rows in result.state.rows.values() if rows.size] == []


@settings(max_examples=20, deadline=None)
@given(network=networks())
def test_a_pool_hands_out_its_fund_and_nobody_has_more_than_the_bound(
    network: tuple[list[int], list[int]],
) -> None:
    """Three hundredths of the volume, or the bound of all who may be paid where that is less."""
    _above, points = network
    result = run_plan(plan=PLAN, snapshot=freeze(network))
    payees = sum(pv >= 20 for pv in points)
    fund = Decimal(sum(points) * 3) / 100
    assert total(result, "pool") == min(fund, Decimal(4 * payees))
    assert result.awards["pool"].amount.max(initial=0) <= 400


@settings(max_examples=20, deadline=None)
@given(network=networks())
def test_a_guarantee_moves_money_up_and_makes_none(network: tuple[list[int], list[int]]) -> None:
    """What is paid in all is the share of everybody who has somebody above who may be paid."""
    above, points = network
    ups = [-1, *above]
    brought = Decimal(0)
    for row, pv in enumerate(points):
        here = ups[row]
        while here >= 0 and points[here] < 10:
            here = ups[here]
        brought += pv * 7 if here >= 0 else 0
    result = run_plan(plan=PLAN, snapshot=freeze(network))
    exact = result.awards["override"].exact
    assert Decimal(int(exact.values.sum())).scaleb(-exact.places) == brought / 100
    assert (exact.values >= 0).all()


@settings(max_examples=20, deadline=None)
@given(network=networks())
def test_what_legs_had_is_paid_on_or_carried(network: tuple[list[int], list[int]]) -> None:
    result = run_plan(plan=PLAN, snapshot=freeze(network))
    tree = result.computation.tree("sponsor")
    whole = tree.sum_subtrees(result.computation.numbers("cv").values)
    had = np.where(tree.parent >= 0, whole, 0).sum()
    rows = result.state.find("pay_leg", "legs")
    carried = 0 if rows is None else int(rows.value.values.sum())
    base = result.awards["legs"].base
    assert had == carried + int(base.values.sum())


@settings(max_examples=20, deadline=None)
@given(network=networks())
def test_everybody_sits_as_often_as_seats_were_bought(
    network: tuple[list[int], list[int]],
) -> None:
    """With a new seat for whoever cycles out, nobody's number of seats changes; no board is full."""
    _above, points = network
    result = run_plan(plan=PLAN, snapshot=freeze(network))
    rows = result.state.find("seat", "board")
    seats = Counter() if rows is None else Counter(rows.member.tolist())
    assert seats == Counter({row: pv // 30 for row, pv in enumerate(points) if pv >= 30})
    boards = Counter() if rows is None else Counter(rows.leg.tolist())
    assert max(boards.values(), default=0) < 3
    # Every split pays one and makes one board more.
    assert result.awards["board"].size == max(len(boards) - 1, 0)
