"""Where products and pages are searched: the site's own database, or an OpenSearch server."""

from typing import Any

from environ import Env


def get_search_backends(*, env: Env) -> dict[str, dict[str, Any]]:
    """The setting `WAGTAILSEARCH_BACKENDS`."""
    if address := env("OPENSEARCH_URL", default=""):
        return {
            "default": {
                "BACKEND": "wagtail.search.backends.opensearch3",
                "URLS": [address],
                "INDEX_PREFIX": env("OPENSEARCH_PREFIX", default="shop_"),
            }
        }
    return {
        "default": {
            "BACKEND": "storefront.shop.search.backend",
            # Word forms on PostgreSQL: this one knows English (Latin letters) and Russian (Cyrillic).
            "SEARCH_CONFIG": env("SEARCH_CONFIG", default="russian"),
        }
    }
