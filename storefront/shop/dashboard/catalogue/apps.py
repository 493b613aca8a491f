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
        self.permissions_map["attribute-words"] = ["is_staff", "catalogue.change_productclass"]
        for name in ("question-list", "question"):
            self.permissions_map[name] = ["is_staff", "catalogue.change_product"]
        self.permissions_map["catalogue-filters"] = ["is_staff", "catalogue.change_productclass"]

    def get_urls(self) -> list[URLPattern]:
        """Oscar's pages and ours."""
        from storefront.shop.dashboard.catalogue import price_list_views as views
        from storefront.shop.dashboard.catalogue.attribute_views import AttributeWordsView
        from storefront.shop.dashboard.catalogue.category_views import FiltersView
        from storefront.shop.dashboard.catalogue.question_views import (
            QuestionListView,
            QuestionView,
        )

        ours = [
            path("questions/", QuestionListView.as_view(), name="question-list"),
            path("questions/<int:pk>/", QuestionView.as_view(), name="question"),
            path("attributes/", AttributeWordsView.as_view(), name="attribute-words"),
            path("filters/", FiltersView.as_view(), name="catalogue-filters"),
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
