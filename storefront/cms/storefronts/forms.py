"""The form of a member's own storefront."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront.cms.storefronts.models import GREETING_LENGTH
from storefront.shop.listing.models import ProductCard

MOST_PRODUCTS = 12


class StorefrontForm(forms.Form):
    """Greeting and products; only the cards given can be chosen."""

    greeting = forms.CharField(
        label=gettext_lazy("Greeting"),
        max_length=GREETING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Plain text. Everybody who opens your page reads it."),
    )
    products = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Products you show"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, cards: Sequence[ProductCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].choices = [(card.pk, card.title_here) for card in cards]

    def clean_products(self) -> list[int]:
        """At most as many as fit on the page."""
        products: list[int] = self.cleaned_data["products"]
        if len(products) > MOST_PRODUCTS:
            raise forms.ValidationError(
                _("Choose at most %(most)s products."), params={"most": MOST_PRODUCTS}
            )
        return products
