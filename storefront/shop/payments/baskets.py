"""What becomes of a basket when the order that was frozen from it is placed."""

from datetime import datetime
from typing import Any

from oscar.core.loading import get_model

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")


def empty_ordered_lines(*, lines: list[dict[str, Any]], basket: Any, at: datetime) -> None:
    """Take what was ordered out of the shopper's basket; what was added meanwhile stays.

    A basket that holds just what was ordered becomes Oscar's submitted basket with its lines.
    Lines are found wherever they are by now: signing in may have merged the basket.
    """
    ordered = {line["basket_line_id"]: line["quantity"] for line in lines}
    if basket is not None and basket.status == Basket.OPEN:
        held = dict(basket.lines.values_list("pk", "quantity"))
        if held == ordered:
            Basket.objects.filter(pk=basket.pk).update(status=Basket.SUBMITTED, date_submitted=at)
            return
    for line in Line.objects.select_for_update().filter(pk__in=ordered, basket__status=Basket.OPEN):
        if line.quantity <= ordered[line.pk]:
            line.delete()
        else:
            line.quantity -= ordered[line.pk]
            line.save()
