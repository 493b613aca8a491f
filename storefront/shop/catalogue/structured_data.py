"""What a product page tells search engines, in the words of schema.org."""

from typing import Any

from django.utils.html import strip_tags

from storefront.shop.catalogue.selectors import Offered, ProductPage

LONGEST_TEXT = 5000
QUESTIONS_TOLD, REVIEWS_TOLD = 5, 5


def describe_product(*, page: ProductPage, product: Any, root: str) -> list[dict[str, Any]]:
    """The product with its offers, ratings and the way to it; `root` is the site's address.

    Only what the page itself shows: no price in a closed shop, no rating without reviews.
    """
    address = root + product.get_absolute_url()
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.title,
        "url": address,
        "description": " ".join(strip_tags(page.description).split())[:LONGEST_TEXT],
    }
    if page.pictures:
        about["image"] = [_full(picture.url, root) for picture in page.pictures]
    if product.upc:
        about["sku"] = product.upc
    offers = [_describe_offer(each, address) for each in page.offered if each.info.price.exists]
    if offers:
        about["offers"] = offers if len(offers) > 1 else offers[0]
    summary = page.review_summary
    if summary.mean is not None:
        about["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{summary.mean:.1f}",
            "reviewCount": summary.count,
        }
        about["review"] = [_describe_review(review) for review in page.reviews[:REVIEWS_TOLD]]
    return [about, _describe_trail(page.trail, address, root)]


def _describe_offer(each: Offered, address: str) -> dict[str, Any]:
    price = each.info.price
    is_here = each.info.availability.is_available_to_buy
    offer = {
        "@type": "Offer",
        "url": f"{address}?variant={each.product_id}" if each.label else address,
        "sku": each.sku,
        "price": str(price.incl_tax),
        "priceCurrency": price.currency,
        "availability": f"https://schema.org/{'InStock' if is_here else 'OutOfStock'}",
    }
    return {**offer, "name": each.label} if each.label else offer


def _describe_review(review: Any) -> dict[str, Any]:
    return {
        "@type": "Review",
        "reviewRating": {"@type": "Rating", "ratingValue": review.score},
        "author": {
            "@type": "Person",
            "name": (review.user and review.user.first_name) or review.name or "—",
        },
        "datePublished": review.date_created.date().isoformat(),
        "name": review.title,
        "reviewBody": review.body,
    }


def _describe_trail(trail: list[tuple[str, str]], address: str, root: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": root + url if url else address,
            }
            for position, (name, url) in enumerate(trail, start=1)
        ],
    }


def _full(url: str, root: str) -> str:
    return url if url.startswith("http") else root + url
