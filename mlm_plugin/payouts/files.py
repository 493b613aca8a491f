"""What a batch gives to the bank: made once, at the approval, and kept in the private store.

The same batch always gives the same bytes: nothing in a file depends on the clock or on chance. So
whoever is killed after a file was kept and before the rows that name it were written puts the same
file there when it is done again.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from mlm_plugin.conf.payouts import CSV, SEPA, PayoutSettings
from mlm_plugin.payouts import sepa, templates_csv
from mlm_plugin.payouts.models import Payout, PayoutBatch, PayoutFile
from mlm_plugin.payouts.payees import Destination, open_destination
from mlm_plugin.payouts.steps import PayoutError

FOLDER = "payouts"


class ChangedFile(ValueError):
    """A stored file is not what it was when it was kept."""


@dataclass(frozen=True)
class Payment:
    """One line of a bank's file: who gets how much of the currency's smallest unit, and where."""

    number: int
    reference: str
    member_code: str
    amount: int
    description: str
    to: Destination


@dataclass(frozen=True)
class Order:
    """What the bank is asked to do: all payments of a batch, on its day."""

    reference: str
    batch: PayoutBatch
    settings: PayoutSettings
    payments: tuple[Payment, ...]


@dataclass(frozen=True)
class Kind:
    """A way to write an order."""

    make: Callable[[Order], bytes]
    ending: str
    content_type: str


KINDS = {
    SEPA: Kind(sepa.make_file, "xml", "application/xml"),
    CSV: Kind(templates_csv.make_file, "csv", "text/csv"),
}


def keep_files(
    *, batch: PayoutBatch, payouts: Sequence[Payout], settings: PayoutSettings, at: datetime
) -> list[PayoutFile]:
    """Write every file that the currency's setting names; for the transaction that approves.

    A SEPA file holds the payouts to IBANs, a table those it is the only way for, or all of them where
    there is no SEPA file. Raises PayoutError where a file cannot be made of the data.
    """
    rows = []
    for kind in settings.files:
        order = _make_order(batch, payouts, settings, kind)
        if not order.payments:
            continue
        try:
            content = KINDS[kind].make(order)
        except ValueError as error:
            raise PayoutError(
                _("The file %(kind)s cannot be made: %(error)s") % {"kind": kind, "error": error}
            ) from error
        digest = hashlib.sha256(content).hexdigest()
        rows.append(
            PayoutFile(
                batch=batch,
                kind=kind,
                name=f"payouts-{batch.pk}-{batch.execute_on:%Y-%m-%d}.{KINDS[kind].ending}",
                content_type=KINDS[kind].content_type,
                stored=keep_content(content=content, digest=digest, ending=KINDS[kind].ending),
                digest=digest,
                made_at=at,
            )
        )
    if not rows:
        raise PayoutError(_("None of the bank’s files takes these accounts."))
    return PayoutFile.objects.bulk_create(rows)


def keep_content(*, content: bytes, digest: str, ending: str) -> str:
    """Keep bytes in the private store under a name made of their digest; returns the name."""
    store = storages["private"]
    name = f"{FOLDER}/{digest}.{ending}"
    if store.exists(name):
        with store.open(name) as kept:
            if kept.read() == content:
                return name
        # Whoever wrote it was killed in the middle.
        store.delete(name)
    kept_name = store.save(name, ContentFile(content))
    if kept_name != name:
        # Somebody else kept the same content at the same moment.
        store.delete(kept_name)
    return name


def read_content(*, stored: str, digest: str) -> bytes:
    """The bytes of a stored file. Raises ChangedFile, and FileNotFoundError where it has gone."""
    with storages["private"].open(stored) as kept:
        content: bytes = kept.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ChangedFile(f"{stored} was changed after it was kept: its digest does not fit")
    return content


def _make_order(
    batch: PayoutBatch, payouts: Sequence[Payout], settings: PayoutSettings, kind: str
) -> Order:
    payments = []
    codes = dict(Payout.objects.filter(batch=batch).values_list("pk", "member__code"))
    for payout in payouts:
        to = open_destination(payout.destination)
        if SEPA in settings.files and (kind == SEPA) != to.has_iban:
            continue
        payments.append(
            Payment(
                number=payout.pk,
                reference=payout.reference,
                member_code=codes[payout.pk],
                amount=payout.net,
                # In the language of the site, whoever approves it.
                description=f"{payout.reference} {codes[payout.pk]}",
                to=to,
            )
        )
    return Order(
        reference=f"B{batch.pk:07d}", batch=batch, settings=settings, payments=tuple(payments)
    )
