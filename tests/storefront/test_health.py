"""`/healthz` and `/readyz`: what a load balancer is told, and why."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from storefront import health


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    health.migrations.forget()
    yield
    health.migrations.forget()


@pytest.fixture
def unreachable_database(django_db_blocker) -> Iterator[None]:
    """A database whose file lies in a directory that does not exist, or that nobody serves."""
    with django_db_blocker.unblock():
        connection.close()
        name, port = connection.settings_dict["NAME"], connection.settings_dict["PORT"]
        connection.settings_dict.update(NAME="/nonexistent/site.sqlite3", PORT="1")
        yield
        connection.close()
        connection.settings_dict.update(NAME=name, PORT=port)


def make_job(waiting_since, run_after=None) -> None:
    job = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="storefront.health.check_database",
        backend_name="default",
        run_after=run_after or get_date_max(),
        exception_class_path="",
        traceback="",
    )
    DBTaskResult.objects.filter(pk=job.pk).update(enqueued_at=waiting_since)


def test_the_process_answers_without_a_database(client, unreachable_database):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_not_ready_without_a_database(client, unreachable_database):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "unreachable: OperationalError"}


@pytest.mark.django_db
def test_ready_and_cheap(client, django_assert_max_num_queries):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "queue": "ok"}
    with django_assert_max_num_queries(2):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    MigrationRecorder(connection).record_unapplied("accounts", "0002_groups")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"].startswith("1 waiting, first accounts.0002")


@pytest.mark.django_db
def test_ready_once_the_migration_is_done(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("accounts", "0002_groups")
    assert client.get("/readyz").status_code == 503
    recorder.record_applied("accounts", "0002_groups")
    health.migrations.asked_at -= health.RECHECK_AFTER_SECONDS
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_job_waits_too_long(client, settings):
    settings.QUEUE_STUCK_AFTER_SECONDS = 300
    make_job(timezone.now() - timedelta(minutes=12))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "waiting for 12 minutes" in answer.json()["queue"]


@pytest.mark.django_db
def test_a_fresh_job_and_one_that_is_not_due_are_fine(client):
    now = timezone.now()
    make_job(now - timedelta(minutes=1))
    make_job(now - timedelta(days=3), run_after=now - timedelta(seconds=10))
    make_job(now - timedelta(days=3), run_after=now + timedelta(days=1))
    assert client.get("/readyz").json()["queue"] == "ok"


@pytest.mark.django_db
def test_a_planned_job_counts_from_the_moment_it_is_due(client):
    now = timezone.now()
    make_job(now - timedelta(days=3), run_after=now - timedelta(minutes=8))
    assert "waiting for 8 minutes" in client.get("/readyz").json()["queue"]
