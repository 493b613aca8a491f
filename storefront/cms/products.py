"""Products on pages of the CMS: which a row shows, and all rows of a page read together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import IntegerField, Sum, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import ListedProduct, get_cards, list_products

MOST_IN_A_ROW = 12
SOLD_WITHIN = timedelta(days=90)
SOLD_KEPT_SECONDS = 600
# What a row shows, and of which category.
Key = tuple[str, int | None]


@dataclass
class RowWish:
    """What one row asks for; `cards` and then `products` are filled in by `fill_rows`."""

    source: str
    count: int
    chosen: Sequence[ProductCard] = ()
    category_id: int | None = None
    products: Sequence[ListedProduct] = ()
    cards: Sequence[ProductCard] = ()


def fill_rows(*, rows: Sequence[RowWish], request: Any, at: datetime) -> None:
    """Give every row its products, with prices and stock of this visitor.

    However many rows: one query for the cards of them all (what sells best is kept for ten
    minutes), three for prices and stock.
    """
    # Imported when asked: blocks are read while Django still gathers the models.
    from storefront.shop.catalogue.views import shows_points

    found = _read_cards(rows=rows, at=at)
    for row in rows:
        chosen = [card for card in row.chosen if card and card.is_public]
        row.cards = (chosen if row.source == "chosen" else found.get(_key(row), []))[: row.count]
    cards = {card.pk: card for row in rows for card in row.cards}
    if not cards:
        return
    listed = list_products(
        cards=list(cards.values()), strategy=request.strategy, shows_points=shows_points(request)
    )
    by_number = {product.product_id: product for product in listed}
    for row in rows:
        row.products = [by_number[card.pk] for card in row.cards if card.pk in by_number]


def list_categories() -> list[tuple[int, str]]:
    """Number and indented name of every public category, in tree order; one query."""
    rows = get_model("catalogue", "Category").objects.browsable().order_by("path")
    return [
        (pk, f"{'– ' * (depth - 1)}{name}")
        for pk, depth, name in rows.values_list("pk", "depth", "name")
    ]


def _key(row: RowWish) -> Key:
    return row.source, row.category_id if row.source == "category" else None


def _read_cards(*, rows: Sequence[RowWish], at: datetime) -> dict[Key, list[ProductCard]]:
    """Cards of all rows that choose by themselves, each in its order, in one query."""
    counts: dict[Key, int] = {}
    for row in rows:
        counts[_key(row)] = max(row.count, counts.get(_key(row), 0))
    selling = _best_selling(at=at) if ("best", None) in counts else []
    parts = [
        (key, wanted)
        for key, count in counts.items()
        if (wanted := _wanted(key, count, selling)) is not None
    ]
    if not parts:
        return {}
    # Each part is cut in a query of its own: SQLite cuts no part of a union.
    first, *others = (
        ProductCard.objects.filter(pk__in=wanted, is_public=True).annotate(
            part=Value(number, IntegerField())
        )
        for number, (_key_of_part, wanted) in enumerate(parts)
    )
    found: dict[Key, list[ProductCard]] = defaultdict(list)
    for card in first.union(*others, all=True) if others else first:
        found[parts[card.part][0]].append(card)
    for key, cards in found.items():
        if key[0] == "best":
            cards.sort(key=lambda card: selling.index(card.pk))
        else:
            cards.sort(key=lambda card: (card.created_at, card.pk), reverse=True)
    return found


def _wanted(key: Key, count: int, selling: list[int]) -> Any:
    """Numbers of the cards of one kind of row, as a list or as a query; nothing for no cards."""
    match key:
        case ("newest", _):
            return get_cards().values("pk")[:count]
        case ("category", int(category_id)):
            return _cards_of_category(category_id).values("pk")[:count]
        case ("best", _):
            return selling or None
    return None


def _cards_of_category(category_id: int) -> Any:
    """Newest of a category and everything below it."""
    path = get_model("catalogue", "Category").objects.filter(pk=category_id, is_public=True)
    inside = get_model("catalogue", "ProductCategory").objects.filter(
        category__path__startswith=path.values("path")[:1]
    )
    return get_cards().filter(product_id__in=inside.values("product_id"))


def _best_selling(*, at: datetime) -> list[int]:
    """Numbers of what was ordered most in three months, best first; then the newest."""
    numbers = cache.get_or_set(
        "cms:best-selling", lambda: _count_sold(since=at - SOLD_WITHIN), SOLD_KEPT_SECONDS
    )
    return list(numbers or [])


def _count_sold(*, since: datetime) -> list[int]:
    lines = (
        get_model("order", "Line")
        .objects.filter(order__date_placed__gte=since, product__isnull=False)
        .exclude(order__status="Cancelled")
        .annotate(head=Coalesce("product__parent_id", "product_id"))
        .values("head")
        .annotate(pieces=Sum("quantity"))
        .order_by("-pieces", "head")
    )
    sold = list(lines.values_list("head", flat=True)[: 2 * MOST_IN_A_ROW])
    if len(sold) < MOST_IN_A_ROW:
        sold += list(get_cards().values_list("pk", flat=True)[:MOST_IN_A_ROW])
    return list(dict.fromkeys(sold))
