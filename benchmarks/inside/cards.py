"""Reads all cards in a new process; prints what that takes (JSON)."""

import json
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Print the milliseconds to read the cards, and the memory in MB that this process got by it."""
    django.setup()
    from django.db import connection

    from storefront.shop.listing.snapshot import get_snapshot

    connection.ensure_connection()
    before = _megabytes()
    started = time.perf_counter()
    snapshot = get_snapshot()
    milliseconds = (time.perf_counter() - started) * 1000
    json.dump({"cards": snapshot.size, "ms": milliseconds, "mb": _megabytes() - before}, sys.stdout)


def _megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
