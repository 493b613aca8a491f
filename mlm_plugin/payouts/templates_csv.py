"""A bank's own table: columns, delimiter and encoding are data (`conf.payouts.CsvTemplate`)."""

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from text_unidecode import unidecode

from mlm_plugin.payouts.money import write_plain

if TYPE_CHECKING:
    from mlm_plugin.payouts.files import Order, Payment

# A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _write_amount(order: "Order", payment: "Payment") -> str:
    plain = write_plain(payment.amount, order.batch.currency)
    return plain.replace(".", order.settings.csv.decimal)


Column = Callable[["Order", "Payment"], str]
# The names are those of `conf.payouts.COLUMNS`.
COLUMNS: dict[str, Column] = {
    "number": lambda order, payment: str(payment.number),
    "reference": lambda order, payment: payment.reference,
    "date": lambda order, payment: order.batch.execute_on.isoformat(),
    "name": lambda order, payment: payment.to.holder,
    "account": lambda order, payment: payment.to.account,
    "bank_code": lambda order, payment: payment.to.bank_code,
    "country": lambda order, payment: payment.to.country,
    "amount": _write_amount,
    "amount_minor": lambda order, payment: str(payment.amount),
    "currency": lambda order, payment: order.batch.currency,
    "description": lambda order, payment: payment.description,
    "member": lambda order, payment: payment.member_code,
}


def make_file(order: "Order") -> bytes:
    """The table for all payments of an order, a heading first."""
    template = order.settings.csv
    text = io.StringIO()
    table = csv.writer(text, delimiter=template.delimiter, lineterminator="\r\n")
    table.writerow(heading for heading, _name in template.columns)
    for payment in order.payments:
        table.writerow(
            _harmless(COLUMNS[name](order, payment)) for _heading, name in template.columns
        )
    return _encode(text.getvalue(), template.encoding)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _encode(text: str, encoding: str) -> bytes:
    """Letters that the encoding lacks are written by the nearest ones it has."""
    return b"".join(_encode_letter(letter, encoding) for letter in text)


def _encode_letter(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        nearest: str = unidecode(letter)
        return nearest.encode(encoding, errors="replace")
