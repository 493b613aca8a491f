"""Doorbells of allauth: what else happens when someone registers or signs in."""

import logging
from typing import Any

from allauth.account.signals import authentication_step_completed, user_signed_up
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from storefront.accounts.models import User

logger = logging.getLogger(__name__)


def connect() -> None:
    """Hang up the bells; called once, from the app's `ready()`."""
    user_signed_up.connect(
        bind_customer_when_signed_up, dispatch_uid="accounts.bind_customer_when_signed_up"
    )
    if settings.DEBUG:
        authentication_step_completed.connect(
            show_code_when_password_was_right,
            dispatch_uid="accounts.show_code_when_password_was_right",
        )


def bind_customer_when_signed_up(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The new customer belongs to the member whose link brought them; never stops a sign-up."""
    referral = getattr(request, "referral", None)
    at = timezone.now()

    def bind() -> None:
        from mlm_plugin.shop.attribution import bind_at_registration

        bind_at_registration(user=user, referral=referral, at=at)

    transaction.on_commit(bind, robust=True)


def show_code_when_password_was_right(*, user: User, method: str, **kwargs: Any) -> None:
    """Development only: the second factor's code appears in the log of `make run`."""
    from storefront.accounts.selectors import get_totp_code

    if method == "password" and (code := get_totp_code(user=user, at=timezone.now())):
        logger.info("Two-factor code of %s: %s", user.email, code)
