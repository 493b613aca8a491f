"""What header and footer list: the menus made in the CMS, or categories and pages by themselves.

Without a menu of the CMS (`storefront.site_content`), the header lists shop categories and the pages
marked "show in menus", and the footer has a column of each. A menu of the CMS replaces the header's
list, or all of the footer's columns.

Every page shows it, so it is cached per site and language and costs no query while warm. A saved or
deleted menu, category or page drops the cached menu at once (`storefront.caching` says in which
processes).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from oscar.core.loading import get_model
from wagtail.models import Page

from storefront.caching import cache_seconds
from storefront.shop.catalogue.addresses import get_category_address
from storefront.shop.listing.models import CategoryText
from storefront.site_content.sites import get_site_id, list_site_ids


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; `children` is empty for entries of the second level.

    `url` is empty for an entry that is only the heading of its children. `is_set_apart` marks where
    pages begin after the categories.
    """

    name: str
    url: str
    children: tuple["MenuItem", ...] = ()
    is_set_apart: bool = False


@dataclass(frozen=True)
class MenuColumn:
    """A column of the footer."""

    title: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True)
class Menu:
    """What header and footer list, in one language.

    `header` and `footer` are what is shown; `categories` and `pages` are what the site has, for
    tiles and for whatever else lists the shop. `is_made` and `has_made_footer` say whether editors
    made them; then second levels are shown too.
    """

    categories: tuple[MenuItem, ...]
    pages: tuple[MenuItem, ...]
    header: tuple[MenuItem, ...] = ()
    footer: tuple[MenuColumn, ...] = ()
    is_made: bool = False
    has_made_footer: bool = False


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


def get_menu(*, language: str, site_id: int | None = None) -> Menu:
    """The menu of a site (the default one) in `language`; no query while warm.

    Cold, without a menu of the CMS: one query each for sites, menus, categories, their names and
    pages. Each entry of a menu made in the CMS adds two at most.
    """
    site_id = site_id or get_site_id()
    key = _key(site_id, language)
    menu = cache.get(key)
    if menu is None:
        with override(language):
            menu = _read_menu(site_id, language)
        cache.set(key, menu, cache_seconds())
    return menu


def get_category_words(*, category: Any, language: str) -> CategoryWords:
    """Name and description of a category in `language`, or Oscar's own where it has none there.

    No query in the first language; in the others one for all categories together, cached.
    """
    own = CategoryWords(name=category.name, description=category.description)
    return _get_words(language).get(category.pk, own)


def forget_menu(**_signal: object) -> None:
    """Drop the cached menus: now, for this transaction's own readers, and again once it commits."""
    languages = [language for language, _name in settings.LANGUAGES]
    keys = [_key(site_id, language) for site_id in list_site_ids() for language in languages]
    keys += [_words_key(language) for language in languages]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def _key(site_id: int | None, language: str) -> str:
    return f"navigation:{site_id}:{language}"


def _words_key(language: str) -> str:
    return f"category_words:{language}"


def _read_menu(site_id: int | None, language: str) -> Menu:
    # Imported when asked: blocks of the menu's editor show categories from here.
    from storefront.site_content.menus import read_menus

    categories, pages = _read_categories(language), _read_pages(language)
    made = read_menus(site_id=site_id, language=language, categories=categories)
    everything = MenuItem(name=gettext("All products"), url=reverse("catalogue:index"))
    footer = [MenuColumn(title=gettext("Shop"), items=(everything, *categories))]
    if pages:
        footer.append(MenuColumn(title=gettext("About us"), items=pages))
    return Menu(
        categories=categories,
        pages=pages,
        header=made.header or (everything, *categories, *pages),
        footer=made.footer or tuple(footer),
        is_made=bool(made.header),
        has_made_footer=bool(made.footer),
    )


def _get_words(language: str) -> dict[int, CategoryWords]:
    if language == settings.LANGUAGE_CODE:
        return {}
    words = cache.get(_words_key(language))
    if words is None:
        words = {
            text.category_id: CategoryWords(name=text.name, description=text.description)
            for text in CategoryText.objects.filter(language=language)
        }
        cache.set(_words_key(language), words, cache_seconds())
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


def _as_items(branches: Sequence[_Branch], above: tuple[str, ...] = ()) -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(
            name=branch.name,
            url=get_category_address(slugs=[*above, branch.slug], pk=branch.pk),
            children=_as_items(branch.branches, (*above, branch.slug)),
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
    items = [(page.title, url) for page in pages if (url := page.get_url())]
    return tuple(
        MenuItem(name=title, url=url, is_set_apart=number == 0)
        for number, (title, url) in enumerate(items)
    )
