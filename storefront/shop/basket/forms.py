"""What may go into a basket."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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


class GiftNoteForm(forms.Form):
    """A few words that travel with the goods."""

    note = forms.CharField(
        label=gettext_lazy("Gift note"),
        required=False,
        max_length=300,
        strip=True,
        help_text=gettext_lazy("Up to 300 characters, printed on the slip in the parcel."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )


class DestinationForm(forms.Form):
    """The country goods go to, to see tax and delivery before giving an address."""

    country = forms.ChoiceField(label=gettext_lazy("Deliver to"))

    def __init__(self, *args: Any, countries: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [(each.pk, each.printable_name) for each in countries]


class SimpleAddToBasketForm(oscar_forms.SimpleAddToBasketMixin, AddToBasketForm):
    """The same with a hidden quantity of one."""
