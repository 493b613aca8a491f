"""What the worker does again and again for the shop's door."""

from datetime import datetime

from mlm_plugin.shop.services import RECENT, credit_waiting_orders


def credit_waiting(*, at: datetime) -> int:
    """Credit orders, refunds and cancellations that wait; returns how many were taken up.

    With `MLM["CREDIT"] = "worker"` this is how orders become points; otherwise it catches up what
    a crash or an error left behind.
    """
    return credit_waiting_orders(since=at - RECENT)
