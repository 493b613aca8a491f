"""A throw-away installation with production settings, for benchmarks that need a running site."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60.0


@dataclass(frozen=True)
class Installation:
    """Where it lives and how processes of it are started."""

    environment: dict[str, str]

    @property
    def database(self) -> str:
        """The kind of database in words."""
        is_postgres = self.environment["DATABASE_URL"].startswith("postgres")
        return "PostgreSQL" if is_postgres else "SQLite"

    def run(self, *arguments: str) -> str:
        """Run Python in it and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    @contextlib.contextmanager
    def serve(self, *, workers: int = 2, application: str = "storefront.wsgi") -> Iterator[str]:
        """Serve it with gunicorn and yield its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        options = ["--bind", address, "--workers", str(workers), "--log-level", "error"]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, *options],
            cwd=ROOT,
            env=self.environment,
        )
        try:
            _wait_for(f"http://{address}/healthz", server)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(20)


@contextlib.contextmanager
def make_installation() -> Iterator[Installation]:
    """Yield an installation with a migrated, empty database: PostgreSQL where there is a server."""
    # The templates of the test databases save the time to migrate.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
    os.environ.setdefault("TEST_DATABASE", "postgres")
    os.environ.update(databases.choose_environment())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
        "SECRET_KEY": "a key for measuring, long enough for every check: 0123456789abcdef",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": "https://127.0.0.1",
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": "shop@example.com",
        "STRIPE_SECRET_KEY": "sk_test_bench",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_bench",
        "STRIPE_WEBHOOK_SECRET": "whsec_bench",
        "MLM_ENCRYPTION_KEYS": "bWVhc3VyaW5nIG9ubHk6IG5vIHNlY3JldCBhdCBhbGw=",
        "MLM_FINGERPRINT_KEY": "a key for measuring, long enough for every check: 0123456789abcdef",
        "LOG_LEVEL": "WARNING",
    }
    database = databases.get_database()
    database.create()
    try:
        yield Installation(environment)
    finally:
        database.remove()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
