"""Writes about people who sign in. Everyday changes (password, address, second factor) are made by
allauth's own pages; these are for commands, demo data and staff.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import transaction

from mlm_plugin.shop.selectors import has_membership
from storefront.accounts.models import User
from storefront.accounts.roles import ROLES, STAFF_ROLES


class MemberStays(Exception):
    """A member's account cannot be closed by a click: the place in the network goes with it."""


def create_user(
    *,
    email: str,
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    is_email_confirmed: bool = False,
) -> User:
    """A new sign-in; without a password it is set by the password reset page.

    Raises IntegrityError where the address is taken, whatever its case.
    """
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
        EmailAddress.objects.create(
            user=user, email=email, primary=True, verified=is_email_confirmed
        )
    return user


def give_role(*, user: User, role: str) -> None:
    """Put the person into the role's group; Operators and Finance also become staff.

    Raises ValueError for a role that does not exist.
    """
    if role not in ROLES:
        raise ValueError(f"There is no role {role!r}; roles are {', '.join(ROLES)}.")
    with transaction.atomic():
        user.groups.add(Group.objects.get(name=role))
        if role in STAFF_ROLES and not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])


def set_totp(*, user: User, secret: str) -> None:
    """Give the person a second factor with this base32 secret, in place of any there was."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)


def close_account(*, user: User) -> None:
    """Make a customer nameless and end every way to sign in; orders and points stay as facts.

    Raises MemberStays for a member of the network whose membership has not been ended.
    """
    if has_membership(user=user):
        raise MemberStays
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        user.addresses.all().delete()
        user.groups.clear()
        user.user_permissions.clear()
        user.email = f"closed-{user.pk}@account.invalid"
        user.first_name = user.last_name = ""
        user.is_active = user.is_staff = user.is_superuser = False
        user.set_unusable_password()
        user.save()
