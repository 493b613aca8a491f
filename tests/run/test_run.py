"""`make run` from the inside: what it starts it also stops, whatever happens."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from storefront.run import __main__ as run
from storefront.run import catalogues, prepare
from storefront.run.processes import Household, Stopped
from tests.databases import SqliteDatabase

# A child that starts a child of its own, as Django's reloader does, and tells both numbers.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}\\n")
time.sleep(60)
"""


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_text(path):
    wait_until(lambda: path.exists() and path.read_text().endswith("\n"))
    return path.read_text()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def _keep_signal_handlers():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("problem", [Stopped, ValueError])
def test_children_and_their_children_are_stopped_however_it_ends(tmp_path, problem):
    with pytest.raises(problem), Household() as household:
        household.start("parent", "-c", PARENT, str(tmp_path / "pids"), environment={})
        pids = wait_for_text(tmp_path / "pids").split()
        assert all(is_running(pid) for pid in pids)
        raise problem
    wait_until(lambda: not any(is_running(pid) for pid in pids))


def test_a_child_that_ended_by_itself_is_named():
    with Household() as household:
        household.start("patient", "-c", "import time; time.sleep(60)", environment={})
        assert household.ended() == ""
        household.start("hasty", "-c", "", environment={})
        wait_until(household.ended)
        assert household.ended() == "hasty"


def test_the_environment_reaches_a_child():
    with Household() as household:
        code = "import os, sys; sys.exit(int(os.environ['NUMBER']))"
        household.start("child", "-c", code, environment={"NUMBER": "3"})
        assert household.wait_for("child") == 3


def test_a_taken_port_is_said_plainly():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "storefront.run"],
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"make run PORT={port + 1}" in done.stdout


def test_a_later_start_is_up_at_once_and_ctrl_c_stops_everything(tmp_path):
    SqliteDatabase(tmp_path / "site.sqlite3").create()
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment.pop("DJANGO_SETTINGS_MODULE")
    port = free_port()
    environment.update({"VAR_DIR": str(tmp_path), "PORT": str(port)})
    (tmp_path / "prepared").write_text(run.state_of(database_url=""))
    process = subprocess.Popen(
        [sys.executable, "-m", "storefront.run"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C stops it" in line:
            break
    assert "Setting up the database" not in said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(children) == 3
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    wait_until(lambda: not any(is_running(pid) for pid in children))
    assert re.search(r"The site is ready \(\d+ s\)", said)


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_a_fill_that_was_cut_short_starts_over(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    database = tmp_path / "half.sqlite3"
    database.touch()
    settings.DATABASES = {
        "default": {**settings.DATABASES["default"], "NAME": str(database)},
    }
    settings.DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
    (tmp_path / "demo-is-being-filled").touch()
    prepare.start_over_if_interrupted()
    assert not database.exists()
    assert not (tmp_path / "demo-is-being-filled").exists()


def test_a_catalogue_is_compiled_when_its_text_is_newer(tmp_path, monkeypatch):
    folder = tmp_path / "theme" / "locale" / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "points"\nmsgstr "баллы"\n'
    )
    monkeypatch.setattr(catalogues, "BASE_DIR", tmp_path)
    assert catalogues.compile_changed() == 1
    assert "баллы".encode() in (folder / "django.mo").read_bytes()
    assert catalogues.compile_changed() == 0
    newer = (folder / "django.mo").stat().st_mtime + 10
    os.utime(source, (newer, newer))
    assert catalogues.compile_changed() == 1
