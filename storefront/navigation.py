"""The menu of the site: shop categories and the pages an editor put into the menu.

Every page shows it, so it is cached per language and costs no query while warm. A saved or deleted
category or page drops the cached menu at once. With Redis that reaches every process; without it
the cache lives in each process, so another process may show the old menu for up to `PRIVATE_SECONDS`
more, which is cheaper than a query per page that would ask whether anything changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from oscar.core.loading import get_model
from wagtail.models import Page

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


@dataclass
class _Branch:
    name: str
    slug: str
    pk: int
    branches: list["_Branch"] = field(default_factory=list)


def get_menu(*, language: str) -> Menu:
    """The menu in `language`; at most one query for categories and two for pages, all cached."""
    menu = cache.get(_key(language))
    if menu is None:
        with override(language):
            menu = Menu(categories=_read_categories(), pages=_read_pages(language))
        cache.set(
            _key(language),
            menu,
            SHARED_SECONDS if settings.REDIS_URL else PRIVATE_SECONDS,
        )
    return menu


def forget_menu(**_signal: object) -> None:
    """Drop the cached menu: now, for this transaction's own readers, and again once it commits."""
    keys = [_key(language) for language, _name in settings.LANGUAGES]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _key(language: str) -> str:
    return f"navigation:{language}"


def _read_categories() -> tuple[MenuItem, ...]:
    """Public categories down to the second level, from one query in tree order."""
    rows = (
        get_model("catalogue", "Category")
        .objects.browsable()
        .filter(depth__lte=2)
        .order_by("path")
        .only("pk", "path", "depth", "name", "slug")
    )
    roots: list[_Branch] = []
    for row in rows:
        branch = _Branch(name=row.name, slug=row.slug, pk=row.pk)
        # A public category below a hidden one is not browsable, so its parent is always there.
        (roots if row.depth == 1 else roots[-1].branches).append(branch)
    return _as_items(roots)


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
