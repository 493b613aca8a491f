"""What pages say of a basket beside its lines: delivery, the note, what was removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, gettext
from oscar.core.loading import get_class, get_model

from storefront.shop.listing.naming import name_lines
from storefront.shop.listing.selectors import get_cards_of_products, get_picture

NOTE_KEY = "gift_note"
REMOVED_KEY = "basket_removed"


@dataclass(frozen=True)
class Delivery:
    """What delivering a basket costs before an address is known: the first method offered.

    Without `method` nothing is delivered there. `missing` is what still has to go into the basket for
    free delivery, `reached` how far it is, in percent; both None where there is no such amount.
    """

    method: Any
    charge: Any
    missing: Decimal | None = None
    reached: int | None = None

    def total_of(self, basket: Any) -> Decimal:
        """What is to be paid with it."""
        charge = self.charge.incl_tax if self.charge else Decimal(0)
        return Decimal(basket.total_incl_tax + charge)


def get_delivery(*, basket: Any, user: Any, request: Any) -> Delivery:
    """The estimate for the country of the prices shown; one query."""
    methods = get_class("shipping.repository", "Repository")().get_shipping_methods(
        basket=basket, user=user, request=request
    )
    if not methods:
        return Delivery(method=None, charge=None)
    method = methods[0]
    charge = method.calculate(basket)
    # Oscar wraps a method that an offer makes cheaper.
    free_from = getattr(getattr(method, "method", method), "free_from", None)
    if not free_from or not charge.incl_tax:
        return Delivery(method=method, charge=charge)
    missing = max(free_from - basket.total_incl_tax, Decimal(0))
    reached = int(100 * basket.total_incl_tax / free_from)
    return Delivery(method=method, charge=charge, missing=missing, reached=min(reached, 100))


def get_countries() -> list[Any]:
    """The countries that goods are sent to."""
    countries = get_model("address", "Country").objects.filter(is_shipping_country=True)
    return sorted(
        (name_country(country=each) for each in countries), key=lambda each: each.printable_name
    )


def name_country(*, country: Any) -> Any:
    """Call this unsaved copy of a country as the visitor does; the shop's own name is the fallback."""
    territories = get_locale(language=get_language() or settings.LANGUAGE_CODE).territories
    country.printable_name = territories.get(country.pk, country.printable_name)
    return country


@lru_cache
def get_locale(*, language: str) -> Locale:
    """What Babel knows of a language."""
    return Locale.parse(language, sep="-")


def get_obstacle(*, basket: Any, product: Any, quantity: int) -> str:
    """Why `quantity` pieces of a product cannot lie in the basket; empty where they can.

    `quantity` is all of them, those that lie there already included. The basket has its strategy.
    """
    gone = gettext("This product is no longer available.")
    if product is None or not product.is_public or product.is_parent:
        return gone
    info = basket.get_stock_info(product, [])
    permitted, reason = info.availability.is_purchase_permitted(quantity)
    if permitted and info.price.exists:
        return ""
    return str(reason or gone)


def get_gift_note(*, session: Any, basket_id: int | None) -> str:
    """The note for this basket; one that was written for another basket is not shown."""
    note = session.get(NOTE_KEY) or {}
    return note.get("text", "") if basket_id and note.get("basket") == basket_id else ""


def get_removed_titles(*, session: Any) -> str:
    """What was removed last and can be put back."""
    return ", ".join(removed["title"] for removed in session.get(REMOVED_KEY, []))


def dress_lines(*, lines: Sequence[Any]) -> list[Any]:
    """Give lines their `picture` and `description_here`, in three queries for all of them."""
    named = name_lines(lines=lines)
    heads = {line.product.parent_id or line.product_id for line in named}
    cards = {card.pk: card for card in get_cards_of_products(product_ids=list(heads))}
    for line in named:
        card = cards.get(line.product.parent_id or line.product_id)
        has_picture = card is not None and card.pictures
        line.picture = get_picture(entry=card.pictures[0], size="small") if has_picture else None
    return named
