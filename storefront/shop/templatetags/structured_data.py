"""Data for search engines inside a page."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# So that no text can end the element or begin a comment; JSON reads them as the same characters.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def structured_data(data: Any) -> SafeString:
    """`data` as JSON-LD: a block of data, which no browser runs and no security policy refuses."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    safe = mark_safe(text)  # noqa: S308, escaped in the line above
    return format_html('<script type="application/ld+json">{}</script>', safe)
