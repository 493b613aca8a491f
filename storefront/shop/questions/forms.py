"""What a shopper types on a product's page, and staff in the dashboard."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class HoneypotField(forms.CharField):
    """A field that people do not see; machines that fill it in are not listened to."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
        options = {"label": _("Leave this empty"), "required": False, "max_length": 200}
        super().__init__(**{**options, "widget": widget, **kwargs})


class AskerForm(forms.Form):
    """Name and address of who is not signed in."""

    # A name that machines like to fill in.
    website = HoneypotField()

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user.is_authenticated:
            for name in ("name", "email"):
                self.fields.pop(name, None)

    @property
    def is_trap(self) -> bool:
        """Whether a machine filled it in; asked of a bound form."""
        return bool((self.data.get(self.add_prefix("website")) or "").strip())


class QuestionForm(AskerForm):
    """A question about a product."""

    text = forms.CharField(
        label=_("Your question"),
        min_length=5,
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(
        label=_("First name"),
        max_length=60,
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        help_text=_("Shown beside your question."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For the answer; nobody sees it. We ask you to confirm it."),
    )
    field_order = ("text", "name", "email", "website")


class AlertForm(AskerForm):
    """Tell me when it is back: which of the variants that are sold out, and where to write."""

    variant = forms.TypedChoiceField(label=_("Which one"), coerce=int, choices=())
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We ask you to confirm it, write once, and forget it."),
    )
    field_order = ("variant", "email", "website")

    def __init__(
        self,
        data: Any = None,
        *,
        choices: list[tuple[int, str]],
        chosen: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix="alert", **kwargs)
        field = self.fields["variant"]
        field.choices = choices
        field.initial = chosen
        if len(choices) == 1:
            field.initial = choices[0][0]
            field.widget = forms.HiddenInput()


class AnswerForm(forms.Form):
    """The shop's answer."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=3000,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
