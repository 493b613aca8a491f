"""Addresses of a page's translations, kept until any page is published, moved or removed.

Every page of the CMS names them in its head; a query per view would tell nothing new.
"""

from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from wagtail.models import Page

from storefront.caching import cache_seconds
from storefront.languages import addresses_of_page

_STATE = "pages_state"


def get_alternates(*, request: HttpRequest, page: Page) -> dict[str, str]:
    """The full address of every live translation, the page's own included, by language.

    No query while warm. An address above may change those below, so any change renews them all.
    """
    key = f"alternates:{cache.get(_STATE, '')}:{page.translation_key}:{request.get_host()}"
    addresses = cache.get(key)
    if addresses is None:
        addresses = addresses_of_page(request=request, page=page)
        cache.set(key, addresses, cache_seconds())
    return addresses


def forget_alternates(**_signal: object) -> None:
    """Some page changed: now for this transaction's readers, and again once it commits."""
    _renew()
    transaction.on_commit(_renew, robust=True)


def _renew() -> None:
    # Outlives every address that was kept under the state before.
    cache.set(_STATE, uuid4().hex, 10 * cache_seconds())
