"""Cursors of a team's pages: the last row's place in the order, as a text for the address."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

LONGEST_CURSOR = 1_000
# What a 64-bit column can hold.
MOST = 2**63 - 1

Columns = tuple[str, ...]


def write_cursor(columns: Columns, values: Sequence[Any]) -> str:
    """The text for a row with these values in the columns of the order."""
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps([columns[0], *told]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, columns: Columns) -> list[Any] | None:
    """The values; None for what nobody wrote, or was written for another order."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        told = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        sort, *values = told
        if sort != columns[0] or len(values) != len(columns):
            return None
        return [
            _READERS.get(column.removeprefix("-"), _read_number)(value)
            for column, value in zip(columns, values, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        return None


def behind(columns: Columns, after: Sequence[Any], *, or_at: bool = False) -> Q:
    """The condition to come after these values, or to be at them; the first column alone is one
    range of an index."""
    way = "lt" if columns[0].startswith("-") else "gt"
    names = [column.removeprefix("-") for column in columns]
    condition = Q()
    for place, name in enumerate(names):
        same = Q(**dict(zip(names[:place], after[:place], strict=True)))
        condition |= same & Q(**{f"{name}__{way}": after[place]})
    if or_at:
        condition |= Q(**dict(zip(names, after, strict=True)))
    return Q(**{f"{names[0]}__{way}e": after[0]}) & condition


def turned_round(columns: Columns) -> Columns:
    """The same order from its end."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in columns)


def _read_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST:
        raise ValueError
    return value


def _read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _read_name(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "joined_at": _read_moment,
    "last_name": _read_name,
    "first_name": _read_name,
}
