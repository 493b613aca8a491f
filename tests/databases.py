"""The databases the tests run on: migrated once per state of the migrations, then only copied.

Migrating takes most of a minute, a copy a moment. A *template* is a migrated database that nobody
writes to; every process of a run gets its own copy of it, and a fresh one after each test that
committed. Migrations of other people's packages go into a *base* first, so that a change to one of
ours replays only ours. Templates lie in `var/test-templates/` or beside the tests' databases on
the PostgreSQL server; a lock keeps runs that start together from building twice.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "var" / "test-templates"
PICTURES = ROOT / "var" / "test-pictures"
OURS = ("mlm_plugin", "storefront")
KEPT_TEMPLATES = 4


def choose_environment() -> dict[str, str]:
    """Return the environment that gives this process a directory and a database of its own.

    SQLite, unless `TEST_DATABASE=postgres` asks for PostgreSQL and a server is found.
    """
    directory = Path(tempfile.mkdtemp(prefix="mlm-test-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    (directory / "static").mkdir()
    # Drawn pictures are named by what they show and by the code that draws: one set serves all runs.
    PICTURES.mkdir(parents=True, exist_ok=True)
    (directory / "demo-pictures").symlink_to(PICTURES)
    chosen = {"VAR_DIR": str(directory), "DATABASE_URL": f"sqlite:///{directory}/site.sqlite3"}
    if os.environ.get("TEST_DATABASE") == "postgres":
        server = os.environ.get("TEST_POSTGRES_SERVER") or postgres.find_server()
        if server:
            # Workers inherit it and need not search again.
            chosen["TEST_POSTGRES_SERVER"] = server
            name = f"mlm_test_{_machine()}_{os.getpid()}"
            chosen["DATABASE_URL"] = postgres.url_of(server=server, name=name)
    return chosen


class Database(Protocol):
    """The copy this process works on."""

    def create(self) -> None:
        """Copy the template, which is built first where it is missing."""

    def renew(self) -> None:
        """Throw away what the last test committed."""

    def remove(self) -> None:
        """Leave nothing behind."""


def get_database() -> Database:
    """Return the database that `DATABASE_URL` of this process names."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    return PostgresDatabase(
        server=os.environ["TEST_POSTGRES_SERVER"], name=urlsplit(url).path.removeprefix("/")
    )


class SqliteDatabase:
    """A link to a file that is another one after each renewal.

    A thread of the last test may still hold a connection. Log and shared memory lie beside a file
    by its *name*: with the same name for the next file the two get into each other's, and SQLite
    answers "disk I/O error".
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Path | None = None
        self._renewals = 0
        self.template = TEMPLATES / f"{template_key()}.sqlite3"

    def create(self) -> None:
        TEMPLATES.mkdir(parents=True, exist_ok=True)
        with (TEMPLATES / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            base = TEMPLATES / f"base-{base_key()}.sqlite3"
            if not base.exists():
                self._build(target=base, source=None, migrate="others")
            if not self.template.exists():
                self._build(target=self.template, source=base, migrate="all")
            self.template.touch()
        self.renew()

    def renew(self) -> None:
        before = self._file
        self._renewals += 1
        self._file = self.path.with_name(f"{self.path.stem}-{self._renewals}{self.path.suffix}")
        shutil.copyfile(self.template, self._file)
        link = self.path.with_suffix(".link")
        link.symlink_to(self._file)
        link.replace(self.path)
        if before:
            for suffix in ("", "-wal", "-shm"):
                before.with_name(before.name + suffix).unlink(missing_ok=True)

    def remove(self) -> None:
        """Leave the file to its directory, which goes with the process."""

    def _build(self, *, target: Path, source: Path | None, migrate: str) -> None:
        growing = target.with_suffix(".growing")
        growing.unlink(missing_ok=True)
        if source:
            shutil.copyfile(source, growing)
        _migrate(url=f"sqlite:///{growing}", which=migrate)
        growing.replace(target)
        newest = sorted(TEMPLATES.glob("*.sqlite3"), key=lambda path: -path.stat().st_mtime)
        for old in newest[2 * KEPT_TEMPLATES :]:
            old.unlink()


class PostgresDatabase:
    def __init__(self, *, server: str, name: str) -> None:
        self.server = server
        self.name = name
        self.template = f"mlm_template_{template_key()}"

    def create(self) -> None:
        with self._maintenance() as execute:
            # 7,741 is ours alone: building, copying and sweeping wait for each other.
            execute(sql.SQL("SELECT pg_advisory_lock(7741)"))
            names = self._names(execute)
            self._sweep(execute, names)
            base = f"mlm_base_{base_key()}"
            if base not in names:
                self._build(execute, target=base, source="template1", migrate="others")
            if self.template not in names:
                self._build(execute, target=self.template, source=base, migrate="all")
            self._copy(execute, target=self.name, source=self.template)

    def renew(self) -> None:
        with self._maintenance() as execute:
            self._copy(execute, target=self.name, source=self.template)

    def remove(self) -> None:
        with self._maintenance() as execute:
            self._drop(execute, self.name)

    def _build(self, execute: "Execute", *, target: str, source: str, migrate: str) -> None:
        growing = f"{target}_growing"
        self._copy(execute, target=growing, source=source)
        _migrate(url=postgres.url_of(server=self.server, name=growing), which=migrate)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        execute(rename.format(sql.Identifier(growing), sql.Identifier(target)))

    def _copy(self, execute: "Execute", *, target: str, source: str) -> None:
        self._drop(execute, target)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        execute(create.format(sql.Identifier(target), sql.Identifier(source)))

    def _drop(self, execute: "Execute", name: str) -> None:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        execute(drop.format(sql.Identifier(name)))

    def _names(self, execute: "Execute") -> list[str]:
        query = (
            "SELECT datname FROM pg_database WHERE datname LIKE 'mlm!_%' ESCAPE '!' ORDER BY oid"
        )
        return [name for (name,) in execute(sql.SQL(query)).fetchall()]

    def _sweep(self, execute: "Execute", names: list[str]) -> None:
        """Drop what runs that were killed left behind, and templates nobody asks for any more."""
        for name in names:
            if name.startswith(f"mlm_test_{_machine()}_") and not _is_running(name):
                self._drop(execute, name)
        for prefix in ("mlm_template_", "mlm_base_"):
            for name in [name for name in names if name.startswith(prefix)][:-KEPT_TEMPLATES]:
                self._drop(execute, name)
                names.remove(name)

    @contextlib.contextmanager
    def _maintenance(self) -> Iterator["Execute"]:
        with psycopg.connect(self.server, autocommit=True) as connection:
            yield connection.execute


Execute = Callable[[sql.Composable], psycopg.Cursor[tuple[str, ...]]]


def base_key() -> str:
    """Name the state of everybody else's migrations: versions, apps, and our user model."""
    from django.conf import settings

    versions = sorted(f"{d.name}=={d.version}" for d in importlib.metadata.distributions())
    others = [name for name in settings.INSTALLED_APPS if not name.startswith(OURS)]
    return _digest(sys.version, *versions, *others, *_contents("storefront/accounts/migrations"))


def template_key() -> str:
    """Name the state of all migrations."""
    return _digest(base_key(), *(text for package in OURS for text in _contents(package)))


def _contents(folder: str) -> list[str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [
        f"{path.relative_to(ROOT)}\n{path.read_text()}"
        for path in paths
        if path.parent.name == "migrations"
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _machine() -> str:
    return _digest(socket.gethostname())[:6]


def _is_running(name: str) -> bool:
    try:
        os.kill(int(name.rsplit("_", 1)[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _migrate(*, url: str, which: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "DATABASE_URL": url,
    }
    command = [sys.executable, "-m", "tests.migrating", which]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"migrating a template failed:\n{done.stdout}{done.stderr}")
