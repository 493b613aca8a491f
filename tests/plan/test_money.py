"""Whole numbers in, whole numbers out, rounded in one place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlm_plugin.plan.money import (
    divide_half_even,
    divide_half_up,
    format_points,
    from_minor,
    parse_points,
    scale,
    share_of_pieces,
    to_minor,
)


@pytest.mark.parametrize(
    ("text", "points"),
    [("12.5", 1250), ("12,50", 1250), ("1 200,05", 120_005), (" 0 ", 0), ("-3", -300)],
)
def test_points_are_read_as_people_write_them(text: str, points: int) -> None:
    assert parse_points(text) == points


@pytest.mark.parametrize("text", ["", "twelve", "1.234", "NaN", "Infinity", "1.2.3"])
def test_what_is_not_a_number_of_points_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|decimal places"):
        parse_points(text)


def test_points_are_written_with_two_decimals() -> None:
    assert [format_points(n) for n in (1250, 5, 0, -5)] == ["12.50", "0.05", "0.00", "-0.05"]


def test_halves_go_to_the_even_neighbour() -> None:
    assert [divide_half_even(n, 2) for n in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


def test_tax_offices_round_halves_up() -> None:
    assert [divide_half_up(n, 2) for n in (0, 1, 2, 3, 5)] == [0, 1, 1, 2, 3]
    assert [divide_half_up(n, 3) for n in (1, 2)] == [0, 1]
    for wrong in ((1, 0), (-1, 2)):
        with pytest.raises(ValueError, match="below zero"):
            divide_half_up(*wrong)


def test_a_denominator_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="denominator"):
        divide_half_even(1, 0)


def test_a_discount_of_a_third_takes_a_third() -> None:
    """30.00 points at 20.00 paid of 30.00: 3000 × 2000 / 3000 = 2000."""
    assert scale(3000, part=2000, whole=3000) == 2000


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_minor_units_and_back_are_the_same_amount(amount: Decimal) -> None:
    assert from_minor(to_minor(amount)) == amount


@given(amount=st.integers(0, 10**9), portions=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_pieces_taken_in_any_portions_add_up_exactly(amount: int, portions: list[int]) -> None:
    pieces, before, shares = sum(portions), 0, []
    for taken in portions:
        shares.append(share_of_pieces(amount, pieces=pieces, before=before, taken=taken))
        before += taken
    assert sum(shares) == amount
    assert min(shares) >= 0


def test_more_pieces_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="more pieces"):
        share_of_pieces(100, pieces=3, before=2, taken=2)
