"""What pages of the CMS need in their templates: pictures in all sizes, and the way back up."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from wagtail.models import Page, Site

from storefront.cms.pictures import picture_of

register = template.Library()
# Below treebeard's root.
HOME_DEPTH = 2


@register.filter
def at(items: Any, index: int) -> Any:
    """One of several by its place."""
    return items[index]


@register.simple_tag
def cms_picture(image: Any, use: str, *, lazy: Any = True, alt: str | None = None) -> SafeString:
    """The picture for a place of `storefront.cms.pictures.USES`; nothing without a picture."""
    if not image:
        return SafeString("")
    return picture_of(image, use=use, lazy=bool(lazy), alt=alt)


@register.simple_tag(takes_context=True)
def page_trail(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and addresses of the pages between the home page and this one, and this one."""
    page = context["page"]
    return [*((each.title, _url(context, each)) for each in _above(context)), (page.title, "")]


@register.simple_tag(takes_context=True)
def page_parent_url(context: dict[str, Any]) -> str:
    """The address of the page above; empty right below the home page."""
    above = _above(context)
    return _url(context, above[-1]) if above else ""


def _url(context: dict[str, Any], page: Page) -> str:
    return page.get_url(context.get("request")) or ""


def _above(context: dict[str, Any]) -> list[Page]:
    """Live pages between home and this page; at most one query, however often it is asked."""
    page, request = context["page"], context.get("request")
    known = getattr(page, "_pages_above", None)
    if known is None and getattr(page, "way", None):
        known = page._pages_above = page.way.above
    if known is None:
        site = Site.find_for_request(request) if request is not None else None
        home = site.root_page.depth if site else HOME_DEPTH
        known = []
        if page.path and page.depth > home + 1:
            above = page.get_ancestors().live().filter(depth__gt=home).select_related("locale")
            known = list(above)
        page._pages_above = known
    return known
