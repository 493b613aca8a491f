"""Orders that were paid, for tests of what only buyers may do."""

from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

PaymentEventType = get_model("order", "PaymentEventType")


def buy(product: Any, user: Any, *, number: str = "100001", paid: bool = True) -> Any:
    """An order of one piece, as the shop leaves it behind when the money is there."""
    order = get_model("order", "Order").objects.create(
        number=number,
        user=user,
        currency="EUR",
        total_incl_tax="12.00",
        total_excl_tax="10.08",
        date_placed=timezone.now(),
    )
    order.lines.create(
        num_allocated=0,
        product=product,
        title=product.get_title(),
        quantity=1,
        line_price_incl_tax="12.00",
        line_price_excl_tax="10.08",
        line_price_before_discounts_incl_tax="12.00",
        line_price_before_discounts_excl_tax="10.08",
    )
    if paid:
        kind, _created = PaymentEventType.objects.get_or_create(name="Paid")
        order.payment_events.create(event_type=kind, amount="12.00")
    return order
