"""Reads of returns: what may come back, and one return with its lines and history."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from oscar.core.loading import get_model

from storefront.shop.fulfilment.models import ParcelLine
from storefront.shop.payments.refunds import get_refundable
from storefront.shop.returns.models import ReturnLine, ReturnRequest

State = ReturnRequest.State
OPEN = (State.REQUESTED, State.APPROVED, State.RECEIVED)


@dataclass(frozen=True)
class Returnable:
    """An order line and how many of its pieces may be sent back."""

    line: Any
    pieces: int


def get_returnable(*, order: Any, at: datetime) -> list[Returnable]:
    """The lines of which something may still be sent back, until N days after it arrived.

    Pieces count that were sent, are in no other return, and were not refunded already. A parcel
    of which nobody knows whether it arrived counts as well.
    """
    oldest = at - timedelta(days=settings.SHOP_RETURN_DAYS)
    sent: dict[int, int] = defaultdict(int)
    for line_id, quantity, delivered_at in ParcelLine.objects.filter(
        parcel__order=order
    ).values_list("line_id", "quantity", "parcel__delivered_at"):
        if delivered_at is None or delivered_at >= oldest:
            sent[line_id] += quantity
    announced: dict[int, int] = defaultdict(int)
    # What a return brought back and was refunded is no longer among the refundable pieces either.
    waiting: dict[int, int] = defaultdict(int)
    lines = ReturnLine.objects.filter(return_request__order=order)
    for each in lines.exclude(return_request__state=State.REFUSED).select_related("return_request"):
        pieces = each.quantity if each.received_quantity is None else each.received_quantity
        announced[each.line_id] += pieces
        if each.return_request.refund_id is None:
            waiting[each.line_id] += pieces
    refundable = get_refundable(order=order).pieces
    found = []
    for line in get_model("order", "Line").objects.filter(order=order).order_by("pk"):
        pieces = min(
            sent[line.pk] - announced[line.pk], refundable.get(line.pk, 0) - waiting[line.pk]
        )
        if pieces > 0:
            found.append(Returnable(line=line, pieces=pieces))
    return found


def get_returns(*, state: str = "") -> QuerySet[ReturnRequest]:
    """Returns for staff, newest first; of one state or all."""
    returns = ReturnRequest.objects.select_related("order", "order__user", "refund")
    return returns.filter(state=state) if state else returns


def count_returns() -> dict[str, int]:
    """How many returns each state has."""
    counts = dict(
        ReturnRequest.objects.order_by().values_list("state").annotate(Count("pk")).order_by()
    )
    return {state: counts.get(state, 0) for state in State.values}
