"""SEPA credit transfer: pain.001, written by the library `sepaxml` and checked against its schema.

The library numbers messages by chance and takes their time from the clock; both are set here, so that
a batch always gives the same bytes.
"""

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml
from text_unidecode import unidecode

from mlm_plugin.conf import plan_time_zone

if TYPE_CHECKING:
    from mlm_plugin.payouts.files import Order

LONGEST_NAME = 70
# The letters that every bank takes (EPC217-08); "&" becomes "+", anything else a blank.
NOT_TAKEN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


def make_file(order: "Order") -> bytes:
    """The message for all payments of an order. Raises ValueError where the schema refuses it."""
    settings, batch = order.settings, order.batch
    debtor = {
        "name": _write_name(settings.name),
        "IBAN": settings.iban.replace(" ", ""),
        "batch": True,
        "currency": settings.currency,
    }
    if settings.bic:
        debtor["BIC"] = settings.bic
    transfer = SepaTransfer(debtor, schema=settings.schema, clean=False)
    for payment in order.payments:
        transfer.add_payment(
            {
                "name": _write_name(payment.to.holder),
                "IBAN": payment.to.account,
                "amount": payment.amount,
                "execution_date": batch.execute_on,
                "description": payment.description,
                "endtoend_id": payment.reference,
            }
        )
    assert batch.approved_at is not None, "files are made at the approval"
    moment = batch.approved_at.astimezone(plan_time_zone())
    content = _settle(
        transfer.export(validate=False),
        reference=order.reference,
        moment=moment.strftime("%Y-%m-%dT%H:%M:%S"),
    )
    try:
        try_valid_xml(content, settings.schema)
    except ValidationError as error:
        raise ValueError(str(error.__cause__ or error)) from error
    return content


def _write_name(name: str) -> str:
    """A name in letters that every bank takes: "Zoë & Иван" is "Zoe + Ivan"."""
    written = NOT_TAKEN.sub(" ", unidecode(name).replace("&", "+"))
    return " ".join(written.split())[:LONGEST_NAME].strip()


def _settle(content: bytes, *, reference: str, moment: str) -> bytes:
    """The message with our number and time in place of the library's."""
    # Written a moment ago by the library itself, so nothing hostile is in it.
    root = ElementTree.fromstring(content)  # noqa: S314
    space = root.tag[: root.tag.index("}") + 1]
    ElementTree.register_namespace("", space[1:-1])
    for name, text in (("MsgId", reference), ("CreDtTm", moment), ("PmtInfId", f"{reference}-1")):
        for node in root.iter(f"{space}{name}"):
            node.text = text
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
