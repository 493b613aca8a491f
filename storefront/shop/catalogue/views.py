"""Lists and product pages, read from product cards."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from oscar.apps.catalogue.views import ProductDetailView as OscarProductDetailView
from oscar.core.loading import get_class, get_model

from mlm_plugin.volumes.models import BuyerKind
from storefront.navigation import get_category_words
from storefront.shop.catalogue import selectors
from storefront.shop.listing.selectors import get_cards, list_products

PER_PAGE = 20


def shows_points(request: Any) -> bool:
    """PV are the members' business."""
    return request.strategy.buyer.kind == BuyerKind.MEMBER


class CardListView(TemplateView):
    """A page of product cards; what is listed comes from `get_listed`."""

    template_name = "oscar/catalogue/browse.html"

    def get_listed(self) -> Any:
        """A sequence of cards to page through."""
        return get_cards()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page asked for, or the nearest there is."""
        page = Paginator(self.get_listed(), PER_PAGE).get_page(self.request.GET.get("page"))
        page.object_list = list(page.object_list)
        listed = list_products(
            cards=page.object_list,
            strategy=self.request.strategy,
            shows_points=shows_points(self.request),
        )
        context = {"trail": [(_("All products"), "")], "page_obj": page, "products": listed}
        return super().get_context_data(**{**context, **kwargs})


class CatalogueView(CardListView):
    """All products."""


class ProductCategoryView(CardListView):
    """Products of a category and everything below it."""

    template_name = "oscar/catalogue/category.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirects to the right address when the category was renamed or moved."""
        Category = get_model("catalogue", "Category")
        # One query for the category and all above it.
        number = self.kwargs["pk"]
        chain = Category.objects.filter(path__rstartswith=_path_of(number)).order_by("path")
        self.chain = list(chain)
        if not self.chain or not all(each.is_public for each in self.chain):
            raise Http404
        self.category = self.chain[-1]
        self.trail = selectors.make_trail(self.chain)
        address = self.trail[-1][1]
        if unquote(request.path) != unquote(address):
            return HttpResponsePermanentRedirect(address)
        return super().get(request, *args, **kwargs)

    def get_listed(self) -> Any:
        return get_cards(category=self.category)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        below = self.category.get_children().filter(is_public=True)
        language = get_language() or settings.LANGUAGE_CODE
        words = get_category_words(category=self.category, language=language)
        return super().get_context_data(
            category=self.category,
            words=words,
            subcategories=[self._entry(each) for each in below],
            trail=[*self.trail[:-1], (words.name, "")],
            **kwargs,
        )

    def _entry(self, child: Any) -> tuple[str, str]:
        return selectors.make_trail([*self.chain, child])[-1]


def _path_of(category_id: int) -> Any:
    Category = get_model("catalogue", "Category")
    return Category.objects.filter(pk=category_id).values("path")[:1]


class ProductDetailView(OscarProductDetailView):
    """A product with its variants on one page."""

    enforce_parent = True

    def get_object(self, queryset: Any = None) -> Any:
        """The product, once."""
        if not hasattr(self, "object"):
            self.object = get_object_or_404(selectors.products_for_page(), pk=self.kwargs["pk"])
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`page` is all the template shows; the alert form is for what is sold out."""
        page = selectors.get_product_page(
            product=self.object,
            strategy=self.request.strategy,
            language=get_language() or "",
            shows_points=shows_points(self.request),
        )
        context = {"product": self.object, "product_page": page, "trail": page.trail, **kwargs}
        if page.price is not None and not page.can_buy:
            context["alert_form"] = self.get_alert_form()
            context["has_active_alert"] = self.get_alert_status()
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
