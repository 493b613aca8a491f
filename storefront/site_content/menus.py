"""The menus made in the CMS, with names and addresses of what they lead to as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import Page

from storefront.navigation import MenuColumn, MenuItem, get_category_words
from storefront.site_content.models import Menu, MenuPlace


@dataclass(frozen=True)
class MadeMenus:
    """What editors made for one site and language; empty where they made nothing."""

    header: tuple[MenuItem, ...]
    footer: tuple[MenuColumn, ...]


def read_menus(*, site_id: int | None, language: str, categories: Sequence[MenuItem]) -> MadeMenus:
    """Header and footer as editors made them; `language` must be the active one.

    What is hidden, unpublished or gone is left out with what is below it; so is a column that has
    nothing left. `categories` are those of the shop with their subcategories.
    """
    rows = list(Menu.objects.filter(site_id=site_id, locale__language_code=language))
    below = {item.url: item.children for item in categories}
    header: tuple[MenuItem, ...] = ()
    footer = []
    for row in rows:
        items = _resolve(row.entries, language, below)
        if row.place == MenuPlace.HEADER:
            header = items
        elif items:
            footer.append(MenuColumn(title=row.title, items=items))
    return MadeMenus(header=header, footer=tuple(footer))


def _resolve(
    entries: Any, language: str, below: dict[str, tuple[MenuItem, ...]]
) -> tuple[MenuItem, ...]:
    found = (_resolve_one(entry, language, below) for entry in entries)
    return tuple(item for item in found if item)


def _resolve_one(
    entry: Any, language: str, below: dict[str, tuple[MenuItem, ...]]
) -> MenuItem | None:
    value = entry.value
    target = _FIND[entry.block_type](value, language)
    if target is None:
        return None
    name, url = target
    children: tuple[MenuItem, ...] = ()
    if "entries" in value:
        children = _resolve(value["entries"], language, below)
        if value.get("with_subcategories"):
            children = (*children, *below.get(url, ()))
    if not url and not children:
        return None
    return MenuItem(name=value["name"] or name, url=url, children=children)


def _page(value: Any, language: str) -> tuple[str, str] | None:
    """A page in the menu's language, if it has a translation there."""
    page: Page | None = value["page"]
    page = page.localized if page else None
    if page is None or not page.live:
        return None
    url = page.get_url()
    anchor = f"#{value['anchor']}" if value["anchor"] else ""
    return (page.title, f"{url}{anchor}") if url else None


def _category(value: Any, language: str) -> tuple[str, str] | None:
    category = (
        get_model("catalogue", "Category").objects.browsable().filter(pk=value["category"]).first()
    )
    if category is None:
        return None
    words = get_category_words(category=category, language=language)
    return words.name, category.get_absolute_url()


def _product(value: Any, language: str) -> tuple[str, str] | None:
    """A product by its card, which has the titles of all languages."""
    card = value["product"]
    if card is None or not card.is_public:
        return None
    url = reverse("catalogue:detail", kwargs={"product_slug": card.slug, "pk": card.pk})
    return card.title_here, url


def _address(value: Any, language: str) -> tuple[str, str]:
    return value["name"], value["address"]


_FIND = {"page": _page, "category": _category, "product": _product, "address": _address}
