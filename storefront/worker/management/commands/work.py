"""`manage.py work`: jobs from the queue and the periodic list, in one process."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection
from django_tasks_db.management.commands.db_worker import Command as QueueCommand

from storefront.worker.periodic import PeriodicThread, load_rounds


class Command(QueueCommand):
    """django-tasks-db's own worker with a second thread for the setting `PERIODIC`.

    Takes the worker's options, ends like it on SIGTERM and Ctrl-C; as many as wished may run.
    """

    help = "Run jobs from the queue and the functions of the setting PERIODIC"

    def configure_logging(self, verbosity: int) -> None:
        """Let `LOGGING` decide what is written, unless more or less is asked for."""
        if verbosity != 1:
            super().configure_logging(verbosity)

    def handle(self, **options: Any) -> None:
        """Run until a signal comes, or, with `--batch`, until the queue is empty."""
        # The reloader would start this process a second time, periodic thread included.
        options["reload"] = False
        if options["batch"]:
            super().handle(**options)
            return
        rounds = load_rounds(entries=settings.PERIODIC, now=monotonic())
        periodic = PeriodicThread(rounds)
        periodic.start()
        try:
            super().handle(**options)
        finally:
            # The signal may have come in the middle of a transaction: the thread would wait for it.
            connection.close()
            periodic.stop()
