"""Reviews of products, once they are approved; written by who bought them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from oscar.apps.catalogue.reviews import views as oscar_views
from oscar.apps.catalogue.reviews.views import *  # noqa: F403
from oscar.core.loading import get_model

from storefront.shop.catalogue.reviews import selectors, services
from storefront.targets import own_address


class CreateProductReview(oscar_views.CreateProductReview):
    """Open to who paid for the product, once."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send others back with the reason; strangers sign in first."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        product = _get_product(kwargs["product_pk"])
        if not selectors.may_review(product=product, user=request.user):
            if product.has_review_by(request.user):
                text = _("You have written about this product already. Thank you!")
            else:
                text = _("Reviews are written by people who bought the product here.")
            messages.warning(request, text)
            return redirect(product.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; of a form sent several times at once the first one is kept."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        messages.success(
            self.request, _("Thank you! We read your review and then show it on the page.")
        )
        return self.product.get_absolute_url()


class ProductReviewDetail(oscar_views.ProductReviewDetail):
    """One review; Oscar would show everybody one that nobody has approved yet."""

    def get_queryset(self) -> Any:
        return selectors.get_reviews(product_id=self.kwargs["product_pk"])


class ProductReviewList(oscar_views.ProductReviewList):
    """All reviews of a product with their summary; `?stars=4` shows those with four."""

    def get_queryset(self) -> Any:
        given = self.request.GET.get("stars", "")
        self.stars = int(given) if given in {"1", "2", "3", "4", "5"} else None
        return selectors.get_reviews(product_id=self.kwargs["product_pk"], stars=self.stars)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bars link to the reviews with so many stars."""
        context = super(oscar_views.ProductReviewList, self).get_context_data(**kwargs)
        product = _get_product(self.kwargs["product_pk"])
        summary = selectors.get_summary(product_id=product.pk)
        return {
            **context,
            "product": product,
            "summary": summary,
            "bars": link_bars(summary=summary, product=product),
            "stars": self.stars,
        }


class AddVoteView(oscar_views.AddVoteView):
    """Whether a review helped."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        product = _get_product(kwargs["product_pk"])
        reviews = selectors.get_reviews(product_id=product.pk)
        review = get_object_or_404(reviews, pk=kwargs["pk"])
        is_helpful = request.POST.get("delta") != str(services.Vote.DOWN)
        try:
            is_new = services.vote_on_review(
                review=review, user=request.user, is_helpful=is_helpful
            )
        except services.CannotVote as error:
            messages.warning(request, str(error))
        else:
            thanks = _("Thank you for your vote.")
            messages.success(request, thanks if is_new else _("You have voted on this already."))
        address = own_address(request=request, address=request.POST.get("next", ""))
        return redirect(product.get_absolute_url() if address == "/" else address)


def link_bars(*, summary: selectors.ReviewSummary, product: Any) -> list[selectors.StarBar]:
    """The summary's bars with the address that shows the reviews of each."""
    names = {"product_slug": product.slug, "product_pk": product.pk}
    address = reverse("catalogue:reviews-list", kwargs=names)
    return [
        selectors.StarBar(bar.stars, bar.count, f"{address}?stars={bar.stars}" if bar.count else "")
        for bar in summary.bars
    ]


def _get_product(number: int) -> Any:
    Product = get_model("catalogue", "Product")
    return get_object_or_404(Product, pk=number, is_public=True)
