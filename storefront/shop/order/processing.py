"""What may happen to an order in the dashboard; money moves by payments and refunds only."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import InvalidPaymentEvent
from oscar.apps.order.processing import EventHandler as OscarEventHandler
from oscar.apps.payment.exceptions import PaymentError
from oscar.core.loading import get_model

from storefront.shop.payments import refunds, services
from storefront.shop.payments.records import note_status


class EventHandler(OscarEventHandler):
    """Status changes go to the service that knows what they mean.

    `EventHandler(user, at=...)` says when it happened; without it, now.
    """

    def handle_order_status_change(
        self, order: Any, new_status: str, note_msg: str | None = None
    ) -> None:
        """Raises PaymentError with a text for staff when money stands against the change."""
        now = self.kwargs.get("at") or timezone.now()
        try:
            if new_status == "Paid":
                services.mark_transfer_paid(order_id=order.pk, by=self.user, at=now)
            elif new_status == "Cancelled":
                refunds.cancel_unpaid(order_id=order.pk, by=self.user, at=now)
            else:
                self._move_on(order, new_status, note_msg or "", at=now)
        except (ValueError, refunds.CannotRefund) as error:
            raise PaymentError(str(error)) from error
        order.refresh_from_db()

    @transaction.atomic
    def _move_on(self, order: Any, new_status: str, text: str, *, at: datetime) -> None:
        locked = get_model("order", "Order").objects.select_for_update().get(pk=order.pk)
        if new_status == "Shipped":
            self._send_pieces(locked)
        note_status(order=locked, status=new_status, by=self.user, text=text, at=at)

    def _send_pieces(self, order: Any) -> None:
        """Held pieces leave the stock; what was refunded before has been put back already."""
        for line in order.lines.select_related("stockrecord").order_by("stockrecord_id"):
            if not line.stockrecord_id or not line.product_id or line.allocation_cancelled:
                continue
            held = min(line.num_allocated, line.stockrecord.num_in_stock or 0)
            if line.stockrecord.is_allocation_consumption_possible(held):
                line.consume_allocation(held)

    def handle_payment_event(self, *args: Any, **kwargs: Any) -> None:
        """Oscar's dashboard could write down money that never moved; ours cannot."""
        raise InvalidPaymentEvent(_("Money is written down by payments and refunds only."))
