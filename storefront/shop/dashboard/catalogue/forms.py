"""Oscar's forms of the catalogue where ours differ."""

from typing import Any

from oscar.apps.dashboard.catalogue import forms as oscar_forms
from oscar.apps.dashboard.catalogue.forms import *  # noqa: F403

from storefront.shop.markup import clean_html


class ProductForm(oscar_forms.ProductForm):
    """Oscar's, but what the shop shows as HTML is harmless HTML."""

    def clean(self) -> dict[str, Any]:
        """Take out of description and rich attributes what no text needs: scripts, styles, forms."""
        cleaned = super().clean()
        attributes = self.instance.get_product_class().attributes.filter(type="richtext")
        rich = {f"attr_{code}" for code in attributes.values_list("code", flat=True)}
        shown = [name for name in (rich | {"description"}) if cleaned.get(name)]
        return {**cleaned, **{name: clean_html(cleaned[name]) for name in shown}}
