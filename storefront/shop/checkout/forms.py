"""What a buyer types in the checkout."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.apps.checkout.forms import ShippingAddressForm as OscarShippingAddressForm

from mlm_plugin.network.selectors import get_creditable_member
from storefront.shop.payments.models import CheckoutAttempt

Method = CheckoutAttempt.Method


class GuestForm(forms.Form):
    """The e-mail address of somebody who buys without an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the confirmation and the way of your parcel."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class ShippingAddressForm(OscarShippingAddressForm):
    """Where the goods go; few fields, filled in by browsers that know the address."""

    class Meta(OscarShippingAddressForm.Meta):
        fields = [
            "first_name",
            "last_name",
            "line1",
            "line2",
            "postcode",
            "line4",
            "state",
            "country",
            "phone_number",
            "notes",
        ]

    AUTOCOMPLETE = {
        "first_name": "given-name",
        "last_name": "family-name",
        "line1": "address-line1",
        "line2": "address-line2",
        "postcode": "postal-code",
        "line4": "address-level2",
        "state": "address-level1",
        "country": "country",
        "phone_number": "tel",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = value
        self.fields["first_name"].required = self.fields["last_name"].required = True
        self.fields["line1"].label = _("Street and number")
        self.fields["line2"].label = _("Flat, floor, company")
        self.fields["state"].label = _("State or region")
        self.fields["phone_number"].help_text = _("Only if the parcel service needs to call you.")
        self.fields["notes"] = forms.CharField(
            label=_("Note for the delivery"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class ShippingMethodForm(forms.Form):
    """One of the methods offered for this basket and address."""

    method_code = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, methods: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method_code"].choices = [(each.code, each.name) for each in methods]


class PaymentForm(forms.Form):
    """How the order is paid and, if the buyer likes, whom it is credited to."""

    method = forms.ChoiceField(
        choices=[(Method.CARD, Method.CARD.label), (Method.TRANSFER, Method.TRANSFER.label)],
        widget=forms.RadioSelect,
        initial=Method.CARD,
    )
    # Filled in by payment.js: the provider's id of the card, never the card.
    payment_method = forms.RegexField(
        r"^[A-Za-z]+_[A-Za-z0-9_]+$", max_length=255, required=False, widget=forms.HiddenInput
    )
    # What this page showed as the total: compared with the server's, never charged.
    seen_total = forms.IntegerField(widget=forms.HiddenInput)
    member_code = forms.CharField(
        label=_("Member code"),
        required=False,
        max_length=64,
        help_text=_("If somebody recommended us to you, enter their code here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needs_payment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_payment = needs_payment
        self.fields["method"].required = needs_payment
        if not settings.BANK_TRANSFER_IBAN:
            self.fields["method"].choices = [(Method.CARD, Method.CARD.label)]

    def clean_member_code(self) -> str:
        code = self.cleaned_data["member_code"].strip()
        if code and get_creditable_member(code=code) is None:
            raise forms.ValidationError(_("There is no member with this code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        by_card = self.needs_payment and cleaned.get("method") == Method.CARD
        if by_card and not cleaned.get("payment_method"):
            self.add_error("method", _("Please fill in your card."))
        return cleaned
