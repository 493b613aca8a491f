"""Papers as PDF: data and words go to a typst file of the theme, which only sets the type.

The files lie in `shop/papers/` beside the theme's templates, so a customer's theme replaces one by
the same name.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency

from storefront.brand.selectors import get_paper_style
from storefront.shop.accounting.models import Invoice
from storefront.shop.payments.money import price

# Where people use Letter; everybody else has A4.
LETTER = frozenset({"US", "CA", "MX", "CL", "CO", "CR", "DO", "GT", "PA", "PH", "PR", "SV", "VE"})


def get_paper_size(*, country: str) -> str:
    """The typst name of the paper people print on there."""
    return "us-letter" if country in LETTER else "a4"


def draw(
    *, name: str, data: dict[str, Any], at: datetime, pictures: Mapping[str, str] | None = None
) -> bytes:
    """The PDF of `shop/papers/<name>.typ` in the brand's look of now.

    `pictures` are SVG texts by the name the file knows them by. The same input gives the same bytes.
    """
    look = get_paper_style()
    style = {
        "name": look.name,
        "sans": look.text_font,
        "serif": look.heading_font,
        "ink": look.colours["text"],
        "muted": look.colours["text_muted"],
        "accent": look.colours["accent"],
        "line": look.colours["line"],
        "logo": list(look.logo or b""),
        "logo_format": look.logo_format,
    }
    return bytes(
        typst.compile(
            Path(get_template(f"shop/papers/{name}.typ").origin.name),
            font_paths=_fonts(look.font_folders),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**data, "style": style}), **(pictures or {})},
            timestamp=int(at.timestamp()),
        )
    )


def draw_invoice(*, invoice: Invoice) -> bytes:
    """The paper of an invoice or a credit note, in the language of its order."""
    with translation.override(invoice.language):
        return draw(name="invoice", data=_invoice_data(invoice), at=invoice.issued_at)


@lru_cache(maxsize=8)
def _fonts(folders: tuple[Path, ...]) -> Any:
    """Reading a folder of fonts takes longer than setting a page."""
    return typst.Fonts(font_paths=[str(folder) for folder in folders], include_system_fonts=False)


def _invoice_data(invoice: Invoice) -> dict[str, Any]:
    facts = invoice.facts

    def money(amount: int) -> str:
        return str(currency(price(amount, currency=facts["currency"]), facts["currency"]))

    def day(moment: str) -> str:
        if not moment:
            return ""
        return date_format(timezone.localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")

    is_credit = invoice.kind == Invoice.Kind.CREDIT_NOTE
    title = _("Credit note") if is_credit else _("Invoice")
    about = [
        [_("Credit note number") if is_credit else _("Invoice number"), invoice.number],
        [_("Date"), day(invoice.issued_at.isoformat())],
        [_("Order"), facts["order"]],
        [_("Ordered on"), day(facts["placed_at"])],
    ]
    if is_credit:
        about.append([_("For invoice"), f"{facts['invoice']}, {day(facts['invoice_date'])}"])
    elif facts["paid_at"]:
        about.append([_("Paid on"), day(facts["paid_at"])])
    return {
        "language": invoice.language,
        "paper": invoice.paper,
        "title": title,
        "number": invoice.number,
        "seller": facts["seller"],
        "buyer": facts["buyer"],
        "delivery": facts["delivery"] if facts["delivery"] != facts["buyer"] else [],
        "about": about,
        "rows": [
            {
                "title": row["title"],
                "note": _row_note(row, money),
                "quantity": str(row["quantity"]),
                "unit": money(row["unit"]),
                "rate": _percent(row["rate"]),
                "gross": money(row["gross"]),
            }
            for row in facts["rows"]
        ],
        "rates": [
            [_("Net at %(rate)s") % {"rate": _percent(each["rate"])}, money(each["net"]),
             _("Tax %(rate)s") % {"rate": _percent(each["rate"])}, money(each["tax"])]
            for each in facts["rates"]
        ],
        "total": money(facts["total"]["gross"]),
        "closing": _closing(invoice, is_credit=is_credit),
        "words": {
            "item": _("Item"),
            "quantity": _("Pieces"),
            "unit": _("Each"),
            "rate": _("Tax"),
            "gross": _("Amount"),
            "total": _("Given back") if is_credit else _("Total"),
            "to": _("Credited to") if is_credit else _("Invoice to"),
            "delivery": _("Delivered to"),
            "page": _("Page"),
            "of": _("of"),
            "tax_id": _("Tax number"),
        },
    }  # fmt: skip


def _row_note(row: dict[str, Any], money: Any) -> str:
    parts = [row["sku"]] if row["sku"] else []
    if row["discount"]:
        parts.append(_("discount −%(amount)s") % {"amount": money(row["discount"])})
    return " · ".join(parts)


def _percent(rate: int) -> str:
    whole, rest = divmod(rate, 100)
    return f"{whole}.{rest:02d}".rstrip("0") + " %" if rest else f"{whole} %"


def _closing(invoice: Invoice, *, is_credit: bool) -> str:
    method, wallet = invoice.facts["method"], invoice.facts.get("wallet", 0)
    if is_credit:
        if method == "transfer" and not wallet:
            return _("We transfer this amount to the account you paid from.")
        return _("This amount goes back the way you paid.")
    words = {
        ("wallet", True): _("Paid from the wallet. Nothing is left to pay."),
        ("card", True): _("Paid by card and from the wallet. Nothing is left to pay."),
        ("transfer", True): _("Paid by bank transfer and from the wallet. Nothing is left to pay."),
        ("card", False): _("Paid by card. Nothing is left to pay."),
        ("transfer", False): _("Paid by bank transfer. Nothing is left to pay."),
    }
    return words.get((method, bool(wallet)), _("Nothing is left to pay."))
