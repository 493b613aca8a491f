"""allauth's forms where ours differ."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from storefront.accounts.models import User


class SignupForm(AllauthSignupForm):
    """Registration that also answers well when two people send the same address at once."""

    def try_save(self, request: HttpRequest) -> Any:
        """As allauth's; the loser of a race gets the same answer as anyone who comes later."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                raise
            self.account_already_exists = True
            return super().try_save(request)
