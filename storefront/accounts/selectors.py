"""Reads about people who sign in."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.conf import settings

from storefront.accounts.models import User

CMS_ACCESS = "wagtailadmin.access_admin"


def works_on_the_site(*, user: User) -> bool:
    """Whether the person has a role that reaches the dashboard, the CMS or Django's admin."""
    return user.is_active and (user.is_staff or user.is_superuser or user.has_perm(CMS_ACCESS))


def get_confirmed_addresses(*, user: User) -> list[str]:
    """The mail addresses that are known to be this person's: what guests did under them is theirs."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return list(confirmed.order_by("pk").values_list("email", flat=True))


def must_have_second_factor(*, user: User) -> bool:
    """Whether the installation demands a second factor of this person."""
    return settings.MFA_REQUIRED_FOR_STAFF and works_on_the_site(user=user)


def lacks_second_factor(*, user: User) -> bool:
    """Whether this person must set up a second factor before staff pages open."""
    return must_have_second_factor(user=user) and not is_mfa_enabled(
        user, [Authenticator.Type.TOTP]
    )


def get_totp_code(*, user: User, at: datetime) -> str | None:
    """The code the person's authenticator app shows at that moment; None without one.

    For the demo only: whoever can read this needs no second factor.
    """
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return None
    counter = int(at.timestamp()) // mfa_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), counter))
