"""Cycles and pairs of a binary: how often both legs hold what a cycle takes (plan catalogue, 1.8)."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench
from mlm_plugin.plan.document.bonuses import LegMatch
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Truths

FIRST_PAIR = "first_pair"
ONE_TO_ONE = (Decimal(1), Decimal(1))


@dataclass(frozen=True)
class Cycles:
    """Per position the number of cycles, what they take per leg, and whether a first pair is one.

    `over` is how many cycles more the legs hold than the position may have, and `over_taken` what
    those would take besides.
    """

    count: Column
    taken: Column
    first: Truths
    over: Column
    over_taken: Column


def find_cycles(bench: Bench, bonus: LegMatch, legs: Column, places: int) -> Cycles:
    """How many cycles each position has, and what they take from each leg (a row per leg)."""
    bound = bench.optional("most_cycles")
    unbound = np.full(legs.shape[1], 2**62, dtype=np.int64)
    count, taken, first = _count_cycles(bench, bonus, legs, places, unbound)
    if bound is None:
        return Cycles(count, taken, first, np.zeros_like(count), np.zeros_like(taken))
    most = as_numbers(bound, bench.all).to_places(0).spread(legs.shape[1])
    # The cycles that are allowed are the first of those there would be.
    allowed, of_allowed, first = _count_cycles(bench, bonus, legs, places, np.maximum(most, 0))
    return Cycles(allowed, of_allowed, first, count - allowed, taken - of_allowed)


def _count_cycles(
    bench: Bench, bonus: LegMatch, legs: Column, places: int, most: Column
) -> tuple[Column, Column, Truths]:
    """At most so many cycles of each position, what they take from each leg, and the first pairs.

    The stronger leg is decided again before each cycle. While one leg stays stronger its cycles are
    counted at once; after the legs have met they take turns, and two cycles take the same from
    both, which is counted at once as well.
    """
    strong, weak = _scaled(bonus.cycle or ONE_TO_ONE, places)
    left = np.maximum(legs.copy(), 0)
    first = _take_first_pairs(bench, bonus, left, most, places)
    most = most - first
    cycles = np.zeros(legs.shape[1], dtype=np.int64)

    def take(rows: Rows, count: Column) -> None:
        stronger = (left[1, rows] > left[0, rows]).astype(np.int64)
        left[stronger, rows] -= strong * count
        left[1 - stronger, rows] -= weak * count
        cycles[rows] += count

    everybody = np.arange(legs.shape[1])
    high, low = left.max(axis=0), left.min(axis=0)
    count = np.minimum(high // strong, low // weak)
    if strong != weak:
        count = np.minimum(count, np.maximum((high - low) // abs(strong - weak), 0))
    take(everybody, np.clip(np.minimum(count, most), 0, None))
    if strong != weak:
        both = np.clip(left.min(axis=0) // (strong + weak) - 1, 0, (most - cycles) // 2)
        left -= (strong + weak) * both
        cycles += 2 * both
    while True:
        high, low = left.max(axis=0), left.min(axis=0)
        rows = np.flatnonzero((high >= strong) & (low >= weak) & (cycles < most))
        if not len(rows):
            if bonus.combined:
                _take_combined(left, cycles, most, strong, weak)
            return cycles + first, np.maximum(legs, 0) - left, first
        take(rows, np.ones(len(rows), dtype=np.int64))


def _take_combined(left: Column, cycles: Column, most: Column, strong: int, weak: int) -> None:
    """The one more cycle there may be where both legs hold less than the stronger one gives."""
    high, low = left.max(axis=0), left.min(axis=0)
    rows = np.flatnonzero((low >= weak) & (high + low >= strong + weak) & (cycles < most))
    stronger = (left[1, rows] > left[0, rows]).astype(np.int64)
    left[stronger, rows] -= high[rows]
    left[1 - stronger, rows] -= strong + weak - high[rows]
    cycles[rows] += 1


def _take_first_pairs(
    bench: Bench, bonus: LegMatch, left: Column, most: Column, places: int
) -> Truths:
    """Take the first pair ever, where it has not been paid yet, from the legs as they are left."""
    if bonus.first_pair is None:
        return np.zeros(left.shape[1], dtype=bool)
    strong, weak = _scaled(bonus.first_pair, places)
    first: Truths = (left.max(axis=0) >= strong) & (left.min(axis=0) >= weak) & (most > 0)
    first &= ~had_first_pair(bench)
    rows = np.flatnonzero(first)
    stronger = (left[1, rows] > left[0, rows]).astype(np.int64)
    left[stronger, rows] -= strong
    left[1 - stronger, rows] -= weak
    return first


def had_first_pair(bench: Bench) -> Truths:
    """Who was paid a first pair in an earlier period."""
    had = np.zeros(bench.computation.size, dtype=bool)
    rows = bench.computation.snapshot.earlier.state.find(FIRST_PAIR, bench.name)
    if rows is not None:
        had[rows.member] = True
    return had


def _scaled(pair: tuple[Decimal, Decimal], places: int) -> tuple[int, int]:
    strong, weak = (int(Numbers.constant(each).to_places(places).values) for each in pair)
    return strong, weak
