"""Reviews to moderate: with their text in the list, one or several at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.apps.dashboard.reviews import views as oscar_views
from oscar.apps.dashboard.reviews.views import ReviewDeleteView, ReviewUpdateView
from oscar.core.loading import get_model

from storefront.shop.catalogue.reviews.services import decide_reviews
from storefront.shop.dashboard.orders.work_views import read_ids

__all__ = ["ReviewDeleteView", "ReviewListView", "ReviewUpdateView"]


class ReviewListView(oscar_views.ReviewListView):
    """Oscar's list; what waits for a decision comes first."""

    def get_queryset(self) -> Any:
        reviews = super().get_queryset()
        return reviews if self.request.GET.get("sort") else reviews.order_by("status", "-pk")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The button of one review, or of those that are ticked."""
        if not request.user.has_perm("reviews.change_productreview"):
            raise PermissionDenied
        model = get_model("reviews", "ProductReview")
        decisions = {"approve": model.APPROVED, "reject": model.REJECTED}
        action, _colon, only = request.POST.get("decide", "").partition(":")
        chosen = [only] if only else request.POST.getlist("selected_review")
        ids = read_ids(chosen)
        if action not in decisions or not ids:
            messages.error(request, _("Choose reviews first."))
            return redirect("dashboard:reviews-list")
        done = decide_reviews(review_ids=ids, status=decisions[action])
        text = ngettext("%(count)s review decided.", "%(count)s reviews decided.", done)
        messages.success(request, text % {"count": done})
        return redirect(f"{request.path}?{request.GET.urlencode()}")
