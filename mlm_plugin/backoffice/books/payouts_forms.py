"""Forms of the staff's pages about payouts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mlm_plugin.conf.payouts import list_payout_currencies
from mlm_plugin.payouts.batches import Filters
from mlm_plugin.payouts.models import Payout, TaxStatus
from mlm_plugin.payouts.money import NotAnAmount, read_money
from mlm_plugin.payouts.results import BOUNCED, LARGEST_FILE, PAID

LONGEST_REASON = 200


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    """Payouts by state, number or member."""

    q = forms.CharField(
        label=gettext_lazy("Payout or member’s code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *Payout.State.choices],
    )


class FilterForm(forms.Form):
    """Which of the waiting payouts."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    country = forms.CharField(
        label=gettext_lazy("Country (two letters)"), max_length=2, required=False
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        required=False,
        choices=[("", gettext_lazy("any")), *Payout.Origin.choices],
    )
    requested_through = forms.DateField(
        label=gettext_lazy("Requested through"), required=False, widget=_day_input()
    )
    at_least = forms.CharField(label=gettext_lazy("At least"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(each, each) for each in list_payout_currencies()]

    def clean(self) -> dict[str, Any]:
        """The country in capitals, the amount in the smallest unit as `minor`."""
        cleaned = super().clean() or {}
        cleaned["country"] = cleaned.get("country", "").upper()
        cleaned["minor"] = 0
        if cleaned.get("at_least") and cleaned.get("currency"):
            try:
                cleaned["minor"] = read_money(cleaned["at_least"], currency=cleaned["currency"])
            except NotAnAmount as error:
                self.add_error("at_least", str(error))
        return cleaned

    def filters(self) -> Filters:
        """What was chosen; everything of the first currency while nothing, or nonsense, was."""
        if not self.is_bound or not self.is_valid():
            return Filters(currency=next(iter(list_payout_currencies()), ""))
        asked = self.cleaned_data
        return Filters(
            currency=asked["currency"],
            country=asked["country"],
            origin=asked["origin"],
            requested_through=asked["requested_through"],
            at_least=asked["minor"],
        )


class PrepareForm(FilterForm):
    """The same, with the day of payment; `key` makes sending twice harmless."""

    execute_on = forms.DateField(label=gettext_lazy("Date of payment"), widget=_day_input())
    key = forms.UUIDField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)


class OutcomeForm(forms.Form):
    """What became of one payout at the bank."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[
            (PAID, pgettext_lazy("payout", "paid")),
            (BOUNCED, pgettext_lazy("payout", "sent back by the bank")),
        ],
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=_day_input())
    reason = forms.CharField(
        label=gettext_lazy("The bank’s reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("Needed when the money came back; the member reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Money that came back has a reason."""
        cleaned = super().clean() or {}
        if cleaned.get("result") == BOUNCED and not cleaned.get("reason"):
            self.add_error("reason", _("A payment that came back needs the bank’s reason."))
        return cleaned


class TaxStatusForm(forms.Form):
    """What a member is to the tax office, and the paper that says so."""

    status = forms.ChoiceField(label=gettext_lazy("Tax status"), choices=TaxStatus.Status.choices)
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=_day_input())
    note = forms.CharField(label=gettext_lazy("Seen paper"), max_length=LONGEST_REASON)


class ResultForm(forms.Form):
    """The bank's answer as a table."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the columns payout, result (paid or bounced), date, and if wanted amount and reason."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Not larger than any bank's answer."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large."))
        return file
