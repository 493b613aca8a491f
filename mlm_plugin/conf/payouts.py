"""`MLM["PAYOUTS"]`: in which currencies money leaves wallets, from how much on, when, and at what fee.

One dict per currency, amounts in its smallest unit: `{"EUR": {"minimum": 1000, "fee": 100}}`. What a
key means stands at `PayoutSettings`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import get_currency_precision
from django.core.exceptions import ImproperlyConfigured
from stdnum import iban
from stdnum.exceptions import ValidationError

from mlm_plugin.conf import get_setting

LAST_DAY_OF_EVERY_MONTH = 28
SEPA, CSV = FILES = ("sepa", "csv")
# What a column of a CSV file can hold; `templates_csv` fills it.
COLUMNS = (
    "number", "reference", "date", "name", "account", "bank_code", "country", "amount",
    "amount_minor", "currency", "description", "member",
)  # fmt: skip


@dataclass(frozen=True)
class CsvTemplate:
    """A bank's own table: pairs of heading and column (see `COLUMNS`), and how it is written.

    `encoding` is one of Python's; a letter it does not have is written as a question mark's neighbour
    without accents where there is one. `decimal` stands between units and cents.
    """

    columns: tuple[tuple[str, str], ...] = (
        ("reference", "reference"),
        ("name", "name"),
        ("account", "account"),
        ("bank_code", "bank_code"),
        ("amount", "amount"),
        ("currency", "currency"),
        ("description", "description"),
    )
    delimiter: str = ";"
    decimal: str = "."
    encoding: str = "utf-8"


@dataclass(frozen=True)
class PayoutSettings:
    """The checked setting of one currency; amounts in its smallest unit.

    `minimum`: the least that is paid out at once. `fee`: taken off each payout. `bounce_fee`: kept
    when the bank sends a payment back. `day`: from this day of the month on everybody with the minimum
    in the wallet is paid without asking (0: only on request). `delay_days`: how long a changed bank
    account waits. `files`: what a batch gives to the bank ("sepa", "csv"). `name`, `iban`, `bic`: the
    account the company pays from. `schema`: the message of the SEPA file. `csv`: the bank's table.
    """

    currency: str
    minimum: int = 1_000
    fee: int = 0
    bounce_fee: int = 0
    day: int = 0
    delay_days: int = 7
    files: tuple[str, ...] = (CSV,)
    name: str = ""
    iban: str = ""
    bic: str = ""
    schema: str = "pain.001.001.03"
    csv: CsvTemplate = field(default_factory=CsvTemplate)

    @property
    def places(self) -> int:
        """How many decimals the currency has."""
        return get_currency_precision(self.currency)


def list_payout_currencies() -> list[str]:
    """The currencies that are paid out, in the order of the setting."""
    return list(_chosen())


def get_payout_settings(*, currency: str) -> PayoutSettings | None:
    """What holds for a currency, checked; None where it is not paid out.

    Raises ImproperlyConfigured, naming the key and what would be right.
    """
    chosen = _chosen().get(currency)
    return None if chosen is None else _read(currency, chosen)


def _chosen() -> dict[str, Any]:
    chosen: Any = get_setting("PAYOUTS")
    if not isinstance(chosen, dict) or not all(isinstance(each, dict) for each in chosen.values()):
        raise ImproperlyConfigured("MLM['PAYOUTS'] is a dict with a dict per currency.")
    return chosen


def _read(currency: str, chosen: dict[str, Any]) -> PayoutSettings:
    known = set(PayoutSettings.__dataclass_fields__) - {"currency"}
    where = f"MLM['PAYOUTS'][{currency!r}]"
    if unknown := sorted(map(str, chosen.keys() - known)):
        raise ImproperlyConfigured(f"Nobody reads {unknown} of {where}; it knows {sorted(known)}.")
    for key, value in chosen.items():
        is_right, words = CHECKS[key]
        if not is_right(value):
            raise ImproperlyConfigured(f"{where}[{key!r}] is {value!r}; it must be {words}.")
    values = {**chosen, "files": tuple(chosen.get("files", (CSV,)))}
    if "csv" in chosen:
        values["csv"] = _read_template(where, chosen["csv"])
    found = PayoutSettings(currency=currency, **values)
    if SEPA in found.files and (currency != "EUR" or not (found.name and found.iban)):
        raise ImproperlyConfigured(
            f"{where}['files'] has 'sepa': that is for EUR, and needs 'name' and 'iban' of the account"
            " the company pays from."
        )
    if found.minimum <= found.fee:
        raise ImproperlyConfigured(f"{where}: 'minimum' must be above 'fee', or nothing is left.")
    return found


def _read_template(where: str, chosen: dict[str, Any]) -> CsvTemplate:
    values = dict(chosen)
    if unknown := sorted(map(str, values.keys() - set(CsvTemplate.__dataclass_fields__))):
        raise ImproperlyConfigured(f"Nobody reads {unknown} of {where}['csv'].")
    if "columns" in values:
        values["columns"] = tuple((str(head), str(name)) for head, name in values["columns"])
        if wrong := sorted({name for _head, name in values["columns"]} - set(COLUMNS)):
            raise ImproperlyConfigured(
                f"{where}['csv']['columns'] names {wrong}; there are {sorted(COLUMNS)}."
            )
    return CsvTemplate(**values)


def _is_amount(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_iban(value: Any) -> bool:
    try:
        return value == "" or bool(iban.validate(value))
    except ValidationError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


Check = tuple[Callable[[Any], bool], str]
AMOUNT: Check = (_is_amount, "a whole number of the smallest unit, at least 0")
CHECKS: dict[str, Check] = {
    "minimum": AMOUNT,
    "fee": AMOUNT,
    "bounce_fee": AMOUNT,
    "day": (
        lambda value: _is_amount(value) and value <= LAST_DAY_OF_EVERY_MONTH,
        f"a day of the month up to {LAST_DAY_OF_EVERY_MONTH}, or 0",
    ),
    "delay_days": (_is_amount, "a number of days, at least 0"),
    "files": (
        lambda value: bool(value) and isinstance(value, list | tuple) and set(value) <= set(FILES),
        f"a list of {FILES}",
    ),
    "name": (_is_text, "the holder's name"),
    "iban": (_is_iban, "an IBAN"),
    "bic": (_is_text, "a BIC, or empty"),
    "schema": (
        lambda value: value in ("pain.001.001.03", "pain.001.001.09"),
        "pain.001.001.03 or pain.001.001.09",
    ),
    "csv": (lambda value: isinstance(value, dict), "a dict, see CsvTemplate"),
}
