"""What may happen to an order in the dashboard; money moves by payments and refunds only."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import InvalidPaymentEvent, InvalidShippingEvent
from oscar.apps.order.processing import EventHandler as OscarEventHandler
from oscar.apps.payment.exceptions import PaymentError

from storefront.shop.fulfilment import services as fulfilment
from storefront.shop.payments import refunds, services


class EventHandler(OscarEventHandler):
    """Status changes go to the service that knows what they mean.

    `EventHandler(user, at=...)` says when it happened; without it, now.
    """

    def handle_order_status_change(
        self, order: Any, new_status: str, note_msg: str | None = None
    ) -> None:
        """Raises PaymentError with a text for staff when money or pieces stand against it."""
        what = {
            "order_id": order.pk,
            "by": self.user,
            "at": self.kwargs.get("at") or timezone.now(),
        }
        meanings: dict[str, Any] = {
            "Paid": services.mark_transfer_paid,
            "Cancelled": refunds.cancel_unpaid,
            "Packed": fulfilment.pack_order,
            "Shipped": fulfilment.send_the_rest,
            "Complete": fulfilment.note_all_delivered,
        }
        if new_status not in meanings:
            raise PaymentError(_("Send a parcel: the status follows by itself."))
        try:
            meanings[new_status](**what)
        except (ValueError, refunds.CannotRefund, fulfilment.CannotSend) as error:
            raise PaymentError(str(error)) from error
        order.refresh_from_db()

    def handle_payment_event(self, *args: Any, **kwargs: Any) -> None:
        """Oscar's dashboard could write down money that never moved; ours cannot."""
        raise InvalidPaymentEvent(_("Money is written down by payments and refunds only."))

    def handle_shipping_event(self, *args: Any, **kwargs: Any) -> None:
        """Oscar's dashboard could send pieces that no parcel knows of; ours cannot."""
        raise InvalidShippingEvent(_("Send a parcel: the status follows by itself."))
