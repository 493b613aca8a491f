"""What crediting costs a shopper: the same checkout with and without it, taking turns."""

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.rows import Row, at_most
from benchmarks.site import ROOT, Installation, make_installation

TITLE = "Checkout"
NOTE = (
    "A guest whom a member twelve levels deep sent buys three products by card, with every page a "
    "browser loads on the way: basket, address, delivery, payment, thanks; in one process, against "
    "localstripe. With and without crediting (in the request, the slower way) take turns; medians "
    "of 40 each."
)
BUDGET_PERCENT = 5
NOWHERE = "http://127.0.0.1:9/"


def measure() -> list[Row]:
    """Compare the whole checkout, and the request that pays and places the order."""
    with make_installation() as installation, localstripe(installation) as shop:
        shop.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        found = json.loads(shop.run("-m", "benchmarks.buying"))
        where = installation.database
    whole, without = found["with"]["whole"], found["without"]["whole"]
    paying, paying_without = found["with"]["paying"], found["without"]["paying"]
    slower = max((whole / without - 1) * 100, 0.0)
    return [
        Row(f"checkout without crediting ({where})", f"{without * 1000:.0f} ms"),
        Row(f"checkout with crediting ({where})", f"{whole * 1000:.0f} ms"),
        at_most(f"slower with crediting ({where})", slower, BUDGET_PERCENT, "%"),
        Row(f"its request that pays, without ({where})", f"{paying_without * 1000:.0f} ms"),
        Row(f"its request that pays, with ({where})", f"{paying * 1000:.0f} ms"),
    ]


@contextlib.contextmanager
def localstripe(installation: Installation) -> Iterator[Installation]:
    """The installation with a provider of its own."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        base = f"http://127.0.0.1:{port}"
        environment = {**installation.environment, "STRIPE_API_BASE": base}
        where = ["--port", str(port), "--file", str(Path(folder) / "localstripe.pickle")]
        process = subprocess.Popen(
            [sys.executable, "-m", "storefront.run.localstripe", *where, "--webhook", NOWHERE],
            cwd=ROOT,
            env=environment,
        )
        try:
            _wait_for(port)
            yield replace(installation, environment=environment)
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise RuntimeError("localstripe did not start")
