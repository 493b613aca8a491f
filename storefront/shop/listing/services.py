"""Writes of the listing: cards follow what they show."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.utils.html import strip_tags
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.core.loading import get_model
from wagtail.search import index

from mlm_plugin.shop.points import get_points_for_products
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.pictures import make_pictures

BATCH = 200


def refresh_cards(*, product_ids: Iterable[int]) -> int:
    """Bring the cards of these products (of a variant: its parent) up to date.

    Returns how many cards changed. Saying it twice changes nothing the second time.
    """
    Product = get_model("catalogue", "Product")
    ids = set(product_ids)
    heads = Product.objects.filter(Q(pk__in=ids, parent=None) | Q(children__in=ids))
    return _refresh(heads.distinct())


def rebuild_listing() -> int:
    """Make every card anew from the catalogue; returns how many had to change."""
    Product = get_model("catalogue", "Product")
    numbers = list(Product.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True))
    changed = 0
    for start in range(0, len(numbers), BATCH):
        changed += _refresh(Product.objects.filter(pk__in=numbers[start : start + BATCH]))
    # A product that became a variant has no card of its own any more.
    for card in ProductCard.objects.exclude(product__parent=None):
        card.delete()
        changed += 1
    return changed


def _refresh(heads: Any) -> int:
    Product = get_model("catalogue", "Product")
    approved = Count("reviews", filter=Q(reviews__status=ProductReview.APPROVED), distinct=True)
    children = Product.objects.order_by("pk").prefetch_related("stockrecords", "images", "texts")
    heads = list(
        heads.select_related("product_class")
        .annotate(approved_reviews=approved)
        .prefetch_related(
            "stockrecords", "images", "texts", Prefetch("children", queryset=children)
        )
    )
    sellable = [each for head in heads for each in _sellable(head)]
    points = get_points_for_products(products=sellable)
    known = ProductCard.objects.in_bulk([head.pk for head in heads])
    changed = 0
    for head in heads:
        pictures = known[head.pk].pictures if head.pk in known else []
        card = ProductCard(product=head, **_describe(head, points, pictures))
        if _is_same(card, known.get(head.pk)):
            continue
        with transaction.atomic():
            card.save(force_insert=head.pk not in known)
            index.insert_or_update_object(card)
        changed += 1
    return changed


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


def _searchable(family: list[Any]) -> Iterable[str]:
    for each in family:
        yield from filter(None, (each.title, each.upc, strip_tags(each.description)))
        yield from (record.partner_sku for record in each.stockrecords.all())
        for text in each.texts.all():
            yield from filter(None, (text.title, strip_tags(text.description)))


def _is_same(card: ProductCard, known: ProductCard | None) -> bool:
    return known is not None and all(
        getattr(card, field.attname) == getattr(known, field.attname)
        for field in ProductCard._meta.concrete_fields
    )
