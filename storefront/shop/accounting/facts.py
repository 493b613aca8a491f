"""What an invoice or a credit note says, as it is frozen: amounts in the smallest unit."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from mlm_plugin.plan.money import divide_half_even, scale
from storefront.shop.accounting.models import Invoice
from storefront.shop.listing.naming import get_titles_here
from storefront.shop.order.selectors import get_language
from storefront.shop.payments.models import RefundRequest
from storefront.shop.payments.money import minor_units
from storefront.shop.payments.selectors import get_attempt
from storefront.shop.prices.models import TaxRate


def of_invoice(*, order: Any) -> dict[str, Any]:
    """All lines of the order and its delivery, with the tax of each."""
    rate = _rate_of(order)
    lines = list(order.lines.select_related("product__parent"))
    with translation.override(get_language(order=order)):
        titles = get_titles_here(products=[line.product for line in lines if line.product])
    rows = [
        _line(order, line, rate, title=titles.get(line.product_id, line.title)) for line in lines
    ]
    if order.shipping_incl_tax:
        rows.append(_shipping(order, rate))
    return {**_frame(order), "rows": rows, **_sums(rows)}


def of_credit_note(*, order: Any, refund: RefundRequest, invoice: Invoice) -> dict[str, Any]:
    """What a refund takes back of the invoice's lines, net and tax in the line's own proportion.

    Several credit notes of one line come to exactly the line: each takes the share between what
    was given back before and after it.
    """
    before = _credited_before(order)
    taken = {f"line:{line_id}": (quantity, amount) for line_id, quantity, amount in refund.lines}
    if refund.shipping:
        taken["shipping"] = (1, refund.shipping)
    rows = []
    for row in invoice.facts["rows"]:
        if row["key"] not in taken:
            continue
        quantity, gross = taken[row["key"]]
        done = before[row["key"]]
        net = _share(row["net"], done + gross, row["gross"]) - _share(
            row["net"], done, row["gross"]
        )
        # Of the line's discount what belongs to these pieces, so that the row adds up by itself.
        discount = max(row["unit"] * quantity - gross, 0) if row["discount"] else 0
        rows.append(
            {
                **row,
                "quantity": quantity,
                "discount": discount,
                "net": net,
                "tax": gross - net,
                "gross": gross,
            }
        )
    return {
        **_frame(order),
        # Whom the invoice named: the address on the order may have been erased since.
        "buyer": invoice.facts["buyer"],
        "delivery": invoice.facts["delivery"],
        "rows": rows,
        **_sums(rows),
        "invoice": invoice.number,
        "invoice_date": invoice.issued_at.isoformat(),
        "reason": refund.reason,
    }


def _credited_before(order: Any) -> dict[str, int]:
    credited: dict[str, int] = defaultdict(int)
    for note in order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE):
        for row in note.facts["rows"]:
            credited[row["key"]] += row["gross"]
    return credited


def _share(net: int, part: int, whole: int) -> int:
    return scale(net, part=part, whole=whole) if whole else 0


def _frame(order: Any) -> dict[str, Any]:
    attempt = get_attempt(order=order)
    paid = order.payment_events.filter(event_type__name="Paid").order_by("date_created").first()
    return {
        "seller": {
            "name": settings.COMPANY_NAME,
            "address": [part.strip() for part in settings.COMPANY_ADDRESS.split(";") if part],
            "tax_id": settings.COMPANY_TAX_ID,
            "register": settings.COMPANY_REGISTER,
            "email": settings.COMPANY_EMAIL,
        },
        "buyer": _address(order.billing_address or order.shipping_address) or [order.email],
        "delivery": _address(order.shipping_address),
        "order": order.number,
        "placed_at": order.date_placed.isoformat(),
        "paid_at": paid.date_created.isoformat() if paid else "",
        "method": attempt.method if attempt else "",
        "wallet": attempt.wallet_amount if attempt else 0,
        "currency": order.currency,
    }


def _address(address: Any) -> list[str]:
    return [str(part) for part in address.active_address_fields()] if address else []


def _line(order: Any, line: Any, rate: int, *, title: str) -> dict[str, Any]:
    def units(amount: Any) -> int:
        return minor_units(amount, currency=order.currency)

    gross, net = units(line.line_price_incl_tax), units(line.line_price_excl_tax)
    return {
        "key": f"line:{line.pk}",
        "title": title,
        "sku": line.partner_sku,
        "quantity": line.quantity,
        "unit": units(line.unit_price_incl_tax) if line.unit_price_incl_tax is not None else 0,
        "discount": units(line.line_price_before_discounts_incl_tax) - gross,
        "net": net,
        "tax": gross - net,
        "gross": gross,
        "rate": _fitting_rate(net, gross - net, rate, pieces=line.quantity),
    }


def _shipping(order: Any, rate: int) -> dict[str, Any]:
    gross = minor_units(order.shipping_incl_tax, currency=order.currency)
    net = minor_units(order.shipping_excl_tax, currency=order.currency)
    return {
        "key": "shipping",
        "title": order.shipping_method,
        "sku": "",
        "quantity": 1,
        "unit": gross,
        "discount": 0,
        "net": net,
        "tax": gross - net,
        "gross": gross,
        "rate": _fitting_rate(net, gross - net, rate, pieces=1),
    }


def _rate_of(order: Any) -> int:
    """Basis points of the destination today."""
    if order.shipping_address is None:
        return 0
    row = TaxRate.objects.filter(country_id=order.shipping_address.country_id).first()
    return row.basis_points if row else 0


def _fitting_rate(net: int, tax: int, rate: int, *, pieces: int) -> int:
    """The rate a tax was charged at: today's where it fits, else what the amounts say.

    Tax is rounded per piece, so the amounts alone name the rate of a cheap line badly.
    """
    if not tax:
        return 0
    if abs(tax - scale(net, part=rate, whole=10_000)) <= pieces:
        return rate
    return divide_half_even(tax * 100, net) * 100 if net else 0


def _sums(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rates: dict[int, dict[str, int]] = defaultdict(lambda: {"net": 0, "tax": 0, "gross": 0})
    total = {"net": 0, "tax": 0, "gross": 0}
    for row in rows:
        for name in total:
            total[name] += row[name]
            rates[row["rate"]][name] += row[name]
    return {
        "rates": [{"rate": rate, **sums} for rate, sums in sorted(rates.items(), reverse=True)],
        "total": total,
    }
