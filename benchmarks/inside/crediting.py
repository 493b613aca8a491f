"""Credits orders in the installation it runs in and prints what it took, as JSON."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.inside.network import build_network  # noqa: E402
from mlm_plugin.ledger.selectors import find_problems  # noqa: E402
from mlm_plugin.shop.services import BATCH_SIZE  # noqa: E402
from mlm_plugin.volumes.facts import LineFacts, OrderFacts  # noqa: E402
from mlm_plugin.volumes.rebuilding import find_differences  # noqa: E402
from mlm_plugin.volumes.services import credit_orders  # noqa: E402

SIZE, CHAINS, CHAIN_DEPTH = 1_000_000, 200, 600
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)

_numbers = count(1)


def order_of(member_id: int) -> OrderFacts:
    """A customer's paid order of one line, 15.00 PV and 12.00 CV."""
    number = next(_numbers)
    moment = NOON + timedelta(seconds=number % 3_600)
    line = LineFacts(
        line_id=number, sku="SKU", title="Linden tea", quantity=2, paid=2_000, pv=1_500, cv=1_200
    )
    return OrderFacts(
        number=f"bench-{number}",
        member_id=member_id,
        buyer_kind="retail",
        buyer_id=None,
        source="cookie",
        campaign="",
        placed_at=moment,
        paid_at=moment,
        cancelled_at=None,
        lines=(line,),
    )


def batches(members: Sequence[int], *, orders: int) -> Iterator[list[OrderFacts]]:
    """Orders of members chosen at random, in the batches of the worker."""
    dice = random.Random(1)
    for _start in range(0, orders, BATCH_SIZE):
        yield [order_of(dice.choice(members)) for _number in range(BATCH_SIZE)]


def credit(work: list[list[OrderFacts]]) -> float:
    """Seconds for crediting these batches one after another."""
    started = time.perf_counter()
    for batch in work:
        credit_orders(facts=batch)
    return time.perf_counter() - started


def totals_written(work: list[list[OrderFacts]]) -> int:
    """Totals that orders at the ends of chains write: each chain once a batch, and the top."""
    return sum(len({order.member_id for order in batch}) * (CHAIN_DEPTH - 1) + 1 for batch in work)


def queries_of(members: Sequence[int]) -> int:
    """Queries of one batch."""
    batch = next(batches(members, orders=BATCH_SIZE))
    with CaptureQueriesContext(connection) as queries:
        credit_orders(facts=batch)
    return len(queries)


def main() -> None:
    """Build, warm up, measure, and check that books and totals agree afterwards."""
    network = build_network(size=SIZE, chains=CHAINS, chain_depth=CHAIN_DEPTH)
    wide = list(batches(network.spread, orders=30_000))
    deep = list(batches(network.chain_ends, orders=8_000))
    credit(wide[:10])
    wide_seconds = credit(wide[10:])
    credit(deep[:3])
    deep_seconds = credit(deep[3:])
    found = {
        "mean_depth": network.mean_depth,
        "wide_orders": len(wide[10:]) * BATCH_SIZE / wide_seconds,
        "deep_orders": len(deep[3:]) * BATCH_SIZE / deep_seconds,
        "deep_rows": totals_written(deep[3:]) / deep_seconds,
        "wide_queries": queries_of(network.spread),
        "deep_queries": queries_of(network.chain_ends),
        "problems": len(find_differences()) + len(find_problems()),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
