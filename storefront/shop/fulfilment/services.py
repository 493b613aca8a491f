"""Packing and sending: an order's status follows its parcels.

Every service locks the order's row first, as refunds and cancellations do, so that of two people
who do the same at once the second one finds what the first has done.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.shop.fulfilment import tasks
from storefront.shop.fulfilment.models import Parcel, ParcelLine
from storefront.shop.fulfilment.selectors import (
    LineToSend,
    get_carrier_name,
    get_lines_to_send,
    has_open_cancellation,
)
from storefront.shop.payments.records import note_status

SENDS = ("Paid", "Packed", "Partly shipped")


class CannotSend(Exception):
    """The order is not at this point, or has not so many pieces left; the text may be shown."""


def pack_order(*, order_id: int, by: Any, at: datetime) -> bool:
    """Note that a paid order is packed; False when it was packed before. Raises CannotSend."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status == "Packed":
            return False
        if order.status != "Paid":
            raise CannotSend(_("Only a paid order can be packed."))
        _check_not_cancelling(order)
        note_status(order=order, status="Packed", by=by, text=_("Packed."), at=at)
    return True


def send_parcel(
    *,
    order_id: int,
    pieces: Mapping[int, int],
    carrier: str,
    tracking_number: str,
    key: str,
    by: Any,
    at: datetime,
) -> Parcel:
    """Send `pieces` (order line id: quantity) of an order in one parcel; the buyer gets a mail.

    `key` makes it once: the same form sent again returns the same parcel. The order becomes
    shipped with its last piece and partly shipped before. Raises CannotSend.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        known = Parcel.objects.filter(key=key).first()
        if known is not None:
            if known.order_id != order_id:
                raise CannotSend(_("This parcel belongs to another order."))
            return known
        if order.status not in SENDS:
            raise CannotSend(_("Only an order that is paid and not sent can be sent."))
        _check_not_cancelling(order)
        if carrier and carrier not in settings.SHOP_CARRIERS:
            raise CannotSend(_("Nobody knows this carrier."))
        lines = get_lines_to_send(orders=[order])[order.pk]
        _check_pieces(lines, pieces)
        parcel = Parcel.objects.create(
            order=order,
            number=order.parcels.count() + 1,
            key=key,
            carrier=carrier,
            tracking_number=tracking_number[:64],
            sent_at=at,
            sent_by=by,
        )
        ParcelLine.objects.bulk_create(
            ParcelLine(parcel=parcel, line_id=line_id, quantity=quantity)
            for line_id, quantity in sorted(pieces.items())
        )
        _take_out_of_stock(lines, pieces)
        left = sum(each.left for each in lines) - sum(pieces.values())
        _note_sent(order, parcel, is_last=left == 0, by=by, at=at)
        tasks.mail_parcel_sent.enqueue(parcel_id=parcel.pk)
    return parcel


def send_the_rest(
    *,
    order_id: int,
    carrier: str = "",
    tracking_number: str = "",
    key: str = "",
    by: Any,
    at: datetime,
) -> Parcel:
    """Send all that is left of an order in one parcel. Raises CannotSend."""
    with transaction.atomic():
        order = lock_order(order_id)
        lines = get_lines_to_send(orders=[order])[order.pk]
        return send_parcel(
            order_id=order_id,
            pieces={each.line.pk: each.left for each in lines if each.left},
            carrier=carrier,
            tracking_number=tracking_number,
            key=key or f"rest:{order.number}:{order.parcels.count() + 1}",
            by=by,
            at=at,
        )


def note_delivered(*, parcel_id: int, by: Any, at: datetime) -> bool:
    """Note that a parcel arrived; the order is complete with its last one. False when known."""
    with transaction.atomic():
        order = lock_order(Parcel.objects.get(pk=parcel_id).order_id)
        undelivered = order.parcels.filter(delivered_at=None)
        if not undelivered.filter(pk=parcel_id).update(delivered_at=at):
            return False
        if order.status == "Shipped" and not undelivered.exists():
            note_status(order=order, status="Complete", by=by, text=_("Delivered."), at=at)
    return True


def note_all_delivered(*, order_id: int, by: Any, at: datetime) -> None:
    """Note that everything arrived. Raises CannotSend where something has not been sent."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status != "Shipped":
            raise CannotSend(_("Only an order that was sent can be delivered."))
        order.parcels.filter(delivered_at=None).update(delivered_at=at)
        note_status(order=order, status="Complete", by=by, text=_("Delivered."), at=at)


def close_when_nothing_is_left(*, order: Any, at: datetime) -> None:
    """A partly shipped order, locked by the caller, whose rest was refunded is shipped."""
    if order.status != "Partly shipped":
        return
    if any(each.left for each in get_lines_to_send(orders=[order])[order.pk]):
        return
    text = _("The rest was refunded.")
    note_status(order=order, status="Shipped", by=None, text=text, at=at)
    if not order.parcels.filter(delivered_at=None).exists():
        note_status(order=order, status="Complete", by=None, text="", at=at)


def lock_order(order_id: int) -> Any:
    """The order's row, held until the transaction ends."""
    return get_model("order", "Order").objects.select_for_update().get(pk=order_id)


def _check_not_cancelling(order: Any) -> None:
    if has_open_cancellation(order_id=order.pk):
        raise CannotSend(_("This order is being cancelled."))


def _check_pieces(lines: list[LineToSend], pieces: Mapping[int, int]) -> None:
    known = {each.line.pk: each for each in lines}
    if not pieces:
        raise CannotSend(_("Choose what goes into the parcel."))
    for line_id, quantity in pieces.items():
        if line_id not in known:
            raise CannotSend(_("A line is not of this order."))
        if not 0 < quantity <= known[line_id].left:
            raise CannotSend(
                _("Of “%(title)s” %(count)s can still be sent.")
                % {"title": known[line_id].line.title, "count": known[line_id].left}
            )


def _take_out_of_stock(lines: list[LineToSend], pieces: Mapping[int, int]) -> None:
    """Held pieces leave the stock; in the order of stock records, as everybody locks them."""
    sent = [each.line for each in lines if pieces.get(each.line.pk)]
    for line in sorted(sent, key=lambda line: line.stockrecord_id or 0):
        if not line.stockrecord_id or not line.product_id or line.allocation_cancelled:
            continue
        held = min(pieces[line.pk], line.num_allocated, line.stockrecord.num_in_stock or 0)
        if held and line.stockrecord.is_allocation_consumption_possible(held):
            line.consume_allocation(held)


def _note_sent(order: Any, parcel: Parcel, *, is_last: bool, by: Any, at: datetime) -> None:
    way = " ".join(filter(None, [get_carrier_name(parcel=parcel), parcel.tracking_number]))
    text = _("Parcel %(number)s sent. %(way)s") % {"number": parcel.number, "way": way}
    status = "Shipped" if is_last else "Partly shipped"
    if order.status == status:
        note_text(order=order, by=by, text=text.strip(), at=at)
    else:
        note_status(order=order, status=status, by=by, text=text.strip(), at=at)


def note_text(*, order: Any, by: Any, text: str, at: datetime) -> None:
    """A line in the order's history."""
    notes = get_model("order", "OrderNote").objects
    note = notes.create(order=order, user=by, note_type="System", message=text)
    notes.filter(pk=note.pk).update(date_created=at, date_updated=at)
