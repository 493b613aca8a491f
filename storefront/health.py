"""For load balancers and supervisors: is the process up, and may it take visitors?"""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def process_is_up(request: HttpRequest) -> JsonResponse:
    """Answers while the process lives; asks nothing else."""
    return JsonResponse({"status": "up"})


def site_is_ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and queue are fit for visitors, else 503 saying what is not."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    checks = {"database": True, "migrations": not waiting}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
