"""Writes of the listing: cards follow what they show."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.html import strip_tags
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.core.loading import get_model
from wagtail.search import index
from wagtail.search.backends import get_search_backends

from mlm_plugin.shop.points import get_points_for_products
from mlm_plugin.volumes.models import BuyerKind
from storefront.shop.listing.choices import find_choices
from storefront.shop.listing.models import (
    CategoryText,
    FilterAttribute,
    ProductCard,
    SearchWord,
)
from storefront.shop.listing.pictures import make_pictures
from storefront.shop.listing.stamp import next_version
from storefront.shop.prices.models import BuyerPrice

BATCH = 200
# What "best selling" looks back on.
SALES_DAYS = 90
WORD = re.compile(r"\w{3,60}")


def refresh_cards(*, product_ids: Iterable[int]) -> int:
    """Bring the cards of these products (of a variant: its parent) up to date.

    Returns how many cards changed. Saying it twice changes nothing the second time.
    """
    return _refresh_in_batches(sorted(_find_heads(product_ids)))


def _refresh_in_batches(numbers: list[int]) -> int:
    products = get_model("catalogue", "Product").objects
    return sum(
        _refresh(products.filter(pk__in=numbers[start : start + BATCH]))
        for start in range(0, len(numbers), BATCH)
    )


def _find_heads(product_ids: Iterable[int]) -> set[int]:
    """The products that have the cards: of a variant its parent."""
    Product = get_model("catalogue", "Product")
    rows = Product.objects.filter(pk__in=set(product_ids)).values_list("pk", "parent_id")
    return {parent_id or pk for pk, parent_id in rows}


def rebuild_listing() -> int:
    """Make every card anew from the catalogue; returns how many had to change."""
    Product = get_model("catalogue", "Product")
    numbers = list(Product.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True))
    changed = _refresh_in_batches(numbers)
    # A product that became a variant has no card of its own any more.
    for card in ProductCard.objects.exclude(product__parent=None):
        card.delete()
        changed += 1
    return changed


@transaction.atomic
def refresh_stock(*, product_ids: Iterable[int]) -> int:
    """Let the cards of these products (of a variant: its parent) say whether there is any left.

    Returns how many changed. Every order asks for it, so it is three queries where none did. The
    cards are locked before the stock is read: of two orders at once the second sees both.
    """
    StockRecord = get_model("partner", "StockRecord")
    Product = get_model("catalogue", "Product")
    heads = _find_heads(product_ids)
    cards = {card.pk: card for card in _lock_cards(ProductCard.objects.filter(pk__in=heads))}
    family = Product.objects.filter(Q(pk__in=cards) | Q(parent__in=cards), is_public=True)
    left: dict[int, list[Any]] = defaultdict(list)
    records = StockRecord.objects.filter(product__in=family.values("pk"))
    for record in records.select_related("product").order_by("pk") if cards else ():
        left[record.product.parent_id or record.product_id].append(record)
    turned = []
    for card in cards.values():
        is_left = _has_any(left[card.pk], tracks_stock=card.tracks_stock)
        if is_left != card.in_stock:
            card.in_stock = is_left
            turned.append(card)
    if turned:
        version = next_version()
        for card in turned:
            card.changed = version
        ProductCard.objects.bulk_update(turned, ["in_stock", "changed"])
    return len(turned)


@transaction.atomic
def count_sales(*, at: datetime) -> int:
    """Note on every card how many pieces were sold in the 90 days before `at`.

    Returns how many cards changed. Runs now and then; lists sort by it.
    """
    Line = get_model("order", "Line")
    lines = (
        Line.objects.filter(order__date_placed__gte=at - timedelta(days=SALES_DAYS))
        .exclude(order__status="Cancelled")
        .annotate(head=Coalesce("product__parent_id", "product_id"))
        .values("head")
        .annotate(pieces=Sum("quantity"))
        .order_by()
        .values_list("head", "pieces")
    )
    sold = {head: pieces for head, pieces in lines if head}
    changed = []
    for card in _lock_cards(ProductCard.objects.filter(Q(sold__gt=0) | Q(pk__in=sold))):
        if card.sold != sold.get(card.pk, 0):
            card.sold = sold.get(card.pk, 0)
            changed.append(card)
    if changed:
        version = next_version()
        for card in changed:
            card.changed = version
        ProductCard.objects.bulk_update(changed, ["sold", "changed"], batch_size=BATCH)
    return len(changed)


def _lock_cards(cards: Any) -> list[ProductCard]:
    """The cards in the order everybody locks them in; the stamp's lock is taken after them."""
    return list(cards.select_for_update(of=("self",)).order_by("pk"))


@transaction.atomic
def _refresh(heads: Any) -> int:
    """Locks first, so what is written follows from what was committed before.

    The products as well, for a new one has no card that could be locked; but not against being
    referred to, so nobody's basket waits.
    """
    Product = get_model("catalogue", "Product")
    locked = heads.select_for_update(no_key=True).order_by("pk")
    numbers = list(locked.values_list("pk", flat=True))
    known = {card.pk: card for card in _lock_cards(ProductCard.objects.filter(pk__in=numbers))}
    approved = Count("reviews", filter=Q(reviews__status=ProductReview.APPROVED), distinct=True)
    values = Prefetch(
        "attribute_values",
        queryset=get_model("catalogue", "ProductAttributeValue")
        .objects.select_related("attribute", "value_option")
        .prefetch_related("texts", "value_multi_option")
        .order_by("attribute_id"),
    )
    children = Product.objects.order_by("pk").prefetch_related(
        "stockrecords", "images", "texts", values
    )
    heads = list(
        heads.select_related("product_class")
        .annotate(approved_reviews=approved)
        .prefetch_related(
            "stockrecords",
            "images",
            "texts",
            values,
            Prefetch("children", queryset=children),
            Prefetch("productcategory_set", to_attr="places"),
        )
    )
    sellable = [each for head in heads for each in _sellable(head)]
    points = get_points_for_products(products=sellable)
    lower = _read_lower_prices(sellable)
    choices = find_choices(families={head.pk: [head, *head.children.all()] for head in heads})
    changed = []
    for head in heads:
        old = known.get(head.pk)
        described = _describe(head, points, old.pictures if old else [])
        described |= _describe_for_filters(head, lower, choices[head.pk])
        card = ProductCard(product=head, sold=old.sold if old else 0, **described)
        if not _is_same(card, old):
            changed.append(card)
    _write_cards(changed)
    return len(changed)


def _write_cards(cards: list[ProductCard]) -> None:
    if not cards:
        return
    words = {word for card in cards for word in _words(card)}
    SearchWord.objects.bulk_create(
        [SearchWord(word=word) for word in sorted(words)], ignore_conflicts=True
    )
    with transaction.atomic():
        version = next_version()
        for card in cards:
            card.changed = version
        fields = [each.name for each in ProductCard._meta.concrete_fields if not each.primary_key]
        ProductCard.objects.bulk_create(
            cards, update_conflicts=True, unique_fields=["product"], update_fields=fields
        )
        index.insert_or_update_object(cards[0]) if len(cards) == 1 else _index(cards)


def _index(cards: list[ProductCard]) -> None:
    for backend in get_search_backends():
        backend.add_bulk(ProductCard, cards)


def _words(card: ProductCard) -> Iterable[str]:
    for title in (card.title, *card.titles.values()):
        yield from (word for word in WORD.findall(title.lower()) if not word.isdigit())


def _sellable(head: Any) -> list[Any]:
    if not head.is_parent:
        return [head]
    return [child for child in head.children.all() if child.is_public]


def _describe(
    head: Any, points: dict[int, Any], known_pictures: list[dict[str, Any]]
) -> dict[str, Any]:
    family = [head, *head.children.all()]
    pictures = [
        make_pictures(image, known=known_pictures) for each in family for image in each.images.all()
    ]
    prices = [
        (record.price, each.pk)
        for each in _sellable(head)
        for record in each.stockrecords.all()[:1]
        if record.price is not None
    ]
    cheapest, cheapest_id = min(prices, default=(None, None))
    return {
        "is_public": head.is_public,
        "slug": head.slug,
        "title": head.title,
        "titles": {text.language: text.title for text in head.texts.all() if text.title},
        "text": "\n".join(_searchable(family)),
        "texts": _searchable_elsewhere(family),
        "pictures": [picture for picture in pictures if picture],
        "has_variants": head.is_parent,
        "tracks_stock": head.product_class.track_stock if head.product_class else True,
        "price": cheapest,
        "pv": points[cheapest_id].pv if cheapest_id else 0,
        "family_pv": {str(each.pk): points[each.pk].pv for each in _sellable(head)},
        "rating": None if head.rating is None else round(head.rating * 10),
        "reviews": head.approved_reviews,
        "created_at": head.date_created,
    }


def _describe_for_filters(
    head: Any, lower: dict[int, dict[str, Decimal]], choices: list[int]
) -> dict[str, Any]:
    tracks_stock = head.product_class.track_stock if head.product_class else True
    records = [record for each in _sellable(head) for record in each.stockrecords.all()[:1]]
    by_kind = {}
    for kind in (BuyerKind.PREFERRED, BuyerKind.MEMBER):
        prices = [
            price
            for record in records
            for price in (
                record.price,
                lower[record.pk].get(BuyerKind.RETAIL),
                lower[record.pk].get(kind),
            )
            if price is not None
        ]
        by_kind[f"price_{kind}"] = min(prices, default=None)
    return {
        **by_kind,
        "in_stock": _has_any(records, tracks_stock=tracks_stock),
        "categories": " ".join(str(place.category_id) for place in head.places),
        "choices": " ".join(map(str, choices)),
    }


def _has_any(records: Iterable[Any], *, tracks_stock: bool) -> bool:
    return any(
        record.price is not None and (not tracks_stock or record.net_stock_level > 0)
        for record in records
    )


def _read_lower_prices(products: list[Any]) -> dict[int, dict[str, Decimal]]:
    """What one piece costs kinds of buyers, by stock record; ranks are left aside."""
    records = [record.pk for each in products for record in each.stockrecords.all()[:1]]
    rows = BuyerPrice.objects.filter(stockrecord__in=records, rank="", min_quantity=1).order_by()
    lower: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for record_id, kind, price in rows.values_list("stockrecord_id", "buyer_kind", "price"):
        lower[record_id][kind] = price
    return lower


def _searchable(family: list[Any]) -> Iterable[str]:
    for each in family:
        yield from filter(None, (each.title, each.upc, _plain(each.description)))
        yield from (record.partner_sku for record in each.stockrecords.all())


def _searchable_elsewhere(family: list[Any]) -> dict[str, str]:
    """The same of the further languages, by language code."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in family:
        for text in each.texts.all():
            found[text.language] += filter(None, (text.title, _plain(text.description)))
    return {language: "\n".join(words) for language, words in sorted(found.items())}


def _plain(text: str) -> str:
    """A description in one line: what stands in a line of its own is a number of an article."""
    return " ".join(strip_tags(text.replace("<", " <")).split())


def _is_same(card: ProductCard, known: ProductCard | None) -> bool:
    return known is not None and all(
        getattr(card, field.attname) == getattr(known, field.attname)
        for field in ProductCard._meta.concrete_fields
        if field.name != "changed"
    )


@dataclass(frozen=True)
class CategoryWords:
    """The texts of a category in one language; HTML in the descriptions."""

    name: str
    description: str = ""
    long_description: str = ""
    meta_title: str = ""
    meta_description: str = ""


def set_category_words(*, category_id: int, language: str, words: CategoryWords) -> None:
    """Write a category's texts of one further language; without a name they are taken away."""
    if words.name:
        CategoryText.objects.update_or_create(
            category_id=category_id, language=language, defaults=asdict(words)
        )
        return
    for text in CategoryText.objects.filter(category_id=category_id, language=language):
        text.delete()


@transaction.atomic
def set_filters(*, codes: list[str]) -> None:
    """Let lists be filtered by the attributes of these codes, in this order, and by no other."""
    for gone in FilterAttribute.objects.exclude(code__in=codes):
        gone.delete()
    for position, code in enumerate(codes):
        FilterAttribute.objects.update_or_create(code=code, defaults={"position": position})
