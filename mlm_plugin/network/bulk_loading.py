"""Filling empty tables on PostgreSQL: their indexes are built once at the end, not row by row."""

import contextlib
from collections.abc import Iterator, Sequence

from django.db import connection

FOUND = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('u', 'x')
    UNION ALL
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
# For the sorting of a million rows; given back at the end of the transaction.
MEMORY = "256MB"


@contextlib.contextmanager
def indexes_at_the_end(*, tables: Sequence[str], rows: int, worth: int) -> Iterator[None]:
    """Take indexes and unique and exclusion constraints away while `rows` are written, and build them.

    Inside the caller's transaction: if that fails or is killed, all of them are as they were. What
    the rows break shows when they are built. Does nothing where fewer rows than `worth` come or a
    table has some already. Nobody else can read the tables until the transaction ends, so name
    none that everybody's pages read.
    """
    if connection.vendor != "postgresql" or rows < worth or not _are_empty(tables):
        yield
        return
    with connection.cursor() as cursor:
        # Rows whose foreign keys are still to be checked would stand in the way of both.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        cursor.execute(FOUND, {"tables": list(tables)})
        found = cursor.fetchall()
        for drop, _build in found:
            cursor.execute(drop)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _drop, build in found:
            cursor.execute(build)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _are_empty(tables: Sequence[str]) -> bool:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608
            if cursor.fetchone()[0]:
                return False
    return True
