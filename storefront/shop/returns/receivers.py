"""Doorbells: the money of a return went back later than it was asked for."""

from datetime import datetime
from typing import Any

from storefront.shop.payments.refunds import refund_done


def connect() -> None:
    """Hang up the bell; called once, from the app's `ready()`."""
    refund_done.connect(end_return_when_refunded, dispatch_uid="returns.refund_done")


def end_return_when_refunded(*, refund_id: int, at: datetime, **kwargs: Any) -> None:
    """The signal comes after the commit already."""
    from storefront.shop.returns.services import note_refunded

    note_refunded(refund_id=refund_id, at=at)
