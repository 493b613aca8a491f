from oscar.apps.search.apps import SearchConfig as OscarSearchConfig


class SearchConfig(OscarSearchConfig):
    name = "storefront.shop.search"

    def ready(self) -> None:
        """Our view in place of Oscar's, which needs a search server."""
        from storefront.shop.search.views import ProductSearchView

        self.search_view = ProductSearchView
