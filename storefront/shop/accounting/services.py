"""Issuing invoices and credit notes: numbered without gaps, frozen, kept as files."""

import hashlib
import io
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.shop.accounting import facts
from storefront.shop.accounting.models import Invoice, InvoiceCounter
from storefront.shop.accounting.paper import draw_invoice, get_paper_size
from storefront.shop.order.selectors import get_language
from storefront.shop.payments.models import RefundRequest

Kind = Invoice.Kind
# Invoices and credit notes are two rows of numbers.
PREFIXES = {Kind.INVOICE: "", Kind.CREDIT_NOTE: "C-"}


class NothingToIssue(Exception):
    """The order is not paid, or the refund gave no money back."""


def issue_invoice(*, order_id: int, at: datetime) -> Invoice:
    """The invoice of a paid order: issued now, or the one that was issued before.

    Raises NothingToIssue for an order that is not paid.
    """
    with transaction.atomic():
        order = get_model("order", "Order").objects.select_for_update().get(pk=order_id)
        known = order.invoices.filter(kind=Kind.INVOICE).first()
        if known is not None:
            return known
        if not order.payment_events.filter(event_type__name="Paid").exists():
            raise NothingToIssue
        return _issue(Kind.INVOICE, order, facts=facts.of_invoice(order=order), at=at)


def issue_credit_note(*, refund_id: int, at: datetime) -> Invoice:
    """The credit note of a refund that was done, after the invoice it takes back from.

    Raises NothingToIssue for a refund that gave nothing back.
    """
    refund = RefundRequest.objects.get(pk=refund_id)
    if refund.order_id is None or refund.state != RefundRequest.State.DONE or not refund.amount:
        raise NothingToIssue
    with transaction.atomic():
        order = get_model("order", "Order").objects.select_for_update().get(pk=refund.order_id)
        known = order.invoices.filter(refund=refund).first()
        if known is not None:
            return known
        invoice = issue_invoice(order_id=order.pk, at=at)
        said = facts.of_credit_note(order=order, refund=refund, invoice=invoice)
        return _issue(Kind.CREDIT_NOTE, order, facts=said, refund=refund, at=at)


def _issue(
    kind: str, order: Any, *, facts: dict[str, Any], refund: Any = None, at: datetime
) -> Invoice:
    """Take the next number and write the paper in one transaction: a rollback leaves no gap."""
    year = timezone.localtime(at).year
    InvoiceCounter.objects.get_or_create(kind=kind, year=year)
    counter = InvoiceCounter.objects.select_for_update().get(kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    address = order.shipping_address
    return Invoice.objects.create(
        kind=kind,
        year=year,
        sequence=counter.last,
        number=f"{PREFIXES[Kind(kind)]}{year}-{counter.last:05d}",
        order=order,
        refund=refund,
        language=get_language(order=order),
        paper=get_paper_size(country=address.country_id if address else settings.SHOP_COUNTRY),
        facts=facts,
        issued_at=at,
    )


def get_pdf(*, invoice: Invoice) -> bytes:
    """The file of an invoice: made of its frozen facts once, then kept."""
    storage = storages["private"]
    if not invoice.file:
        content = draw_invoice(invoice=invoice)
        name = storage.save(
            f"invoices/{invoice.year}/{invoice.number}.pdf", File(io.BytesIO(content))
        )
        kept = Invoice.objects.filter(pk=invoice.pk, file="").update(
            file=name, digest=hashlib.sha256(content).hexdigest()
        )
        if not kept:
            # Somebody asked at the same moment and was first.
            storage.delete(name)
        invoice.refresh_from_db(fields=["file", "digest"])
    with storage.open(invoice.file) as file:
        return bytes(file.read())
