"""What a buyer does with an order that was placed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from storefront.shop.basket.selectors import get_obstacle
from storefront.shop.listing.naming import name_order_lines


@dataclass(frozen=True)
class Reordered:
    """What went into the basket, and what did not and why; both in words for the buyer."""

    added: list[str]
    left_out: list[str]


def reorder(*, order: Any, basket: Any) -> Reordered:
    """Put the order's lines into the basket, as many as can be bought today.

    A line that is not sold any more, or not in this number, is left out and named.
    """
    added, left_out = [], []
    lines = order.lines.select_related("product", "stockrecord").prefetch_related(
        "attributes__option"
    )
    for line in name_order_lines(lines=lines):
        wanted = line.quantity + (basket.product_quantity(line.product) if line.product else 0)
        obstacle = get_obstacle(basket=basket, product=line.product, quantity=wanted)
        if not obstacle:
            is_allowed, reason = basket.is_quantity_allowed(line.quantity)
            obstacle = "" if is_allowed else str(reason)
        if obstacle:
            left_out.append(
                _("%(title)s: %(reason)s") % {"title": line.title_here, "reason": obstacle}
            )
            continue
        options = [
            {"option": chosen.option, "value": chosen.value}
            for chosen in line.attributes.all()
            if chosen.option
        ]
        basket.add_product(line.product, line.quantity, options)
        added.append(line.title_here)
    return Reordered(added=added, left_out=left_out)
