"""Who may change plan versions and open periods while whom.

PostgreSQL: an advisory lock that ends with the transaction. SQLite needs none: it has one writer at a
time. Where tree or books are locked too, this one comes first.
"""

from django.db import connection

PLANS = 7_205


def hold_plans() -> None:
    """Wait until nobody else drafts or approves a plan or opens periods, and keep others out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANS])
