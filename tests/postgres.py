"""Finds a PostgreSQL server for the tests, or starts one of its own.

In this order: the server of `DATABASE_URL`, a server that answers on this machine without a
password, a temporary cluster under `var/` from the server binaries.
"""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

import psycopg

LOCAL_SERVERS = ("postgresql:///postgres", "postgresql://postgres@localhost/postgres")

# Held, shared, by every run that uses the temporary cluster: the last one to leave stops it.
_users: IO[str] | None = None


def find_server() -> str:
    """Return the URL of a database on a server where we may create databases, or ""."""
    for url in (os.environ.get("DATABASE_URL", ""), *LOCAL_SERVERS):
        if url.startswith("postgres") and _may_create_databases(url):
            return url
    return _start_cluster()


def url_of(*, server: str, name: str) -> str:
    """Return the URL of database `name` on the server that `server` points to."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _stop_cluster() -> None:
    """Stop the temporary cluster unless another run is using it."""
    global _users
    if _users is None:
        return
    try:
        fcntl.flock(_users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        _run("pg_ctl", "stop", "-D", str(_directory() / "data"), "-m", "fast")
    finally:
        _users.close()
        _users = None


def _may_create_databases(url: str) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def _start_cluster() -> str:
    global _users
    is_root = os.geteuid() == 0
    owners = [user for user in pwd.getpwall() if user.pw_name == "postgres"]
    if not _binary("initdb") or (is_root and not (owners and shutil.which("runuser"))):
        return ""
    directory = _directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_root:
        # The server refuses to run as root.
        os.chown(directory, owners[0].pw_uid, owners[0].pw_gid)
    _users = (directory / "users.lock").open("w")
    atexit.register(_stop_cluster)
    with (directory / "start.lock").open("w") as start_lock:
        fcntl.flock(start_lock, fcntl.LOCK_EX)
        fcntl.flock(_users, fcntl.LOCK_SH)
        data = directory / "data"
        if not (data / "PG_VERSION").exists():
            _run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync")
        if not _run("pg_ctl", "status", "-D", str(data)):
            # Reachable through the socket in this directory only; nothing here outlives a crash.
            options = f"-k {directory} -c listen_addresses= -c fsync=off -c max_connections=200"
            log = str(directory / "server.log")
            _run("pg_ctl", "start", "-w", "-D", str(data), "-l", log, "-o", options)
    url = f"postgresql://postgres@/postgres?host={quote(str(directory))}"
    return url if _may_create_databases(url) else ""


def _directory() -> Path:
    # A socket's path is limited to about 100 bytes and root must hand the cluster to another
    # user, who may not be allowed into the checkout: both speak for the system's own place.
    return Path(tempfile.gettempdir()) / f"mlm-test-postgres-{os.getuid()}"


def _binary(name: str) -> str:
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(candidates[0]) if candidates else "")


def _run(name: str, *arguments: str) -> bool:
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_owner, _binary(name), *arguments]
    # The server inherits our output and would keep a pipe open for ever.
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False
    )
    return done.returncode == 0
