"""What the staff may type in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mlm_plugin.ledger.models import Account
from mlm_plugin.network.models import Member
from mlm_plugin.plan.money import POINT_PLACES, to_minor

# Far above any order, far below what a 64-bit total of a whole network can hold.
MOST_DIGITS = 12
LONGEST_REASON = 2000


class MemberSearchForm(forms.Form):
    """Find members by code, name or e-mail address."""

    q = forms.CharField(
        label=_("Code, name or e-mail"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("any")), *Member.Status.choices],
    )


class CustomerSearchForm(forms.Form):
    """Find a customer's member by the customer's e-mail address."""

    q = forms.CharField(label=_("Customer's e-mail"), max_length=100, required=False)


class AdjustmentForm(forms.Form):
    """Points by hand. `key` is made with the empty form, so that sending it twice counts once."""

    kind = forms.ChoiceField(
        label=_("Counts as"),
        choices=[
            (Account.Kind.PERSONAL.value, _("own points")),
            (Account.Kind.CUSTOMERS.value, _("customers' points")),
        ],
    )
    pv = forms.DecimalField(
        label=_("PV"),
        max_digits=MOST_DIGITS,
        decimal_places=POINT_PLACES,
        initial=0,
        localize=True,
        help_text=_("Below zero to take points away."),
    )
    cv = forms.DecimalField(
        label=_("CV"),
        max_digits=MOST_DIGITS,
        decimal_places=POINT_PLACES,
        initial=0,
        localize=True,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads this in the feed."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pv" in cleaned and "cv" in cleaned and not (cleaned["pv"] or cleaned["cv"]):
            raise forms.ValidationError(_("Enter points of at least one kind."))
        return cleaned

    def in_minor(self) -> tuple[int, int]:
        """PV and CV of a valid form in 1/100 point."""
        return to_minor(self.cleaned_data["pv"]), to_minor(self.cleaned_data["cv"])


class CloseBooksForm(forms.Form):
    """Close the books through a day; it is typed twice, because it cannot be taken back."""

    through = forms.DateField(
        label=_("Close through"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    again = forms.DateField(
        label=_("The same day again"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A closed day stays closed. Entries that come later count for the next one."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "through" in cleaned and "again" in cleaned and cleaned["through"] != cleaned["again"]:
            self.add_error("again", _("The two days differ."))
        return cleaned
