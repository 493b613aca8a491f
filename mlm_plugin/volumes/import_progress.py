"""How far an import is, told to whoever looks while its transaction is still open."""

import contextlib
from collections.abc import Callable, Iterator
from time import monotonic

from django.db import connection
from django.utils import timezone

from mlm_plugin.network.models import NetworkImport

SECONDS_BETWEEN = 1.0


@contextlib.contextmanager
def telling(*, import_id: int) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that keeps the rows done so far (and in all), once a second at most.

    Inside a transaction nobody would see that, so PostgreSQL gets a connection of its own for it.
    SQLite has one writer at a time: while an import writes there, its progress cannot be told.
    """
    other = connection.copy() if connection.vendor == "postgresql" else None
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last < SECONDS_BETWEEN:
            return
        last = monotonic()
        if other is None and connection.in_atomic_block:
            return
        with (other or connection).cursor() as cursor:
            cursor.execute(
                f"UPDATE {NetworkImport._meta.db_table}"  # noqa: S608
                " SET done = %s, total = %s, alive_at = %s WHERE id = %s",
                [
                    done,
                    total,
                    connection.ops.adapt_datetimefield_value(timezone.now()),
                    import_id,
                ],
            )

    try:
        yield tell
    finally:
        if other is not None:
            other.close()
