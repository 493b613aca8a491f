"""How an amount is written and read: whole numbers of the smallest unit inside, decimals outside."""

from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mlm_plugin.plan.money import from_minor, to_minor


class NotAnAmount(ValueError):
    """What was typed is no amount of the currency; the text says what would be."""


def write_money(amount: int, currency: str) -> str:
    """An amount in the reader's notation: 123450 EUR is "1,234.50 EUR", in Russian "1 234,50 EUR"."""
    places = get_currency_precision(currency)
    number = number_format(from_minor(amount, places=places), places, force_grouping=True)
    return f"{number}\N{NO-BREAK SPACE}{currency}"


def write_plain(amount: int, currency: str) -> str:
    """An amount for files: 123450 EUR is "1234.50"."""
    return f"{from_minor(amount, places=get_currency_precision(currency)):f}"


def read_money(text: str, *, currency: str) -> int:
    """An amount as a person writes it ("12.5", "1 200,50") in the smallest unit.

    Raises NotAnAmount, with words for that person.
    """
    cleaned = "".join(text.split()).replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    places = get_currency_precision(currency)
    try:
        amount = to_minor(Decimal(cleaned), places=places)
    except (InvalidOperation, ValueError) as error:
        example = from_minor(12_50 if places else 12, places=places)
        raise NotAnAmount(
            _("“%(text)s” is no amount in %(currency)s, such as %(example)s.")
            % {"text": text.strip()[:40], "currency": currency, "example": example}
        ) from error
    if abs(amount) >= 10**15:
        raise NotAnAmount(_("That is too much."))
    return amount
