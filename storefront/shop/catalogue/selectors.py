"""What a product page needs, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language
from oscar.core.loading import get_class, get_model

from storefront.navigation import get_category_words
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import Picture, get_picture

Available = get_class("partner.availability", "Available")
REVIEWS_SHOWN = 5


@dataclass(frozen=True)
class Offered:
    """Something that goes into the basket: the product itself or one of its variants."""

    product_id: int
    label: str
    info: Any
    steps: list[tuple[int, Any]]
    pv: int | None


@dataclass(frozen=True)
class ProductPage:
    """A product as its page shows it to one buyer."""

    title: str
    description: str
    pictures: list[Picture]
    trail: list[tuple[str, str]]
    offered: list[Offered]
    price: Any
    is_from_price: bool
    availability: Any
    attributes: list[tuple[str, str]]
    reviews: list[Any]
    stars: int | None
    review_count: int
    pv: int | None

    @property
    def can_buy(self) -> bool:
        """Whether anything of it can go into the basket."""
        return any(
            each.info.availability.is_available_to_buy and each.info.price.exists
            for each in self.offered
        )


def get_trail(*, product: Any) -> list[tuple[str, str]]:
    """Names and addresses of the categories above a product, in one query."""
    ProductCategory = get_model("catalogue", "ProductCategory")
    below = ProductCategory.objects.filter(
        product=product, category__path__startswith=OuterRef("path")
    )
    Category = get_model("catalogue", "Category")
    found = list(Category.objects.filter(Exists(below), is_public=True, ancestors_are_public=True))
    # A product of several categories is shown in the first.
    return make_trail([each for each in found if found[0].path == each.path[: found[0].steplen]])


def make_trail(categories: list[Any]) -> list[tuple[str, str]]:
    """Names and addresses of a chain of categories, topmost first, from what is cached."""
    language = get_language() or settings.LANGUAGE_CODE
    trail: list[tuple[str, str]] = []
    slugs: list[str] = []
    path = ""
    for category in categories:
        if not category.path.startswith(path):
            continue
        path = category.path
        slugs.append(category.slug)
        address = {"category_slug": "/".join(slugs), "pk": category.pk}
        name = get_category_words(category=category, language=language).name
        trail.append((name, reverse("catalogue:category", kwargs=address)))
    return trail


def get_product_page(
    *, product: Any, strategy: Any, language: str, shows_points: bool
) -> ProductPage:
    """Everything the page of a stand-alone or parent product shows."""
    card = getattr(product, "card", None)
    records = _get_records(product)
    strategy.preload(record.pk for record in records)
    names = _name_variants(product, records)
    offered = [
        Offered(
            product_id=record.product_id,
            label=names.get(record.product_id, ""),
            info=strategy.fetch_for_product(record.product, record),
            steps=strategy.steps_for(record),
            pv=card.family_pv.get(str(record.product_id)) if card and shows_points else None,
        )
        for record in records
    ]
    prices = [each.info.price for each in offered if each.info.price.exists]
    on_sale = [each for each in offered if each.info.availability.is_available_to_buy]
    cheapest = min(prices, key=lambda price: price.incl_tax, default=None)
    text = None
    if language != settings.LANGUAGE_CODE:
        text = product.texts.filter(language=language).first()
    reviews = _get_reviews(product) if card is None or card.reviews else []
    title = (text and text.title) or product.get_title()
    return ProductPage(
        title=title,
        description=(text and text.description) or product.description,
        pictures=_get_pictures(card),
        trail=[*get_trail(product=product), (title, "")],
        offered=offered,
        price=cheapest,
        is_from_price=len({price.incl_tax for price in prices}) > 1,
        availability=_get_availability(strategy, offered, on_sale),
        attributes=_get_attributes(product),
        reviews=reviews,
        stars=round(card.rating / 10) if card and card.rating is not None else None,
        review_count=card.reviews if card else len(reviews),
        pv=card.pv if card and shows_points and card.pv else None,
    )


def _get_availability(strategy: Any, offered: list[Offered], on_sale: list[Offered]) -> Any:
    if len(offered) == 1:
        return offered[0].info.availability
    if on_sale:
        return Available()
    return offered[0].info.availability if offered else strategy.nothing_to_sell()


def _get_records(product: Any) -> list[Any]:
    StockRecord = get_model("partner", "StockRecord")
    if product.is_parent:
        wanted = StockRecord.objects.filter(product__parent=product, product__is_public=True)
    else:
        wanted = StockRecord.objects.filter(product=product)
    first: dict[int, Any] = {}
    for record in wanted.select_related("product").order_by("product_id", "pk"):
        # The page has parent and type already; asking again would be two queries per variant.
        if product.is_parent:
            record.product.parent = product
        else:
            record.product = product
        first.setdefault(record.product_id, record)
    return list(first.values())


def _name_variants(product: Any, records: list[Any]) -> dict[int, str]:
    if not product.is_parent:
        return {}
    names: dict[int, list[str]] = {record.product_id: [] for record in records}
    for value in _attribute_values(names):
        names[value.product_id].append(str(value.value_as_text))
    return {
        record.product_id: ", ".join(names[record.product_id])
        or record.product.title
        or record.partner_sku
        for record in records
    }


def _get_attributes(product: Any) -> list[tuple[str, str]]:
    if product.is_parent:
        return []
    return [
        (value.attribute.name, str(value.value_as_text))
        for value in _attribute_values([product.pk])
    ]


def _attribute_values(product_ids: Any) -> Any:
    ProductAttributeValue = get_model("catalogue", "ProductAttributeValue")
    return (
        ProductAttributeValue.objects.filter(product_id__in=list(product_ids))
        .select_related("attribute", "value_option")
        .order_by("attribute__pk")
    )


def _get_pictures(card: ProductCard | None) -> list[Picture]:
    return [get_picture(entry, size="large") for entry in card.pictures] if card else []


def _get_reviews(product: Any) -> list[Any]:
    ProductReview = get_model("reviews", "ProductReview")
    approved = ProductReview.objects.approved().filter(product=product).select_related("user")
    return list(approved.order_by("-date_created")[:REVIEWS_SHOWN])


def products_for_page() -> Any:
    """Products with everything a page reads in passing, to be narrowed down by the view."""
    Product = get_model("catalogue", "Product")
    Option = get_model("catalogue", "Option")
    return Product.objects.select_related(
        "product_class", "card", "parent__product_class"
    ).annotate(
        has_product_class_options=Exists(
            Option.objects.filter(productclass=OuterRef("product_class"))
        ),
        has_product_options=Exists(Option.objects.filter(product=OuterRef("pk"))),
    )
