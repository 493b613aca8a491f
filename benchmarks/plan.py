"""The plan engine: a million members, how time grows, and the same work done otherwise."""

import json
import os
import subprocess
import sys
from math import log10
from pathlib import Path
from typing import Any

from benchmarks.rows import Row, at_least, at_most
from tests import postgres

TITLE = "Plan engine"
NOTE = (
    "From arrays to award columns, one process each. *Hybrid*: five order lines per member, seven "
    "compressed levels whose depth depends on the rank, a differential, a ladder of four ranks with "
    "leg requirements. *Binary*: a leg 50,000 deep with bushes, lots that expire. Memory is the most "
    "the process had, the arrays included. Skips are those of the member with the most awards. The "
    "side-by-side runs pay seven compressed levels alone, and must pay the same cents. "
    "![Seconds by members](pictures/plan_growth.svg)"
)
BUDGET_SECONDS = 5
BUDGET_MB = 2048
BUDGET_SKIPS = 1
SIZES = (10_000, 100_000, 1_000_000)
PEERS = (10_000, 100_000)
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "plan_growth.svg"


def measure() -> list[Row]:
    """Growth of both plans, the budgets at a million, then the peers."""
    found = {
        kind: [_run("plan_run", kind, size) for size in SIZES] for kind in ("hybrid", "binary")
    }
    rows: list[Row] = []
    for kind, runs in found.items():
        largest = runs[-1]
        what = f"{kind}, {SIZES[-1]:,} members"
        rows.append(at_most(what, largest["seconds"], BUDGET_SECONDS, "s"))
        rows.append(at_most(f"{what}, memory", largest["mb"], BUDGET_MB, "MB"))
        rows.append(at_most(f"{what}, skips of one", largest["skip_seconds"], BUDGET_SKIPS, "s"))
        rows.append(Row(f"{what}, awards", f"{largest['awards']:,}"))
        rows += [
            Row(f"{kind}, {size:,} members", f"{run['seconds']:.2f} s")
            for size, run in zip(SIZES[:-1], runs[:-1], strict=True)
        ]
    PICTURE.write_text(
        draw({kind: [run["seconds"] for run in runs] for kind, runs in found.items()})
    )
    return rows + [row for size in PEERS for row in _compare(size)]


def _compare(members: int) -> list[Row]:
    peers = _run("plan_peers", str(members))
    words = f"seven levels, {members:,} members"
    rows = [
        Row(f"{words}: engine", f"{peers['engine_seconds']:.2f} s"),
        at_least(
            f"{words}: faster than plain Python",
            peers["python_seconds"] / peers["engine_seconds"],
            1,
            "times",
        ),
    ]
    different = abs(peers["python_paid"] - peers["engine_paid"])
    if "sql_seconds" in peers:
        ratio = peers["sql_seconds"] / peers["engine_seconds"]
        rows.append(at_least(f"{words}: faster than a recursive query", ratio, 1, "times"))
        different += abs(peers["sql_paid"] - peers["engine_paid"])
    return [*rows, at_most(f"{words}: cents that differ", different, 0, "cents")]


def _run(module: str, *arguments: object) -> dict[str, Any]:
    environment = {**os.environ, "BENCH_DATABASE": postgres.find_server()}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.inside.{module}", *map(str, arguments)],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def draw(seconds: dict[str, list[float]]) -> str:
    """Seconds by members as a drawing, both axes by powers of ten."""
    marks, lines = [], []
    for size, x in zip(SIZES, (80, 280, 480), strict=True):
        marks.append(f'<text x="{x}" y="290" text-anchor="middle">{size:,}</text>')
    for power, label in ((-2, "0.01 s"), (-1, "0.1 s"), (0, "1 s"), (1, "10 s")):
        height = _height(10.0**power)
        marks.append(f'<path d="M70 {height}H500" opacity=".25"/>')
        marks.append(f'<text x="62" y="{height + 4}" text-anchor="end">{label}</text>')
    for kind, values in seconds.items():
        points = " ".join(
            f"{x},{_height(value)}" for x, value in zip((80, 280, 480), values, strict=True)
        )
        dash = "" if kind == "hybrid" else ' stroke-dasharray="6 4"'
        lines.append(f'<polyline points="{points}" stroke-width="2"{dash}/>')
        lines.append(f'<text x="488" y="{_height(values[-1]) + 4}">{kind}</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 300" font-family="sans-serif" '
        'font-size="12"><g fill="none" stroke="currentColor">'
        + "".join(each for each in marks + lines if not each.startswith("<text"))
        + '</g><g fill="currentColor">'
        + "".join(each for each in marks + lines if each.startswith("<text"))
        + "</g></svg>\n"
    )


def _height(seconds: float) -> float:
    return round(200 - 80 * log10(max(seconds, 0.003)), 1)
