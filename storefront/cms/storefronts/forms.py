"""The form of a member's own storefront."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storefront.cms.storefronts.models import GREETING_LENGTH
from storefront.shop.listing.models import ProductCard

MOST_PRODUCTS = 12


class ListingForm(forms.Form):
    """Whether strangers may find the member, and by which place."""

    is_listed = forms.BooleanField(
        label=gettext_lazy("Show me to people who look for a member"),
        required=False,
        help_text=gettext_lazy(
            "Everybody can then find your name, town and country, and the link to your page. You can"
            " take it back here at any time."
        ),
    )
    city = forms.CharField(label=gettext_lazy("Town"), max_length=80, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    def __init__(self, *args: Any, countries: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [
            ("", "—"),
            *((country.pk, country.printable_name) for country in countries),
        ]


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
