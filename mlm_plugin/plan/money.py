"""Whole numbers of the smallest unit, and the one place where anything is rounded.

Points are in 1/100 point, money in the currency's smallest unit. No float comes in or goes out.
"""

from decimal import Decimal, InvalidOperation
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

POINT_PLACES = 2

# Whole numbers of one kind, a row each.
Column = NDArray[np.int64]


def to_minor(amount: Decimal, *, places: int = 2) -> int:
    """A decimal amount as a whole number of the smallest unit, exactly.

    Raises ValueError when the amount is no finite number or has more decimals than `places`.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is not a number")
    scaled = amount.scaleb(places)
    whole = int(scaled)
    if scaled != whole:
        raise ValueError(f"{amount} has more than {places} decimal places")
    return whole


def from_minor(amount: int, *, places: int = 2) -> Decimal:
    """The decimal amount of a whole number of the smallest unit."""
    return Decimal(amount).scaleb(-places)


def parse_points(text: str) -> int:
    """Points as a person writes them ("12.5", "1 200,50") in 1/100 point.

    Raises ValueError, with a text a person can read, for anything that is not a number of points.
    """
    cleaned = text.strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    cleaned = cleaned.replace("\N{NARROW NO-BREAK SPACE}", "").replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(
            f"“{text.strip()[:40]}” is not a number of points, such as 12.50"
        ) from None
    return to_minor(value, places=POINT_PLACES)


def format_points(amount: int) -> str:
    """Points in 1/100 as plain text with two decimals: 1250 is "12.50"."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**POINT_PLACES)
    return f"{sign}{whole}.{rest:0{POINT_PLACES}d}"


def divide_half_even(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves to the even neighbour.

    Raises ValueError when the denominator is not above zero.
    """
    if denominator <= 0:
        raise ValueError("the denominator must be above zero")
    quotient, rest = divmod(numerator, denominator)
    doubled = 2 * rest
    if doubled > denominator or (doubled == denominator and quotient % 2 == 1):
        quotient += 1
    return quotient


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient of two amounts not below zero, rounded to the nearest whole number, halves up.

    As tax offices round. Raises ValueError for a numerator below zero or a denominator not above it.
    """
    if denominator <= 0 or numerator < 0:
        raise ValueError("the numerator must not be below zero, the denominator above it")
    return (2 * numerator + denominator) // (2 * denominator)


def scale(amount: int, *, part: int, whole: int) -> int:
    """`amount` × `part` / `whole`, rounded half to even: CV after a discount, say."""
    return divide_half_even(amount * part, whole)


def share_of_pieces(amount: int, *, pieces: int, before: int, taken: int) -> int:
    """What `taken` more of `pieces` pieces carry of `amount`, after `before` pieces were taken.

    Pieces taken one by one, in any portions, add up to exactly `amount`: 1.00 point on 3 pieces
    goes as 0.33, 0.34, 0.33. Raises ValueError when more is taken than there is.
    """
    if not 0 <= before <= before + taken <= pieces:
        raise ValueError(f"{taken} more pieces after {before} of {pieces}")
    return scale(amount, part=before + taken, whole=pieces) - scale(
        amount, part=before, whole=pieces
    )


class Rounding(StrEnum):
    """How a value between two whole numbers is rounded; a plan names one of these."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    DOWN = "down"
    FLOOR = "floor"
    CEILING = "ceiling"


def round_column(values: Column, *, divisor: int, mode: Rounding = Rounding.HALF_EVEN) -> Column:
    """Each value divided by `divisor` and rounded; halves go away from zero with `half_up`.

    Sums printed by companies are only met with the mode they use, so plans declare it (plan
    catalogue, 1.16). Raises ValueError when the divisor is not above zero.
    """
    if divisor <= 0:
        raise ValueError("the divisor must be above zero")
    if divisor == 1:
        return values
    if mode is Rounding.FLOOR:
        return values // divisor
    if mode is Rounding.CEILING:
        return -(-values // divisor)
    rest = np.abs(values)
    # Dividing a column by one number is much faster than taking quotient and rest together.
    whole = rest // divisor
    rest -= whole * divisor
    if mode is Rounding.HALF_UP:
        whole += rest >= divisor - divisor // 2
    elif mode is not Rounding.DOWN:
        whole += rest > divisor // 2
        if mode is Rounding.HALF_EVEN and divisor % 2 == 0:
            whole += (rest == divisor // 2) & (whole % 2 == 1)
    negative = values < 0
    return np.where(negative, -whole, whole) if negative.any() else np.asarray(whole)


def share_out(weights: Column, *, groups: Column, totals: Column) -> Column:
    """Split each group's total over its rows by weight, exactly, by largest remainder.

    `groups` says for each row which of `totals` it shares; rows of one group need not stand
    together. Each row first gets its share rounded towards zero, then the missing units go one by
    one to the largest remainders, earlier rows first where they are equal. A group whose weights
    are all zero gives everything to its first row. Weights must not be negative.
    """
    sums = np.zeros(len(totals), dtype=np.int64)
    np.add.at(sums, groups, weights)
    first_of = np.full(len(totals), len(groups), dtype=np.int64)
    np.minimum.at(first_of, groups, np.arange(len(groups)))
    weights = weights.copy()
    empty = (sums == 0) & (first_of < len(groups))
    weights[first_of[empty]] = 1
    sums[empty] = 1
    sizes, signs = np.abs(totals), np.sign(totals)
    shares, rests = multiply_divide(sizes[groups], weights, sums[groups])
    given = np.zeros(len(totals), dtype=np.int64)
    np.add.at(given, groups, shares)
    missing = np.where(sums > 0, sizes - given, 0)
    # Remainders are compared inside one group only, where the divisor is the same.
    order = np.lexsort((np.arange(len(groups)), -rests, groups))
    starts = np.searchsorted(groups[order], np.arange(len(totals)))
    places = np.arange(len(groups)) - starts[groups[order]]
    shares[order] += places < missing[groups[order]]
    return shares * signs[groups]


def share_signed(totals: Column, *, weights: Column, groups: Column) -> Column:
    """As `share_out`, for weights of either sign: goods and their return in one base, say.

    Shares of a group add up to its total exactly. Where the weights of a group add up to nothing,
    its first row has the whole.
    """
    sums = np.zeros(len(totals), dtype=np.int64)
    np.add.at(sums, groups, weights)
    turned = np.where(sums < 0, -1, 1)
    weights, sums = weights * turned[groups], np.abs(sums)
    first_of = np.full(len(totals), len(groups), dtype=np.int64)
    np.minimum.at(first_of, groups, np.arange(len(groups)))
    empty = (sums == 0) & (first_of < len(groups))
    if empty.any():
        weights[empty[groups]] = 0
        weights[first_of[empty]] = 1
        sums[empty] = 1
    sizes, signs = np.abs(totals), np.sign(totals)
    shares, rests = multiply_divide(sizes[groups], np.abs(weights), sums[groups])
    # Rounded down on both sides of nothing, so that what is missing is never less than nothing.
    below = (weights < 0) & (rests > 0)
    shares = np.where(weights < 0, -shares, shares) - below
    rests = np.where(below, sums[groups] - rests, rests)
    given = np.zeros(len(totals), dtype=np.int64)
    np.add.at(given, groups, shares)
    missing = np.where(first_of < len(groups), sizes - given, 0)
    order = np.lexsort((np.arange(len(groups)), -rests, groups))
    starts = np.searchsorted(groups[order], np.arange(len(totals)))
    places = np.arange(len(groups)) - starts[groups[order]]
    shares[order] += places < missing[groups[order]]
    return shares * signs[groups]


def multiply_divide(factors: Column, others: Column, divisors: Column) -> tuple[Column, Column]:
    """Whole quotient and rest of `factors` × `others` / `divisors`, none of them negative.

    Exact where the product leaves 64 bits: those rows are worked with Python's whole numbers.
    """
    largest = int(factors.max(initial=0)) * int(others.max(initial=0))
    if largest < 2**63:
        quotients, rests = np.divmod(factors * others, divisors)
        return quotients, rests
    products = factors.astype(object) * others.astype(object)
    quotients, rests = products // divisors, products % divisors
    return quotients.astype(np.int64), rests.astype(np.int64)
