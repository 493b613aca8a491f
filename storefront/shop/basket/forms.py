"""What may go into a basket."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from oscar.apps.basket import forms as oscar_forms
from oscar.apps.basket.forms import *  # noqa: F403


class AddToBasketForm(oscar_forms.AddToBasketForm):
    """Only what a visitor can find in the shop; Oscar would take a hidden product by its number."""

    def clean(self) -> dict[str, Any]:
        """Refuse hidden products, then ask price and stock as Oscar does."""
        for product in (self.product, self.parent_product, self.product.parent):
            if product is not None and not product.is_public:
                raise forms.ValidationError(_("This product is no longer available."))
        return super().clean()


class SimpleAddToBasketForm(oscar_forms.SimpleAddToBasketMixin, AddToBasketForm):
    """The same with a hidden quantity of one."""
