"""Oscar's wish lists where one of its views breaks."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from oscar.apps.customer.wishlists import views as oscar_views
from oscar.apps.customer.wishlists.views import *  # noqa: F403
from oscar.core.loading import get_model


class SharedAddresses:
    """An address that is ticked to be removed is not checked, so it may be anything."""

    def process_wishlist_forms(self, wishlist_form: Any, shared_emails_formset: Any) -> Any:
        """Oscar saves every address, also one that is to go and is no address at all."""
        sound = [form for form in shared_emails_formset if form.is_valid()]
        return super().process_wishlist_forms(wishlist_form, sound)  # type: ignore[misc]


class WishListUpdateView(SharedAddresses, oscar_views.WishListUpdateView):
    """A list that is there already."""


class WishListCreateView(SharedAddresses, oscar_views.WishListCreateView):
    """A new list, which may begin with a product."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Oscar's answer to an unknown product leads to an address that does not exist."""
        if "product_pk" in kwargs:
            get_object_or_404(get_model("catalogue", "Product"), pk=kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)
