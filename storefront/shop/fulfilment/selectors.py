"""What of an order is sent and what is still to send, and the staff's work list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Min, Q, QuerySet, Sum
from oscar.core.loading import get_model

from storefront.shop.fulfilment.models import Parcel, ParcelLine
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.payments.models import RefundRequest

# Refunds of goods that came back begin with this; all others take pieces that were not sent first.
RETURN_KEY = "return:"
TO_PICK = ("Paid", "Partly shipped")
WAITING = (*TO_PICK, "Packed")
FILTERS = ("to-pick", "packed", "sent", "late")


@dataclass(frozen=True)
class LineToSend:
    """An order line with its pieces: bought, sent so far, and left to send."""

    line: Any
    sent: int
    left: int


def get_lines_to_send(*, orders: Sequence[Any]) -> dict[int, list[LineToSend]]:
    """The lines of these orders by order id, in three queries however many there are.

    They have `title_here`, their title in the reader's language (two more queries in any but the
    first language).
    Pieces that were refunded without being sent back need not be sent any more.
    """
    ids = [order.pk for order in orders]
    sent = dict(
        ParcelLine.objects.filter(parcel__order_id__in=ids)
        .values_list("line_id")
        .annotate(Sum("quantity"))
        .order_by()
    )
    refunded: dict[int, int] = defaultdict(int)
    refunds = RefundRequest.objects.filter(order_id__in=ids).exclude(
        Q(state=RefundRequest.State.FAILED) | Q(key__startswith=RETURN_KEY)
    )
    for lines in refunds.values_list("lines", flat=True):
        for line_id, quantity, _amount in lines:
            refunded[line_id] += quantity
    found: dict[int, list[LineToSend]] = {order_id: [] for order_id in ids}
    lines = get_model("order", "Line").objects.filter(order_id__in=ids).order_by("pk")
    for line in name_order_lines(lines=lines.select_related("stockrecord", "product")):
        gone = sent.get(line.pk, 0)
        left = max(line.quantity - gone - refunded[line.pk], 0)
        found[line.order_id].append(LineToSend(line=line, sent=gone, left=left))
    return found


def get_parcels(*, order: Any) -> list[Parcel]:
    """The order's parcels with their lines, in the order they were sent; two queries."""
    return list(
        order.parcels.select_related("sent_by").prefetch_related("lines__line").order_by("number")
    )


def get_carrier_name(*, parcel: Parcel) -> str:
    """Who carries the parcel, or nothing where nobody said."""
    return str(settings.SHOP_CARRIERS.get(parcel.carrier, {}).get("name", ""))


def get_tracking_url(*, parcel: Parcel) -> str:
    """Where the carrier shows the way of the parcel, or nothing."""
    address = settings.SHOP_CARRIERS.get(parcel.carrier, {}).get("url", "")
    if not address or not parcel.tracking_number:
        return ""
    return str(address.format(number=quote(parcel.tracking_number, safe="")))


def has_open_cancellation(*, order_id: int) -> bool:
    """Whether the order is being cancelled, the bank not having answered yet."""
    return RefundRequest.objects.filter(
        order_id=order_id, cancels_order=True, state=RefundRequest.State.REQUESTED
    ).exists()


def get_work(*, which: str, at: datetime) -> QuerySet[Any]:
    """The orders of one filter of the work list, whoever has waited longest first."""
    orders = (
        get_model("order", "Order")
        .objects.annotate(
            paid_at=Min(
                "payment_events__date_created", filter=Q(payment_events__event_type__name="Paid")
            )
        )
        .select_related("shipping_address__country", "user")
    )
    if which == "packed":
        return orders.filter(status="Packed").order_by("paid_at", "pk")
    if which == "sent":
        return orders.filter(status="Shipped").order_by("-date_placed", "-pk")
    if which == "late":
        return orders.filter(status__in=WAITING, paid_at__lt=latest(at=at)).order_by(
            "paid_at", "pk"
        )
    return orders.filter(status__in=TO_PICK).order_by("paid_at", "pk")


def count_work(*, at: datetime) -> dict[str, int]:
    """How many orders each filter of the work list has."""
    return {which: get_work(which=which, at=at).count() for which in FILTERS}


def latest(*, at: datetime) -> datetime:
    """Orders that were paid before this are late."""
    return at - timedelta(days=settings.SHOP_SEND_WITHIN_DAYS)
