"""Which site of the CMS a visit is on, without a query per page."""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from wagtail.models import Site

from storefront.caching import cache_seconds

_KEY = "sites_by_host"


def get_site_id(request: HttpRequest | None = None) -> int | None:
    """The site that serves this request, or the default one; None where there is none at all.

    Follows Wagtail's rule (host and port, then host, then the default site) on a cached table.
    """
    rows = _read()
    default = next((pk for pk, _host, _port, is_default in rows if is_default), None)
    if request is None or len(rows) < 2:
        return default
    # As Wagtail does: pages of a foreign host show the default site.
    host, _, _port = request._get_raw_host().partition(":")  # type: ignore[attr-defined]
    named = [row for row in rows if row[1] == host.lower()]
    exact = [row for row in named if str(row[2]) == request.get_port()]
    found = exact or (named if len(named) == 1 else [])
    return found[0][0] if found else default


def list_site_ids() -> list[int]:
    """All sites."""
    return [row[0] for row in _read()]


def forget_sites(**_signal: object) -> None:
    """A site was added, changed or removed: now for this transaction, and again once it commits."""
    cache.delete(_KEY)
    transaction.on_commit(lambda: cache.delete(_KEY), robust=True)


def _read() -> list[tuple[int, str, int, bool]]:
    rows = cache.get(_KEY)
    if rows is None:
        rows = list(Site.objects.values_list("pk", "hostname", "port", "is_default_site"))
        cache.set(_KEY, rows, cache_seconds())
    return rows
