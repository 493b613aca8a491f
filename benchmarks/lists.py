"""Lists, filters, search and product pages with 80,000 products."""

import dataclasses
import json
import time
from typing import Any

from benchmarks.load import get_page, run_load
from benchmarks.rows import Row, at_most
from benchmarks.site import Installation, make_installation

TITLE = "Lists with 80,000 products"
NOTE = (
    "80,000 products in 50 categories, four filters, texts in two languages. Anonymous visitor, "
    "production settings, two gunicorn workers (sync), two clients for four seconds after a warm-up, "
    "loader and database on the same machine. Nothing cached: `LIST_CACHE_SECONDS=0`. Memory is what a "
    "process has more once it has read all cards. The rebuild writes every card anew."
)
BUDGET_QUERIES = 12
BUDGET_P95_MS = 100
BUDGET_FIRST_MS = 2_000
CLIENTS = 2
SECONDS = 4.0


def measure() -> list[Row]:
    """Load each page in turn, with fragments in the cache and without; then what all cards take."""
    with make_installation() as installation:
        installation.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        pages = json.loads(installation.run("-m", "benchmarks.inside.shelves"))
        database = installation.database
        rows = [
            at_most(f"{name} ({database})", page["queries"], BUDGET_QUERIES, "queries")
            for name, page in pages.items()
        ]
        rows += _load(installation, pages, f"({database})")
        rows += _load(_without_cache(installation), pages, f"({database}), nothing cached")
        rows += _start(installation, pages, database)
        started = time.monotonic()
        installation.run("manage.py", "rebuild_listing")
        rows.append(Row(f"rebuild_listing ({database})", f"{time.monotonic() - started:.0f} s"))
    return rows


def _load(installation: Installation, pages: dict[str, Any], words: str) -> list[Row]:
    rows = []
    with installation.serve(workers=2) as address:
        for name, page in pages.items():
            load = run_load(url=address + page["path"], seconds=SECONDS, clients=CLIENTS)
            rows.append(at_most(f"{name} {words}, p95", load.p95_ms, BUDGET_P95_MS, "ms"))
            rows.append(Row(f"{name} {words}", f"{load.per_second:.0f} requests/s"))
    return rows


def _start(installation: Installation, pages: dict[str, Any], database: str) -> list[Row]:
    """The first list of a process that has just been started, and what reading the cards takes."""
    with installation.serve(workers=1) as address:
        started = time.monotonic()
        get_page(address + pages["one filter"]["path"])
        first_ms = (time.monotonic() - started) * 1000
    cards = json.loads(installation.run("-m", "benchmarks.inside.cards"))
    return [
        at_most(f"first list of a new process ({database})", first_ms, BUDGET_FIRST_MS, "ms"),
        Row(f"of it reading {cards['cards']:,} cards ({database})", f"{cards['ms']:.0f} ms"),
        Row(f"memory of the cards in each process ({database})", f"{cards['mb']:.0f} MB"),
    ]


def _without_cache(installation: Installation) -> Installation:
    environment = {**installation.environment, "LIST_CACHE_SECONDS": "0"}
    return dataclasses.replace(installation, environment=environment)
