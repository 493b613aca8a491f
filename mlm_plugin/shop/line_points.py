"""PV and CV of order lines, frozen when the order is placed.

A voucher or an offer lowers CV in proportion to the price paid, and PV too where
`MLM["DISCOUNT_REDUCES_PV"]` says so.
"""

from collections.abc import Sequence
from typing import Any

from mlm_plugin.conf import get_setting
from mlm_plugin.plan.money import scale, to_minor
from mlm_plugin.shop.models import LinePoints
from mlm_plugin.shop.points import get_points_for_products


def freeze_points(*, order: Any) -> None:
    """Write the points of the order's lines beside them; call it where the order is placed."""
    lines = list(order.lines.all())
    LinePoints.objects.bulk_create(
        [
            LinePoints(line_id=line_id, pv=pv, cv=cv)
            for line_id, (pv, cv) in _todays_points(lines).items()
        ],
        ignore_conflicts=True,
    )


def get_line_points(*, lines: Sequence[Any]) -> dict[int, tuple[int, int]]:
    """(PV, CV) of whole lines in 1/100 point: frozen ones, or today's where none were frozen.

    `lines` come with their `frozen_points` selected. Orders that other programs write into the shop
    have none; crediting freezes what counts on its first sight of them.
    """
    frozen = {
        line.pk: (line.frozen_points.pv, line.frozen_points.cv)
        for line in lines
        if hasattr(line, "frozen_points")
    }
    rest = [line for line in lines if line.pk not in frozen]
    return frozen | (_todays_points(rest) if rest else {})


def _todays_points(lines: Sequence[Any]) -> dict[int, tuple[int, int]]:
    products = [line.product for line in lines if line.product_id]
    points = get_points_for_products(products=products)
    return {line.pk: _points_of_line(line, points.get(line.product_id)) for line in lines}


def _points_of_line(line: Any, points: Any) -> tuple[int, int]:
    if points is None:
        return (0, 0)
    pv, cv = points.pv * line.quantity, points.cv * line.quantity
    whole = to_minor(line.line_price_before_discounts_excl_tax)
    paid = to_minor(line.line_price_excl_tax)
    if paid == whole:
        return (pv, cv)
    if get_setting("DISCOUNT_REDUCES_PV"):
        pv = scale(pv, part=paid, whole=whole)
    return (pv, scale(cv, part=paid, whole=whole))
