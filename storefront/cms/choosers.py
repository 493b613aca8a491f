"""The window in which editors choose a product: with its picture, article number and price."""

import re
from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser, BaseChooserAdapter

SCRIPTS = (
    "wagtailadmin/js/chooser-widget.js",
    "wagtailadmin/js/chooser-widget-telepath.js",
    "cms/product-chooser.js",
)


def name_of(card: Any) -> str:
    """The product as the form shows it once it is chosen: name, article number, price."""
    sku = get_skus([card.pk]).get(card.pk, "")
    parts = [card.title_here, sku, price_of(card)]
    if not card.is_public:
        parts.append(str(_("hidden")))
    return " · ".join(part for part in parts if part)


def picture_of(card: Any) -> str:
    """The address of the product's small picture; empty without one."""
    return default_storage.url(card.pictures[0]["small"]["path"]) if card.pictures else ""


def price_of(card: Any) -> str:
    """The stored price of the cheapest size, as lists of the staff show it."""
    from oscar.templatetags.currency_filters import currency

    return "" if card.price is None else str(currency(card.price))


def get_skus(product_ids: Any) -> dict[int, str]:
    """The first article number of each product, in one query; variants count for their product."""
    from django.db.models.functions import Coalesce

    rows = (
        get_model("partner", "StockRecord")
        .objects.annotate(head=Coalesce("product__parent_id", "product_id"))
        .filter(head__in=list(product_ids))
        .order_by("-pk")
        .values_list("head", "partner_sku")
    )
    return dict(rows)


class PictureColumn(Column):
    """The small picture of a product."""

    def get_value(self, instance: Any) -> str:
        address = picture_of(instance)
        if not address:
            return ""
        return format_html('<img src="{}" alt="" width="56" height="56" loading="lazy">', address)


class WithPicturesMixin:
    """Columns of the list; article numbers of a page of results are read at once."""

    # What is bought most is mostly what is new: the newest first.
    ordering = ("-created_at", "-pk")
    per_page = 12

    def get_filter_form(self) -> Any:
        """Words only: SQLite's search reads quotes and brackets as its own language."""
        asked = self.request.GET.copy()
        asked["q"] = " ".join(re.findall(r"\w+", asked.get("q", "")))[:100]
        return self.get_filter_form_class()(asked)

    def get_object_list(self) -> Any:
        return self.model_class.objects.filter(is_public=True)

    @property
    def columns(self) -> list[Column]:
        return [
            PictureColumn("picture", label=_("Picture"), width="72px"),
            self.title_column,
            Column("sku", label=_("Article number"), accessor="chooser_sku"),
            Column("price", label=_("Price"), accessor=price_of),
        ]

    def get_results_page(self, request: Any) -> Any:
        page = super().get_results_page(request)
        page.object_list = list(page.object_list)
        skus = get_skus(card.pk for card in page.object_list)
        for card in page.object_list:
            card.chooser_sku = skus.get(card.pk, "")
        return page


class ChooseProductView(WithPicturesMixin, ChooseView):
    """The window."""


class ChooseProductResultsView(WithPicturesMixin, ChooseResultsView):
    """Its list, as it is searched."""


class ShownMixin:
    """A chosen product is shown in the form as it is when the form opens again."""

    def get_display_title(self, instance: Any) -> str:
        return name_of(instance)

    def get_chosen_response_data(self, item: Any) -> dict[str, Any]:
        return {**super().get_chosen_response_data(item), "picture": picture_of(item)}


class ChosenProductView(ShownMixin, ChosenView):
    """What the form is told of the chosen product."""


class ChosenProductsView(ShownMixin, ChosenMultipleView):
    """And of several at once."""


class ProductChooser(BaseChooser):
    """The field in a form: picture, name, article number and price of what is chosen."""

    template_name = "cms/admin/product_chooser.html"
    js_constructor = "ProductChooser"

    def get_display_title(self, instance: Any) -> str:
        return name_of(instance)

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        data = super().get_value_data_from_instance(instance)
        return {**data, "picture": picture_of(instance)}

    def get_context(self, name: str, value_data: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value_data, attrs)
        return {**context, "picture": value_data.get("picture", "")}

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static(script) for script in SCRIPTS])


class ProductChooserAdapter(BaseChooserAdapter):
    """The same inside blocks, where Wagtail builds the field in the browser."""

    js_constructor = "storefront.cms.ProductChooser"

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static(script) for script in SCRIPTS])


register(ProductChooserAdapter(), ProductChooser)


class ProductChooserViewSet(ChooserViewSet):
    """Products, chosen by their cards."""

    model = "shop_listing.ProductCard"
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    choose_view_class = ChooseProductView
    choose_results_view_class = ChooseProductResultsView
    chosen_view_class = ChosenProductView
    chosen_multiple_view_class = ChosenProductsView
    base_widget_class = ProductChooser


product_chooser_viewset = ProductChooserViewSet("product_chooser", url_prefix="product-chooser")
