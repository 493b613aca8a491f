"""What a product page needs, in a fixed number of queries."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, F, FilteredRelation, IntegerField, OuterRef, Q, Value
from django.utils.translation import get_language
from oscar.core.loading import get_class, get_model

from storefront.navigation import get_category_words
from storefront.shop.catalogue.addresses import get_category_address
from storefront.shop.catalogue.reviews.selectors import (
    ReviewSummary,
    bought_by,
    get_first_reviews,
    unshown_by,
)
from storefront.shop.catalogue.trails import get_trail_to
from storefront.shop.details.selectors import ProductDetails, get_product_details
from storefront.shop.listing.models import ProductCard
from storefront.shop.listing.selectors import (
    ListedProduct,
    get_stockrecords,
    list_products,
)
from storefront.shop.listing.snapshot import get_snapshot
from storefront.shop.questions.selectors import AnsweredQuestions, get_answered

Available = get_class("partner.availability", "Available")
REVIEWS_SHOWN = 5
QUESTIONS_SHOWN = 5
RELATED_SHOWN = 4
RECENT_SHOWN = 4
NO_WISH = -1
# The column of the gallery on a desk, the whole width on a phone.
GALLERY_SIZES = "(min-width: 75rem) 620px, (min-width: 64rem) 50vw, 100vw"


@dataclass(frozen=True)
class PagePicture:
    """A picture of the gallery in the files a browser chooses from."""

    url: str
    thumb_url: str
    thumb_avif: str
    webp: str
    avif: str
    width: int
    height: int
    caption: str
    share_url: str
    sizes: str = GALLERY_SIZES


@dataclass(frozen=True)
class Offered:
    """Something that goes into the basket: the product itself or one of its variants."""

    product_id: int
    label: str
    info: Any
    steps: list[tuple[int, Any]]
    pv: int | None
    sku: str = ""

    @property
    def can_buy(self) -> bool:
        """Whether it can go into the basket now."""
        return self.info.availability.is_available_to_buy and self.info.price.exists


@dataclass(frozen=True)
class ProductPage:
    """A product as its page shows it to one buyer."""

    title: str
    description: str
    pictures: list[PagePicture]
    trail: list[tuple[str, str]]
    offered: list[Offered]
    chosen: Offered | None
    price: Any
    is_from_price: bool
    availability: Any
    details: ProductDetails
    reviews: list[Any]
    own_review: Any
    review_summary: ReviewSummary
    questions: AnsweredQuestions
    related: list[ListedProduct]
    recent: list[ListedProduct]
    pv: int | None

    @property
    def can_buy(self) -> bool:
        """Whether anything of it can go into the basket."""
        return any(each.can_buy for each in self.offered)

    @property
    def sold_out(self) -> list[Offered]:
        """What one may ask to be told of: it has a price, and nothing is left."""
        return [each for each in self.offered if each.info.price.exists and not each.can_buy]

    @property
    def can_buy_chosen(self) -> bool:
        """Whether the variant that is chosen (or the product itself) can be bought."""
        return self.chosen is not None and self.chosen.can_buy


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
        name = get_category_words(category=category, language=language).name
        trail.append((name, get_category_address(slugs=slugs, pk=category.pk)))
    return trail


def get_product_page(
    *,
    product: Any,
    strategy: Any,
    language: str,
    shows_points: bool,
    variant_id: int | None = None,
    recent_ids: Iterable[int] = (),
) -> ProductPage:
    """Everything the page of a stand-alone or parent product shows.

    `product` comes from `products_for_page`. `variant_id` is the variant an address asks for: one
    that there is not is passed over. `recent_ids` are what was looked at before, latest first.
    """
    card = getattr(product, "card", None)
    recent_ids = [number for number in recent_ids if number != product.pk][:RECENT_SHOWN]
    related, recent = _get_neighbours(product, recent_ids)
    cards = list({each.pk: each for each in (*related, *recent)}.values())
    # One question for the stock, one for the prices, of this product and of all around it.
    stock = get_stockrecords([product.pk, *(each.pk for each in cards)])
    strategy.preload(record.pk for found in stock.values() for record in found)
    records = _adopt(product, stock.get(product.pk, []))
    details = get_product_details(
        product=product,
        variant_ids=[record.product_id for record in records if product.is_parent],
        language=language,
    )
    offered = [
        Offered(
            product_id=record.product_id,
            label=_name_variant(product, record, details),
            info=strategy.fetch_for_product(record.product, record),
            steps=strategy.steps_for(record),
            pv=card.family_pv.get(str(record.product_id)) if card and shows_points else None,
            sku=record.partner_sku,
        )
        for record in records
    ]
    listed = {
        item.product_id: item
        for item in list_products(
            cards=cards, strategy=strategy, shows_points=shows_points, records=stock
        )
    }
    prices = [each.info.price for each in offered if each.info.price.exists]
    reviews, summary = get_first_reviews(product_id=product.pk, count=REVIEWS_SHOWN)
    # Asked by nobody but its writer, from the sending to the decision.
    own_review = product.unshown_review_id and get_model("reviews", "ProductReview").objects.get(
        pk=product.unshown_review_id
    )
    title = product.title_here or product.get_title()
    trail = get_trail_to(path=product.category_path, language=language)
    return ProductPage(
        title=title,
        description=product.description_here or product.description,
        pictures=[_get_picture(entry) for entry in card.pictures] if card else [],
        trail=[*trail, (title, "")],
        offered=offered,
        chosen=_choose(offered, variant_id),
        price=min(prices, key=lambda price: price.incl_tax, default=None),
        is_from_price=len({price.incl_tax for price in prices}) > 1,
        availability=_get_availability(strategy, offered),
        details=details,
        reviews=reviews,
        own_review=own_review,
        review_summary=summary,
        questions=get_answered(product_id=product.pk, language=language, count=QUESTIONS_SHOWN),
        related=[listed[each.pk] for each in related],
        recent=[listed[each.pk] for each in recent],
        pv=card.pv if card and shows_points and card.pv else None,
    )


def products_for_page(*, user: Any, language: str) -> Any:
    """Products with everything a page reads in passing, to be narrowed down by the view."""
    Product = get_model("catalogue", "Product")
    Option = get_model("catalogue", "Option")
    Category = get_model("catalogue", "Category")
    shown_in = Category.objects.browsable().filter(productcategory__product=OuterRef("pk"))
    first = shown_in.order_by("path")
    products = Product.objects.select_related(
        "product_class", "card", "parent__product_class"
    ).annotate(
        has_product_class_options=Exists(
            Option.objects.filter(productclass=OuterRef("product_class"))
        ),
        has_product_options=Exists(Option.objects.filter(product=OuterRef("pk"))),
        here=FilteredRelation("texts", condition=Q(texts__language=language)),
        title_here=F("here__title"),
        description_here=F("here__description"),
        category_path=first.values("path")[:1],
        category_id=first.values("pk")[:1],
    )
    if not user.is_authenticated:
        nobodys = Value(None, output_field=IntegerField())
        return products.annotate(
            has_bought=Value(False), has_reviewed=Value(False), unshown_review_id=nobodys
        )
    ProductReview = get_model("reviews", "ProductReview")
    written = ProductReview.objects.filter(product=OuterRef("pk"), user=user)
    return products.annotate(
        has_bought=bought_by(user=user),
        has_reviewed=Exists(written),
        unshown_review_id=unshown_by(user=user),
    )


def read_history(*, cookie: str) -> list[int]:
    """Numbers of the products that the cookie says were looked at, latest first."""
    try:
        found = json.loads(cookie or "[]")
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [each for each in reversed(found) if type(each) is int and 0 < each < 2**63]


def _get_neighbours(
    product: Any, recent_ids: list[int]
) -> tuple[list[ProductCard], list[ProductCard]]:
    """Recommended products, filled up with the best of the category; and recent ones.

    The best come from the lists' columns in memory: the database would read all of a category.
    """
    best: list[int] = []
    if product.category_id:
        # One more than are shown, for the product itself may be among them.
        count = RELATED_SHOWN + len(recent_ids) + 1
        best = get_snapshot().best_rated_below(product.category_id, count=count)
    wishes = get_model("catalogue", "ProductRecommendation").objects.filter(primary=product)
    this_wish = wishes.filter(recommendation=OuterRef("pk"))
    public = ProductCard.objects.filter(is_public=True).exclude(pk=product.pk)
    wished = public.filter(pk__in=wishes.values("recommendation"))
    # Two queries in one, for "either a wish or one of these" would read all cards.
    found = list(
        public.filter(pk__in=[*best, *recent_ids])
        .annotate(wish=Value(NO_WISH))
        .union(wished.annotate(wish=this_wish.values("ranking")[:1]), all=True)
    )
    cards = {card.pk: card for card in found}
    recent = [cards[number] for number in recent_ids if number in cards]
    related = sorted(
        (card for card in found if card.wish != NO_WISH),
        key=lambda card: (-card.wish, -(card.rating or 0), -card.pk),
    )
    shown = {card.pk for card in (*related, *recent)}
    related += [cards[pk] for pk in best if pk in cards and pk not in shown]
    return related[:RELATED_SHOWN], recent


def _adopt(product: Any, records: list[Any]) -> list[Any]:
    """Stock records whose product is this one, or a variant that knows it as its parent."""
    for record in records:
        # The page has parent and type already; asking again would be two queries per variant.
        if product.is_parent:
            record.product.parent = product
        else:
            record.product = product
    return sorted(records, key=lambda record: record.product_id)


def _name_variant(product: Any, record: Any, details: ProductDetails) -> str:
    if not product.is_parent:
        return ""
    name = details.variant_names.get(record.product_id)
    return name or record.product.title or record.partner_sku


def _choose(offered: list[Offered], variant_id: int | None) -> Offered | None:
    """The one that is asked for, else the first that can be bought, else the first."""
    for each in offered:
        if each.product_id == variant_id:
            return each
    return next((each for each in offered if each.can_buy), offered[0] if offered else None)


def _get_availability(strategy: Any, offered: list[Offered]) -> Any:
    if len(offered) == 1:
        return offered[0].info.availability
    if any(each.info.availability.is_available_to_buy for each in offered):
        return Available()
    return offered[0].info.availability if offered else strategy.nothing_to_sell()


def _get_picture(entry: dict[str, Any]) -> PagePicture:
    small, large = entry["small"], entry["large"]
    url = default_storage.url

    def candidates(kind: str) -> str:
        files = {size["width"]: size[kind] for size in (small, large) if size.get(kind)}
        return ", ".join(f"{url(path)} {width}w" for width, path in files.items())

    return PagePicture(
        url=url(large["path"]),
        thumb_url=url(small["path"]),
        thumb_avif=url(small["avif"]) if small.get("avif") else "",
        webp=candidates("path"),
        avif=candidates("avif"),
        width=large["width"],
        height=large["height"],
        caption=entry["caption"],
        share_url=url(entry["share"]["path"]) if entry.get("share") else "",
    )
