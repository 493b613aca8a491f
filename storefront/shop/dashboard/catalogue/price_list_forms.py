"""Forms of the price list, tax and delivery pages."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.shop.dashboard.catalogue.formsets import PointsField
from storefront.shop.prices.models import ShippingCharge, TaxRate
from storefront.shop.prices.price_list import MOST_BYTES, parse_price


class PriceField(forms.CharField):
    """A price as a person writes it; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 20, **kwargs})

    def clean(self, value: Any) -> Decimal | None:
        try:
            return parse_price(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PriceListRowForm(forms.Form):
    """One product of the table."""

    product_id = forms.IntegerField(widget=forms.HiddenInput)
    pv = PointsField(label=_("PV"))
    cv = PointsField(label=_("CV"))
    retail = PriceField(label=_("Retail"))
    preferred = PriceField(label=_("Preferred"))
    member = PriceField(label=_("Member"))


PriceListFormSet = forms.formset_factory(PriceListRowForm, extra=0, max_num=200, validate_max=True)


class PriceListFileForm(forms.Form):
    """The CSV file to take in."""

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return file


TaxRateFormSet = forms.modelformset_factory(
    TaxRate, fields=["country", "basis_points", "taxes_shipping"], extra=1, can_delete=True
)
ShippingChargeFormSet = forms.modelformset_factory(
    ShippingCharge,
    fields=["method", "country", "charge", "free_from", "is_offered"],
    extra=1,
    can_delete=True,
)
