"""The staff's product pages: Oscar's, with points, prices by buyer and texts beside them."""

from typing import Any

from oscar.apps.dashboard.catalogue import views as oscar_views
from oscar.apps.dashboard.catalogue.views import *  # noqa: F403

from storefront.shop.dashboard.catalogue.formsets import (
    BuyerPriceFormSet,
    PointsForm,
    ProductTextFormSet,
)


class ProductCreateUpdateView(oscar_views.ProductCreateUpdateView):
    """One page for everything about a product."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Prices go first: removing the stock record in the same go takes its prices away.
        self.formsets = {
            "points_form": PointsForm,
            "buyer_price_formset": BuyerPriceFormSet,
            "text_formset": ProductTextFormSet,
            **self.formsets,
        }
