"""Oscar's account forms without passwords and addresses: those belong to allauth."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer import forms as oscar_forms
from oscar.apps.customer.forms import *  # noqa: F403


class PasswordResetForm(oscar_forms.PasswordResetForm):
    """What the dashboard uses to send someone a reset link: allauth's mail and page."""

    def save(
        self, *args: Any, domain_override: str | None = None, request: HttpRequest, **kwargs: Any
    ) -> None:
        """Send the link that `/accounts/password/reset/` would send."""
        form = ResetPasswordForm({"email": self.cleaned_data["email"]})
        if form.is_valid():
            form.save(request)


class ProfileForm(forms.ModelForm):
    """The customer's name; the address is changed, and confirmed, at `/accounts/email/`."""

    class Meta:
        model = oscar_forms.User
        fields = ["first_name", "last_name"]

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=user, **kwargs)


class ConfirmPasswordForm(forms.Form):
    """Closing the account: allauth has asked for the password just before."""

    confirm = forms.BooleanField(label=_("Yes, close my account"))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
