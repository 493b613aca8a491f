"""The periodic list: everything gets its turn, nothing keeps the others from theirs."""

import inspect
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from storefront.worker import periodic

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
calls: list[datetime] = []


def note(*, at):
    calls.append(at)


def fail(*, at):
    raise ValueError("out of order")


@pytest.fixture(autouse=True)
def _no_calls():
    calls.clear()


def rounds_of(*names, seconds=10.0):
    entries = [(f"{__name__}.{name}", seconds) for name in names]
    return periodic.load_rounds(entries=entries, now=0.0)


def test_everything_runs_at_once_and_again_when_due():
    rounds = rounds_of("note")
    assert periodic.run_due(rounds=rounds, now=0.0, at=AT) == 10.0
    assert periodic.run_due(rounds=rounds, now=9.0, at=AT) == 10.0
    assert calls == [AT]
    assert periodic.run_due(rounds=rounds, now=10.0, at=AT) == 20.0
    assert calls == [AT, AT]


def test_a_function_that_fails_is_logged_and_the_next_has_its_turn(caplog):
    periodic.run_due(rounds=rounds_of("fail", "note"), now=0.0, at=AT)
    assert calls == [AT]
    assert "fail failed" in caplog.text
    assert "out of order" in caplog.text


def test_a_wrong_path_is_found_at_the_start():
    with pytest.raises(ImportError):
        periodic.load_rounds(entries=[("tests.worker.nowhere", 10.0)], now=0.0)


def test_stopping_waits_for_what_is_running():
    started, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def long_work(*, at):
        started.set()
        may_end.wait(10)
        ended.set()

    thread = periodic.PeriodicThread([periodic.Round("long_work", long_work, 60.0, due=0.0)])
    thread.start()
    started.wait(10)
    threading.Timer(0.1, may_end.set).start()
    thread.stop()
    assert ended.is_set()
    assert not thread.is_alive()


def test_every_entry_of_the_setting_can_be_called():
    for path, seconds in settings.PERIODIC:
        inspect.signature(import_string(path)).bind(at=AT)
        assert seconds > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_ends_cleanly_on_a_signal(number):
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--no-startup-delay", "--verbosity", "2"],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in worker.stdout:
        said.append(line)
        if "Starting worker" in line:
            break
    worker.send_signal(number)
    assert worker.wait(timeout=60) == 0, "".join(said)
