"""The basket of a request, loaded when somebody looks at it and created when something goes in."""

from typing import Any

from django.http import HttpRequest
from oscar.apps.basket.middleware import BasketMiddleware as OscarBasketMiddleware
from oscar.core.loading import get_model

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class BasketMiddleware(OscarBasketMiddleware):
    """Oscar's, but looking at a page writes nothing.

    Oscar creates an empty basket for everybody who is signed in, and merges the baskets of a
    visitor who has several, on any page view. Here a basket is saved with its first line, and
    baskets are merged at sign-in or with the next change.
    """

    def get_basket(self, request: HttpRequest) -> Any:
        cached = getattr(request, "_basket_cache", None)
        if cached is not None or not request.user.is_authenticated:
            return super().get_basket(request)
        Basket = get_model("basket", "Basket")
        baskets = list(Basket.open.filter(owner=request.user).order_by("-pk"))
        has_cookie = self.get_cookie_key(request) in request.COOKIES
        if request.method not in SAFE_METHODS and (len(baskets) > 1 or has_cookie):
            return super().get_basket(request)
        basket = baskets[0] if baskets else Basket(owner=request.user)
        basket.owner = request.user
        request._basket_cache = basket  # type: ignore[attr-defined]
        return basket


def merge_baskets_at_sign_in(*, request: Any, user: Any, **kwargs: Any) -> None:
    """What was put in before signing in joins what the person had; a receiver of `user_logged_in`."""
    key = OscarBasketMiddleware.get_cookie_key(None, request) if request is not None else None
    if key is None or key not in request.COOKIES:
        return
    # Imported when asked: the middleware is loaded before the models.
    from storefront.shop.basket.services import move_gift_note

    Basket = get_model("basket", "Basket")
    deletions = request.__dict__.setdefault("cookies_to_delete", [])
    finder = OscarBasketMiddleware(lambda _: None)
    cookie_basket = finder.get_cookie_basket(key, request, Basket.open)
    if cookie_basket is None:
        return
    mine = Basket.open.filter(owner=user).order_by("-pk").first()
    if mine is None:
        Basket.objects.filter(pk=cookie_basket.pk, owner=None).update(owner=user)
    else:
        mine.merge(cookie_basket, add_quantities=False)
        move_gift_note(
            session=request.session, old_basket_id=cookie_basket.pk, new_basket_id=mine.pk
        )
    deletions.append(key)
