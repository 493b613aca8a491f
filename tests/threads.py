"""Several people doing something at the same moment, each on a database connection of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection


Result = TypeVar("Result")


def at_once(jobs: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Start all jobs at the same moment; returns what each gave, or the error it raised."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Result]) -> Result | Exception:
        try:
            barrier.wait(timeout=30)
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        return list(pool.map(run, jobs))
