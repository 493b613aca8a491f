"""The menu of the site: shop categories and the pages an editor put into the menu.

Every page shows it, so it is cached per language and costs no query while warm. A saved or deleted
category or page drops the cached menu at once. With Redis that reaches every process; without it
the cache lives in each process, so another process may show the old menu for up to `PRIVATE_SECONDS`
more, which is cheaper than a query per page that would ask whether anything changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from oscar.core.loading import get_model
from wagtail.models import Page

from storefront.shop.listing.models import CategoryText

PRIVATE_SECONDS = 10
SHARED_SECONDS = 60


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; `children` is empty for pages and for deepest categories."""

    name: str
    url: str
    children: tuple["MenuItem", ...] = ()


@dataclass(frozen=True)
class Menu:
    """What header and footer list, in one language."""

    categories: tuple[MenuItem, ...]
    pages: tuple[MenuItem, ...]


@dataclass(frozen=True)
class CategoryWords:
    """What a category is called in one language."""

    name: str
    description: str


@dataclass
class _Branch:
    name: str
    slug: str
    pk: int
    branches: list["_Branch"] = field(default_factory=list)


def get_menu(*, language: str) -> Menu:
    """The menu in `language`; two queries for categories and two for pages at most, all cached."""
    menu = cache.get(_key(language))
    if menu is None:
        with override(language):
            menu = Menu(categories=_read_categories(language), pages=_read_pages(language))
        cache.set(_key(language), menu, _seconds())
    return menu


def get_category_words(*, category: Any, language: str) -> CategoryWords:
    """Name and description of a category in `language`, or Oscar's own where it has none there.

    No query in the first language; in the others one for all categories together, cached.
    """
    own = CategoryWords(name=category.name, description=category.description)
    return _get_words(language).get(category.pk, own)


def forget_menu(**_signal: object) -> None:
    """Drop the cached menu: now, for this transaction's own readers, and again once it commits."""
    keys = [key(language) for language, _name in settings.LANGUAGES for key in (_key, _words_key)]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _key(language: str) -> str:
    return f"navigation:{language}"


def _words_key(language: str) -> str:
    return f"category_words:{language}"


def _seconds() -> int:
    return SHARED_SECONDS if settings.REDIS_URL else PRIVATE_SECONDS


def _get_words(language: str) -> dict[int, CategoryWords]:
    if language == settings.LANGUAGE_CODE:
        return {}
    words = cache.get(_words_key(language))
    if words is None:
        words = {
            text.category_id: CategoryWords(name=text.name, description=text.description)
            for text in CategoryText.objects.filter(language=language)
        }
        cache.set(_words_key(language), words, _seconds())
    return words


def _read_categories(language: str) -> tuple[MenuItem, ...]:
    """Public categories down to the second level, from one query in tree order."""
    rows = (
        get_model("catalogue", "Category")
        .objects.browsable()
        .filter(depth__lte=2, exclude_from_menu=False)
        .order_by("path")
        .only("pk", "path", "depth", "name", "slug", "description")
    )
    roots: dict[str, _Branch] = {}
    for row in rows:
        name = get_category_words(category=row, language=language).name
        branch = _Branch(name=name, slug=row.slug, pk=row.pk)
        if row.depth == 1:
            roots[row.path] = branch
        elif parent := roots.get(row.path[: row.steplen]):
            # Without its parent, which is left out of the menu, a category is left out as well.
            parent.branches.append(branch)
    return _as_items(list(roots.values()))


def _as_items(branches: Sequence[_Branch], parent_slug: str = "") -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(
            name=branch.name,
            url=reverse(
                "catalogue:category",
                kwargs={
                    "category_slug": f"{parent_slug}{branch.slug}",
                    "pk": branch.pk,
                },
            ),
            children=_as_items(branch.branches, f"{parent_slug}{branch.slug}/"),
        )
        for branch in branches
    )


def _read_pages(language: str) -> tuple[MenuItem, ...]:
    pages = (
        Page.objects.live()
        .in_menu()
        .filter(locale__language_code=language)
        .order_by("path")
        .defer_streamfields()
    )
    items = ((page.title, page.get_url()) for page in pages)
    return tuple(MenuItem(name=title, url=url) for title, url in items if url)
