"""Writes of the shop's door: rings become credited orders."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from mlm_plugin.conf import get_setting
from mlm_plugin.shop import orders
from mlm_plugin.volumes.services import credit_orders

logger = logging.getLogger(__name__)

BATCH_SIZE = 1_000
# How far back the worker looks; older things are left to `mlm_reconcile`.
RECENT = timedelta(days=7)


def credit_order_now_or_later(*, order_id: int) -> None:
    """Credit one order in this request, or leave it to the worker, by `MLM["CREDIT"]`.

    An error is logged and goes no further: the order exists, the shopper must not see it, and the
    order stays waiting until the worker or `mlm_reconcile` takes it up.
    """
    if get_setting("CREDIT") == "worker":
        return
    try:
        credit_orders(facts=orders.read_orders(order_ids=[order_id]))
    except Exception:
        logger.exception("order %s is not credited yet; it stays waiting", order_id)


def credit_waiting_orders(*, since: datetime | None, limit: int | None = None) -> int:
    """Credit what is waiting, in batches; returns how many orders were taken up.

    An order that cannot be credited is logged and does not keep the others from it.
    """
    waiting = orders.find_waiting(since=since, limit=limit)
    for start in range(0, len(waiting), BATCH_SIZE):
        _credit_batch(waiting[start : start + BATCH_SIZE])
    return len(waiting)


def _credit_batch(order_ids: Sequence[int]) -> None:
    try:
        credit_orders(facts=orders.read_orders(order_ids=order_ids))
    except Exception:
        if len(order_ids) == 1:
            logger.exception("order %s cannot be credited", order_ids[0])
            return
        # One of them is at fault: halve until it stands alone.
        middle = len(order_ids) // 2
        _credit_batch(order_ids[:middle])
        _credit_batch(order_ids[middle:])
