"""Very many rows into one table: COPY on PostgreSQL, batches elsewhere."""

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

Item = TypeVar("Item")
BATCH = 5_000
# Below this a statement that describes the rows is as fast, and keeps within one round trip.
WORTH_ANALYSING = 10_000


def write_rows(*, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows, inside the caller's transaction; returns how many they were.

    Both kinds of databases check every constraint. What the rows need (keys of other rows) may come
    later in the same transaction.
    """
    names = ", ".join(columns)
    written = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    written += 1
            return written
        places = ", ".join(["%s"] * len(columns))
        for chunk in chunks(rows):
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
                [tuple(map(_adapt, row)) for row in chunk],
            )
            written += len(chunk)
    return written


def analyse(*tables: str) -> None:
    """Let the database count what was written, as it would do by itself a minute later."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Keep Python from looking for circles: each look would walk over all of some million rows."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def chunks(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items in lists of `size` at most."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
