"""One row of a file of members: which columns there are, and what each may say.

Names of columns are those of the design; `GUESSES` are what other systems call them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from babel.numbers import get_currency_precision, list_currencies
from django.utils.translation import gettext as _

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.models import Member
from mlm_plugin.network.spreadsheets import plain_cell
from mlm_plugin.plan.money import parse_points, to_minor

REQUIRED = ("member", "sponsor")
TEXTS = ("scheme", "first_name", "last_name", "rank")
POINTS = ("opening_pv", "opening_cv", "opening_customers_pv", "opening_customers_cv")
MONEY = ("balance", "currency")
OPENING = (*POINTS, *MONEY)
PLACE = ("parent", "slot")
KNOWN = (*REQUIRED, *TEXTS, "status", "joined", *PLACE, *POINTS, *MONEY, "pv")
LONGEST = {name: Member._meta.get_field(name).max_length or 0 for name in TEXTS}
# What stands for a slot of somebody at the top of the placement tree, who has no parent.
TOP_WORD = "top"
TOP = -1
SIDES = {"left": 0, "right": 1, "l": 0, "r": 1}
STATUSES = tuple(Member.Status.values)
MOST_DIGITS = 16
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AMOUNT = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,10})?")
GUESSES = {
    "id": "member",
    "code": "member",
    "number": "member",
    "member_number": "member",
    "member_id": "member",
    "distributor": "member",
    "sponsor_id": "sponsor",
    "enroller": "sponsor",
    "upline": "sponsor",
    "firstname": "first_name",
    "given_name": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "title": "rank",
    "level": "rank",
    "join_date": "joined",
    "joined_at": "joined",
    "enrolled": "joined",
    "placement": "parent",
    "placement_parent": "parent",
    "parent_id": "parent",
    "side": "slot",
    "position": "slot",
    "leg": "slot",
    "wallet": "balance",
    "cur": "currency",
    "country": "scheme",
    "market": "scheme",
    "дистрибьютор": "member",
    "номер": "member",
    "спонсор": "sponsor",
    "имя": "first_name",
    "фамилия": "last_name",
    "ранг": "rank",
    "статус": "status",
    "дата": "joined",
    "родитель": "parent",
    "сторона": "slot",
    "баланс": "balance",
    "валюта": "currency",
}

Found = TypeVar("Found")


class Opening(NamedTuple):
    """What a member brings along: points in 1/100, money in the currency's smallest unit."""

    pv: int = 0
    cv: int = 0
    customers_pv: int = 0
    customers_cv: int = 0
    balance: int = 0
    currency: str = ""


class MemberRow(NamedTuple):
    """One sound row. `sponsor` is "" for a root, `joined_at` None where the file does not say.

    `slot` counts from 0; it is None where any will do, `TOP` for the top of the placement tree.
    Without `parent`, and not at the top, the row says nothing of a place.
    """

    line: int
    code: str
    sponsor: str
    scheme: str
    first_name: str
    last_name: str
    status: str
    joined_at: datetime | None
    rank: str = ""
    parent: str = ""
    slot: int | None = None
    opening: Opening | None = None

    @property
    def is_placed(self) -> bool:
        """Whether the row says where the member stands in the placement tree."""
        return bool(self.parent) or self.slot == TOP


def guess_column(heading: str) -> str:
    """Our name of a column called `heading` elsewhere, "" if none comes to mind."""
    name = re.sub(r"[\s\-]+", "_", heading.strip().lower())
    return name if name in KNOWN else GUESSES.get(name, "")


def check_columns(columns: Sequence[str]) -> list[str]:
    """What is wrong with a choice of columns ("" leaves one out), in words."""
    reasons = [
        _("the column “{name}” is missing").format(name=name)
        for name in REQUIRED
        if name not in columns
    ]
    for name in dict.fromkeys(columns):
        if name and name not in KNOWN:
            reasons.append(
                _("no column “{name}” is known; known are {known}").format(
                    name=name[:40], known=", ".join(KNOWN)
                )
            )
        elif name and list(columns).count(name) > 1:
            reasons.append(_("the column “{name}” is there twice").format(name=name))
    return reasons


class RowReader:
    """Reads rows of one file, whose columns are named once.

    `read` raises ValueError with everything that is wrong with a row, in one text.
    """

    def __init__(self, *, columns: Sequence[str], prefix: str) -> None:
        self._columns = columns
        self._prefix = prefix
        # Days repeat in a file; the zone is asked for once.
        self._read_moment = lru_cache(maxsize=4_096)(partial(_read_moment, zone=plan_time_zone()))
        self._has_place = any(name in columns for name in PLACE)
        self._has_opening = any(name in columns for name in (*POINTS, *MONEY, "pv"))
        # Most codes of a file are named again, as somebody's sponsor or parent.
        self._codes: dict[str, str] = {}

    def read(self, line: int, values: Sequence[str]) -> MemberRow:
        """One row."""
        if len(values) != len(self._columns):
            raise ValueError(
                _("{found} cells where the heading has {wanted}").format(
                    found=len(values), wanted=len(self._columns)
                )
            )
        cell = {
            name: value.strip()
            for name, value in zip(self._columns, values, strict=True)
            if name and value
        }
        wrong: list[str] = []
        code = _try(wrong, self._read_code, cell.get("member", "")) or ""
        sponsor = _try(wrong, self._read_link, cell.get("sponsor", "")) or ""
        texts = {name: _read_text(wrong, name, cell.get(name, "")) for name in TEXTS}
        status = _try(wrong, _read_status, cell.get("status", "")) or ""
        joined_at = _try(wrong, self._read_moment, cell.get("joined", ""))
        if code and code == sponsor:
            wrong.append(_("member {code} is the own sponsor").format(code=code))
        parent, slot = self._read_place(wrong, cell, code) if self._has_place else ("", None)
        opening = _read_opening(wrong, cell) if self._has_opening else None
        if wrong:
            raise ValueError("; ".join(wrong))
        return MemberRow(
            line=line,
            code=code,
            sponsor=sponsor,
            status=status,
            joined_at=joined_at,
            parent=parent,
            slot=slot,
            opening=opening,
            **texts,
        )

    def code_of(self, values: Sequence[str]) -> str:
        """The member a row is about, "" where even that cannot be read."""
        place = list(self._columns).index("member")
        text = values[place].strip() if place < len(values) else ""
        return normalise_code(self._prefix + plain_cell(text)) if text else ""

    def _read_place(
        self, wrong: list[str], cell: Mapping[str, str], code: str
    ) -> tuple[str, int | None]:
        parent = _try(wrong, self._read_link, cell.get("parent", "")) or ""
        slot = _try(wrong, _read_slot, cell.get("slot", ""))
        if code and code == parent:
            wrong.append(_("member {code} is placed below themselves").format(code=code))
        if slot == TOP and parent:
            wrong.append(_("who is at the top has no parent"))
        elif slot is not None and slot != TOP and not parent:
            wrong.append(_("a slot without a parent"))
        return parent, slot

    def _read_code(self, text: str) -> str:
        known = self._codes.get(text)
        if known:
            return known
        code = normalise_code(self._prefix + plain_cell(text)) if text else ""
        if not code:
            raise ValueError(
                _("“{text}” is no member number: letters, digits, “-” and “_”, 32 at most").format(
                    text=text[:40]
                )
            )
        self._codes[text] = code
        return code

    def _read_link(self, text: str) -> str:
        return self._read_code(text) if text else ""


def _try(wrong: list[str], read: Callable[[str], Found], text: str) -> Found | None:
    try:
        return read(text)
    except ValueError as error:
        wrong.append(str(error))
        return None


def _read_text(wrong: list[str], name: str, text: str) -> str:
    if not text:
        return ""
    value = plain_cell(text)
    if len(value) > LONGEST[name] or "\0" in value:
        wrong.append(
            _("“{name}” has more than {longest} characters, or some that are no text").format(
                name=name, longest=LONGEST[name]
            )
        )
    return value


@lru_cache(maxsize=64)
def _read_status(text: str) -> str:
    status = text.lower() or Member.Status.ACTIVE
    if status not in STATUSES:
        raise ValueError(
            _("“{text}” is no status; there are {known}").format(
                text=text[:40], known=", ".join(STATUSES)
            )
        )
    return str(status)


def _read_moment(text: str, *, zone: tzinfo) -> datetime | None:
    """A day in the plan's time zone, or a moment with its own zone."""
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31"):
            moment = datetime.combine(date.fromisoformat(text), time.min, zone)
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
        if moment >= EARLIEST:
            return moment
    except (ValueError, OverflowError):
        pass
    raise ValueError(_("“{text}” is no day such as 2026-01-31").format(text=text[:40]))


@lru_cache(maxsize=1_024)
def _read_slot(text: str) -> int | None:
    """Slots are counted from 1 in files, and "left" and "right" are understood."""
    if not text:
        return None
    word = text.lower()
    if word == TOP_WORD:
        return TOP
    if word in SIDES:
        return SIDES[word]
    if word.isascii() and word.isdecimal() and 1 <= len(word) <= 3 and int(word) > 0:
        return int(word) - 1
    raise ValueError(
        _("“{text}” is no slot: a number from 1, “left”, “right”, or “top”").format(text=text[:40])
    )


def _read_opening(wrong: list[str], cell: Mapping[str, str]) -> Opening | None:
    if cell.get("pv"):
        _try(wrong, _read_amount, cell["pv"])
    if not any(name in cell for name in OPENING):
        return None
    points = []
    for name in POINTS:
        amount = _try(wrong, _read_amount, cell.get(name, "")) or 0
        if amount < 0:
            wrong.append(_("“{name}” is below zero").format(name=name))
        points.append(amount)
    currency, balance = "", 0
    if text := cell.get("balance", ""):
        currency = _try(wrong, _read_currency, cell.get("currency", "")) or ""
        balance = _try(wrong, partial(_read_money, currency=currency), text) or 0
    if not balance:
        currency = ""
    return Opening(*points, balance, currency) if any(points) or balance else None


@lru_cache(maxsize=65_536)
def _read_amount(text: str) -> int:
    """Points in 1/100; far below what a 64-bit total of a whole network can hold."""
    if not text:
        return 0
    if len(text) <= MOST_DIGITS and "e" not in text.lower():
        return _within(parse_points(text), text)
    raise ValueError(_("“{text}” is not a number of points, such as 12.50").format(text=text[:40]))


def _within(amount: int, text: str) -> int:
    if abs(amount) >= 10**MOST_DIGITS:
        raise ValueError(_("“{text}” is too much").format(text=text[:40]))
    return amount


@lru_cache
def _read_currency(text: str) -> str:
    currency = text.upper()
    if currency not in list_currencies():
        raise ValueError(_("“{text}” is no currency such as EUR").format(text=text[:40]))
    return currency


def currency_places(currency: str) -> int:
    """Decimal places of a currency's smallest unit."""
    return get_currency_precision(currency)


def _read_money(text: str, *, currency: str) -> int:
    plain = re.sub(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", text)
    if not AMOUNT.fullmatch(plain):
        raise ValueError(_("“{text}” is no amount such as 12.50").format(text=text[:40]))
    places = currency_places(currency or "EUR")
    try:
        return _within(to_minor(Decimal(plain.replace(",", ".")), places=places), text)
    except ValueError:
        raise ValueError(
            _("“{text}” has more than {places} decimal places, or is too much").format(
                text=text[:40], places=places
            )
        ) from None
