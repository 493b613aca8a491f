"""The way down to a category, from a cached tree: product pages show one each."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from oscar.core.loading import get_model

from storefront.caching import cache_seconds
from storefront.navigation import get_category_words
from storefront.shop.catalogue.addresses import get_category_address

# Name and address.
Step = tuple[str, str]


def get_category_steps(*, language: str) -> dict[str, Step]:
    """Name and address of every category that can be browsed, by tree path.

    One query when the cache is empty. A saved or deleted category drops it at once (with Redis
    everywhere, without it in this process).
    """
    steps = cache.get(_key(language))
    if steps is None:
        steps = _read_steps(language)
        cache.set(_key(language), steps, cache_seconds())
    return steps


def get_trail_to(*, path: str | None, language: str) -> list[Step]:
    """The steps from the top down to the category at `path`; nothing for None."""
    if not path:
        return []
    steps = get_category_steps(language=language)
    length = get_model("catalogue", "Category").steplen
    above = (path[:end] for end in range(length, len(path) + 1, length))
    return [steps[each] for each in above if each in steps]


def forget_steps(**_signal: object) -> None:
    """Drop the cached tree: now, for this transaction's own readers, and again once it commits."""
    keys = [_key(language) for language, _name in settings.LANGUAGES]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _read_steps(language: str) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    slugs: dict[str, tuple[str, ...]] = {}
    rows: Any = get_model("catalogue", "Category").objects.browsable().order_by("path")
    for row in rows:
        slugs[row.path] = (*slugs.get(row.path[: -row.steplen], ()), row.slug)
        address = get_category_address(slugs=slugs[row.path], pk=row.pk)
        name = get_category_words(category=row, language=language).name
        steps[row.path] = (name, address)
    return steps


def _key(language: str) -> str:
    return f"category_steps:{language}"
