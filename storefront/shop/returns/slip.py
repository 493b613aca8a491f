"""The slip that lies in a return's parcel: its number as a QR code for the people who open it."""

import io
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from storefront.shop.accounting.paper import draw, get_paper_size
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.order.selectors import get_language
from storefront.shop.returns.models import ReturnRequest

# Modules of white around the code; the standard asks for four.
QUIET_ZONE = 4


def draw_qr(*, number: str) -> str:
    """The return's number as an SVG picture, black on white."""
    picture = io.BytesIO()
    segno.make(number, error="q", micro=False).save(
        picture, kind="svg", scale=6, border=QUIET_ZONE, light="white", xmldecl=False
    )
    return picture.getvalue().decode()


def get_qr_address(*, number: str) -> str:
    """The same picture as an address for `src`."""
    code = segno.make(number, error="q", micro=False)
    return code.svg_data_uri(scale=6, border=QUIET_ZONE, light="white")


def get_company_lines() -> list[str]:
    """Where returns go."""
    address = [part.strip() for part in settings.COMPANY_ADDRESS.split(";") if part.strip()]
    return [settings.COMPANY_NAME, *address]


def draw_slip(*, request: ReturnRequest) -> bytes:
    """The slip as PDF, in the language of the purchase."""
    order = request.order
    with translation.override(get_language(order=order)):
        address = order.shipping_address
        lines = request.lines.select_related("line")
        name_order_lines(lines=[each.line for each in lines])
        return draw(
            name="return_slip",
            data={
                **_words(request),
                "language": translation.get_language(),
                "paper": get_paper_size(
                    country=address.country_id if address else settings.SHOP_COUNTRY
                ),
                "from": [str(part) for part in address.active_address_fields()] if address else [],
                "lines": [
                    [str(each.quantity), each.line.title_here, each.line.partner_sku]
                    for each in lines
                ],
            },
            at=request.requested_at,
            pictures={"qr": draw_qr(number=request.number)},
        )


def _words(request: ReturnRequest) -> dict[str, Any]:
    day = date_format(timezone.localtime(request.requested_at), "DATE_FORMAT")
    company = get_company_lines()
    return {
        "title": _("Return slip"),
        "number": request.number,
        "seller": {
            "name": settings.COMPANY_NAME,
            "address": company[1:],
            "tax_id": "",
            "register": "",
            "email": settings.COMPANY_EMAIL,
        },
        "to": company,
        "about": [
            [_("Return"), request.number],
            [_("Order"), request.order.number],
            [_("Requested on"), day],
            [_("Reason"), str(request.get_reason_display())],
        ],
        "words": {
            "to": _("Send to"),
            "from": pgettext("sender", "From"),
            "pieces": _("Pieces"),
            "item": _("Item"),
            "how": _("Put this slip into the parcel and send it to the address above."),
            "page": _("Page"),
            "of": _("of"),
            "tax_id": "",
        },
    }
