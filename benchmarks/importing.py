"""How long a network of a million members takes from the file to the last commit, on PostgreSQL."""

import json

from benchmarks.rows import Row, at_most
from benchmarks.site import make_installation

TITLE = "Importing"
NOTE = (
    "PostgreSQL, an empty network. The file is CSV with names, joining days and sponsors chosen at"
    " random; seconds are from opening the file to the commit, history of both trees included."
    " *Everything*: places in a binary tree too, ranks, opening points of 28 in 100 members, as in the"
    " real network in the acceptance tests, and balances of 10 in 100."
)
SIZES = (10_000, 100_000, 1_000_000)


def measure() -> list[Row]:
    """Import networks of each size, then other shapes; every result is checked."""
    rows: list[Row] = []
    for name, budget in [(f"random {size}", None) for size in SIZES[:-1]] + SHAPES:
        with make_installation() as installation:
            if installation.database != "PostgreSQL":
                return [Row("importing", "not measured: it needs PostgreSQL")]
            shape, size = name.rsplit(" ", 1)
            found = json.loads(installation.run("-m", "benchmarks.inside.importing", shape, size))
        what = f"{int(size):,} members, {shape}"
        if budget:
            rows.append(at_most(what, found["seconds"], budget, "s"))
        else:
            rows.append(Row(what, f"{found['seconds']:,.1f} s"))
        if budget:
            rows.append(at_most("the same file again", found["again"], budget, "s"))
            rows.append(Row("its dry run", f"{found['dry']:,.1f} s"))
            rows.append(Row("memory of the process", f"{found['megabytes']:,.0f} MB"))
        rows.append(at_most(f"faults afterwards, {what}", found["problems"], 0, "faults"))
    return rows


SHAPES: list[tuple[str, int | None]] = [
    ("placement line 100000", None),
    ("star 100000", None),
    ("random 1000000", 180),
    ("everything 1000000", 180),
]
