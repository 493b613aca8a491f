"""The search of products and pages: modelsearch on the site's own database.

`WAGTAILSEARCH_BACKENDS` names this module. On SQLite it is Wagtail's own (FTS5). On PostgreSQL words
are reduced by the configuration `SEARCH_CONFIG`: PostgreSQL's `russian` takes words in Latin letters
for English and words in Cyrillic for Russian, so both languages are found in one index, whichever the
visitor writes in.
"""

from typing import Any

from django.db import connection
from wagtail.search.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 (the name Wagtail looks for)
    """The backend for the database in use; called by Wagtail."""
    if connection.vendor != "postgresql":
        return database.SearchBackend(params)
    # Imports a model that only exists on PostgreSQL.
    from storefront.shop.search.postgres import PostgresBackend

    return PostgresBackend(params)
