"""Doorbells: Oscar says that something happened, and a service is called after the commit."""

from typing import Any

from django.db import transaction
from oscar.apps.order.signals import order_placed, order_status_changed


def connect() -> None:
    """Hang up the bells; called once, from the app's `ready()`."""
    order_placed.connect(ring_when_order_placed, dispatch_uid="mlm.order_placed")
    order_status_changed.connect(
        ring_when_order_status_changed, dispatch_uid="mlm.order_status_changed"
    )


def ring_when_order_placed(*, order: Any, **kwargs: Any) -> None:
    """Credit the order once it is committed; never let an error reach the shopper."""
    ring(order_id=order.pk)


def ring_when_order_status_changed(*, order: Any, **kwargs: Any) -> None:
    """Oscar sends the order itself as sender, so this listens to every sender."""
    ring(order_id=order.pk)


def ring(*, order_id: int) -> None:
    """Ask for this order to be credited after the commit."""
    from mlm_plugin.shop.services import credit_order_now_or_later

    transaction.on_commit(lambda: credit_order_now_or_later(order_id=order_id), robust=True)
