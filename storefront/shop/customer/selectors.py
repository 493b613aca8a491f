"""Reads of the account's pages."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from oscar.core.loading import get_model

from mlm_plugin.shop.selectors import get_member_for
from storefront.privacy.selectors import list_consents
from storefront.shop.listing.naming import get_titles_here, name_order_lines
from storefront.shop.listing.selectors import get_cards_of_products, get_stockrecords, list_products


@dataclass(frozen=True)
class Overview:
    """What the account's first page shows."""

    latest_order: Any
    orders: int
    address: Any
    addresses: int
    wish_lists: tuple[Any, ...]
    consents_given: int
    member: Any


@dataclass(frozen=True)
class WishLine:
    """One line of a wish list; `item` is what lists show of the product, None if it is not sold."""

    line: Any
    title: str
    item: Any


def get_overview(*, user: Any) -> Overview:
    """Latest order, address for deliveries, wish lists, consents and membership; constant queries."""
    orders = user.orders.order_by("-date_placed", "-pk")
    addresses = user.addresses.select_related("country").order_by("-is_default_for_shipping", "-pk")
    latest_order = orders.prefetch_related("lines").first()
    if latest_order:
        name_order_lines(lines=latest_order.lines.all())
    return Overview(
        latest_order=latest_order,
        orders=orders.count(),
        address=addresses.first(),
        addresses=addresses.count(),
        wish_lists=tuple(list_wish_lists(user=user)),
        consents_given=sum(consent.given for consent in list_consents(user=user)),
        member=get_member_for(user=user),
    )


def list_countries() -> list[Any]:
    """The countries an address of the book can be in, those that goods are sent to first."""
    countries = get_model("address", "Country").objects
    return list(countries.order_by("-is_shipping_country", "-display_order", "printable_name"))


def list_wish_lists(*, user: Any) -> QuerySet[Any]:
    """The person's wish lists, oldest first, with `pieces`: how many products lie on each."""
    return user.wishlists.annotate(pieces=Count("lines")).order_by("date_created", "pk")


def list_wish_lines(*, wish_list: Any, strategy: Any) -> list[WishLine]:
    """A list's lines as this visitor may see the products; constant queries."""
    lines = list(wish_list.lines.select_related("product", "product__parent").order_by("pk"))
    products = [line.product for line in lines if line.product]
    titles = get_titles_here(products=products)
    heads = dict.fromkeys(product.parent_id or product.pk for product in products)
    cards = {card.pk: card for card in get_cards_of_products(product_ids=list(heads))}
    records = get_stockrecords(cards)
    strategy.preload(record.pk for family in records.values() for record in family)

    def show(product: Any) -> Any:
        if product is None or not product.is_public:
            return None
        card = cards.get(product.parent_id or product.pk)
        if card is None:
            return None
        family = records.get(card.pk, [])
        # A variant is wished for at its own price and stock, not at those of its sisters.
        own = [each for each in family if not product.parent_id or each.product_id == product.pk]
        [item] = list_products(
            cards=[card], strategy=strategy, shows_points=False, records={card.pk: own}
        )
        return item

    return [
        WishLine(
            line=line,
            title=titles.get(line.product_id, line.title),
            item=show(line.product),
        )
        for line in lines
    ]
