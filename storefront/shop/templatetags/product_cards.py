"""Cards for templates that Oscar's own views give products to."""

from collections.abc import Iterable
from typing import Any

from django import template

from storefront.shop.catalogue.views import shows_points
from storefront.shop.listing.naming import get_titles_here
from storefront.shop.listing.selectors import (
    ListedProduct,
    get_cards,
    get_cards_of_products,
    list_products,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def listed(context: dict[str, Any], products: Iterable[Any]) -> list[ListedProduct]:
    """What a list shows of these products to this visitor; hidden ones are left out."""
    request = context["request"]
    heads = dict.fromkeys(product.parent_id or product.pk for product in products)
    return list_products(
        cards=get_cards_of_products(product_ids=list(heads)),
        strategy=request.strategy,
        shows_points=shows_points(request),
    )


@register.simple_tag(takes_context=True)
def listed_lines(context: dict[str, Any], lines: Iterable[Any]) -> list[ListedProduct]:
    """The same for the lines of a wish list."""
    return listed(context, [line.product for line in lines])


@register.simple_tag(takes_context=True)
def newest_products(context: dict[str, Any], count: int) -> list[ListedProduct]:
    """The products that came last, as lists show them to this visitor."""
    request = context["request"]
    return list_products(
        cards=list(get_cards()[:count]),
        strategy=request.strategy,
        shows_points=shows_points(request),
    )


@register.filter
def title_here(product: Any) -> str:
    """A product's title in the visitor's language; one query, so not for lists."""
    return get_titles_here(products=[product])[product.pk]
