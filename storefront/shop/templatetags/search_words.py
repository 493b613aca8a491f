"""Marks on found texts."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from storefront.shop.search.highlighting import mark_words
from storefront.shop.search.selectors import split_query

register = template.Library()


@register.filter
def marked(text: str, query: str) -> SafeString:
    """The text with the words of a query marked."""
    return mark_words(text=str(text), words=split_query(query=query))


@register.simple_tag(takes_context=True)
def found_name(context: dict[str, Any], name: str) -> SafeString | str:
    """A product's name in a list: with the words marked where the page is a search's."""
    query = context.get("marked_query")
    return marked(name, query) if query else name
