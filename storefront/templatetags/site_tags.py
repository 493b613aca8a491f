"""What the shell of a page needs from the site: its other languages, and the cookie question."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import translation

from storefront import consent
from storefront.site_content.alternates import get_alternates

register = template.Library()


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: dict[str, Any]) -> dict[str, Any]:
    """A form with one button per language that leads to this same page.

    The template gets `languages` (code, name in its own language, whether it is the current one)
    and `next`, the address to come back to.
    """
    request = context.get("request")
    current = translation.get_language()
    return {
        "languages": [
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"].capitalize(),
                "is_current": code == current,
            }
            for code, _ in settings.LANGUAGES
        ],
        "next": request.get_full_path() if request else "/",
    }


@register.simple_tag(takes_context=True)
def alternate_addresses(context: dict[str, Any]) -> list[tuple[str, str]]:
    """(language, full address) of every translation of the CMS page shown; empty elsewhere.

    No query while warm; for `<link rel="alternate" hreflang>`. A page in one language only needs none.
    """
    page, request = context.get("page"), context.get("request")
    if request is None or not hasattr(page, "translation_key"):
        return []
    addresses = get_alternates(request=request, page=page)
    return sorted(addresses.items()) if len(addresses) > 1 else []


@register.inclusion_tag("components/cookie_consent.html", takes_context=True)
def cookie_consent(context: dict[str, Any]) -> dict[str, Any]:
    """The question about cookies, as a plain form; nothing where nobody has to be asked."""
    request = context.get("request")
    return {
        "must_ask": request is not None and consent.must_ask(request),
        "next": request.get_full_path() if request else "/",
        "csrf_token": context.get("csrf_token", ""),
    }
