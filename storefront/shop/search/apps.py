from django.urls import URLPattern, path
from oscar.apps.search.apps import SearchConfig as OscarSearchConfig


class SearchConfig(OscarSearchConfig):
    name = "storefront.shop.search"

    def ready(self) -> None:
        """Our view in place of Oscar's, which needs a search server."""
        from storefront.shop.search.views import SearchView

        self.search_view = SearchView

    def get_urls(self) -> list[URLPattern]:
        """The results, and suggestions for the search field."""
        from storefront.shop.search.views import suggest

        return [*super().get_urls(), path("suggest/", suggest, name="suggest")]
