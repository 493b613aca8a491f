"""What is said when a basket changes."""

from typing import Any

from oscar.apps.basket.utils import BasketMessageGenerator as OscarBasketMessageGenerator
from oscar.apps.basket.utils import LineDiscountRegistry, LineOfferConsumer

__all__ = ["BasketMessageGenerator", "LineDiscountRegistry", "LineOfferConsumer"]


class BasketMessageGenerator(OscarBasketMessageGenerator):
    """Offers won and lost; the new total is in the basket already."""

    def get_new_total_messages(self, basket: Any, include_buttons: bool = True) -> list[Any]:
        return []
