"""What products and lines are called in the reader's language.

Oscar keeps titles in the first language, and copies them to the lines of orders; the other languages
stand in `ProductText`. Whoever writes to a buyer names lines with these.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from oscar.core.loading import get_model

from storefront.shop.listing.models import ProductText


def get_titles_here(*, products: Iterable[Any]) -> dict[int, str]:
    """Titles of products and variants in the reader's language, by product, in one query.

    A variant without a title of its own is called what its product is called.
    """
    wanted = list(products)
    said = _read_titles({number for each in wanted for number in (each.pk, each.parent_id)})
    return {
        each.pk: said.get(each.pk)
        or (said.get(each.parent_id) if not each.title else None)
        or each.get_title()
        for each in wanted
    }


def get_translated_titles(*, product_ids: Iterable[int | None]) -> dict[int, str]:
    """Titles in the reader's language by product; two queries, none in the first language.

    What has no title in this language, or is no longer there, is missing.
    """
    if _is_first_language():
        return {}
    Product = get_model("catalogue", "Product")
    found = Product.objects.filter(pk__in=[number for number in product_ids if number])
    # A variant without a title of its own is called what its product is called.
    heads = {
        number: None if title else head
        for number, head, title in found.values_list("pk", "parent_id", "title")
    }
    said = _read_titles({*heads, *heads.values()})
    named = {number: said.get(number) or said.get(head or 0) for number, head in heads.items()}
    return {number: title for number, title in named.items() if title}


def name_lines(*, lines: Iterable[Any]) -> list[Any]:
    """Give each basket line `description_here`: what it holds, in the reader's language."""
    named = list(lines)
    titles = get_titles_here(products=[line.product for line in named])
    for line in named:
        title = line.product.get_title()
        line.description_here = line.description.replace(title, titles[line.product_id], 1)
    return named


def name_order_lines(*, lines: Iterable[Any]) -> list[Any]:
    """Give each line of an order `title_here`: its title in the reader's language.

    A line whose product is gone, or has no title in this language, keeps the title it was sold
    under.
    """
    named = list(lines)
    titles = get_translated_titles(product_ids=[line.product_id for line in named])
    for line in named:
        line.title_here = titles.get(line.product_id, line.title)
    return named


def name_frozen_lines(*, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The frozen lines of an attempt (`product_id`, `title`) with titles of the reader's language."""
    frozen = list(lines)
    titles = get_translated_titles(product_ids=[line["product_id"] for line in frozen])
    return [{**line, "title": titles.get(line["product_id"], line["title"])} for line in frozen]


def _is_first_language() -> bool:
    return (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE


def _read_titles(product_ids: Iterable[int | None]) -> dict[int, str]:
    if _is_first_language():
        return {}
    ids = [number for number in product_ids if number]
    texts = ProductText.objects.filter(product_id__in=ids, language=get_language())
    return {number: title for number, title in texts.values_list("product_id", "title") if title}
