"""Writes of prices."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from storefront.shop.prices.models import BuyerPrice

DESTINATION_KEY = "destination_country"


@dataclass(frozen=True)
class PriceRow:
    """One price to write; `price` None takes the row away."""

    stockrecord_id: int
    buyer_kind: str
    rank: str
    min_quantity: int
    price: Decimal | None


@transaction.atomic
def set_buyer_prices(*, rows: list[PriceRow]) -> None:
    """Write prices by kind, rank and quantity; saying the same twice changes nothing.

    Raises django.core.exceptions.ValidationError, and writes nothing, when a row is no price.
    """
    for row in rows:
        key = {
            "stockrecord_id": row.stockrecord_id,
            "buyer_kind": row.buyer_kind,
            "rank": row.rank,
            "min_quantity": row.min_quantity,
        }
        if row.price is None:
            BuyerPrice.objects.filter(**key).delete()
            continue
        BuyerPrice(**key, price=row.price).full_clean(
            exclude=["stockrecord"], validate_unique=False, validate_constraints=False
        )
        BuyerPrice.objects.update_or_create(**key, defaults={"price": row.price})


def remember_destination(*, session: Any, country_code: str) -> None:
    """Show this visitor prices with the tax of the country they want the goods sent to."""
    if session.get(DESTINATION_KEY) != country_code:
        session[DESTINATION_KEY] = country_code
