"""Pages of downlines: every read that pages ask for, on networks of three sizes."""

import json
from math import log10
from pathlib import Path

from benchmarks.rows import Row, at_most
from benchmarks.site import make_installation

TITLE = "Team"
NOTE = (
    "PostgreSQL, 95 of 100 calls, the slowest kind of head: anybody, the heads of twelve large "
    "branches, of branches of eight sizes in between, the root, the head of a star (a first line of a "
    "tenth of all); for the ways up also the end of a chain of 600. 300 members have changed since the "
    "last reading into columns. Pages of fifty with the points of a month. *Then* is the downline "
    "before fifty moves. ![Milliseconds by members](pictures/team_growth.svg)"
)
BUDGET_MS = 50
SIZES = (10_000, 100_000, 1_000_000)
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "team_growth.svg"
Found = dict[str, dict[str, float]]


def measure() -> list[Row]:
    """Every read at each size; the budget is for the largest."""
    runs: dict[int, Found] = {}
    for size in SIZES:
        with make_installation() as installation:
            if installation.database != "PostgreSQL":
                return [Row("team", "not measured: it needs PostgreSQL")]
            found = installation.run("-m", "benchmarks.inside.team", str(size))
        runs[size] = json.loads(found)
    PICTURE.write_text(draw({name: slowest(runs, name) for name in runs[SIZES[0]]}))
    rows = [
        at_most(f"{name}, {SIZES[-1]:,} members", slowest(runs, name)[-1], BUDGET_MS, "ms")
        for name in runs[SIZES[-1]]
    ]
    for size in SIZES[:-1]:
        worst = max(max(kinds.values()) for kinds in runs[size].values())
        rows.append(Row(f"slowest of all reads, {size:,} members", f"{worst:.0f} ms"))
    return rows


def slowest(runs: dict[int, Found], name: str) -> list[float]:
    """Milliseconds of the slowest kind of head, by size."""
    return [max(runs[size][name].values()) for size in SIZES]


def draw(milliseconds: dict[str, list[float]]) -> str:
    """Milliseconds by members as a drawing, both axes by powers of ten; one line for each read."""
    marks, lines = [], []
    columns = (80, 280, 480)
    for size, x in zip(SIZES, columns, strict=True):
        marks.append(f'<text x="{x}" y="290" text-anchor="middle">{size:,}</text>')
    for limit, label in ((1, "1 ms"), (10, "10 ms"), (BUDGET_MS, "50 ms"), (1_000, "1 s")):
        height = _height(limit)
        dash = ' stroke-dasharray="6 4"' if limit == BUDGET_MS else ""
        lines.append(f'<path d="M70 {height}H500" opacity=".25"{dash}/>')
        marks.append(f'<text x="62" y="{height + 4}" text-anchor="end">{label}</text>')
    for values in milliseconds.values():
        points = " ".join(f"{x},{_height(ms)}" for x, ms in zip(columns, values, strict=True))
        lines.append(f'<polyline points="{points}" stroke-width="1.5" opacity=".6"/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 300" font-family="sans-serif" '
        f'font-size="12"><g fill="none" stroke="currentColor">{"".join(lines)}</g>'
        f'<g fill="currentColor">{"".join(marks)}</g></svg>\n'
    )


def _height(milliseconds: float) -> float:
    return round(250 - 70 * log10(max(milliseconds, 0.3)), 1)
