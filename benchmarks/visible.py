"""How long it takes from a paid order to points up the chain, with and without a worker."""

import json
import subprocess
import sys
from dataclasses import replace

from benchmarks.rows import Row, at_most
from benchmarks.site import ROOT, make_installation

TITLE = "Order to points"
NOTE = (
    "From marking an order as paid, that write included, until the total of a sponsor three levels "
    "up has changed; the slowest of ten orders."
)


def measure() -> list[Row]:
    """Let the worker credit, then the request itself."""
    with make_installation() as installation:
        by_worker = replace(
            installation, environment={**installation.environment, "MLM_CREDIT": "worker"}
        )
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=by_worker.environment
        )
        try:
            with_worker = json.loads(by_worker.run("-m", "benchmarks.inside.visible"))
        finally:
            worker.terminate()
            worker.wait(20)
    with make_installation() as installation:
        at_once = json.loads(installation.run("-m", "benchmarks.inside.visible"))
    return [
        at_most("with a worker", max(with_worker), 2, "s"),
        at_most("in the request", max(at_once) * 1000, 100, "ms"),
    ]
