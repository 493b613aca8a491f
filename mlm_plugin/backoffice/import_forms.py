"""What the staff may say about a file of members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.member_rows import KNOWN
from mlm_plugin.network.models import NetworkImport

LABELS = {
    "member": _("member’s number"),
    "sponsor": _("sponsor’s number"),
    "scheme": _("rule scheme"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "rank": _("rank"),
    "status": _("status"),
    "joined": _("day of joining"),
    "parent": _("placement: below whom"),
    "slot": _("placement: slot"),
    "opening_pv": _("opening PV, own"),
    "opening_cv": _("opening CV, own"),
    "opening_customers_pv": _("opening PV of customers"),
    "opening_customers_cv": _("opening CV of customers"),
    "balance": _("opening balance"),
    "currency": _("currency of the balance"),
    "pv": _("volume, only checked"),
}
CHOICES = [("", _("leave out")), *((name, LABELS[name]) for name in KNOWN)]


class UploadForm(forms.Form):
    """A file of members."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=False,
        help_text=_("CSV (UTF-8) or XLSX, one row per member, the first row says what is where."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


class MatchForm(forms.Form):
    """What each column of the file is, and what holds for all rows."""

    prefix = forms.SlugField(
        label=_("Prefix of all numbers"),
        max_length=16,
        required=False,
        help_text=_("Put before every number: with DE- the member 17 becomes DE-17."),
    )
    opens_on = forms.DateField(
        label=_("Opening points count for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A day of the period they belong to; empty: the day of the import."),
    )

    def __init__(self, *args: Any, of: NetworkImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        for number, cell in enumerate(of.heading):
            name = of.columns[number] if number < len(of.columns) else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=cell or f"{number + 1}", choices=CHOICES, required=False, initial=name
            )
        self.initial.setdefault("prefix", of.prefix)
        self.initial.setdefault("opens_on", of.opens_on)

    @property
    def matched(self) -> list[tuple[str, list[str], Any]]:
        """Heading, first cells and field of each column, for the table on the page."""
        return [
            (
                cell,
                [row[number] if number < len(row) else "" for row in self.of.sample],
                self[f"column_{number}"],
            )
            for number, cell in enumerate(self.of.heading)
        ]

    @property
    def common(self) -> list[Any]:
        """The fields that hold for all rows."""
        return [self["prefix"], self["opens_on"]]

    def columns(self) -> list[str]:
        """Our name of each column of a valid form."""
        return [self.cleaned_data[f"column_{number}"] for number in range(len(self.of.heading))]
