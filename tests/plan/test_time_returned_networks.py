"""What returns take, on random networks: never more than was given, and nothing once undone."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.carrying_on import carry_on
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.snapshot import Lines, Snapshot
from tests.plan.networks import HEAD, SPONSOR, VOLUMES, period, snapshot

PLAN = load_plan(
    HEAD
    + SPONSOR
    + VOLUMES
    + """
[metrics.gv]
value = "total(pv, subtree)"
[tables.levels]
levels = ["7%", "3.3%"]
[tables.steps]
on = "gv"
steps = [[50, "4%"], [200, "9%"]]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "levels(level)"
[bonuses.difference]
kind = "differential"
base = "cv"
rate = "steps"
[bonuses.match]
kind = "matching"
of = ["team", "difference"]
generations = 2
rate = "25%"
[returns]
later_period = "reverse"
"""
)
MONTHS = ("2026-01", "2026-02", "2026-03")
Sales = list[tuple[int, int, list[int]]]


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, str], Sales]:
    """Parents of lower number, and sales: who, how much, and the parts of it given back in time."""
    size = draw(st.integers(2, 6))
    parents = {"m0": ""}
    for number in range(1, size):
        parents[f"m{number}"] = f"m{draw(st.integers(0, number - 1))}"
    sale = st.tuples(
        st.integers(0, size - 1), st.integers(1, 30_000),
        st.lists(st.integers(0, 100), min_size=1, max_size=2),
    )  # fmt: skip
    return parents, draw(st.lists(sale, min_size=1, max_size=5))


def months(parents: dict[str, str], sales: Sales, *, undone: bool) -> list[Result]:
    """January sells; February and March give back percentages of it; undone, March sells it again."""
    frozen = snapshot(parents=parents, lines=[(f"m{who}", f"{pv / 100}") for who, pv, _p in sales])
    rows: list[tuple[int, int, int]] = []
    for row, (_who, points, parts) in enumerate(sales):
        back = [points * part // 100 for part in parts]
        rows.append((row, 1, -back[0]))
        if undone:
            rows.append((row, 2, back[0]))
        elif len(back) > 1:
            rows.append((row, 2, -back[1]))
    lines = with_refunds(frozen, rows)
    earlier, results = Earlier(), []
    for month in MONTHS:
        result = run_plan(
            plan=PLAN,
            snapshot=replace(frozen, period=period(month), lines=lines, earlier=earlier),
        )
        earlier = carry_on(result)
        results.append(result)
    return results


def with_refunds(frozen: Snapshot, refunds: list[tuple[int, int, int]]) -> Lines:
    """The lines with refunds behind them: of which row, in which month, and how much."""
    lines, count = frozen.lines, frozen.lines.size
    of = np.array([row for row, _month, _value in refunds], dtype=np.int64)
    day = [period(MONTHS[month]).days[1] for _row, month, _value in refunds]
    values = np.array([value for _row, _month, value in refunds], dtype=np.int64)
    numbers = {
        name: Numbers(np.concatenate((column.to_places(2).values, values)), 2)
        for name, column in lines.numbers.items()
    }
    return Lines(
        np.concatenate((lines.orders, [f"r{row:05d}" for row in range(len(of))])),
        np.concatenate((lines.lines, np.full(len(of), "1"))),
        np.concatenate((lines.member, lines.member[of])),
        np.concatenate((lines.day, np.array(day, dtype=np.int64))),
        np.concatenate((lines.buyer, lines.buyer[of])),
        numbers,
        refund_of=np.concatenate((np.full(count, -1, dtype=np.int64), of)),
    )


def earned(results: list[Result], bonus: str) -> np.ndarray:
    """What each member got by a bonus, a row per month."""
    return np.stack([result.totals()[bonus] for result in results])


@given(networks())
@settings(max_examples=40, deadline=None)
def test_returns_take_no_more_than_was_given(drawn: tuple[dict[str, str], Sales]) -> None:
    results = months(*drawn, undone=False)
    for bonus in ("team", "difference", "match"):
        amounts = earned(results, bonus)
        assert (amounts[1:] <= 0).all()
        assert (amounts.sum(axis=0) >= 0).all()


@given(networks())
@settings(max_examples=40, deadline=None)
def test_a_return_that_is_undone_leaves_everything_as_it_was(
    drawn: tuple[dict[str, str], Sales],
) -> None:
    results = months(*drawn, undone=True)
    for bonus in ("team", "difference", "match"):
        amounts = earned(results, bonus)
        assert (amounts[1] == -amounts[2]).all()
    assert results[2].state.find("returned", "cv") is not None
    returned = results[2].state.find("returned", "cv")
    assert returned is not None
    assert returned.size == 0


@given(networks())
@settings(max_examples=30, deadline=None)
def test_everything_given_back_takes_everything_back(drawn: tuple[dict[str, str], Sales]) -> None:
    parents, sales = drawn
    whole = [(who, points, [100]) for who, points, _parts in sales]
    results = months(parents, whole, undone=False)
    for bonus in ("team", "difference", "match"):
        assert (earned(results, bonus).sum(axis=0) == 0).all()
