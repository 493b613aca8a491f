"""Categories of the shop in blocks: chosen from a list, shown from the cached menu."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.preloading import PictureBlock
from storefront.cms.products import list_categories
from storefront.navigation import MenuItem, get_menu


def choices() -> list[tuple[int | str, str]]:
    """All public categories, indented by depth; read when a form is drawn."""
    return [("", "—"), *list_categories()]


class CategoryBlock(blocks.FieldBlock):
    """One category, kept as its number, so that showing it costs no query."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self._required, self._help_text = required, help_text
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.Field:
        return forms.TypedChoiceField(
            choices=choices,
            coerce=int,
            empty_value=None,
            required=self._required,
            help_text=self._help_text,
        )

    def value_from_form(self, value: Any) -> int | None:
        return int(value) if str(value or "").isdecimal() else None

    class Meta:
        icon = "folder-open-inverse"


def find_category(category_id: int | None) -> MenuItem | None:
    """A category as the menu lists it in this language; None when it is hidden or gone."""
    if category_id is None:
        return None
    return _by_number().get(category_id)


def list_tiles() -> list[MenuItem]:
    """The first level of the menu."""
    return list(get_menu(language=get_language() or settings.LANGUAGE_CODE).categories)


def _by_number() -> dict[int, MenuItem]:
    found: dict[int, MenuItem] = {}
    for item in list_tiles():
        for each in (item, *item.children):
            # Oscar's addresses end in the number of what they show: "/shop/catalogue/care_3/".
            number = each.url.rstrip("/").rpartition("_")[2]
            if number.isdecimal():
                found[int(number)] = each
    return found


class TileBlock(blocks.StructBlock):
    """One category, with a picture of its own if wished."""

    category = CategoryBlock(label=_("Category"))
    picture = PictureBlock(required=False, label=_("Picture"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Category")


class CategoryTilesBlock(blocks.StructBlock):
    """Ways into the shop."""

    heading = blocks.CharBlock(
        required=False, max_length=80, label=_("Heading"), default=_("What are you looking for?")
    )
    tiles = blocks.ListBlock(
        TileBlock(),
        min_num=0,
        max_num=8,
        default=[],
        label=_("Categories"),
        help_text=_("Leave empty to show all categories of the menu."),
    )

    class Meta:
        icon = "folder-open-inverse"
        label = _("Category tiles")
        group = _("Shop")
        template = "cms/blocks/category_tiles.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Chosen ones that are hidden or gone are left out."""
        context = super().get_context(value, parent_context=parent_context)
        chosen = [(find_category(tile["category"]), tile["picture"]) for tile in value["tiles"]]
        shown = [(item, picture) for item, picture in chosen if item]
        context["tiles"] = shown if value["tiles"] else [(item, None) for item in list_tiles()]
        return context
