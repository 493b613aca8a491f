"""Pieces held for an attempt while it is being paid, so that the last one is sold once."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

StockRecord = get_model("partner", "StockRecord")


class Unavailable(Exception):
    """Something of the basket cannot be had any more; the text may be shown."""


class SoldOut(Unavailable):
    """Not enough pieces are left; the text says of which product."""


def hold_stock(*, lines: list[dict[str, Any]]) -> None:
    """Allocate the pieces of frozen lines, or none of them. Call it inside a transaction.

    Stock records are locked in primary-key order, as placing does. Raises SoldOut.
    """
    wanted, titles = _pieces(lines)
    records = StockRecord.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    found = {record.pk: record for record in records.order_by("pk")}
    for record_id, pieces in wanted.items():
        record = found.get(record_id)
        if record is None or record.net_stock_level < pieces:
            raise SoldOut(
                _("“%(title)s” has just been sold out in this quantity.")
                % {"title": titles[record_id]}
            )
    for record_id in sorted(wanted):
        found[record_id].allocate(wanted[record_id])


def release_stock(*, lines: list[dict[str, Any]]) -> None:
    """Give held pieces back. Call it inside a transaction."""
    wanted, _titles = _pieces(lines)
    records = StockRecord.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    for record in records.order_by("pk"):
        record.cancel_allocation(wanted[record.pk])


def _pieces(lines: list[dict[str, Any]]) -> tuple[dict[int, int], dict[int, str]]:
    """Pieces wanted and a title, by stock record, of the lines whose stock is counted."""
    wanted: dict[int, int] = defaultdict(int)
    titles: dict[int, str] = {}
    for line in lines:
        if line["tracked"]:
            wanted[line["stockrecord_id"]] += line["quantity"]
            titles[line["stockrecord_id"]] = line["title"]
    return wanted, titles
