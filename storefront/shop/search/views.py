"""Search over product cards."""

from typing import Any

from django.utils.translation import gettext as _

from storefront.shop.catalogue.views import CardListView
from storefront.shop.listing.selectors import QUERY_LENGTH, search_cards


class ProductSearchView(CardListView):
    """Products that contain every word asked for."""

    template_name = "oscar/search/results.html"

    def get_listed(self) -> Any:
        return search_cards(query=self.request.GET.get("q", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.get("q", "").strip()[:QUERY_LENGTH]
        return super().get_context_data(query=query, trail=[(_("Search"), "")], **kwargs)
