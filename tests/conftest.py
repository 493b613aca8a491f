"""What every test can rely on: a migrated database, empty caches, and plain words when it is skipped.

Markers
    postgres   runs on PostgreSQL only (races): `TEST_DATABASE=postgres pytest -m postgres`
    both       runs on either database
    browser    drives a real Chromium
"""

import os
from collections.abc import Iterator

import pytest
from django.contrib.sites.models import Site
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase

from storefront.run import catalogues
from tests import chromium, databases

pytest_plugins = ["tests.browser_fixtures", "tests.guide_pictures"]

# For processes that a test starts: `tests.settings` would give each of them a database of its own.
os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings.test"


def _what_is_missing(item: pytest.Item) -> str:
    wants_postgres = os.environ.get("TEST_DATABASE") == "postgres"
    has_postgres = os.environ["DATABASE_URL"].startswith("postgres")
    if wants_postgres and not has_postgres:
        return "needs PostgreSQL: neither DATABASE_URL, a local server nor server binaries found"
    if item.get_closest_marker("postgres") and not has_postgres:
        return "needs PostgreSQL: run with TEST_DATABASE=postgres"
    if item.get_closest_marker("browser") and not chromium.find():
        return "needs a browser: no Chromium on the path"
    return ""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that cannot run here; where all must run (`CI=true`), fail it instead."""
    reason = _what_is_missing(item)
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (a failure, because CI=true)", pytrace=False)
    if reason:
        pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Let Django read the translations as they are now."""
    if not hasattr(config, "workerinput"):
        catalogues.compile_changed()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[None]:
    """Give this process its own copy of the migrated template.

    A test that commits gets a fresh copy afterwards instead of Django's flush: the append-only
    tables refuse to be emptied, and root page, sites and groups are there again.
    """
    database = databases.get_database()
    connections.close_all()
    database.create()

    def renew(case: TransactionTestCase) -> None:
        connections.close_all()
        database.renew()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
        database.remove()


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """Keep throttles and remembered sites of one test out of the next."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    Site.objects.clear_cache()
