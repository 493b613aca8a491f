"""Members below their sponsors, customers bound to members, and the people who work on the site."""

from datetime import datetime, timedelta
from typing import Any

from mlm_plugin.network.services import join_member, set_status
from mlm_plugin.shop.attribution import bind_at_registration
from mlm_plugin.shop.referrals import Referral
from storefront.accounts.models import User
from storefront.accounts.services import create_user, give_role, set_totp
from storefront.cms.storefronts.services import set_listing
from storefront.demo import logins, names


def hire_staff() -> None:
    """One person per role, with password and second factor."""
    for login in logins.STAFF:
        user = create_user(
            email=login.email,
            password=logins.PASSWORD,
            first_name=login.first_name,
            last_name=login.last_name,
            is_email_confirmed=True,
        )
        if login.role:
            give_role(user=user, role=login.role)
        else:
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        set_totp(user=user, secret=login.secret)


def enrol_members(*, at: datetime) -> dict[str, Any]:
    """The whole tree, top down; returns the members by first name."""
    members: dict[str, Any] = {}
    for index, (first_name, last_name, sponsor, days) in enumerate(names.MEMBERS):
        joined_at = _moment(at, days=days, index=index)
        user = _register(first_name, last_name, at=joined_at)
        members[first_name] = join_member(
            sponsor_id=members[sponsor].pk if sponsor else None,
            joined_at=joined_at,
            first_name=first_name,
            last_name=last_name,
            user_id=user.pk,
            code=first_name,
        )
    return members


def register_customers(*, members: dict[str, Any], at: datetime) -> None:
    """Customers who followed a member's link belong to that member from registration on."""
    for index, (first_name, last_name, member) in enumerate(names.CUSTOMERS):
        moment = _moment(at, days=100 + 3 * index, index=index)
        user = _register(first_name, last_name, at=moment)
        bind_at_registration(user=user, referral=refer(members.get(member)), at=moment)


def suspend_some(*, members: dict[str, Any]) -> None:
    """A few members who may not be credited any more."""
    for name in names.SUSPENDED:
        set_status(member_id=members[name].pk, status="suspended")


def list_some(*, members: dict[str, Any], at: datetime) -> None:
    """A few members whom strangers may find by name and place."""
    for name, city, country in names.LISTED:
        set_listing(member_id=members[name].pk, is_listed=True, city=city, country=country, at=at)


def refer(member: Any) -> Referral | None:
    """What a visitor's cookie says after following this member's link."""
    if member is None:
        return None
    return Referral(
        member_id=member.pk, code=member.code, first_name=member.first_name, campaign=""
    )


def _register(first_name: str, last_name: str, *, at: datetime) -> User:
    signs_in = first_name.lower() in {
        *logins.MEMBERS,
        logins.RETAIL_CUSTOMER,
        logins.PREFERRED_CUSTOMER,
    }
    user = create_user(
        email=logins.email_of(first_name),
        # Hashing a password takes as long as an order: the others never sign in.
        password=logins.PASSWORD if signs_in else None,
        first_name=first_name,
        last_name=last_name,
        is_email_confirmed=True,
    )
    User.objects.filter(pk=user.pk).update(date_joined=at)
    return user


def _moment(at: datetime, *, days: int, index: int) -> datetime:
    """That many days ago, at some hour of the day."""
    return at - timedelta(days=days, hours=index % 11, minutes=7 * index % 60)
