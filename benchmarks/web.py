"""Requests per second and queries of the pages that everybody sees."""

import json
import os

from benchmarks.load import run_load
from benchmarks.rows import Row, at_least, at_most
from benchmarks.site import make_installation

TITLE = "Pages"
NOTE = (
    "Anonymous visitor, production settings, two gunicorn workers (sync), four clients for ten "
    "seconds after a warm-up, loader and database on the same machine. The budget is 30 times what "
    "Oscar's own sandbox gave (1.4 requests/s with 132 queries)."
)
BUDGET_PER_SECOND = 42
BUDGET_QUERIES = 12


def measure() -> list[Row]:
    """Load each page in turn, and the peer, if one is named, between them."""
    rows: list[Row] = []
    with make_installation() as installation:
        installation.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        pages = json.loads(installation.run("-m", "benchmarks.seeding"))
        with installation.serve(workers=2) as address:
            for name, page in pages.items():
                load = run_load(url=address + page["path"])
                name = f"{name} ({installation.database})"
                rows.append(at_least(name, load.per_second, BUDGET_PER_SECOND, "requests/s"))
                rows.append(Row(f"{name}, 95 of 100 answers within", f"{load.p95_ms:.0f} ms"))
                rows.append(Row(f"{name}, processor time", f"{page['cpu_ms']:.1f} ms"))
                rows.append(at_most(name, page["queries"], BUDGET_QUERIES, "queries"))
    if peer := os.environ.get("PEER"):
        load = run_load(url=peer)
        rows.append(Row(f"peer {peer}", f"{load.per_second:.1f} requests/s"))
    return rows
