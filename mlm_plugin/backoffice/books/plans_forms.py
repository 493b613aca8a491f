"""What is typed in about plans: where a draft begins, its text, and what is decided about it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mlm_plugin.commissions.models import PlanVersion
from mlm_plugin.commissions.plan_selectors import list_shipped_plans
from mlm_plugin.plan.document.loading import LARGEST_FILE

LONGEST_REASON = 2000
LIBRARY, VERSION = "library", "version"


class StateForm(forms.Form):
    """Versions of one state, or all."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *PlanVersion.State.choices],
    )


class StartForm(forms.Form):
    """Which plan a draft begins as: one of the library, or an earlier version."""

    start = forms.ChoiceField(label=gettext_lazy("Begin with"))

    def __init__(self, *args: Any, versions: Iterable[PlanVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = [(f"{LIBRARY}:{plan.name}", plan.title) for plan in list_shipped_plans()]
        earlier = [(f"{VERSION}:{each.pk}", _name_of(each)) for each in versions]
        self.fields["start"].choices = [
            *([(_("Earlier versions"), earlier)] if earlier else []),
            (_("Plans that come along"), shipped),
        ]

    def read(self) -> tuple[str, str]:
        """`library` or `version`, and which, of a valid form."""
        kind, _sign, which = self.cleaned_data["start"].partition(":")
        return kind, which


class DocumentForm(forms.Form):
    """The text of a draft. `seen` is the digest of the text it began with."""

    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=LARGEST_FILE,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 30,
                "class": "plan-text",
                "spellcheck": "false",
                "autocomplete": "off",
                "autocapitalize": "off",
                "wrap": "off",
            }
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def clean_document(self) -> str:
        """With line ends as files have them; browsers send others."""
        return str(self.cleaned_data["document"]).replace("\r\n", "\n")


class CompareForm(forms.Form):
    """Two versions to lay side by side."""

    before = forms.ChoiceField(label=gettext_lazy("Version"))
    after = forms.ChoiceField(label=gettext_lazy("Compared with"))

    def __init__(self, *args: Any, versions: Sequence[PlanVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = [(each.number, _name_of(each)) for each in versions]


class DecisionForm(forms.Form):
    """Submit, approve, send back or withdraw. `digest` is that of the document that was read."""

    effective_from = forms.TypedChoiceField(
        label=gettext_lazy("Effective from"),
        coerce=date.fromisoformat,
        required=False,
        help_text=gettext_lazy("The first day of a period that is not closed."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, begins: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].choices = [
            (day.isoformat(), date_format(day, "DATE_FORMAT")) for day in begins
        ]


def _name_of(version: PlanVersion) -> str:
    return f"{version.number}: {version.title or version.plan} ({version.get_state_display()})"
