"""How long `make run` takes: first in a fresh clone, then again."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, at_most

TITLE = "Start"
NOTE = (
    "`make run` in a fresh clone until it says that the site is ready. Installing packages is "
    "measured apart, because it is mostly downloads."
)
ROOT = Path(__file__).resolve().parent.parent
BUDGET_FIRST = 120
BUDGET_LATER = 10


def measure() -> list[Row]:
    """Clone what is committed, install, start twice."""
    with tempfile.TemporaryDirectory(prefix="mlm-start-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        started = time.monotonic()
        # Catalogues need the site's packages and nothing else.
        subprocess.run(["make", "catalogues"], cwd=clone, check=True, stdout=subprocess.DEVNULL)
        installing = time.monotonic() - started
        return [
            Row("installing packages (downloads included)", f"{installing:.0f} s"),
            at_most("first start", seconds_until_ready(clone), BUDGET_FIRST, "s"),
            at_most("later start", seconds_until_ready(clone), BUDGET_LATER, "s"),
        ]


def seconds_until_ready(clone: Path) -> float:
    """Start, wait for the word, stop."""
    started = time.monotonic()
    with _running(clone) as output:
        for line in output:
            if "The site is ready" in line:
                return time.monotonic() - started
    raise RuntimeError("make run ended before the site was ready")


@contextlib.contextmanager
def _running(clone: Path) -> Iterator[Iterator[str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    plain = ("DATABASE_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE")
    environment = {name: text for name, text in os.environ.items() if name not in plain}
    process = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        yield process.stdout
    finally:
        os.killpg(process.pid, signal.SIGINT)
        # Reads the rest, so that nothing blocks on a full pipe while it ends.
        process.communicate(timeout=30)
