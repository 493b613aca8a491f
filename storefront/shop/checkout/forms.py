"""What a buyer types in the checkout."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core import validators
from django.utils.translation import gettext_lazy as _
from oscar.apps.checkout.forms import ShippingAddressForm as OscarShippingAddressForm
from oscar.core.loading import get_model

from mlm_plugin.network.selectors import get_creditable_member
from storefront.shop.checkout.address_rules import get_address_rules
from storefront.shop.payments.models import CheckoutAttempt, SavedCard

Method = CheckoutAttempt.Method


class AddressForm(forms.Form):
    """Where the goods go: the fields of the country, few of them, known to the browser by name.

    A guest also gives an e-mail address; a basket of which nothing travels asks for nothing else.
    """

    # Length of Oscar's columns.
    LENGTH = {"postcode": 64}
    AUTOCOMPLETE = {
        "line1": "address-line1",
        "line2": "address-line2",
        "line3": "address-level3",
        "line4": "address-level2",
        "state": "address-level1",
        "postcode": "postal-code",
    }

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the confirmation and the way of your parcel."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("This is no e-mail address. One looks like nina@example.com."),
        },
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Please enter your first name.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Please enter your last name.")},
    )
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    phone_number = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=32,
        help_text=_("Only if the parcel service needs to call you."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    notes = forms.CharField(
        label=_("Note for the delivery"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        countries: list[Any],
        country_code: str,
        asks_email: bool,
        needs_shipping: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_email:
            del self.fields["email"]
        self.rules = get_address_rules(country_code)
        self.country_code = country_code
        if not needs_shipping:
            for name in ("first_name", "last_name", "country", "phone_number", "notes"):
                del self.fields[name]
            return
        if len(countries) == 1:
            del self.fields["country"]
        else:
            self.fields["country"].choices = [(each.pk, each.printable_name) for each in countries]
            self.initial["country"] = country_code
        self.rows = [list(row) for row in self.rules.rows]
        self.rows.insert(self.rows.index(["line1"]) + 1, ["line2"])
        for name in (name for row in self.rows for name in row):
            self.fields[name] = self._make_field(name)

    @property
    def address_rows(self) -> list[list[Any]]:
        """The bound fields of the address in the country's order, rows of one or two."""
        return [[self[name] for name in row] for row in self.rows]

    def _make_field(self, name: str) -> forms.Field:
        attrs = {"autocomplete": self.AUTOCOMPLETE[name]}
        label = self.rules.labels.get(name) or {
            "line1": _("Street and number"),
            "line2": _("Flat, floor, company"),
        }.get(name)
        said = {"label": label, "required": name in self.rules.required}
        missing = {"required": _("Please fill this in: the parcel needs it.")}
        if name == "state" and self.rules.regions:
            given = str(self.initial.get("state") or "")
            self.initial["state"] = self.rules.find_region(given) or ""
            return forms.ChoiceField(
                choices=[("", _("Please choose")), *self.rules.region_choices()],
                widget=forms.Select(attrs=attrs),
                error_messages={**missing, "invalid_choice": _("Please choose from the list.")},
                **said,
            )
        if name == "postcode" and self.rules.postcode_example:
            said["help_text"] = _("For example %s") % self.rules.postcode_example
        return forms.CharField(
            max_length=self.LENGTH.get(name, 255),
            widget=forms.TextInput(attrs=attrs),
            error_messages=missing,
            **said,
        )

    def clean_postcode(self) -> str:
        """As the country writes it; the pattern comes with the country's data."""
        text = self.cleaned_data["postcode"].strip()
        if "postcode" in self.rules.upper:
            text = text.upper()
        if text and not self.rules.is_postcode(text):
            message = _("This is no post code of the country you chose.")
            if self.rules.postcode_example:
                message = _("This is no post code of the country you chose. One looks like %s.")
                raise forms.ValidationError(message % self.rules.postcode_example)
            raise forms.ValidationError(message)
        return text

    def clean_phone_number(self) -> str:
        """In the international form; a local number is one of the country of the address."""
        text = self.cleaned_data["phone_number"].strip()
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self.country_code)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(
                _("This is no phone number of that country. With + in front any country will do.")
            )
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def make_address(self) -> Any:
        """The unsaved shipping address."""
        names = [name for row in self.rows for name in row]
        said = {name: self.cleaned_data.get(name, "") for name in names}
        for name in ("first_name", "last_name", "phone_number", "notes"):
            said[name] = self.cleaned_data.get(name, "")
        return get_model("order", "ShippingAddress")(country_id=self.country_code, **said)


class ShippingAddressForm(OscarShippingAddressForm):
    """The fields of an address whose country is not known yet: the account's address book."""

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


class WalletForm(forms.Form):
    """How much of the order is paid from the own wallet; nothing takes it back."""

    amount = forms.DecimalField(
        label=_("From your wallet"),
        min_value=0,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, places: int = 2, **kwargs: Any) -> None:
        # People write a comma where their language does.
        typed = {"amount": data.get("amount", "").replace(",", ".").strip()} if data else None
        super().__init__(typed, **kwargs)
        self.fields["amount"].decimal_places = places
        self.fields["amount"].validators.append(
            validators.DecimalValidator(max_digits=14, decimal_places=places)
        )


class PaymentForm(forms.Form):
    """How the order is paid and, if the buyer likes, whom it is credited to."""

    # One choice for all: "card:7" is the buyer's kept card number 7.
    method = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose how to pay."),
            "invalid_choice": _("Please choose how to pay."),
        },
    )
    # Filled in by payment.js: the provider's id of the card, never the card.
    payment_method = forms.RegexField(
        r"^[A-Za-z]+_[A-Za-z0-9_]+$", max_length=255, required=False, widget=forms.HiddenInput
    )
    # What this page showed as the total: compared with the server's, never charged.
    seen_total = forms.IntegerField(widget=forms.HiddenInput)
    # What it said comes from the wallet: compared as well.
    seen_wallet = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # Which versions of the terms it named: compared with those in force.
    seen_legal = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    keeps_card = forms.BooleanField(
        label=_("Keep this card for next time"),
        required=False,
        help_text=_("Our payment provider keeps it, we never see the number. Remove it any time."),
    )
    member_code = forms.CharField(
        label=_("Member code"),
        required=False,
        max_length=64,
        help_text=_("If somebody recommended us to you, enter their code here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, needs_payment: bool, cards: list[SavedCard], may_keep: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needs_payment = needs_payment
        self.cards = {f"{Method.CARD}:{card.pk}": card for card in cards}
        self.fields["method"].required = needs_payment
        choices = [(value, str(card)) for value, card in self.cards.items()]
        choices.append((Method.CARD, _("Another card") if cards else Method.CARD.label))
        if settings.BANK_TRANSFER_IBAN:
            choices.append((Method.TRANSFER, Method.TRANSFER.label))
        self.fields["method"].choices = choices
        self.initial.setdefault("method", choices[0][0])
        if not may_keep:
            del self.fields["keeps_card"]

    def clean_member_code(self) -> str:
        code = self.cleaned_data["member_code"].strip()
        if code and get_creditable_member(code=code) is None:
            raise forms.ValidationError(_("There is no member with this code."))
        return code

    def clean(self) -> dict[str, Any]:
        """A kept card stands for the provider's id that the browser would have sent."""
        cleaned = super().clean() or {}
        kept = self.cards.get(cleaned.get("method", ""))
        if kept is not None:
            cleaned |= {"method": Method.CARD, "payment_method": kept.provider_id}
            cleaned["keeps_card"] = False
        by_card = self.needs_payment and cleaned.get("method") == Method.CARD
        if by_card and not cleaned.get("payment_method"):
            self.add_error("method", _("Please fill in your card."))
        return cleaned
