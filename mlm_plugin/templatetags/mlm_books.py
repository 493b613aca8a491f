"""How the money of the books looks on a page."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

from mlm_plugin.plan.money import from_minor

register = template.Library()


@register.simple_tag
def money(amount: int, of: Any) -> str:
    """An amount in the smallest unit, in currency and decimals `of` a run, or of a dict with both."""
    known = of if isinstance(of, dict) else vars(of)
    return write_money(amount, currency=known["currency"], places=known["places"])


@register.filter
def percent(value: Decimal | None) -> str:
    """A share in percent with one decimal; a dash where there is nothing to divide by."""
    return "–" if value is None else f"{number_format(value, 1)} %"


def write_money(amount: int, *, currency: str, places: int) -> str:
    """An amount in the smallest unit as the language of the page writes it."""
    number = number_format(from_minor(amount, places=places), places, force_grouping=True)
    return f"{number}\u00a0{currency}"
