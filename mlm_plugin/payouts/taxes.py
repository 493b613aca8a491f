"""What is withheld from a payout, by country, tax status and day: a table, and how it is applied.

The table is `taxes.toml` beside this file, or the file that `MLM["PAYOUT_TAXES"]` names; its head
explains the fields.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from mlm_plugin.conf import get_setting
from mlm_plugin.payouts.models import TaxStatus
from mlm_plugin.plan.money import divide_half_up

SHIPPED = Path(__file__).with_name("taxes.toml")
ANY = "*"
FIELDS = {"country", "status", "from", "until", "base", "bands", "step", "hold", "hold_above"}
# Rate and base have four decimals each at most, so in this many parts their product is whole.
WHOLE = 10**8


@dataclass(frozen=True)
class Band:
    """Up to so much a year (None: without end), in whole units, this share is withheld."""

    up_to: int | None
    rate: Decimal


@dataclass(frozen=True)
class TaxRule:
    """One row of the table; amounts in whole units of the currency, `step` in its smallest."""

    country: str
    status: str
    begin: date
    until: date | None
    base: Decimal
    bands: tuple[Band, ...]
    step: int
    # A word for why nobody is paid by this rule; empty: everybody is.
    hold: str
    hold_above: int | None

    @property
    def code(self) -> str:
        """The row's name, as payouts keep it: `IT:person:2007-01-01`."""
        return f"{self.country}:{self.status}:{self.begin.isoformat()}"


@dataclass(frozen=True)
class Withheld:
    """What is taken off, by which row; `hold` says why nothing may be paid, if so."""

    tax: int
    rule: str
    hold: str = ""


def withhold(
    *, country: str, status: str, day: date, amount: int, before: int, places: int
) -> Withheld:
    """The tax on a payout of `amount`, after payouts of `before` in the same calendar year.

    Both in the smallest unit, of which `places` decimals make a whole one. The tax of the year through
    this payout less that of the year before it, so that parts add up. Where no rule holds on the day
    the payout is held.
    """
    rule = find_rule(country=country, status=status, day=day)
    if rule is None:
        return Withheld(tax=0, rule="", hold="no_rule")
    if rule.hold:
        return Withheld(tax=0, rule=rule.code, hold=rule.hold)
    scale = 10**places
    if rule.hold_above is not None and before + amount > rule.hold_above * scale:
        return Withheld(tax=0, rule=rule.code, hold="above_limit")
    return Withheld(
        tax=_tax_of(rule, before + amount, scale) - _tax_of(rule, before, scale), rule=rule.code
    )


def find_rule(*, country: str, status: str, day: date) -> TaxRule | None:
    """The most exact row that holds on the day."""
    fitting = [
        rule
        for rule in _load(get_setting("PAYOUT_TAXES") or str(SHIPPED))
        if rule.country in (country, ANY)
        and rule.status in (status, ANY)
        and rule.begin <= day
        and (rule.until is None or day <= rule.until)
    ]
    return max(
        fitting,
        key=lambda rule: (rule.country != ANY, rule.status != ANY, rule.begin),
        default=None,
    )


def _tax_of(rule: TaxRule, total: int, scale: int) -> int:
    """The tax on the sum of a year."""
    due = Decimal(0)
    floor = 0
    for band in rule.bands:
        ceiling = total if band.up_to is None else min(total, band.up_to * scale)
        due += max(ceiling - floor, 0) * band.rate * rule.base
        floor = max(floor, ceiling)
    return divide_half_up(int(due * WHOLE), WHOLE * rule.step) * rule.step


@lru_cache(maxsize=4)
def _load(path: str) -> tuple[TaxRule, ...]:
    """Every row, checked. Raises ImproperlyConfigured, naming the row and what is wrong with it."""
    try:
        document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"The tax table {path} cannot be read: {error}") from error
    rows = document.get("rule", [])
    return tuple(_read(f"{path}, rule {number}", row) for number, row in enumerate(rows, start=1))


def _read(where: str, row: dict[str, Any]) -> TaxRule:
    if unknown := sorted(row.keys() - FIELDS):
        raise ImproperlyConfigured(f"{where}: nobody reads {unknown}; it knows {sorted(FIELDS)}.")
    if missing := sorted({"country", "status", "from"} - row.keys()):
        raise ImproperlyConfigured(f"{where}: {missing} is missing.")
    if row["status"] not in (ANY, *TaxStatus.Status.values):
        raise ImproperlyConfigured(
            f"{where}: status {row['status']!r} is none of {[ANY, *TaxStatus.Status.values]}."
        )
    bands = tuple(
        Band(up_to=band.get("up_to"), rate=_read_share(where, band.get("rate", "")))
        for band in row.get("bands", [])
    )
    _check_bands(where, bands)
    return TaxRule(
        country=row["country"],
        status=row["status"],
        begin=row["from"],
        until=row.get("until"),
        base=_read_share(where, row.get("base", "100%")),
        bands=bands,
        step=row.get("step", 1),
        hold=row.get("hold", ""),
        hold_above=row.get("hold_above"),
    )


def _check_bands(where: str, bands: Sequence[Band]) -> None:
    ends = [band.up_to for band in bands]
    if bands and (ends[-1] is not None or None in ends[:-1]):
        raise ImproperlyConfigured(f"{where}: the last band, and only it, is without `up_to`.")
    known = [end for end in ends if end is not None]
    if known != sorted(set(known)):
        raise ImproperlyConfigured(f"{where}: `up_to` grows from band to band.")


def _read_share(where: str, text: object) -> Decimal:
    """ "23%" as 0.23, between 0 and 100 %, with at most two decimals of a per cent."""
    try:
        share = Decimal(str(text).removesuffix("%")) / 100
    except InvalidOperation:
        share = Decimal(-1)
    if not str(text).endswith("%") or not 0 <= share <= 1 or share != round(share, 4):
        raise ImproperlyConfigured(f'{where}: {text!r} is no share such as "23%" or "17.94%".')
    return share
