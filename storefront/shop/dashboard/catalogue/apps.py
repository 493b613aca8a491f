from django.urls import URLPattern, path
from oscar.apps.dashboard.catalogue.apps import (
    CatalogueDashboardConfig as OscarCatalogueDashboardConfig,
)


class CatalogueDashboardConfig(OscarCatalogueDashboardConfig):
    name = "storefront.shop.dashboard.catalogue"

    def configure_permissions(self) -> None:
        """Prices and points are for those who may change stock and points."""
        super().configure_permissions()
        prices = ["is_staff", "partner.change_stockrecord"]
        for name in ("catalogue-price-list", "catalogue-price-export", "catalogue-price-import"):
            self.permissions_map[name] = [*prices, "mlm_plugin.change_productpoints"]
        self.permissions_map["tax-and-delivery"] = prices

    def get_urls(self) -> list[URLPattern]:
        """Oscar's pages and ours."""
        from storefront.shop.dashboard.catalogue import price_list_views as views

        ours = [
            path(
                "points-and-prices/",
                views.PriceListView.as_view(),
                name="catalogue-price-list",
            ),
            path(
                "points-and-prices/export/",
                views.PriceListExportView.as_view(),
                name="catalogue-price-export",
            ),
            path(
                "points-and-prices/import/",
                views.PriceListImportView.as_view(),
                name="catalogue-price-import",
            ),
            path("tax-and-delivery/", views.TaxAndDeliveryView.as_view(), name="tax-and-delivery"),
        ]
        return [*self.post_process_urls(ours), *super().get_urls()]
