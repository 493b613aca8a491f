"""Oscar's wish lists where one of its views breaks."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from oscar.apps.customer.wishlists import views as oscar_views
from oscar.apps.customer.wishlists.views import *  # noqa: F403
from oscar.core.loading import get_model


class WishListCreateView(oscar_views.WishListCreateView):
    """A new list, which may begin with a product."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Oscar's answer to an unknown product leads to an address that does not exist."""
        if "product_pk" in kwargs:
            get_object_or_404(get_model("catalogue", "Product"), pk=kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)
