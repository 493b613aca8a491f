"""Mails about orders and money, in the language of the purchase; sent by the worker."""

from typing import Any

from django.conf import settings
from django.utils import translation
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from storefront.mails.services import send_mail
from storefront.shop.listing.naming import name_frozen_lines, name_order_lines
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.payments.selectors import (
    get_attempt,
    get_gift_note,
    get_legal_texts,
    get_status_url,
    get_transfer_details,
)
from storefront.targets import full_address


def send_order_placed(*, order_id: int) -> None:
    """The confirmation, with the status link and, for a transfer, where to pay."""
    order, language = _order(order_id)
    context = {
        **about_order(order),
        "order_lines": _lines(order, language),
        "transfer": get_transfer_details(order=order),
        "gift_note": get_gift_note(order=order),
        "legal_texts": [(text, full_address(text.url)) for text in get_legal_texts(order=order)],
    }
    send_mail(kind="order_placed", to=order.email, language=language, context=context)


def send_payment_received(*, order_id: int) -> None:
    """The transfer of an order arrived."""
    order, language = _order(order_id)
    send_mail(
        kind="payment_received", to=order.email, language=language, context=about_order(order)
    )


def send_refunded(*, refund_id: int) -> None:
    """What goes back, line by line."""
    refund = RefundRequest.objects.get(pk=refund_id)
    order, language = _order(refund.order_id or 0)
    titles = {line.pk: line.title_here for line in _lines(order, language)}
    context = {
        **about_order(order),
        "refund": refund,
        "amount": _money(refund.amount, order.currency, language),
        "shipping": price(refund.shipping, currency=order.currency),
        "lines": [
            (quantity, titles.get(line_id, ""), price(amount, currency=order.currency))
            for line_id, quantity, amount in refund.lines
        ],
        "to_wallet": _money(refund.wallet_amount, order.currency, language)
        if refund.wallet_amount
        else "",
        "elsewhere": refund.amount > refund.wallet_amount,
        "by_hand": str(refund.provider_id).startswith("by-hand:"),
    }
    send_mail(kind="refunded", to=order.email, language=language, context=context)


def send_not_placed(*, attempt_id: int) -> None:
    """The last piece was gone, the money goes back."""
    attempt = CheckoutAttempt.objects.get(pk=attempt_id)
    with translation.override(attempt.language):
        lines = name_frozen_lines(lines=attempt.snapshot["lines"])
    context = {
        "name": attempt.user.first_name if attempt.user else "",
        "amount": _money(attempt.charged, attempt.currency, attempt.language),
        "lines": lines,
    }
    send_mail(kind="not_placed", to=attempt.email, language=attempt.language, context=context)


def about_order(order: Any) -> dict[str, Any]:
    """What every mail about an order may name and show."""
    address = order.shipping_address
    return {
        "order": order,
        "number": order.number,
        "name": address.first_name if address else "",
        "status_url": full_address(get_status_url(order=order)),
    }


def _order(order_id: int) -> tuple[Any, str]:
    order = get_model("order", "Order").objects.get(pk=order_id)
    attempt = get_attempt(order=order)
    return order, attempt.language if attempt else settings.LANGUAGE_CODE


def _lines(order: Any, language: str) -> list[Any]:
    with translation.override(language):
        return name_order_lines(lines=order.lines.all())


def _money(amount: int, code: str, language: str) -> str:
    with translation.override(language):
        return str(currency(price(amount, currency=code), code))
