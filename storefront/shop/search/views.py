"""Search over products and pages, and suggestions while typing."""

from typing import Any

import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from storefront.shop.catalogue.points import shows_points
from storefront.shop.catalogue.views import CardListView
from storefront.shop.listing.filters import Filters, read_filters
from storefront.shop.listing.selectors import get_cards_of_products, list_products
from storefront.shop.listing.snapshot import Snapshot, get_snapshot
from storefront.shop.search import selectors


class SearchView(CardListView):
    """Products that have every word asked for, with filters, and pages beside them.

    Where nothing is found, mistyped words are replaced by known ones and the page says so.
    """

    template_name = "oscar/search/results.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.query = selectors.clean_query(text=request.GET.get("q", ""))
        self.corrected = ""
        self.ranked: list[int] = []

    def get_base(self, snapshot: Snapshot) -> np.ndarray:
        self.ranked = selectors.find_products(query=self.query, snapshot=snapshot)
        if not self.ranked and self.query:
            self._try_other_words(snapshot)
        mask = np.zeros(snapshot.size, dtype=bool)
        mask[snapshot.rows_of(self.ranked)] = True
        return mask

    def get_ranked(self) -> list[int]:
        return self.ranked

    def get_filters(self) -> Filters:
        return read_filters(self.request.GET, query=self.query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(trail=[(_("Search"), "")], **kwargs)
        language = get_language() or settings.LANGUAGE_CODE
        asked = self.corrected or self.query
        pages = []
        if not self.is_update and context["page_obj"].number == 1:
            pages = selectors.find_pages(query=asked, language=language)
        snapshot = context["panel"].narrowed.snapshot
        has_products = bool(self.ranked)
        return {
            **context,
            "query": self.query,
            "corrected": self.corrected,
            "marked_query": asked,
            "pages": pages,
            "has_products": has_products,
            "popular": []
            if has_products
            else selectors.list_popular_categories(snapshot=snapshot, language=language),
        }

    def _try_other_words(self, snapshot: Snapshot) -> None:
        corrected = selectors.correct_query(query=self.query)
        found = selectors.find_products(query=corrected, snapshot=snapshot)
        if found:
            self.corrected, self.ranked = corrected, found


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A fragment for the search field: products, categories and pages to choose from."""
    query = selectors.clean_query(text=request.GET.get("q", ""))
    found = selectors.suggest(
        query=query,
        snapshot=get_snapshot(),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    products = list_products(
        cards=get_cards_of_products(product_ids=found.product_ids),
        strategy=request.strategy,  # type: ignore[attr-defined]
        shows_points=shows_points(request),
    )
    context = {"query": query, "found": found, "products": products}
    response = render(request, "oscar/search/suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
