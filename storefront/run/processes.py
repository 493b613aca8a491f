"""Child processes that come and go together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_END = 10.0


class Stopped(Exception):
    """Somebody asked us to end, by Ctrl-C or a signal."""


def _stop(number: int, frame: object) -> None:
    raise Stopped


class Household:
    """Starts children and takes all of them along when it ends, however it ends.

    Each child leads a process group of its own: Ctrl-C reaches us alone, and what a child has
    started (the reloader's second process) is stopped with it.
    """

    def __init__(self) -> None:
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Household":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        return self

    def __exit__(self, *problem: object) -> None:
        # A second Ctrl-C would leave the children behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in self._children.values():
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        for child in self._children.values():
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                pass
            _signal(child, signal.SIGKILL)

    def start(self, name: str, *arguments: str, environment: Mapping[str, str]) -> None:
        """Start Python with `arguments` as the child `name`."""
        self._children[name] = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_for(self, name: str) -> int:
        """Return the exit code of the child `name` once it has ended."""
        code = self._children[name].wait()
        del self._children[name]
        return code

    def ended(self) -> str:
        """Name a child that has ended by itself, or ""."""
        ended = (name for name, child in self._children.items() if child.poll() is not None)
        return next(ended, "")


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass
