"""The same seven levels by plain Python and by a recursive query on PostgreSQL (JSON).

`python -m benchmarks.inside.plan_peers MEMBERS` prints seconds and what each would pay, in cents.
"""

import json
import os
import sys
import time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg

from benchmarks.inside.plan_run import make_unilevel
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.snapshot import Snapshot

RATES = [Decimal(each) for each in ("0.10", "0.05", "0.04", "0.03", "0.02", "0.01", "0.01")]
CENT = Decimal("0.01")
QUERY = """
WITH RECURSIVE walk AS (
    SELECT source.row AS source, source.cv, source.parent AS here, 0 AS level
    FROM bench_member source WHERE source.cv <> 0 AND source.parent >= 0
    UNION ALL
    SELECT walk.source, walk.cv, upline.parent, walk.level + upline.kept::int
    FROM walk JOIN bench_member upline ON upline.row = walk.here
    WHERE walk.level + upline.kept::int < 7 AND upline.parent >= 0
), paid AS (
    SELECT walk.here AS payee, walk.level + 1 AS level, walk.cv
    FROM walk JOIN bench_member upline ON upline.row = walk.here WHERE upline.kept
)
SELECT sum(round(cv * (ARRAY[0.10, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01])[level], 2)) FROM paid
"""


def main(members: int) -> None:
    """Run all three on the same arrays."""
    plan, snapshot = make_unilevel(members)
    started = time.perf_counter()
    result = run_plan(plan=plan, snapshot=snapshot)
    found: dict[str, Any] = {"engine_seconds": time.perf_counter() - started}
    found["engine_paid"] = int(result.awards["team"].amount.sum())
    cv, pv = result.computation.numbers("cv"), result.computation.numbers("pv")
    volumes = [Decimal(int(value)).scaleb(-cv.places) for value in cv.values]
    kept = (pv.values >= 40 * 10**pv.places).tolist()
    started = time.perf_counter()
    found["python_paid"] = pay_in_python(snapshot, volumes, kept)
    found["python_seconds"] = time.perf_counter() - started
    url = os.environ.get("BENCH_DATABASE", "")
    if url:
        found |= pay_in_sql(url, snapshot, volumes, kept)
    json.dump(found, sys.stdout)


def pay_in_python(snapshot: Snapshot, volumes: list[Decimal], kept: list[bool]) -> int:
    """One source after the other, up the sponsors, with decimals: the slow, obvious way."""
    parents = snapshot.positions.parents["sponsor"].tolist()
    total = Decimal(0)
    for source, volume in enumerate(volumes):
        above, level = parents[source], 0
        while volume and above >= 0 and level < len(RATES):
            if kept[above]:
                total += (volume * RATES[level]).quantize(CENT, ROUND_HALF_UP)
                level += 1
            above = parents[above]
    return int(total * 100)


def pay_in_sql(
    url: str, snapshot: Snapshot, volumes: list[Decimal], kept: list[bool]
) -> dict[str, Any]:
    """The query over a table of the same members, which is filled and analysed before."""
    parents = snapshot.positions.parents["sponsor"].tolist()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_member"
            " (row int PRIMARY KEY, parent int NOT NULL, cv numeric NOT NULL, kept bool NOT NULL)"
        )
        with cursor.copy("COPY bench_member FROM STDIN") as copy:
            for row in zip(range(len(parents)), parents, volumes, kept, strict=True):
                copy.write_row(row)
        cursor.execute("ANALYZE bench_member")
        started = time.perf_counter()
        paid = cursor.execute(QUERY).fetchone()
        seconds = time.perf_counter() - started
    assert paid is not None
    return {"sql_seconds": seconds, "sql_paid": int(paid[0] * 100)}


if __name__ == "__main__":
    main(int(sys.argv[1]))
