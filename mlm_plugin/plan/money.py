"""Whole numbers of the smallest unit, and the one place where anything is rounded.

Points are in 1/100 point, money in the currency's smallest unit. No float comes in or goes out.
"""

from decimal import Decimal, InvalidOperation

POINT_PLACES = 2


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
