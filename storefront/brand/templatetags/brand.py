"""`{% brand as look %}`: name, logo, header variant, stylesheet and icons of the site."""

from typing import Any

from django import template

from storefront.brand.selectors import Look, get_look

register = template.Library()


@register.simple_tag(takes_context=True)
def brand(context: dict[str, Any]) -> Look:
    """The look of the site that this page belongs to; no query while warm, and read once a page."""
    request = context.get("request")
    look = getattr(request, "brand_look", None)
    if look is None:
        look = get_look(request=request)
        if request is not None:
            request.brand_look = look
    return look
