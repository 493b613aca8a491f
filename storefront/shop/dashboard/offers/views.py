"""Oscar's pages of offers where ours differ."""

from typing import Any

from django.http import HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from oscar.apps.dashboard.offers import views as oscar_views
from oscar.apps.dashboard.offers.views import *  # noqa: F403


class OfferDetailView(oscar_views.OfferDetailView):
    """An offer with the orders it was used in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Suspend or reinstate it; Oscar gives no answer at all to anything else."""
        return super().post(request, *args, **kwargs) or HttpResponseBadRequest()
