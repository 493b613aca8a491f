"""Reads about a placed order for its buyer: addresses, language, what happened and what may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from storefront.shop.fulfilment.selectors import (
    get_carrier_name,
    get_parcels,
    get_tracking_url,
)
from storefront.shop.listing.naming import name_order_lines
from storefront.shop.payments.models import RefundRequest
from storefront.shop.payments.money import price
from storefront.shop.payments.selectors import get_attempt, get_status_url
from storefront.targets import full_address

# The way of an order without detours; what is still to come is shown greyed.
WAY = ("Pending", "Paid", "Packed", "Shipped", "Complete")


@dataclass(frozen=True)
class Happening:
    """One step of the timeline; `url` leads further (tracking, the return)."""

    label: str
    at: datetime | None = None
    note: str = ""
    state: str = "done"
    url: str = ""
    url_label: str = ""


def get_language(*, order: Any) -> str:
    """The language of the purchase."""
    attempt = get_attempt(order=order)
    return attempt.language if attempt else settings.LANGUAGE_CODE


def get_status_address(*, order: Any) -> str:
    """The whole address of the order's page, for mails and papers."""
    return full_address(get_status_url(order=order))


def get_page_url(*, order: Any, name: str, **arguments: Any) -> str:
    """The address of one of the buyer's pages of an order: in the account or by a signed link."""
    if order.user_id:
        return reverse(f"orders:{name}", kwargs={"order_number": order.number, **arguments})
    return reverse(
        f"orders:guest-{name}",
        kwargs={"order_number": order.number, "hash": order.verification_hash(), **arguments},
    )


def get_timeline(*, order: Any) -> list[Happening]:
    """What happened to the order, oldest first, and what is still to come."""
    changes = {change.new_status: change for change in order.status_changes.all()}
    paid = next((e for e in order.payment_events.all() if e.event_type.name == "Paid"), None)
    steps = [Happening(_("Order placed"), order.date_placed)]
    if paid:
        steps.append(Happening(_("Paid"), paid.date_created))
    if "Packed" in changes:
        steps.append(Happening(_("Packed"), changes["Packed"].date_created))
    steps += _parcels(order)
    steps += _returns(order)
    steps += _refunds(order)
    if "Cancelled" in changes:
        steps.append(Happening(_("Cancelled"), changes["Cancelled"].date_created, state="bad"))
    steps.sort(key=lambda step: step.at or order.date_placed)
    return steps + _still_to_come(order)


def _parcels(order: Any) -> list[Happening]:
    parcels = get_parcels(order=order)
    name_order_lines(lines=[each.line for parcel in parcels for each in parcel.lines.all()])
    steps = []
    for parcel in parcels:
        carrier = get_carrier_name(parcel=parcel)
        note = ", ".join(f"{each.quantity} × {each.line.title_here}" for each in parcel.lines.all())
        way = " ".join(filter(None, [carrier, parcel.tracking_number]))
        steps.append(
            Happening(
                _("Parcel %(number)s sent") % {"number": parcel.number},
                parcel.sent_at,
                note=" · ".join(filter(None, [way, note])),
                url=get_tracking_url(parcel=parcel),
                url_label=_("Follow the parcel"),
            )
        )
        if parcel.delivered_at:
            label = _("Parcel %(number)s delivered") % {"number": parcel.number}
            steps.append(Happening(label, parcel.delivered_at))
    if not parcels:
        # Orders that were sent before parcels were written down.
        for change in order.status_changes.all():
            name = {"Shipped": _("Sent"), "Complete": _("Delivered")}.get(change.new_status)
            if name:
                steps.append(Happening(name, change.date_created))
    return steps


def _returns(order: Any) -> list[Happening]:
    names = {
        "requested": _("Return %(number)s requested"),
        "approved": _("Return %(number)s approved"),
        "refused": _("Return %(number)s refused"),
        "received": _("Return %(number)s arrived with us"),
        "closed": _("Return %(number)s ended without a refund"),
    }
    without_money = ("refused", "closed")
    steps = []
    for request in order.returns.prefetch_related("steps"):
        url = get_page_url(order=order, name="return", number=request.number)
        steps += [
            Happening(
                names[step.state] % {"number": request.number},
                step.at,
                note=request.answer if step.state in without_money else "",
                state="bad" if step.state in without_money else "done",
                url=url if step.state == "requested" else "",
                url_label=_("Show the return"),
            )
            for step in request.steps.all()
            if step.state in names
        ]
    return steps


def _refunds(order: Any) -> list[Happening]:
    from oscar.templatetags.currency_filters import currency

    done = order.refunds.filter(state=RefundRequest.State.DONE, amount__gt=0)
    return [
        Happening(
            _("Refunded"),
            refund.finished_at,
            note=str(currency(price(refund.amount, currency=order.currency), order.currency)),
        )
        for refund in done
    ]


def _still_to_come(order: Any) -> list[Happening]:
    names = {
        "Paid": _("Paid"),
        "Packed": _("Packed"),
        "Shipped": _("Sent"),
        "Complete": _("Delivered"),
    }
    status = "Packed" if order.status == "Partly shipped" else order.status
    if status not in WAY:
        return []
    return [Happening(names[name], state="next") for name in WAY[WAY.index(status) + 1 :]]
