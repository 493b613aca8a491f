"""Rows of products: chosen ones, those of a category, the newest, or what sells best."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from storefront.cms.blocks.categories import CategoryBlock, find_category
from storefront.cms.blocks.preloading import Preloaded
from storefront.cms.choosers import product_chooser_viewset
from storefront.cms.products import MOST_IN_A_ROW, RowWish, fill_rows

HEADINGS = {
    "newest": _("New in the shop"),
    "best": _("What others like"),
    "chosen": _("Chosen for you"),
}


class ProductBlock(Preloaded):
    """One product, kept as the number of its card; gone or hidden ones are left out."""

    target_model = "shop_listing.ProductCard"

    @cached_property
    def widget(self) -> Any:
        return product_chooser_viewset.widget_class()

    class Meta:
        icon = "tag"
        label = _("Product")


class ProductRowValue(blocks.StructValue):
    """A row and, once the page has read all its rows together, what it shows."""

    wish: RowWish | None = None

    def make_wish(self) -> RowWish:
        """What the row asks for; kept, so that the page can fill it."""
        if self.wish is None:
            self.wish = RowWish(
                source=self.get("source") or "newest",
                count=int(self.get("count") or 4),
                chosen=[card for card in self.get("products") or () if card],
                category_id=self.get("category"),
            )
        return self.wish

    @property
    def title(self) -> str:
        """What stands above the row."""
        if self.get("heading"):
            return str(self["heading"])
        if self.get("source") == "category":
            category = find_category(self.get("category"))
            return category.name if category else ""
        return str(HEADINGS.get(self.get("source") or "newest", ""))

    @property
    def more(self) -> str:
        """Where "see all" leads, if anywhere."""
        if self.get("source") != "category":
            return ""
        category = find_category(self.get("category"))
        return category.url if category else ""


class ProductRowBlock(blocks.StructBlock):
    """Products as the shop shows them, with the price of whoever looks."""

    heading = blocks.CharBlock(
        required=False,
        max_length=80,
        label=_("Heading"),
        help_text=_("Empty: a fitting one is taken."),
    )
    source = blocks.ChoiceBlock(
        choices=[
            ("newest", _("The newest")),
            ("best", _("What sells best")),
            ("category", _("The newest of a category")),
            ("chosen", _("Chosen below")),
        ],
        default="newest",
        label=_("Shows"),
    )
    category = CategoryBlock(required=False, label=_("Category"))
    products = blocks.ListBlock(
        ProductBlock(required=False),
        min_num=0,
        max_num=MOST_IN_A_ROW,
        default=[],
        label=_("Chosen products"),
        help_text=_("Products that are hidden or gone are left out by themselves."),
    )
    count = blocks.ChoiceBlock(
        choices=[("4", "4"), ("8", "8"), ("12", "12")], default="4", label=_("At most")
    )

    class Meta:
        icon = "tag"
        label = _("Products")
        group = _("Shop")
        value_class = ProductRowValue
        template = "cms/blocks/product_row.html"
        preview_value = {"source": "newest", "count": "4"}

    def clean(self, value: Any) -> Any:
        """A row that shows a category or chosen products says which."""
        cleaned = super().clean(value)
        if cleaned["source"] == "category" and not cleaned.get("category"):
            error = ValidationError(_("Say which category."))
            raise StructBlockValidationError(block_errors={"category": error})
        if cleaned["source"] == "chosen" and not any(cleaned.get("products") or ()):
            error = ValidationError(_("Choose at least one product, or show the newest."))
            raise StructBlockValidationError(block_errors={"source": error})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """By itself, as in a block's preview, a row reads its own products."""
        context = super().get_context(value, parent_context=parent_context)
        is_filled = value.wish is not None
        wish = value.make_wish()
        request = context.get("request")
        if not is_filled and request is not None and hasattr(request, "strategy"):
            fill_rows(rows=[wish], request=request, at=timezone.now())
        context["products"] = wish.products
        return context
