"""How fast orders become points along the whole chain, with a million members on PostgreSQL."""

import json

from benchmarks.rows import Row, at_least, at_most
from benchmarks.site import make_installation

TITLE = "Crediting"
NOTE = (
    "PostgreSQL, 1,000,000 members: most below a sponsor chosen at random, and 200 chains of 600. "
    "Orders of one line in the worker's batches, one process; afterwards books and totals are "
    "compared, and must agree."
)


def measure() -> list[Row]:
    """Credit orders of members at usual depth, then of members at depth 600."""
    with make_installation() as installation:
        if installation.database != "PostgreSQL":
            return [Row("crediting", "not measured: it needs PostgreSQL")]
        found = json.loads(installation.run("-m", "benchmarks.inside.crediting"))
    depth = f"mean depth {found['mean_depth']:.1f}"
    return [
        at_least(f"orders credited, {depth}", found["wide_orders"], 2_000, "orders/s"),
        Row("orders credited, depth 600", f"{found['deep_orders']:,.0f} orders/s"),
        at_least("totals written, depth 600", found["deep_rows"], 100_000, "rows/s"),
        at_most(f"queries of a batch, {depth}", found["wide_queries"], 24, "queries"),
        at_most("queries of a batch, depth 600", found["deep_queries"], 24, "queries"),
        at_most("differences between books and totals", found["problems"], 0, "differences"),
    ]
