"""Finding and taking places in the placement tree, with a leg 50,000 deep and a million members."""

import json
from pathlib import Path
from typing import Any

from benchmarks.growth import draw_growth
from benchmarks.rows import Row, at_most
from benchmarks.site import make_installation

TITLE = "Placement"
NOTE = (
    "PostgreSQL, a binary tree: one leg straight down, another that changes sides at every step, the "
    "rest in free slots chosen at random. *Finding* asks from the top, from the middle of the deep leg "
    "and from members chosen at random; *placing* is the whole transaction, lock and commit included, "
    "one after the other. Legs are counted in the background. "
    "![Time by members](pictures/placing_growth.svg)"
)
SIZES = (10_000, 100_000, 1_000_000)
BUDGET_MS = 50
BUDGET_COUNT = 120
QUICK = ("finding: chosen", "finding: outside", "finding: alternate", "placing: holding")
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "placing_growth.svg"


def measure() -> list[Row]:
    """The same questions at every size; the budgets are for the largest."""
    runs = []
    for size in SIZES:
        with make_installation() as installation:
            if installation.database != "PostgreSQL":
                return [Row("placing", "not measured: it needs PostgreSQL")]
            runs.append(json.loads(installation.run("-m", "benchmarks.inside.placing", str(size))))
    PICTURE.write_text(draw_growth(_lines(runs), sizes=SIZES))
    return [row for name in runs[-1]["p95_ms"] for row in _times(name, runs)] + _rest(runs)


def _times(name: str, runs: list[dict[str, Any]]) -> list[Row]:
    *smaller, largest = [run["p95_ms"][name] for run in runs]
    what = f"{name}, {SIZES[-1]:,} members, p95"
    words = f"; {' and '.join(f'{ms:.1f}' for ms in smaller)} ms with fewer"
    if name in QUICK:
        row = at_most(what, largest, BUDGET_MS, "ms")
        return [Row(row.what, row.measured + words, row.budget, row.is_kept)]
    return [Row(what, f"{largest:.1f} ms{words}")]


def _rest(runs: list[dict[str, Any]]) -> list[Row]:
    largest = runs[-1]
    return [
        at_most("counting all legs", largest["count_s"], BUDGET_COUNT, "s"),
        at_most("counting again with nothing new", largest["recount_s"], BUDGET_COUNT, "s"),
        Row("moving half of the deep leg to the other side", f"{largest['move_s']:.2f} s"),
        Row("checking the whole tree", f"{largest['check_s']:.1f} s"),
        at_most("faults afterwards", largest["problems"], 0, "faults"),
    ]


def _lines(runs: list[dict[str, Any]]) -> dict[str, list[float]]:
    lines = {
        name: [run["p95_ms"][name] / 1000 for run in runs]
        for name in ("finding: outside", "finding: balanced", "placing: alternate",
                     "is below, sides changing")
    }  # fmt: skip
    lines["counting all legs"] = [run["count_s"] for run in runs]
    return lines
