"""Orders as tests need them: placed and paid by the services, sent in parcels."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storefront.shop.fulfilment import services as fulfilment
from storefront.shop.payments import services
from tests.factories import make_attempt, make_basket, make_product

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def buy(*titles: str, quantity: int = 2, is_paid: bool = True, **attempt: Any) -> Any:
    """An order by transfer of so many pieces of each product, 12.00 each, paid at once."""
    products = [make_product(title) for title in titles or ("Linden soap",)]
    user = attempt.get("user")
    started = make_attempt(
        make_basket(*products, quantity=quantity, user=user),
        at=NOON,
        method="transfer",
        **attempt,
    )
    order = services.place_order_from_attempt(attempt_id=started.pk, at=NOON)
    if is_paid:
        services.mark_transfer_paid(order_id=order.pk, by=None, at=NOON)
        order.refresh_from_db()
    return order


def send(order: Any, pieces: dict[int, int] | None = None, **given: Any) -> Any:
    """One parcel with these pieces, or with all that is left; sent the next day."""
    if pieces is None:
        return fulfilment.send_the_rest(order_id=order.pk, by=given.get("by"), at=NOON + DAY)
    return fulfilment.send_parcel(
        order_id=order.pk,
        pieces=pieces,
        **{
            "carrier": "dhl",
            "tracking_number": "00340434",
            "key": f"parcel-{order.parcels.count() + 1}",
            "by": None,
            "at": NOON + DAY,
            **given,
        },
    )
