"""Made-up data for every kind of mail, so that staff see a mail before anybody gets it.

A kind whose templates show more than the common values and an order adds a function to `SAMPLES`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency

from storefront.mails.kinds import MailKind

Sample = dict[str, Any]
ADDRESS = "https://shop.example/sample/"
MOMENT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def make_sample(*, kind: MailKind, language: str) -> Sample:
    """A context for this kind, in words of the language; no query."""
    with translation.override(language):
        return {**_common(), **SAMPLES.get(kind.code, dict)()}


def _common() -> Sample:
    order = _order()
    return {
        "name": _("Nina"),
        "number": order.number,
        "order": order,
        "amount": str(currency(Decimal("24.80"), order.currency)),
        "status_url": ADDRESS,
        "url": ADDRESS,
        "email": "nina@example.com",
        "product": _("Linden blossom soap"),
        "link_url": ADDRESS,
        "return_url": ADDRESS,
        "page_url": ADDRESS,
        "title": _("Our story"),
        "by": _("Nina"),
        "question": SimpleNamespace(
            text=_("Is it mild enough for children?"), answer=_("Yes, from the age of three.")
        ),
        "lines": [(line.quantity, line.title_here) for line in order.lines.all],
        "order_lines": order.lines.all,
        **_notification(),
    }


def _order() -> Any:
    address = [
        "Nina Novak",
        "Lindenweg 4",
        "07743 Jena",
        _("Germany"),
    ]
    lines = [
        SimpleNamespace(
            quantity=2,
            title_here=_("Linden blossom soap"),
            line_price_incl_tax=Decimal("17.80"),
        ),
        SimpleNamespace(
            quantity=1, title_here=_("Linen towel"), line_price_incl_tax=Decimal("24.00")
        ),
    ]
    return SimpleNamespace(
        number="100023",
        currency=settings.OSCAR_DEFAULT_CURRENCY,
        lines=SimpleNamespace(all=lines),
        shipping_method=_("Standard delivery"),
        shipping_incl_tax=Decimal("4.90"),
        total_incl_tax=Decimal("46.70"),
        shipping_address=SimpleNamespace(country_id="", active_address_fields=lambda: address),
        date_placed=MOMENT,
    )


def _notification() -> Sample:
    """What allauth tells about the one who changed something."""
    return {
        "ip": "192.0.2.17",
        "timestamp": MOMENT,
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        "activate_url": ADDRESS,
        "password_reset_url": ADDRESS,
        "signup_url": ADDRESS,
        "from_email": "nina@example.com",
        "to_email": "novak@example.com",
        "deleted_email": "nina@example.com",
    }


def _transfer() -> Sample:
    return {
        "transfer": SimpleNamespace(
            amount=Decimal("46.70"),
            currency=settings.OSCAR_DEFAULT_CURRENCY,
            reference="100023",
            holder=settings.BANK_TRANSFER_HOLDER,
            iban="DE02 1203 0000 0000 2020 51",
            bic="BYLADEM1001",
        )
    }


def _not_placed() -> Sample:
    return {"lines": [{"quantity": 1, "title": _("Linen towel")}]}


def _contact_message() -> Sample:
    values = [(_("Your name"), _("Nina")), (_("Message"), _("Is it mild enough for children?"))]
    return {"values": values}


def _refunded() -> Sample:
    return {
        "lines": [(1, _("Linen towel"), Decimal("24.00"))],
        "shipping": Decimal("0.80"),
        "refund": SimpleNamespace(reason=""),
        "to_wallet": "",
        "elsewhere": True,
        "by_hand": False,
    }


def _parcel_sent() -> Sample:
    return {
        "parcel": SimpleNamespace(tracking_number="00340434161094042557"),
        "carrier": "DHL",
        "tracking_url": ADDRESS,
        "is_last": False,
    }


def _return_refused() -> Sample:
    return {"answer": _("The towel has been washed, so we cannot sell it again.")}


def _return_closed() -> Sample:
    return {"answer": _("The parcel was empty.")}


def _abandoned_basket() -> Sample:
    return {"basket_url": ADDRESS, "unsubscribe_url": ADDRESS}


def _export_ready() -> Sample:
    return {"until": formats.date_format(MOMENT, "DATE_FORMAT")}


def _question() -> Sample:
    question = SimpleNamespace(
        text=_("Does it also clean woollen things?"), answer=_("Yes, with cool water.")
    )
    return {"question": question, "link_url": ADDRESS}


def _stock_alert() -> Sample:
    return {"link_url": ADDRESS, "cancel_url": ADDRESS, "list_url": ADDRESS}


def _application() -> Sample:
    return {"by": "Ada Lindqvist", "code": "NINA", "days": 30, "title": _("Agreement with members")}


def _declined() -> Sample:
    return {"reason": _("Your sponsor has asked us to wait.")}


def _wallet_adjusted() -> Sample:
    return {"reason": _("A postage stamp that you had paid for us.")}


def _payout() -> Sample:
    return {"number": "P0000057", "account": "•••• 3000", "reason": ""}


def _payout_back() -> Sample:
    return {**_payout(), "reason": _("The account is closed.")}


SAMPLES: dict[str, Callable[[], Sample]] = {
    "question_confirm": _question,
    "question_answered": _question,
    "alert_confirm": _stock_alert,
    "back_in_stock": _stock_alert,
    "order_placed": _transfer,
    "not_placed": _not_placed,
    "contact_message": _contact_message,
    "refunded": _refunded,
    "parcel_sent": _parcel_sent,
    "return_refused": _return_refused,
    "return_closed": _return_closed,
    "abandoned_basket": _abandoned_basket,
    "export_ready": _export_ready,
    "application_invited": _application,
    "application_approved": _application,
    "application_declined": _declined,
    "application_reminder": _application,
    "member_agreement": _application,
    "wallet_adjusted": _wallet_adjusted,
    "payout_requested": _payout,
    "payout_handed_over": _payout,
    "payout_paid": _payout,
    "payout_bounced": _payout_back,
    "payout_cancelled": _payout,
}
