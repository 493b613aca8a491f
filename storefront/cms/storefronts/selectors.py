"""Reads of members' storefronts."""

from dataclasses import dataclass

from storefront.cms.storefronts.models import MemberStorefront
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import get_cards, get_cards_of_products
from storefront.shop.listing.snapshot import get_snapshot
from storefront.shop.search.selectors import clean_query, find_products

CANDIDATES = 24


@dataclass(frozen=True)
class StorefrontContent:
    """What a member says and the cards of the products the member shows, in order."""

    greeting: str
    cards: list[ProductCard]


def get_storefront(*, member_id: int) -> StorefrontContent:
    """A member's storefront, in three queries; empty for a member who has said nothing yet.

    Products that are hidden or gone are left out.
    """
    storefront = MemberStorefront.objects.filter(member_id=member_id).first()
    if storefront is None:
        return StorefrontContent(greeting="", cards=[])
    chosen = list(storefront.chosen_products.values_list("product_id", flat=True))
    return StorefrontContent(
        greeting=storefront.greeting, cards=get_cards_of_products(product_ids=chosen)
    )


def find_candidates(*, query: str) -> list[ProductCard]:
    """Products a member may choose from: the newest, or those that match the words."""
    if not query:
        return list(get_cards()[:CANDIDATES])
    found = find_products(query=clean_query(query), snapshot=get_snapshot())
    return get_cards_of_products(product_ids=found[:CANDIDATES])
