"""What header and footer of every page show: the menu and how full the basket is."""

from typing import Any

from django import template
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import get_language
from oscar.core.loading import get_model

from mlm_plugin.shop.selectors import get_member_for
from storefront.navigation import Menu, get_menu
from storefront.site_content.sites import get_site_id

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: dict[str, Any]) -> Menu:
    """What header and footer of this site list, in the language of this page."""
    return get_menu(
        language=get_language() or settings.LANGUAGE_CODE,
        site_id=get_site_id(context.get("request")),
    )


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
def signed_in_member(context: dict[str, Any]) -> Any:
    """The member who looks at the page, or None: without a query for visitors, else with one."""
    return get_member_for(user=getattr(context.get("request"), "user", None))


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
