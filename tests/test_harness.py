"""The harness itself: what other tests take for granted."""

import sqlite3
import threading
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, connections
from wagtail.models import Page, Site

from tests.databases import SqliteDatabase


def make_user(email):
    return get_user_model().objects.create(email=email)


@pytest.mark.django_db
def test_the_template_has_what_migrations_put_there():
    assert Page.objects.filter(depth=1).count() == 1
    assert Site.objects.filter(is_default_site=True).exists()
    assert Group.objects.exists()


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_leaves_nothing_behind(time):
    assert not get_user_model().objects.exists()
    assert Page.objects.exists()
    make_user("ada@example.com")


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_threads_share_the_database():
    def enrol(number):
        make_user(f"customer{number}@example.com")
        connections.close_all()

    threads = [threading.Thread(target=enrol, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert get_user_model().objects.count() == 8


def test_a_late_connection_takes_nothing_from_the_next_test(tmp_path):
    database = SqliteDatabase(tmp_path / "site.sqlite3")
    database.template = tmp_path / "template.sqlite3"
    with closing(sqlite3.connect(database.template)) as template:
        template.execute("PRAGMA journal_mode=WAL")
        template.execute("CREATE TABLE member (name TEXT)")
    database.renew()
    late = sqlite3.connect(database.path)
    late.execute("INSERT INTO member VALUES ('ada')")
    late.commit()
    database.renew()
    with closing(sqlite3.connect(database.path)) as test:
        test.execute("INSERT INTO member VALUES ('ben')")
        test.commit()
        late.close()
        with closing(sqlite3.connect(database.path)) as server:
            assert server.execute("SELECT name FROM member").fetchall() == [("ben",)]
    assert len(list(tmp_path.glob("site-*.sqlite3"))) == 1


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_test_marked_postgres_runs_on_postgresql():
    assert connection.vendor == "postgresql"


@pytest.mark.browser
def test_a_browser_reaches_the_site(page):
    answer = page.goto("/healthz")
    assert answer.ok
