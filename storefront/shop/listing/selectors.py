"""Reads of the listing: a page of cards with prices for one buyer, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.shop.listing.models import CategoryText, ProductCard
from storefront.shop.listing.narrowing import Prices
from storefront.shop.listing.snapshot import PRICES


@dataclass(frozen=True)
class Picture:
    """A picture file of a page, with the size the browser reserves for it."""

    url: str
    width: int
    height: int
    caption: str = ""


@dataclass(frozen=True)
class ListedProduct:
    """What a list shows of one product to one buyer; without a price where none may be seen."""

    product_id: int
    url: str
    title: str
    picture: Picture | None
    price: Any
    is_from_price: bool
    is_available: bool
    can_add: bool
    pv: int | None
    stars: int | None
    reviews: int

    @property
    def add_url(self) -> str:
        """Where the form of the card's button goes."""
        return reverse("basket:add", kwargs={"pk": self.product_id})


def get_cards(*, category: Any = None) -> QuerySet[ProductCard]:
    """Public cards, newest first; of a category and everything below it, if one is given."""
    cards = ProductCard.objects.filter(is_public=True).order_by("-created_at", "-pk")
    if category is not None:
        ProductCategory = get_model("catalogue", "ProductCategory")
        below = ProductCategory.objects.filter(category__path__startswith=category.path)
        cards = cards.filter(product_id__in=below.values("product_id"))
    return cards


@dataclass(frozen=True)
class CategoryPageWords:
    """The texts of a category's page in one language."""

    name: str
    intro: str
    text: str
    meta_title: str
    meta_description: str


def get_category_page_words(*, category: Any, language: str) -> CategoryPageWords:
    """What a category's page says; Oscar's own words where the language has none of its own.

    No query in the first language, one in the others.
    """
    own = CategoryPageWords(
        category.name,
        category.description,
        category.long_description,
        category.meta_title or "",
        category.meta_description or "",
    )
    if language == settings.LANGUAGE_CODE:
        return own
    said = CategoryText.objects.filter(category=category, language=language).first()
    if said is None:
        return own
    # Words for search engines in the wrong language would be worse than none.
    return CategoryPageWords(
        said.name,
        said.description or own.intro,
        said.long_description or own.text,
        said.meta_title,
        said.meta_description,
    )


def get_prices_seen(*, strategy: Any) -> Prices | None:
    """Which prices this buyer's lists are filtered and sorted by; None where none may be seen."""
    if not strategy.shows_prices:
        return None
    kind = strategy.buyer.kind
    taxes = strategy.taxes
    here, home = taxes.get_rate(strategy.country_code), taxes.get_rate(taxes.home_country)
    factor = Decimal(10_000 + here) / (10_000 + home)
    return Prices(kind=kind if kind in PRICES else "retail", factor=factor)


def get_picture(*, entry: dict[str, Any], size: str) -> Picture:
    """One picture of a card: `size` is "small" or "large"."""
    file = entry[size]
    return Picture(
        default_storage.url(file["path"]), file["width"], file["height"], entry["caption"]
    )


def list_products(
    *,
    cards: Sequence[ProductCard],
    strategy: Any,
    shows_points: bool,
    records: dict[int, list[Any]] | None = None,
) -> list[ListedProduct]:
    """The cards with price and stock for the strategy's buyer: at most four queries.

    `records` is what `get_stockrecords` said of them, where somebody has asked already.
    """
    if records is None:
        records = get_stockrecords(card.pk for card in cards)
    strategy.preload(record.pk for found in records.values() for record in found)
    return [_list(card, records.get(card.pk, []), strategy, shows_points) for card in cards]


def get_cards_of_products(*, product_ids: Sequence[int]) -> list[ProductCard]:
    """The public cards of these products, in the order given."""
    found = ProductCard.objects.filter(is_public=True).in_bulk(product_ids)
    return [found[number] for number in product_ids if number in found]


def get_stockrecords(product_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Stock records of these products, of a parent those of its public variants, in one query."""
    StockRecord = get_model("partner", "StockRecord")
    ids = list(product_ids)
    # Both conditions on one table: across two, PostgreSQL reads all of both.
    family = get_model("catalogue", "Product").objects.filter(
        Q(pk__in=ids) | Q(parent_id__in=ids), is_public=True
    )
    rows = (
        StockRecord.objects.filter(product_id__in=family.values("pk"))
        .select_related("product")
        .only(
            "product_id",
            "partner_sku",
            "price",
            "price_currency",
            "num_in_stock",
            "num_allocated",
            "product__parent_id",
            "product__structure",
            "product__title",
        )
        .order_by("pk")
    )
    records: dict[int, list[Any]] = defaultdict(list)
    seen = set()
    for row in rows if ids else ():
        if row.product_id not in seen:
            seen.add(row.product_id)
            records[row.product.parent_id or row.product_id].append(row)
    return records


def _list(
    card: ProductCard, records: list[Any], strategy: Any, shows_points: bool
) -> ListedProduct:
    on_sale = [record for record in records if not card.tracks_stock or record.net_stock_level > 0]
    prices = [strategy.price_for(record, quantity=1) for record in on_sale or records]
    prices = [price for price in prices if price.exists]
    price = min(prices, key=lambda each: each.incl_tax, default=None)
    is_available = bool(on_sale) and price is not None
    return ListedProduct(
        product_id=card.pk,
        url=reverse("catalogue:detail", kwargs={"product_slug": card.slug, "pk": card.pk}),
        title=card.title_here,
        picture=get_picture(entry=card.pictures[0], size="small") if card.pictures else None,
        price=price,
        is_from_price=len({each.incl_tax for each in prices}) > 1,
        is_available=is_available,
        can_add=is_available and not card.has_variants,
        pv=card.pv if shows_points and card.pv else None,
        stars=None if card.rating is None else round(card.rating / 10),
        reviews=card.reviews,
    )
