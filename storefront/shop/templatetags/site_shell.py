"""What header and footer of every page show: menu, basket count, languages."""

from typing import Any

from django import template
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import get_language, get_language_info
from oscar.core.loading import get_model

from storefront.navigation import Menu, get_menu

register = template.Library()


@register.simple_tag
def site_menu() -> Menu:
    """The categories and pages of the menu in the language of this page."""
    return get_menu(language=get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def basket_count(context: dict[str, Any]) -> int:
    """How many pieces lie in this visitor's basket.

    Oscar loads a basket with all lines and offers as soon as anyone looks at it, and creates an
    empty one for whoever is signed in. A number in the header is not worth that, so it is counted
    by itself: without a query for visitors who have no basket, with one for the others.
    """
    request = context.get("request")
    if request is None:
        return 0
    basket = getattr(request, "basket", None)
    if basket is not None and not _is_asleep(basket):
        return basket.num_items
    mine = _whose_basket(request)
    if mine is None:
        return 0
    lines = get_model("basket", "Line").objects.filter(mine, basket__status="Open")
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


@register.simple_tag(takes_context=True)
def language_choices(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The languages to switch to, each with the address of this same page in it.

    Addresses are the same in every language, except of a CMS page whose translation an editor gave
    another slug: that one is asked for, on CMS pages only.
    """
    request = context.get("request")
    here = request.get_full_path() if request is not None else "/"
    page = context.get("page")
    translated = (
        _addresses_of(page, request) if hasattr(page, "get_translations") else {}
    )
    current = get_language()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "next": translated.get(code, here),
            "is_current": code == current,
        }
        for code, _name in settings.LANGUAGES
    ]


def _is_asleep(basket: object) -> bool:
    return isinstance(basket, SimpleLazyObject) and basket.__dict__["_wrapped"] is empty


def _whose_basket(request: HttpRequest) -> Q | None:
    mine = None
    if request.user.is_authenticated:
        mine = Q(basket__owner=request.user)
    signed_id = request.COOKIES.get(settings.OSCAR_BASKET_COOKIE_OPEN)
    if signed_id:
        try:
            unowned = Q(basket__pk=int(Signer().unsign(signed_id)), basket__owner=None)
        except (BadSignature, ValueError):
            return mine
        mine = unowned if mine is None else mine | unowned
    return mine


def _addresses_of(page: Any, request: HttpRequest) -> dict[str, str]:
    pages = page.get_translations().live().select_related("locale")
    return {
        translation.locale.language_code: url
        for translation in pages
        if (url := translation.get_url(request))
    }
