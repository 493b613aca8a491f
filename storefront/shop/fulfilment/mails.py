"""The mail about a parcel, in the language of the purchase."""

from django.utils import translation

from storefront.mails.services import send_mail
from storefront.shop.fulfilment.models import Parcel
from storefront.shop.fulfilment.selectors import get_carrier_name, get_tracking_url
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.order.selectors import get_language, get_status_address


def send_parcel_sent(*, parcel_id: int) -> None:
    """What is in the parcel and how to follow it."""
    parcel = (
        Parcel.objects.select_related("order").prefetch_related("lines__line").get(pk=parcel_id)
    )
    order, inside = parcel.order, parcel.lines.all()
    language = get_language(order=order)
    with translation.override(language):
        name_order_lines(lines=[each.line for each in inside])
    send_mail(
        kind="parcel_sent",
        to=order.email,
        language=language,
        context={
            "number": order.number,
            "order": order,
            "parcel": parcel,
            "lines": [(each.quantity, each.line.title_here) for each in inside],
            "carrier": get_carrier_name(parcel=parcel),
            "tracking_url": get_tracking_url(parcel=parcel),
            "is_last": order.status in ("Shipped", "Complete"),
            "status_url": get_status_address(order=order),
        },
    )
