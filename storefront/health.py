"""For load balancers and supervisors: is the process up, and may it take visitors?"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Case, F, Min, When
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

OK = "ok"
RECHECK_AFTER_SECONDS = 5.0


def process_is_up(request: HttpRequest) -> JsonResponse:
    """Answers while the process lives; asks nothing else."""
    return JsonResponse({"status": "up"})


def site_is_ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and queue are fit for visitors, else 503 saying what is not."""
    checks = {"database": check_database()}
    if checks["database"] == OK:
        checks["migrations"] = migrations.check()
        if checks["migrations"] == OK:
            checks["queue"] = check_queue(at=timezone.now())
    ready = all(result == OK for result in checks.values())
    return JsonResponse(checks, status=200 if ready else 503)


def check_database() -> str:
    """Whether the database answers at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"unreachable: {type(error).__name__}"
    return OK


class MigrationCheck:
    """Whether migrations wait. Reading them all from disk is slow, and a process's own code never
    changes: a good answer is kept for good, a bad one for a few seconds.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Look again next time."""
        self.answer = ""
        self.asked_at = 0.0

    def check(self) -> str:
        """`ok`, or how many migrations wait and which comes first."""
        is_old = time.monotonic() - self.asked_at > RECHECK_AFTER_SECONDS
        if not self.answer or (self.answer != OK and is_old):
            self.answer = describe_waiting_migrations()
            self.asked_at = time.monotonic()
        return self.answer


migrations = MigrationCheck()


def describe_waiting_migrations() -> str:
    """`ok`, or how many migrations wait and which comes first."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return OK
    return f"{len(waiting)} waiting, first {waiting[0][0]}"


def check_queue(*, at: datetime) -> str:
    """Whether jobs are taken up: one that waits too long means that no worker runs, or too few."""
    due = Min(Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after")))
    oldest = DBTaskResult.objects.ready().aggregate(due=due)["due"]
    if oldest is None or at - oldest <= timedelta(seconds=settings.QUEUE_STUCK_AFTER_SECONDS):
        return OK
    minutes = int((at - oldest).total_seconds() // 60)
    return f"stuck: a job has been waiting for {minutes} minutes; is a worker running?"
