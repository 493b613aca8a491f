"""The page of one product."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from oscar.apps.catalogue.views import ProductDetailView as OscarProductDetailView
from oscar.core.loading import get_class, get_model

from mlm_plugin.conf import get_setting
from mlm_plugin.shop.referrals import CONSENT_COOKIE
from storefront.shop.catalogue import selectors
from storefront.shop.catalogue.points import shows_points
from storefront.shop.catalogue.reviews.views import link_bars
from storefront.shop.catalogue.structured_data import describe_product
from storefront.shop.delivery import estimate_delivery
from storefront.shop.questions.forms import AlertForm, QuestionForm

HISTORY_COOKIE = settings.OSCAR_RECENTLY_VIEWED_COOKIE_NAME


class ProductDetailView(OscarProductDetailView):
    """A product with its variants on one page; `?variant=` chooses one."""

    enforce_parent = True

    def get_object(self, queryset: Any = None) -> Any:
        """The product, once."""
        if not hasattr(self, "object"):
            products = selectors.products_for_page(
                user=self.request.user, language=get_language() or ""
            )
            self.object = get_object_or_404(products, pk=self.kwargs["pk"])
        return self.object

    def redirect_if_necessary(self, current_path: str, product: Any) -> HttpResponse | None:
        """The address of a variant leads to its product, with the variant chosen."""
        if product.is_child:
            address = f"{product.parent.get_absolute_url()}?variant={product.pk}"
            return HttpResponsePermanentRedirect(address)
        return super().redirect_if_necessary(current_path, product)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, and the cookie that remembers what was looked at."""
        response = super().get(request, *args, **kwargs)
        may_remember = get_setting("COOKIE_CONSENT") != "always"
        if may_remember or request.COOKIES.get(CONSENT_COOKIE) == "yes":
            history = get_class("customer.history", "CustomerHistoryManager")
            if response.status_code == 200:
                try:
                    history.update(self.object, request, response)
                except RecursionError:
                    # Thousands of brackets: no cookie of ours.
                    response.delete_cookie(HISTORY_COOKIE)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`product_page` is all the template shows, with the forms beside it."""
        request = self.request
        page = selectors.get_product_page(
            product=self.object,
            strategy=request.strategy,
            language=get_language() or "",
            shows_points=shows_points(request),
            variant_id=_number(request.GET.get("variant")),
            recent_ids=selectors.read_history(cookie=request.COOKIES.get(HISTORY_COOKIE, "")),
        )
        root = request.build_absolute_uri("/").rstrip("/")
        context = {
            "product": self.object,
            "product_page": page,
            "trail": page.trail,
            "bars": link_bars(summary=page.review_summary, product=self.object),
            "delivery": estimate_delivery(
                method="standard", country_code=request.strategy.country_code, at=timezone.now()
            ),
            "question_form": QuestionForm(user=request.user),
            "share_type": "product",
            "share_title": page.title,
            "share_url": root + self.object.get_absolute_url(),
            "share_image": root + page.pictures[0].share_url
            if page.pictures and page.pictures[0].share_url
            else "",
            "share_image_alt": page.title,
            "product_data": describe_product(page=page, product=self.object, root=root),
            **kwargs,
        }
        if page.sold_out:
            context["alert_form"] = AlertForm(
                user=request.user,
                choices=[(each.product_id, each.label) for each in page.sold_out],
                chosen=page.chosen and page.chosen.product_id,
            )
        if page.can_buy and self.object.has_options:
            context["options"] = self._get_option_fields()
        return context

    def _get_option_fields(self) -> list[Any]:
        form_class = get_class("basket.forms", "AddToBasketForm")
        # The visitor's own basket would be loaded whole, only to be asked for its strategy.
        basket = get_model("basket", "Basket")()
        basket.strategy = self.request.strategy
        form = form_class(basket, self.object)
        return [field for field in form if field.name not in {"quantity", "child_id"}]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
