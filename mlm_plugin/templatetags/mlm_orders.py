"""What the staff's page of an order shows of the network."""

from typing import Any

from django import template

from mlm_plugin.shop.credit import OrderCredit, get_order_credit

register = template.Library()


@register.simple_tag
def order_credit(order: Any) -> OrderCredit:
    """Whom the order is credited to, why, and where its points are."""
    return get_order_credit(order=order)
