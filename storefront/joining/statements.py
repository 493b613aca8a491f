"""The paper of a member's statement: the network's words and amounts in the company's look."""

from datetime import datetime
from typing import Any

from django.conf import settings

from storefront.shop.accounting.paper import draw, get_paper_size


def draw_statement(*, data: dict[str, Any], at: datetime) -> bytes:
    """The PDF; the same data at the same moment give the same bytes."""
    address = [part.strip() for part in settings.COMPANY_ADDRESS.split(";") if part.strip()]
    seller = {
        "name": settings.COMPANY_NAME,
        "address": address,
        "tax_id": settings.COMPANY_TAX_ID,
        "register": settings.COMPANY_REGISTER,
        "email": settings.COMPANY_EMAIL,
    }
    paper = get_paper_size(country=data["country"])
    return draw(name="statement", data={**data, "seller": seller, "paper": paper}, at=at)
