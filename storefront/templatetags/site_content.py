"""What editors wrote around every page: texts of the footer, notices, words of error pages."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page

from storefront.languages import CMS_PAGE
from storefront.site_content import crash_words
from storefront.site_content.meta import PageMeta, get_page_meta, get_site_data
from storefront.site_content.models import ErrorCode
from storefront.site_content.notices import read_hidden
from storefront.site_content.selectors import (
    Frame,
    ShownNotice,
    Texts,
    Words,
    get_frame,
    list_notices,
)
from storefront.site_content.sites import get_site_id

register = template.Library()


@register.simple_tag(takes_context=True)
def site_texts(context: dict[str, Any]) -> Texts:
    """The texts of footer and head; empty ones where nothing was written. No query while warm."""
    return _frame(context).texts


@register.simple_tag(takes_context=True)
def site_notices(context: dict[str, Any]) -> list[ShownNotice]:
    """The notices of this page that the visitor did not close."""
    request = context.get("request")
    if request is None:
        return []
    match = getattr(request, "resolver_match", None)
    return list_notices(
        notices=_frame(context).notices,
        path=request.path,
        is_content=match is not None and match.url_name == CMS_PAGE,
        hidden=read_hidden(request=request),
        at=timezone.now(),
    )


@register.simple_tag(takes_context=True)
def error_words(context: dict[str, Any], code: int) -> Words | None:
    """What an editor wrote for this error page, or None."""
    return _frame(context).error_words.get(code)


@register.simple_tag
def remembered_crash_words() -> Words | None:
    """The same for the page of a crash: from memory or a file, never from database or cache."""
    return crash_words.recall(language=get_language() or settings.LANGUAGE_CODE)


def _frame(context: dict[str, Any]) -> Frame:
    request = context.get("request")
    language = get_language() or settings.LANGUAGE_CODE
    kept = getattr(request, "_site_frame", None)
    if kept is not None and kept[0] == language:
        return kept[1]
    frame = get_frame(language=language, site_id=get_site_id(request))
    crash_words.remember(language=language, words=frame.error_words.get(ErrorCode.CRASH))
    if request is not None:
        request._site_frame = (language, frame)
    return frame


@register.simple_tag(takes_context=True)
def page_meta(context: dict[str, Any]) -> PageMeta | None:
    """Title, description, address and picture of this page; None where no request is at hand."""
    request = context.get("request")
    if request is None:
        return None
    page = context.get("page")
    return get_page_meta(
        request=request,
        page=page if isinstance(page, Page) else None,
        texts=_frame(context).texts,
        shop_name=context.get("shop_name", ""),
    )


@register.simple_tag(takes_context=True)
def site_data(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Organisation and website as JSON-LD on the front page, nothing elsewhere."""
    request = context.get("request")
    if request is None:
        return []
    return get_site_data(
        request=request, texts=_frame(context).texts, shop_name=context.get("shop_name", "")
    )
