"""What is said when a basket changes."""

from decimal import Decimal
from typing import Any

from oscar.apps.basket.utils import BasketMessageGenerator as OscarBasketMessageGenerator
from oscar.apps.basket.utils import LineDiscountRegistry as OscarLineDiscountRegistry
from oscar.apps.basket.utils import LineOfferConsumer

from storefront.shop.prices.tax import price_places, round_discount

__all__ = ["BasketMessageGenerator", "LineDiscountRegistry", "LineOfferConsumer"]


class BasketMessageGenerator(OscarBasketMessageGenerator):
    """Offers won and lost; the new total is in the basket already."""

    def get_new_total_messages(self, basket: Any, include_buttons: bool = True) -> list[Any]:
        return []


class LineDiscountRegistry(OscarLineDiscountRegistry):
    """What offers take off a line: whole units where the currency has no decimals.

    Fractions of a cent stay on lines until the order is frozen, as Oscar has it; a fraction of a yen
    would show in the basket's total, which Oscar rounds to two decimals.
    """

    def discount(
        self, amount: Decimal, quantity: int, incl_tax: bool = True, offer: Any = None
    ) -> None:
        currency = self._line.price_currency
        if price_places(currency) == 0:
            amount = round_discount(amount, currency)
        super().discount(amount, quantity, incl_tax, offer)
