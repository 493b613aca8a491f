"""How points are written for a reader."""

from decimal import Decimal

from django.utils.formats import number_format

from mlm_plugin.plan.money import POINT_PLACES, from_minor


def write_points(amount: int) -> str:
    """Points in 1/100 in the reader's notation: 123450 is "1,234.50", 1200 is "12"."""
    return _write(from_minor(amount, places=POINT_PLACES))


def write_signed_points(amount: int) -> str:
    """The same with a sign, for what came and went: "+12", "−3.50"."""
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return sign + _write(abs(from_minor(amount, places=POINT_PLACES)))


def _write(value: Decimal) -> str:
    places = 0 if value == value.to_integral_value() else POINT_PLACES
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
