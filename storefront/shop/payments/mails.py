"""Mails about orders and money, in the language of the purchase; sent by the worker."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.payments.selectors import get_attempt, get_status_url, get_transfer_details


def send_order_placed(*, order_id: int) -> None:
    """The confirmation, with the status link and, for a transfer, where to pay."""
    order, language = _order(order_id)
    with translation.override(language):
        _send(
            order.email,
            _("Your order %(number)s") % {"number": order.number},
            "order_placed",
            {**_about(order), "transfer": get_transfer_details(order=order)},
        )


def send_payment_received(*, order_id: int) -> None:
    """The transfer of an order arrived."""
    order, language = _order(order_id)
    with translation.override(language):
        subject = _("Your payment for order %(number)s has arrived") % {"number": order.number}
        _send(order.email, subject, "payment_received", _about(order))


def send_refunded(*, refund_id: int) -> None:
    """What goes back, line by line."""
    refund = RefundRequest.objects.get(pk=refund_id)
    order, language = _order(refund.order_id or 0)
    titles = dict(order.lines.values_list("pk", "title"))
    with translation.override(language):
        context = {
            **_about(order),
            "refund": refund,
            "amount": price(refund.amount, currency=order.currency),
            "shipping": price(refund.shipping, currency=order.currency),
            "lines": [
                (quantity, titles.get(line_id, ""), price(amount, currency=order.currency))
                for line_id, quantity, amount in refund.lines
            ],
            "by_hand": str(refund.provider_id).startswith("by-hand:"),
        }
        _send(
            order.email,
            _("Refund for your order %(number)s") % {"number": order.number},
            "refunded",
            context,
        )


def send_not_placed(*, attempt_id: int) -> None:
    """The last piece was gone, the money goes back."""
    attempt = CheckoutAttempt.objects.get(pk=attempt_id)
    with translation.override(attempt.language):
        context = {
            "attempt": attempt,
            "amount": price(attempt.total, currency=attempt.currency),
            "lines": attempt.snapshot["lines"],
        }
        _send(attempt.email, _("Sold out: your money goes back"), "not_placed", context)


def _order(order_id: int) -> tuple[Any, str]:
    order = get_model("order", "Order").objects.get(pk=order_id)
    attempt = get_attempt(order=order)
    return order, attempt.language if attempt else settings.LANGUAGE_CODE


def _about(order: Any) -> dict[str, Any]:
    url = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + get_status_url(order=order)
    return {"order": order, "status_url": url}


def _send(address: str, subject: str, name: str, context: dict[str, Any]) -> None:
    if not address:
        return
    context = {**context, "subject": subject}
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"shop/mail/{name}.txt", context),
        to=[address],
    )
    mail.attach_alternative(render_to_string(f"shop/mail/{name}.html", context), "text/html")
    mail.send()
