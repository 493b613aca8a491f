"""What a buyer does with an order that was placed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from storefront.shop.listing.naming import name_order_lines


@dataclass(frozen=True)
class Reordered:
    """What went into the basket, and what did not and why; both in words for the buyer."""

    added: list[str]
    left_out: list[str]


def reorder(*, order: Any, basket: Any, strategy: Any) -> Reordered:
    """Put the order's lines into the basket, as many as can be bought today.

    A line that is not sold any more, or not in this number, is left out and named.
    """
    added, left_out = [], []
    lines = order.lines.select_related("product", "stockrecord").prefetch_related(
        "attributes__option"
    )
    for line in name_order_lines(lines=lines):
        is_available, reason = line.is_available_to_reorder(basket, strategy)
        if is_available:
            is_available, reason = basket.is_quantity_allowed(line.quantity)
        if not is_available:
            left_out.append(
                _("%(title)s: %(reason)s") % {"title": line.title_here, "reason": reason}
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
