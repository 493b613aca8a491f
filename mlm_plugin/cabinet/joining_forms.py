"""What an applicant types, step by step; each form checks what it can and keeps one spelling."""

from datetime import date
from typing import Any

import phonenumbers
from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mlm_plugin.conf import get_content
from mlm_plugin.conf.content import AgreementText
from mlm_plugin.conf.markets import Market, list_open_countries
from mlm_plugin.network.models import PersonalData
from mlm_plugin.network.personal import Secrets
from mlm_plugin.network.personal_checks import (
    OLDEST,
    NotValid,
    check_age,
    read_bank_account,
    read_phone,
    read_tax_number,
    read_vat_number,
)

Kind = PersonalData.Kind
ADDRESS_NAMES = ("line1", "line2", "line3", "line4", "state", "postcode")
AUTOCOMPLETE = {
    "line1": "address-line1",
    "line2": "address-line2",
    "line3": "address-level3",
    "line4": "address-level2",
    "state": "address-level1",
    "postcode": "postal-code",
}
# What the number is called where people would not know it by "tax number".
TAX_HINTS = {
    "AT": _("Steuernummer: nine digits."),
    "DE": _("Persons: the tax identification number of eleven digits. Companies: Steuernummer."),
    "GB": _("UTR: ten digits."),
    "IN": _("PAN: five letters, four digits, a letter."),
    "RU": _("INN: twelve digits for persons, ten for companies."),
    "US": _("SSN or ITIN; EIN for companies."),
}
MISSING = {"required": _("Please fill this in.")}


class PersonForm(forms.Form):
    """A person, or a company and who speaks for it."""

    kind = forms.ChoiceField(
        label=_("I join as"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.PERSON
    )
    company = forms.CharField(
        label=_("Name of the company"),
        max_length=200,
        required=False,
        help_text=_("Only if a company joins."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Please enter your first name.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Please enter your last name.")},
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please enter your date of birth."),
            "invalid": _("This is no date. One looks like 1990-05-17."),
        },
        help_text=_("Nobody but our service sees it."),
    )

    def __init__(self, *args: Any, today: date, minimum_age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.minimum_age = today, minimum_age
        oldest = today.replace(year=today.year - OLDEST, day=1)
        self.fields["born_on"].widget.attrs |= {
            "max": today.isoformat(),
            "min": oldest.isoformat(),
        }

    def clean_born_on(self) -> date:
        """Old enough for the market; before the country is known, for the least strict one."""
        born_on: date = self.cleaned_data["born_on"]
        try:
            check_age(born_on=born_on, today=self.today, minimum=self.minimum_age)
        except NotValid as error:
            raise forms.ValidationError(str(error)) from error
        return born_on

    def clean(self) -> dict[str, Any]:
        """A company has a name; a person has none of a company."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Kind.COMPANY and not cleaned.get("company"):
            self.add_error("company", _("Please enter the name of the company."))
        elif cleaned.get("kind") == Kind.PERSON:
            cleaned["company"] = ""
        return cleaned


class ContactForm(forms.Form):
    """Where the applicant lives: the fields of the country, as in the checkout."""

    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("This is no e-mail address. One looks like nina@example.com."),
        },
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(
        self, *args: Any, countries: list[tuple[str, str]], country: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        self.rules = get_content().get_address_rules(country=country)
        self.fields["country"].choices = countries
        self.initial["country"] = country
        self.rows = [list(row) for row in self.rules.rows]
        self.rows.insert(self.rows.index(["line1"]) + 1, ["line2"])
        for name in (name for row in self.rows for name in row):
            self.fields[name] = self._make_field(name)

    @property
    def address_rows(self) -> list[list[Any]]:
        """The bound fields of the address in the country's order, rows of one or two."""
        return [[self[name] for name in row] for row in self.rows]

    def _make_field(self, name: str) -> forms.Field:
        attrs = {"autocomplete": AUTOCOMPLETE[name]}
        own = {"line1": _("Street and number"), "line2": _("Flat, floor")}
        said: dict[str, Any] = {
            "label": self.rules.labels.get(name) or own.get(name),
            "required": name in self.rules.required,
            "error_messages": MISSING,
        }
        if name == "state" and self.rules.regions:
            given = str(self.initial.get("state") or "")
            self.initial["state"] = self.rules.find_region(given) or ""
            choices = [("", _("Please choose")), *self.rules.region_choices()]
            return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=attrs), **said)
        if name == "postcode" and self.rules.postcode_example:
            said["help_text"] = _("For example %s") % self.rules.postcode_example
        return forms.CharField(max_length=100, widget=forms.TextInput(attrs=attrs), **said)

    def clean_postcode(self) -> str:
        """As the country writes it."""
        text: str = self.cleaned_data["postcode"].strip()
        if "postcode" in self.rules.upper:
            text = text.upper()
        if text and not self.rules.is_postcode(text):
            raise forms.ValidationError(_("This is no post code of the country you chose."))
        return text

    def clean_phone(self) -> str:
        """In the international form."""
        try:
            return read_phone(self.cleaned_data["phone"], country=self.country)
        except NotValid as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def address(self) -> dict[str, str]:
        """The address of a valid form, without what was left empty."""
        names = [name for row in self.rows for name in row]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class PaymentForm(forms.Form):
    """Tax and bank data. What was given before is shown by its end only; an empty field keeps it."""

    tax_number = forms.CharField(label=_("Your tax number"), max_length=40, required=False)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=40,
        required=False,
        help_text=_("If you have one, with the letters of the country, such as DE136695976."),
    )
    account = forms.CharField(
        label=_("Bank account (IBAN)"), max_length=50, required=False, help_text=_("For payouts.")
    )
    bank_code = forms.CharField(
        label=_("BIK of the bank"),
        max_length=20,
        required=False,
        help_text=_("Only with an account of 20 digits."),
    )
    holder = forms.CharField(
        label=_("Holder of the account"),
        max_length=140,
        required=False,
        help_text=_("If it is not you, the name that the bank knows."),
    )

    def __init__(
        self, *args: Any, market: Market, is_company: bool, kept: Secrets, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.market, self.is_company, self.kept = market, is_company, kept
        self.fields["tax_number"].help_text = TAX_HINTS.get(market.country, "")
        self.fields["tax_number"].required = market.tax_number == "required" and not kept.tax_number
        self.fields["tax_number"].error_messages["required"] = _("Your country asks for it.")
        if market.tax_number == "none":
            del self.fields["tax_number"], self.fields["vat_number"]
        if market.country == "RU":
            self.fields["account"].label = _("Bank account")
            self.fields["account"].help_text = _("For payouts: 20 digits.")
        else:
            del self.fields["bank_code"]
        for name, shown in kept.shown.items():
            if shown and name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = shown
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def keeps_something(self) -> bool:
        """Whether an empty field means what was given before."""
        return any(self.kept.shown.values())

    def clean_tax_number(self) -> str:
        """A number of the applicant's country."""
        text: str = self.cleaned_data["tax_number"]
        try:
            number = read_tax_number(text, country=self.market.country, is_company=self.is_company)
        except NotValid as error:
            raise forms.ValidationError(str(error)) from error
        return number or self.kept.tax_number

    def clean_vat_number(self) -> str:
        """A number of the applicant's country."""
        try:
            number = read_vat_number(self.cleaned_data["vat_number"], country=self.market.country)
        except NotValid as error:
            raise forms.ValidationError(str(error)) from error
        return number or self.kept.vat_number

    def clean(self) -> dict[str, Any]:
        """Account and bank together; an empty account keeps both."""
        cleaned = super().clean() or {}
        try:
            found = read_bank_account(
                cleaned.get("account", ""),
                bank_code=cleaned.get("bank_code", ""),
                country=self.market.country,
            )
        except NotValid as error:
            self.add_error("account", str(error))
            return cleaned
        cleaned["account"] = found.account if found else self.kept.account
        cleaned["bank_code"] = found.bank_code if found else self.kept.bank_code
        cleaned["holder"] = cleaned.get("holder") or self.kept.holder
        cleaned.setdefault("tax_number", "")
        cleaned.setdefault("vat_number", "")
        return cleaned


class AgreementForm(forms.Form):
    """The yes to the version that was on the screen."""

    agrees = forms.BooleanField(
        label=_("I have read the agreement and agree to it."),
        error_messages={"required": _("Without your agreement you cannot become a member.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, text: AgreementText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.initial["seen"] = text.key

    def clean(self) -> dict[str, Any]:
        """A version published while the page was open is shown before anybody agrees to it."""
        cleaned = super().clean() or {}
        if cleaned.get("seen") != self.text.key:
            self.data = {"seen": self.text.key}
            self.add_error(
                "agrees", _("A new version holds since a moment ago. Please read it first.")
            )
        return cleaned


class KitForm(forms.Form):
    """The starter kit, or not: both lead on."""

    wants_kit = forms.TypedChoiceField(
        choices=[("yes", _("Yes, put it into my basket")), ("no", _("No, I join without it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )


class PlaceForm(forms.Form):
    """The side below the sponsor, or no wish."""

    slot = forms.TypedChoiceField(
        coerce=lambda value: None if value == "any" else int(value),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def __init__(self, *args: Any, width: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [("any", _("I have no wish")), *list_sides(width)]


class InvitationForm(forms.Form):
    """Whom a member invites."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={
            "invalid": _("This is no e-mail address. One looks like nina@example.com.")
        },
    )
    knows = forms.BooleanField(
        label=_("This person knows me and expects the mail."),
        error_messages={"required": _("Please invite only people who expect it.")},
    )


def list_sides(width: int) -> list[tuple[str, Any]]:
    """The slots below a sponsor by name: two have sides, more have numbers."""
    if width == len(("left", "right")):
        return [("0", _("Left")), ("1", _("Right"))]
    return [(str(slot), _("Branch %s") % (slot + 1)) for slot in range(width)]


def list_countries() -> list[tuple[str, str]]:
    """Countries where joining is open, by their names in the visitor's language."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    codes = [code for code in phonenumbers.SUPPORTED_REGIONS if code in names]
    opened = list_open_countries(all_countries=codes)
    return sorted(((code, names[code]) for code in opened), key=lambda each: each[1])
