"""Oscar's forms for the people of a partner, without passwords: everyone sets their own."""

from typing import Any

from oscar.apps.dashboard.partners import forms as oscar_forms
from oscar.apps.dashboard.partners.forms import *  # noqa: F403


class NewUserForm(oscar_forms.NewUserForm):
    """A new person; they choose a password through the password reset."""

    password1 = None
    password2 = None
    redirect_url = None

    class Meta(oscar_forms.NewUserForm.Meta):
        fields = ["first_name", "last_name", "email"]

    def clean_email(self) -> str:
        """Addresses are kept in small letters, as allauth keeps them."""
        return super().clean_email().lower()

    def save(self) -> Any:
        """Oscar's save sets the password of its form; this one has none."""
        self.cleaned_data["password1"] = None
        return super().save()


class ExistingUserForm(oscar_forms.ExistingUserForm):
    """Name and role of a person."""

    password1 = None
    password2 = None

    class Meta(oscar_forms.ExistingUserForm.Meta):
        fields = ["first_name", "last_name"]

    def save(self, commit: bool = False) -> Any:
        """Oscar's save reads a password that this form does not have."""
        self.cleaned_data["password1"] = ""
        return super().save(commit)
