"""Several threads at once, each with its own connection; errors come back to the test."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

PATIENCE = 20


def run_together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all calls at the same moment; return what each returned or raised, in their order."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def wait_until_somebody_waits() -> None:
    """Return as soon as another session of this PostgreSQL database waits for a lock."""
    tick = threading.Event()
    for _attempt in range(PATIENCE * 100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        tick.wait(0.01)
    raise AssertionError("nobody waited")
