"""The lines of a bank's answer, as they are written.

A table (CSV, comma or semicolon, UTF-8) with the columns `payout` (the reference, P0000057, or the
number), `result` (paid or bounced), `date` (2026-05-31) and, where wanted, `amount` (checked against what
was sent) and `reason`. Messages of the bank itself (camt.054) are not read yet.
"""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mlm_plugin.payouts.steps import PayoutError

MOST_LINES = 20_000
NEEDED = {"payout", "result", "date"}


class CannotEnter(PayoutError):
    """An answer of the bank cannot be entered; the text says where and why."""


@dataclass(frozen=True)
class Line:
    """A line of the bank's answer, as it is written."""

    number: int
    payout: str
    result: str
    day: str
    amount: str = ""
    reason: str = ""


def read_lines(content: bytes) -> list[Line]:
    """The lines of a file. Raises CannotEnter, with the line that is at fault."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotEnter(_("The file is not written in UTF-8.")) from error
    if "\0" in text:
        raise CannotEnter(_("The file is no table of text."))
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        table = list(csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise CannotEnter(_("The table cannot be read: %s") % error) from error
    names = {name.strip().lower() for name in _heading(head, delimiter)}
    if missing := sorted(NEEDED - names):
        raise CannotEnter(
            _("The table needs the columns %(needed)s; %(missing)s is missing.")
            % {"needed": ", ".join(sorted(NEEDED)), "missing": ", ".join(missing)}
        )
    if not table:
        raise CannotEnter(_("The table is empty."))
    if len(table) > MOST_LINES:
        raise CannotEnter(_("More than %s lines are too many for one file.") % MOST_LINES)
    return [_read_line(number, row) for number, row in enumerate(table, start=2)]


def _heading(head: str, delimiter: str) -> list[str]:
    """The names of the columns."""
    return next(csv.reader([head.strip()], delimiter=delimiter), [])


def _read_line(number: int, row: dict[str | None, str | list[str] | None]) -> Line:
    values = {
        key.strip().lower(): value.strip()
        for key, value in row.items()
        if isinstance(key, str) and isinstance(value, str)
    }
    return Line(
        number=number,
        payout=values.get("payout", ""),
        result=values.get("result", "").lower(),
        day=values.get("date", ""),
        amount=values.get("amount", ""),
        reason=values.get("reason", ""),
    )
