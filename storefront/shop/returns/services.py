"""Returns move forwards: requested, approved or refused, received, refunded or closed.

Every service locks the order's row first, so two people at once cannot send back, receive or
refund the same pieces twice. Money goes back by `storefront.shop.payments.refunds` only.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from PIL.Image import Image

from storefront.shop.fulfilment.selectors import RETURN_KEY
from storefront.shop.fulfilment.services import lock_order
from storefront.shop.payments import refunds
from storefront.shop.payments.models import RefundRequest, new_public_id
from storefront.shop.returns import tasks
from storefront.shop.returns.models import ReturnLine, ReturnRequest, ReturnStep
from storefront.shop.returns.selectors import get_returnable

State = ReturnRequest.State


class CannotReturn(Exception):
    """More pieces than may come back, or a return that is not at this point; may be shown."""


@dataclass(frozen=True)
class Arrived:
    """What of a return's line came out of the parcel; `line_id` is the order line's."""

    line_id: int
    quantity: int
    condition: str
    is_back_in_stock: bool


def request_return(
    *,
    order_id: int,
    pieces: Mapping[int, int],
    reason: str,
    words: str,
    key: str,
    by: Any,
    at: datetime,
    picture: Image | None = None,
) -> ReturnRequest:
    """The buyer wants to send back `pieces` (order line id: quantity); they and staff get a mail.

    `key` makes it once: the same form sent again returns the same return. `picture` goes
    into the private store as JPEG. Raises CannotReturn, and then nothing is kept.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        known = ReturnRequest.objects.filter(key=key).first()
        if known is not None:
            if known.order_id != order_id:
                raise CannotReturn(_("This return belongs to another order."))
            return known
        may = {each.line.pk: each for each in get_returnable(order=order, at=at)}
        if not pieces:
            raise CannotReturn(_("Choose what you send back."))
        for line_id, quantity in pieces.items():
            if line_id not in may or not 0 < quantity <= may[line_id].pieces:
                raise CannotReturn(_("More than you can still send back. Please look again."))
        request = ReturnRequest.objects.create(
            number=f"R{order.number}-{order.returns.count() + 1}",
            key=key,
            order=order,
            reason=reason,
            words=words[:1000],
            requested_at=at,
        )
        ReturnLine.objects.bulk_create(
            ReturnLine(return_request=request, line_id=line_id, quantity=quantity)
            for line_id, quantity in sorted(pieces.items())
        )
        _note(request, State.REQUESTED, by=by, at=at)
        if picture is not None:
            # Last: what is taken back above leaves no file behind.
            request.picture = _keep_picture(picture)
            request.save(update_fields=["picture"])
    return request


def approve_return(*, return_id: int, by: Any, at: datetime) -> bool:
    """Staff say yes: the buyer gets the slip. False when somebody did before."""
    return _answer(return_id, State.APPROVED, "", by=by, at=at)


def refuse_return(*, return_id: int, answer: str, by: Any, at: datetime) -> bool:
    """Staff say no and why. False when somebody did before. Raises CannotReturn."""
    if not answer.strip():
        raise CannotReturn(_("Please say why."))
    return _answer(return_id, State.REFUSED, answer.strip()[:500], by=by, at=at)


def _answer(return_id: int, state: str, answer: str, *, by: Any, at: datetime) -> bool:
    with transaction.atomic():
        request = _lock_return(return_id)
        if request.state == state:
            return False
        _move(request, State.REQUESTED, state, answer=answer)
        _note(request, state, by=by, at=at, text=answer)
    return True


def receive_return(
    *, return_id: int, arrived: list[Arrived], note: str, by: Any, at: datetime
) -> bool:
    """Write down what arrived and in which condition; pieces as new go back on sale.

    False when somebody did before. Raises CannotReturn.
    """
    with transaction.atomic():
        request = _lock_return(return_id)
        if request.state in (State.RECEIVED, State.REFUNDED, State.CLOSED):
            return False
        _move(request, State.APPROVED, State.RECEIVED)
        lines = {each.line_id: each for each in request.lines.select_related("line")}
        if {each.line_id for each in arrived} != set(lines):
            raise CannotReturn(_("Say of every line how much arrived."))
        for each in sorted(arrived, key=lambda each: lines[each.line_id].line.stockrecord_id or 0):
            _write_arrived(lines[each.line_id], each)
        _note(request, State.RECEIVED, by=by, at=at, text=note)
    return True


def _write_arrived(line: ReturnLine, arrived: Arrived) -> None:
    if not 0 <= arrived.quantity <= line.quantity:
        raise CannotReturn(_("At most %(count)s were announced.") % {"count": line.quantity})
    line.received_quantity = arrived.quantity
    line.condition = arrived.condition
    line.is_back_in_stock = bool(arrived.is_back_in_stock and arrived.quantity)
    line.save()
    if line.is_back_in_stock and line.line.stockrecord_id:
        # `update` would ring no bell: the cards of the lists say whether something is on sale.
        record = (
            get_model("partner", "StockRecord")
            .objects.select_for_update()
            .get(pk=line.line.stockrecord_id)
        )
        if record.num_in_stock is not None:
            record.num_in_stock = F("num_in_stock") + arrived.quantity
            record.save(update_fields=["num_in_stock"])


def get_refund_of(*, request: ReturnRequest, with_shipping: bool) -> tuple[dict[int, int], int]:
    """The pieces that arrived and the delivery that would go back for a return."""
    pieces = {
        line.line_id: line.received_quantity
        for line in request.lines.all()
        if line.received_quantity
    }
    shipping = refunds.get_refundable(order=request.order).shipping if with_shipping else 0
    return pieces, max(shipping, 0)


def refund_return(*, return_id: int, with_shipping: bool, by: Any, at: datetime) -> RefundRequest:
    """Give back the money for what arrived, once; where there is none, see `close_return`.

    A refund that the bank refused is asked for again under a new key. Raises CannotReturn and
    refunds.CannotRefund.
    """
    with transaction.atomic():
        request = _lock_return(return_id)
        refund = request.refund
        if refund is None or refund.state == RefundRequest.State.FAILED:
            if request.state != State.RECEIVED:
                raise CannotReturn(_("Write down first what arrived."))
            pieces, shipping = get_refund_of(request=request, with_shipping=with_shipping)
            if not pieces and not shipping:
                raise CannotReturn(_("Nothing arrived, so nothing goes back."))
            tries = RefundRequest.objects.filter(key__startswith=f"{RETURN_KEY}{request.number}:")
            refund = refunds.request_refund(
                order_id=request.order_id,
                pieces=pieces,
                shipping=shipping,
                reason=_("Return %(number)s") % {"number": request.number},
                key=f"{RETURN_KEY}{request.number}:{tries.count() + 1}",
                by=by,
                at=at,
            )
            request.refund = refund
            request.save(update_fields=["refund"])
    refund = refunds.complete_refund(refund_id=refund.pk, at=at)
    note_refunded(refund_id=refund.pk, at=at)
    return refund


def close_return(*, return_id: int, answer: str, by: Any, at: datetime) -> bool:
    """End a return that gives no money back, and tell the buyer why.

    The parcel never came, came empty, or brought what cannot be paid for. Pieces that did not
    arrive may be announced again. False when somebody did before. Raises CannotReturn without a
    reason, and while money is on its way.
    """
    if not answer.strip():
        raise CannotReturn(_("Please say why."))
    with transaction.atomic():
        request = _lock_return(return_id)
        if request.state == State.CLOSED:
            return False
        if request.refund and request.refund.state != RefundRequest.State.FAILED:
            raise CannotReturn(_("The money of this return goes back already."))
        if request.state != State.APPROVED:
            _move(request, State.RECEIVED, State.CLOSED, answer=answer.strip()[:500])
        else:
            _move(request, State.APPROVED, State.CLOSED, answer=answer.strip()[:500])
            request.lines.filter(received_quantity=None).update(received_quantity=0)
        _note(request, State.CLOSED, by=by, at=at, text=answer.strip())
    return True


def note_refunded(*, refund_id: int, at: datetime) -> bool:
    """The refund of a return is done: the return is, too. False when it was, or is none."""
    with transaction.atomic():
        refund = RefundRequest.objects.get(pk=refund_id)
        request = ReturnRequest.objects.filter(refund=refund).first()
        if request is None or refund.state != RefundRequest.State.DONE:
            return False
        moved = ReturnRequest.objects.filter(pk=request.pk, state=State.RECEIVED).update(
            state=State.REFUNDED
        )
        if moved:
            ReturnStep.objects.create(
                return_request=request, state=State.REFUNDED, by=refund.requested_by, at=at
            )
    return bool(moved)


def _keep_picture(picture: Image) -> str:
    """Keep it under a name that cannot be guessed; returns the name."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82)
    name = f"returns/{new_public_id()}.jpg"
    return str(storages["private"].save(name, ContentFile(file.getvalue())))


def _lock_return(return_id: int) -> ReturnRequest:
    lock_order(ReturnRequest.objects.get(pk=return_id).order_id)
    return ReturnRequest.objects.select_related("order", "refund").get(pk=return_id)


def _move(request: ReturnRequest, old: str, new: str, *, answer: str = "") -> None:
    moved = ReturnRequest.objects.filter(pk=request.pk, state=old).update(state=new, answer=answer)
    if not moved:
        raise CannotReturn(
            _("This return is %(state)s already.") % {"state": request.get_state_display()}
        )


def _note(request: ReturnRequest, state: str, *, by: Any, at: datetime, text: str = "") -> None:
    ReturnStep.objects.create(return_request=request, state=state, by=by, at=at, note=text[:500])
    tasks.mail_return.enqueue(return_id=request.pk, state=str(state))
