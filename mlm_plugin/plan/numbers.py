"""Columns of exact decimal numbers: 64-bit whole numbers that share a number of decimal places.

Everything a plan computes with (points, money, rates, counts) is such a column. Adding and
multiplying are exact; what would leave 64 bits is an error, never a wrong number. Division is the
one inexact operation and says how it rounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.money import Column, Rounding, round_column

# A quotient has this many decimals, halves to even.
QUOTIENT_PLACES = 9
MOST_PLACES = 18
LARGEST = 2**63 - 1


class TooLarge(ArithmeticError):
    """A number would not fit into 64 bits; `place` is the part of the plan that was worked."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place

    def at(self, place: str) -> "TooLarge":
        """The same mistake with its place, unless a part further inside has named its own."""
        return self if self.place else TooLarge(str(self), place=place)


@dataclass(frozen=True)
class Numbers:
    """`values` in units of 10 to the power of minus `places`; one value stands for all rows."""

    values: Column
    places: int = 0

    @classmethod
    def constant(cls, number: int | Decimal) -> "Numbers":
        """A single number for all rows, with the places it is written with."""
        decimal = Decimal(number)
        exponent = decimal.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        if places > MOST_PLACES:
            raise TooLarge(f"{number} has more than {MOST_PLACES} decimal places")
        # Asked before it is written out: 1e999999 has a million digits.
        if decimal and decimal.adjusted() > MOST_PLACES:
            raise TooLarge("a number is too large for 64 bits; use fewer decimal places")
        return cls(np.array(_fit(int(decimal.scaleb(places))), dtype=np.int64), places)

    @staticmethod
    def places_of(number: Decimal) -> int:
        """How many decimals a written number needs: one for 0.50."""
        return Numbers.constant(number.normalize()).places

    def at(self, rows: NDArray[np.intp]) -> "Numbers":
        """The numbers of some rows."""
        return self if self.values.ndim == 0 else Numbers(self.values[rows], self.places)

    def spread(self, count: int) -> Column:
        """The values, one for each of `count` rows."""
        return np.broadcast_to(self.values, (count,)) if self.values.ndim == 0 else self.values

    def to_places(self, places: int, mode: Rounding = Rounding.HALF_EVEN) -> "Numbers":
        """The same numbers with more places, or rounded to fewer."""
        if places == self.places:
            return self
        if places < self.places:
            divisor = 10 ** (self.places - places)
            return Numbers(round_column(self.values, divisor=divisor, mode=mode), places)
        return Numbers(_times(self.values, 10 ** (places - self.places)), places)

    def __add__(self, other: "Numbers") -> "Numbers":
        left, right, places = align(self, other)
        _fit(largest(left) + largest(right))
        return Numbers(left + right, places)

    def __sub__(self, other: "Numbers") -> "Numbers":
        return self + (-other)

    def __neg__(self) -> "Numbers":
        return Numbers(-self.values, self.places)

    def __mul__(self, other: "Numbers") -> "Numbers":
        left, right = self.trimmed(), other.trimmed()
        _fit(largest(left.values) * largest(right.values))
        return Numbers(left.values * right.values, left.places + right.places).within_places()

    def __truediv__(self, other: "Numbers") -> "Numbers":
        """The quotient; nothing divided by nothing, and anything by nothing, is zero."""
        left, right = self.trimmed(), other.trimmed()
        shift = QUOTIENT_PLACES + right.places - left.places
        numerators, denominators = left.values, right.values
        if shift >= 0:
            numerators = _times(numerators, 10**shift)
        else:
            denominators = _times(denominators, 10**-shift)
        signs = np.sign(numerators) * np.sign(denominators)
        divisors = np.maximum(np.abs(denominators), 1)
        whole, rest = np.divmod(np.abs(numerators), divisors)
        missing = divisors - rest
        whole += (rest > missing) | ((rest == missing) & (whole % 2 == 1))
        return Numbers(np.where(denominators == 0, 0, whole * signs), QUOTIENT_PLACES).trimmed()

    def trimmed(self) -> "Numbers":
        """The same numbers with the fewest places all rows can do with; for constants and rates."""
        places, values = self.places, self.values
        if values.ndim:
            return self
        while places and int(values) % 10 == 0:
            places, values = places - 1, values // 10
        return Numbers(np.array(values, dtype=np.int64), places)

    def within_places(self) -> "Numbers":
        """The same numbers, rounded where they have more places than anything needs."""
        return self if self.places <= MOST_PLACES else self.to_places(MOST_PLACES)

    def compare(
        self, other: "Numbers", test: Callable[[Column, Column], NDArray[np.bool_]]
    ) -> NDArray[np.bool_]:
        """Row by row, exactly."""
        left, right, _places = align(self, other)
        return np.asarray(test(left, right))


def align(left: Numbers, right: Numbers) -> tuple[Column, Column, int]:
    """The values of both with the same number of places, and that number."""
    places = max(left.places, right.places)
    return left.to_places(places).values, right.to_places(places).values, places


def extreme(numbers: list[Numbers], pick: Callable[[Column, Column], Column]) -> Numbers:
    """Row by row the smallest or largest of several columns: `pick` is np.minimum or np.maximum."""

    def of_two(left: Numbers, right: Numbers) -> Numbers:
        ours, theirs, places = align(left, right)
        return Numbers(pick(ours, theirs), places)

    return reduce(of_two, numbers)


def plain_number(value: int, places: int) -> str:
    """One value of a column as a decimal without zeros that say nothing: 500 with 2 places is 5."""
    text = f"{Decimal(value).scaleb(-places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_sum(values: Column) -> Column:
    """The values, if all of them together fit into 64 bits. Raises TooLarge."""
    if largest(values) * values.size > LARGEST:
        _fit(int(np.abs(values.astype(np.float64)).sum()))
    return values


def add_up(values: Column, *, groups: NDArray[np.int64], count: int) -> Column:
    """The sum of each of `count` groups. Raises TooLarge, where NumPy would begin again below zero."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups, values)
    if largest(values) * values.size > LARGEST:
        sizes = np.zeros(count, dtype=np.float64)
        np.add.at(sizes, groups, np.abs(values.astype(np.float64)))
        _fit(int(sizes.max()))
    return sums


def largest(values: Column) -> int:
    """The largest size in a column, as a Python number."""
    if values.size == 0:
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def _times(values: Column, factor: int) -> Column:
    _fit(largest(values) * factor)
    return values * np.int64(factor)


def _fit(size: int) -> int:
    if abs(size) > LARGEST:
        raise TooLarge("a number is too large for 64 bits; use fewer decimal places")
    return size
