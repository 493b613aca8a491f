"""Reads of members' storefronts."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from storefront.cms.storefronts.models import MemberStorefront
from storefront.shop.basket.selectors import get_locale
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import get_cards, get_cards_of_products
from storefront.shop.listing.snapshot import get_snapshot
from storefront.shop.search.selectors import clean_query, find_products

CANDIDATES = 24
# More people than this are no help; the visitor adds a word.
MOST_FOUND = 12
# As in `Member.Status`: only such members may be credited, so only they are shown.
ACTIVE = "active"
MOST_WORDS = 4
SHORTEST_WORD = 2


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
    found = find_products(query=clean_query(text=query), snapshot=get_snapshot())
    return get_cards_of_products(product_ids=found[:CANDIDATES])


@dataclass(frozen=True)
class ListedMember:
    """What strangers may know of a member who wants to be found."""

    name: str
    code: str
    place: str


def find_listed_members(*, query: str) -> list[ListedMember]:
    """Active members who agreed to be listed and whom every word of the query fits; one query.

    A word fits a beginning of the name, or a part of the town or of the country's name in the
    visitor's language. Words of one letter, and queries without a word, find nobody.
    """
    words = query.split()[:MOST_WORDS]
    if not words or min(map(len, words)) < SHORTEST_WORD:
        return []
    names = get_locale(language=get_language() or settings.LANGUAGE_CODE).territories
    found = MemberStorefront.objects.filter(listed_since__isnull=False, member__status=ACTIVE)
    for word in words:
        countries = [code for code, name in names.items() if word.casefold() in name.casefold()]
        fits = Q(country__in=countries)
        # SQLite compares letters beyond ASCII as they are, so the usual spellings are tried.
        for spelling in {word, word.lower(), word.capitalize()}:
            fits |= Q(member__first_name__istartswith=spelling)
            fits |= Q(member__last_name__istartswith=spelling)
            fits |= Q(city__icontains=spelling)
        found = found.filter(fits)
    rows = found.select_related("member").order_by("member__first_name", "member_id")[:MOST_FOUND]
    return [
        ListedMember(
            name=f"{row.member.first_name} {row.member.last_name}".strip() or row.member.code,
            code=row.member.code,
            place=", ".join(filter(None, (row.city, names.get(row.country, "")))),
        )
        for row in rows
    ]


def list_listed_members() -> list[int]:
    """Ids of the active members who agreed to be listed; one query."""
    found = MemberStorefront.objects.filter(listed_since__isnull=False, member__status=ACTIVE)
    return list(found.order_by("member_id").values_list("member_id", flat=True))


def get_listing(*, member_id: int) -> MemberStorefront | None:
    """What the member said about being found, if anything."""
    return MemberStorefront.objects.filter(member_id=member_id).first()
