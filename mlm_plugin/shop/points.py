"""PV and CV of products: what one piece carries, a variant inheriting from its parent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.plan.money import parse_points
from mlm_plugin.shop.models import ProductPoints

# 10,000,000.00 points for one piece: anything above is a typing error.
MOST_POINTS = 1_000_000_000
PLAIN_NUMBER = re.compile("^[0-9][0-9 \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*([.,][0-9]*)?$")


@dataclass(frozen=True, slots=True)
class Points:
    """PV and CV of one piece, in 1/100 point."""

    pv: int = 0
    cv: int = 0


def get_points_for_products(*, products: Sequence[Any]) -> dict[int, Points]:
    """The points of each product by its primary key, in one query; without any, zero points."""
    wanted = {product.pk: product.parent_id for product in products}
    numbers = {*wanted, *filter(None, wanted.values())}
    rows = {
        row.product_id: Points(pv=row.pv, cv=row.cv)
        for row in ProductPoints.objects.filter(product_id__in=numbers)
    }
    return {
        number: rows.get(number) or rows.get(parent) or Points()
        for number, parent in wanted.items()
    }


def parse_product_points(text: str) -> int:
    """PV or CV of a product as a person writes it ("12.50"), in 1/100 point.

    Raises ValueError, with a text a person can read, for what cannot be a product's points.
    """
    shown = text.strip()[:40]
    # No signs and no exponents: a product's points are a plain number of reasonable length.
    if len(text.strip()) > 20 or not PLAIN_NUMBER.match(text.strip()):
        raise ValueError(_("“%s” is not a number of points, such as 12.50") % shown)
    try:
        amount = parse_points(text)
    except ValueError:
        raise ValueError(_("“%s” has more than two decimals") % shown) from None
    if amount > MOST_POINTS:
        raise ValueError(_("“%s” is more than a product can carry") % shown)
    return amount


@dataclass(frozen=True, slots=True)
class PointsRow:
    """PV and CV to write for one product, in 1/100 point; both None take its own points away."""

    product_id: int
    pv: int | None
    cv: int | None


def set_product_points(*, product_id: int, pv: int | None, cv: int | None) -> bool:
    """Write the points of one piece of a product, in 1/100 point; whether anything changed.

    A value of None leaves the other's row with 0; both None delete the row, so that a variant
    inherits again. Raises ValueError for points below zero. Orders placed before keep their points.
    """
    return import_product_points(rows=[PointsRow(product_id=product_id, pv=pv, cv=cv)]) == 1


@transaction.atomic
def import_product_points(*, rows: Sequence[PointsRow]) -> int:
    """Write the points of many products, all or none; returns how many products changed.

    Rows are saved one by one, so that whoever listens to a product's points hears of each. Raises
    ValueError, and writes nothing, for points below zero.
    """
    if any((row.pv or 0) < 0 or (row.cv or 0) < 0 for row in rows):
        raise ValueError("points cannot be below zero")
    known = {
        points.product_id: points
        for points in ProductPoints.objects.filter(product_id__in=[row.product_id for row in rows])
    }
    changed = 0
    for row in rows:
        points = known.get(row.product_id)
        if row.pv is None and row.cv is None:
            if points is not None:
                points.delete()
                changed += 1
            continue
        pv, cv = row.pv or 0, row.cv or 0
        if points is None:
            points = ProductPoints(product_id=row.product_id)
        elif (points.pv, points.cv) == (pv, cv):
            continue
        points.pv, points.cv = pv, cv
        points.save()
        changed += 1
    return changed
