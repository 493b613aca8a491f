"""The staff's product pages: Oscar's, with points, prices by buyer and texts beside them."""

from typing import Any

from django.utils.translation import gettext as _
from oscar.apps.dashboard.catalogue import views as oscar_views
from oscar.apps.dashboard.catalogue.views import *  # noqa: F403

from storefront.shop.dashboard.catalogue.category_views import (  # noqa: F401 (Oscar asks by name)
    CategoryCreateView,
    CategoryUpdateView,
    ProductLookupView,
)
from storefront.shop.dashboard.catalogue.formsets import (
    BuyerPriceFormSet,
    PointsForm,
    ProductTextFormSet,
)
from storefront.shop.dashboard.catalogue.value_texts import ValueTextForm


class ProductCreateUpdateView(oscar_views.ProductCreateUpdateView):
    """One page for everything about a product."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Prices go first: removing the stock record in the same go takes its prices away.
        self.formsets = {
            "points_form": PointsForm,
            "buyer_price_formset": BuyerPriceFormSet,
            "text_formset": ProductTextFormSet,
            "value_text_form": ValueTextForm,
            **self.formsets,
        }


class StockAlertListView(oscar_views.StockAlertListView):
    """Stock that runs low; Oscar's page has no answer to a status that there is not."""

    def get_queryset(self) -> Any:
        """All alerts where the status is none."""
        self.description = _("All alerts")
        return super().get_queryset()
