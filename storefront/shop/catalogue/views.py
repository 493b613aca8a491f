"""Lists of products, narrowed down by what the address asks for."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import numpy as np
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from oscar.core.loading import get_model

from storefront.shop.catalogue import selectors
from storefront.shop.catalogue.addresses import get_category_address
from storefront.shop.catalogue.points import shows_points
from storefront.shop.catalogue.product_views import ProductDetailView
from storefront.shop.listing.filters import Filters, read_filters
from storefront.shop.listing.narrowing import Narrowed
from storefront.shop.listing.panel import Panel
from storefront.shop.listing.selectors import (
    get_cards_of_products,
    get_category_page_words,
    get_prices_seen,
    list_products,
)
from storefront.shop.listing.snapshot import Snapshot, get_snapshot

__all__ = ["CardListView", "CatalogueView", "ProductCategoryView", "ProductDetailView"]

PER_PAGE = 20


class NarrowedProducts(Sequence[int]):
    """Numbers of the products of a list, read a page at a time."""

    def __init__(self, narrowed: Narrowed, *, sort: str, language: str, ranked: list[int]) -> None:
        self.narrowed = narrowed
        self.options: dict[str, Any] = {"sort": sort, "language": language, "ranked": ranked}

    def __len__(self) -> int:
        return self.narrowed.count

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return self[key : key + 1][0]
        return self.narrowed.page(start=key.start or 0, stop=key.stop, **self.options)


class CardListView(TemplateView):
    """A page of product cards with filters. What is listed without any comes from `get_base`.

    Asked by htmx it answers with the list alone.
    """

    template_name = "oscar/catalogue/browse.html"
    # The category whose page this is.
    here: int | None = None

    def get_base(self, snapshot: Snapshot) -> np.ndarray:
        """The mask of what is listed."""
        return snapshot.everything()

    def get_filters(self) -> Filters:
        """What the address asks for."""
        return read_filters(self.request.GET)

    def get_ranked(self) -> list[int]:
        """Numbers of products in the order of their own that the list has, if it has one."""
        return []

    def get_template_names(self) -> list[str]:
        """The whole page, or only what changes with a filter."""
        if self.is_update:
            return ["oscar/catalogue/partials/listing_update.html"]
        return super().get_template_names()

    @property
    def is_update(self) -> bool:
        """Whether htmx asks for the list alone; for the back button it asks for whole pages."""
        htmx = self.request.htmx
        return bool(htmx) and not htmx.history_restore_request and not htmx.boosted

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page asked for, or the nearest there is, and the filters beside it."""
        strategy = self.request.strategy
        snapshot, filters = get_snapshot(), self.get_filters()
        narrowed = Narrowed(
            snapshot, filters, self.get_base(snapshot), get_prices_seen(strategy=strategy)
        )
        products = NarrowedProducts(
            narrowed,
            sort=filters.sort,
            language=get_language() or settings.LANGUAGE_CODE,
            ranked=self.get_ranked(),
        )
        page = Paginator(products, PER_PAGE).get_page(self.request.GET.get("page"))
        listed = list_products(
            cards=get_cards_of_products(product_ids=list(page.object_list)),
            strategy=strategy,
            shows_points=shows_points(self.request),
        )
        panel = Panel(narrowed, self.request.path, self.here, settings.OSCAR_DEFAULT_CURRENCY)
        context = {
            "trail": [(_("All products"), "")],
            "page_obj": page,
            "products": listed,
            "panel": panel,
            "filters": filters,
            "found": page.paginator.count,
            "list_cache_seconds": settings.LIST_CACHE_SECONDS,
            "panel_key": self._panel_key(narrowed),
            "canonical": self._canonical(filters, page.number),
        }
        return super().get_context_data(**{**context, **kwargs})

    def _panel_key(self, narrowed: Narrowed) -> str:
        """What the filters beside a list depend on, the number of the last change included."""
        snapshot, prices = narrowed.snapshot, narrowed.prices
        parts = (
            snapshot.era,
            snapshot.version,
            get_language(),
            prices and (prices.kind, prices.factor),
            self.request.path,
            narrowed.filters.encode(),
        )
        return repr(parts)

    def _canonical(self, filters: Filters, page: int) -> str:
        """The address for search engines: the list without filters, and its later pages."""
        address = self.request.build_absolute_uri(self.request.path)
        is_plain = filters.is_empty and not filters.sort
        return f"{address}?page={page}" if is_plain and page > 1 else address


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
        self.here = self.category.pk
        self.trail = selectors.make_trail(self.chain)
        address = self.trail[-1][1]
        if unquote(request.path) != unquote(address):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        return super().get(request, *args, **kwargs)

    def get_base(self, snapshot: Snapshot) -> np.ndarray:
        return snapshot.below(self.category.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language() or settings.LANGUAGE_CODE
        words = get_category_page_words(category=self.category, language=language)
        context = super().get_context_data(
            category=self.category,
            words=words,
            trail=[*self.trail[:-1], (words.name, "")],
            **kwargs,
        )
        context["subcategories"] = self._list_subcategories(context["panel"].narrowed, language)
        return context

    def _list_subcategories(self, narrowed: Narrowed, language: str) -> list[tuple[str, str, int]]:
        """Name, address and number of products of the categories right below."""
        snapshot = narrowed.snapshot
        found = []
        for branch, way in snapshot.children_of(self.category.pk):
            found.append(
                (
                    branch.names.get(language, branch.name),
                    get_category_address(slugs=way, pk=branch.pk),
                    int(snapshot.below(branch.pk).sum()),
                )
            )
        return found


def _path_of(category_id: int) -> Any:
    Category = get_model("catalogue", "Category")
    return Category.objects.filter(pk=category_id).values("path")[:1]
