"""Who may write while whom: posting shares the books, closing has them alone.

PostgreSQL: advisory locks that end with the transaction. SQLite needs none: its transactions are
IMMEDIATE, so there is one writer at a time.
"""

from django.db import connection

BOOKS = 7_201


def share_books() -> None:
    """Wait until no closing is under way and keep closings out until the transaction ends."""
    _execute("SELECT pg_advisory_xact_lock_shared(%s)")


def hold_books() -> None:
    """Wait until every posting under way has ended and keep new ones out."""
    _execute("SELECT pg_advisory_xact_lock(%s)")


def _execute(statement: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, [BOOKS])
