"""Runs plans over arrays of many members in a new process; prints seconds and memory (JSON).

`python -m benchmarks.inside.plan_run hybrid|unilevel|binary MEMBERS`
"""

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

import numpy as np

from mlm_plugin.plan.calendars import STANDARD, Period, find_period
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.running import find_skips, run_plan
from mlm_plugin.plan.simulation.growing import Growth
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.snapshot import Earlier, Lines, Positions, Snapshot

DEEP_LEG = 50_000
HEAD = '[plan]\nid = "bench"\ncurrency = "EUR"\n'
HYBRID = (
    HEAD
    + """
[trees.sponsor]
parent = "sponsor"
[volumes.pv]
of = "line.pv"
where = 'line.buyer == "self"'
[volumes.cv]
of = "line.cv"
[statuses.active]
when = "pv >= 40"
[metrics.group]
value = "total(cv, subtree)"
[ladders.rank]
ranks = [
    { name = "member" },
    { name = "bronze", requires = ["active", "group >= 1000"] },
    { name = "silver", requires = ["group >= 5000", "legs_with(rank >= 'bronze') >= 2"] },
    { name = "gold", requires = ["group >= 20000", "legs_with(rank >= 'silver') >= 2"] },
]
[tables.levels]
by = "rank"
rows.member = ["5%", "5%"]
rows.bronze = ["5%", "5%", "5%", "4%"]
rows.silver = ["5%", "5%", "5%", "4%", "3%", "2%"]
rows.gold = ["5%", "5%", "5%", "4%", "3%", "2%", "1%"]
[tables.share]
by = "rank"
rows = { member = 0, bronze = "3%", silver = "6%", gold = "9%" }
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 7
rate = "levels(rank, level)"
compress = "active"
[bonuses.rise]
kind = "differential"
base = "cv"
rate = "share(rank)"
payee = "active"
"""
)
UNILEVEL = (
    HEAD
    + """
[trees.sponsor]
parent = "sponsor"
[volumes.pv]
of = "line.pv"
where = 'line.buyer == "self"'
[volumes.cv]
of = "line.cv"
[tables.levels]
levels = ["10%", "5%", "4%", "3%", "2%", "1%", "1%"]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 7
rate = "levels(level)"
compress = "pv >= 40"
"""
)
BINARY = (
    HEAD
    + """
[trees.binary]
parent = "placement"
side = "side"
[volumes.cv]
of = "line.cv"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
most = "500"
expires = 3
"""
)


def main(kind: str, members: int) -> None:
    """Prepare the arrays, run, and say what it took."""
    plan, snapshot = {"hybrid": make_hybrid, "binary": make_binary, "unilevel": make_unilevel}[
        kind
    ](members)
    started = time.perf_counter()
    result = run_plan(plan=plan, snapshot=snapshot)
    seconds = time.perf_counter() - started
    peak = _megabytes("VmHWM")
    first = max(result.awards.values(), key=lambda awards: awards.size)
    # The member with the most lines has the most to explain.
    member = int(np.bincount(first.payee).argmax())
    started = time.perf_counter()
    skips = find_skips(result=result, member=member)
    found = {
        "seconds": seconds,
        "skip_seconds": time.perf_counter() - started,
        "skips": sum(lines.size for lines in skips.values()),
        "lines": snapshot.lines.size,
        "awards": sum(awards.size for awards in result.awards.values()),
        "paid": sum(int(awards.amount.sum()) for awards in result.awards.values()),
        "mb": peak,
    }
    json.dump(found, sys.stdout)


def make_unilevel(members: int) -> tuple[Plan, Snapshot]:
    """Seven levels and compression alone, with one order line per member on average."""
    plan = load_plan(UNILEVEL)
    shape = Shape(start=Decimal(1), active=Decimal("0.6"), customers=Decimal("0.4"))
    grown = Growth(plan=plan, shape=shape, members=members, periods=1, seed=1)
    return plan, grown.snapshot(number=0, period=_january(), earlier=Earlier())


def make_hybrid(members: int) -> tuple[Plan, Snapshot]:
    """Members with five order lines each on average: one of their own, four of customers."""
    plan = load_plan(HYBRID)
    shape = Shape(
        start=Decimal(1), active=Decimal(1), customers=Decimal(8), customer_active=Decimal("0.5")
    )
    grown = Growth(plan=plan, shape=shape, members=members, periods=1, seed=1)
    return plan, grown.snapshot(number=0, period=_january(), earlier=Earlier())


def make_binary(members: int) -> tuple[Plan, Snapshot]:
    """A tree of two legs, one of which is a line of 50,000 with bushes on it; one line each."""
    plan = load_plan(BINARY)
    rows = np.arange(members)
    deep = min(DEEP_LEG, members // 2)
    parent = (rows - deep) // 2 + deep - 1
    side = (rows - deep) % 2
    parent[: deep + 1], side[: deep + 1] = rows[: deep + 1] - 1, 0
    # The rest hangs on the right side of the line, in bushes below its members.
    rest = rows[deep + 1 :]
    bush = (rest - deep - 1) // deep
    parent[rest] = np.where(bush == 0, rest - deep - 1, rest - deep)
    side[rest] = 1
    ids = np.char.mod("m%08d", rows)
    day = np.full(members, _january().days[0])
    numbers = {"cv": Numbers(rows % 97 + 3), "pv": Numbers(rows % 97 + 3)}
    one, nobody = np.full(members, "1"), np.zeros(members, dtype=np.int64)
    lines = Lines(np.char.mod("%08d", rows), one, rows, day, nobody, numbers)
    positions = Positions(ids, ids, rows, {"binary": parent}, {"binary": side}, {})
    return plan, Snapshot(_january(), positions, lines)


def _january() -> Period:
    return find_period(name="2026-01", calendars=STANDARD, preferred="month")


def _megabytes(field: str) -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
