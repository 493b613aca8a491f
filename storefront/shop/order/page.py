"""Everything the buyer's page of an order shows, read in one call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from storefront.shop.accounting.models import Invoice
from storefront.shop.order.selectors import Happening, get_page_url, get_timeline
from storefront.shop.returns.models import ReturnRequest
from storefront.shop.returns.selectors import get_returnable

CANCELLABLE = ("Pending", "Paid")


@dataclass(frozen=True)
class OrderPage:
    """An order as its buyer sees it; an empty address means that it is not offered now."""

    timeline: list[Happening]
    papers: list[tuple[str, str]]
    returns: list[tuple[ReturnRequest, str]]
    reorder_url: str
    cancel_url: str = ""
    return_url: str = ""


def get_order_page(*, order: Any, at: datetime) -> OrderPage:
    """What happened, which papers there are, and what the buyer may do now."""
    may_cancel = order.status in CANCELLABLE and not order.refunds.filter(
        cancels_order=True, state="requested"
    )
    may_return = bool(get_returnable(order=order, at=at))
    return OrderPage(
        timeline=get_timeline(order=order),
        papers=_papers(order),
        returns=[
            (request, get_page_url(order=order, name="return", number=request.number))
            for request in order.returns.all()
        ],
        reorder_url=get_page_url(order=order, name="reorder"),
        cancel_url=get_page_url(order=order, name="cancel") if may_cancel else "",
        return_url=get_page_url(order=order, name="return-new") if may_return else "",
    )


def _papers(order: Any) -> list[tuple[str, str]]:
    """The invoice exists for every paid order: where it is not issued yet, opening it does."""
    papers = []
    if any(event.event_type.name == "Paid" for event in order.payment_events.all()):
        papers.append((_("Invoice"), get_page_url(order=order, name="invoice")))
    for note in order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE):
        label = _("Credit note %(number)s") % {"number": note.number}
        papers.append((label, get_page_url(order=order, name="credit-note", number=note.number)))
    return papers
