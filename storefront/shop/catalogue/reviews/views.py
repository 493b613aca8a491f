"""Reviews of products, once they are approved."""

from typing import Any

from oscar.apps.catalogue.reviews import views as oscar_views
from oscar.apps.catalogue.reviews.views import *  # noqa: F403
from oscar.core.loading import get_model


class ProductReviewDetail(oscar_views.ProductReviewDetail):
    """One review; Oscar would show everybody one that nobody has approved yet."""

    def get_queryset(self) -> Any:
        reviews = get_model("reviews", "ProductReview").objects.approved()
        return reviews.filter(product_id=self.kwargs["product_pk"])
