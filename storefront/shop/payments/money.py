"""Between Oscar's decimals and the whole smallest units that providers and our tables speak."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from mlm_plugin.plan.money import from_minor, to_minor


def minor_units(amount: Decimal, *, currency: str) -> int:
    """A price in the currency's smallest unit; ValueError if it has more places than that."""
    return to_minor(amount, places=get_currency_precision(currency))


def price(amount: int, *, currency: str) -> Decimal:
    """An amount in the smallest unit as Oscar's decimal."""
    return from_minor(amount, places=get_currency_precision(currency))
