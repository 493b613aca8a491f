"""Passes over trees against plain recursion, on any shape, deep lines included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.trees import Loop, Tree


@st.composite
def parents(draw: st.DrawFn) -> list[int]:
    """Parents by row in a mixed order, several roots included."""
    size = draw(st.integers(1, 25))
    rows = draw(st.permutations(range(size)))
    above = [-1] * size
    for place in range(1, size):
        parent = draw(st.integers(-1, place - 1))
        above[rows[place]] = rows[parent] if parent >= 0 else -1
    return above


def uplines(parent: list[int], row: int) -> list[int]:
    """Everybody above, nearest first."""
    above = []
    while parent[row] >= 0:
        row = parent[row]
        above.append(row)
    return above


@settings(deadline=None)
@given(parents(), st.data())
def test_every_pass_is_what_walking_gives(parent: list[int], data: st.DataObject) -> None:
    size = len(parent)
    values = data.draw(st.lists(st.integers(-9, 99), min_size=size, max_size=size))
    chosen = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    column, truths = np.array(values), np.array(chosen)
    tree = Tree(np.array(parent))
    above = [uplines(parent, row) for row in range(size)]
    below = [[each for each in range(size) if row in {each, *above[each]}] for row in range(size)]

    assert tree.depth.tolist() == [len(each) for each in above]
    sums = [sum(values[each] for each in rows) for rows in below]
    assert tree.gather(column).tolist() == sums
    assert tree.sum_subtrees(column).tolist() == sums
    assert tree.nearest_above(truths).tolist() == [
        next((each for each in rows if chosen[each]), -1) for rows in above
    ]
    assert [sorted(tree.subtree(row).tolist()) for row in range(size)] == below
    assert tree.sum_levels(column, first=1, last=2).tolist() == [
        sum(values[each] for each in rows if 1 <= len(above[each]) - len(above[row]) <= 2)
        for row, rows in enumerate(below)
    ]
    assert tree.sum_group(column, boundary=truths).tolist() == [
        sum(
            values[each]
            for each in rows
            if not any(chosen[node] for node in path(parent, each, row))
        )
        for row, rows in enumerate(below)
    ]
    assert tree.gather_with(column, np.maximum).tolist() == [
        max(values[each] for each in rows) for rows in below
    ]


def path(parent: list[int], row: int, top: int) -> list[int]:
    """Everybody from a row up to, and without, one above it."""
    steps = []
    while row != top:
        steps.append(row)
        row = parent[row]
    return steps


def test_legs_come_by_falling_value_and_equal_ones_in_row_order() -> None:
    tree = Tree(np.array([-1, 0, 0, 0]))
    heads, ranks, values = tree.legs_descending(np.array([9, 5, 7, 5]))
    assert (heads.tolist(), ranks.tolist(), values.tolist()) == ([0] * 3, [0, 1, 2], [7, 5, 5])


def test_a_circle_is_refused_and_names_somebody_in_it() -> None:
    with pytest.raises(Loop) as refused:
        Tree(np.array([-1, 2, 3, 1, 0]))
    assert refused.value.member in {1, 2, 3}


def test_a_line_fifty_thousand_deep_is_summed() -> None:
    tree = Tree(np.arange(50_000) - 1)
    assert tree.deepest == 49_999
    assert tree.sum_subtrees(np.ones(50_000, dtype=np.int64))[0] == 50_000
