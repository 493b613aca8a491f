"""An order's status and money in a buyer's words."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from storefront.shop.basket.selectors import name_country
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.payments.selectors import (
    TransferDetails,
    get_gift_note,
    get_legal_texts,
    get_transfer_details,
    get_wallet_share,
)
from storefront.shop.payments.snapshot import LegalText
from storefront.shop.prices.models import ShippingCharge

register = template.Library()

NAMES = {
    "Pending": _("Waiting for payment"),
    "Paid": _("Paid"),
    "Packed": _("Packed"),
    "Partly shipped": _("Partly on its way"),
    "Shipped": _("On its way"),
    "Complete": _("Delivered"),
    "Cancelled": _("Cancelled"),
}
KINDS = {"Pending": "warn", "Cancelled": "bad"}


@register.filter
def status_name(order: Any) -> str:
    """The status in the reader's language."""
    return str(NAMES.get(order.status, order.status))


@register.simple_tag
def wallet_share(order: Any) -> Decimal:
    """What of the order is paid from the buyer's wallet."""
    return get_wallet_share(order=order)


@register.filter
def status_kind(order: Any) -> str:
    """The badge's colour role."""
    return KINDS.get(order.status, "good")


@register.filter
def address_lines(address: Any) -> list[str]:
    """The lines of an address, with its country as the reader calls it."""
    if address.country_id:
        name_country(country=address.country)
    return [str(line) for line in address.active_address_fields()]


@register.filter
def delivery_name(order: Any) -> str:
    """How the order is delivered, as the reader calls it; the words of the purchase for a way of old."""
    names = dict(ShippingCharge.Method.choices)
    return str(names.get(getattr(order, "shipping_code", ""), order.shipping_method))


@register.simple_tag
def lines_of(order: Any) -> list[Any]:
    """The order's lines with `title_here`, what they are called in the reader's language."""
    return name_order_lines(lines=order.lines.all())


@register.simple_tag
def transfer_details(order: Any) -> TransferDetails | None:
    """Where to pay an order that waits for a transfer."""
    return get_transfer_details(order=order)


@register.simple_tag
def gift_note(order: Any) -> str:
    """What the buyer writes to whom the goods are for."""
    return get_gift_note(order=order)


@register.simple_tag
def legal_texts(order: Any) -> list[LegalText]:
    """The versions of terms and the like that the buyer ordered under."""
    return get_legal_texts(order=order)


@register.simple_tag
def refunds_of(order: Any) -> list[Any]:
    """Money that went back to the buyer, newest first."""
    return list(order.payment_events.filter(event_type__name="Refunded", amount__gt=0))
