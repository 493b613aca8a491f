"""Reads of the shop's door: who a buyer is to the network."""

from typing import Any

from mlm_plugin.conf import get_setting
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import BuyerKind, CreditedOrder

_KIND = "_mlm_buyer_kind"


def get_member_for(*, user: Any) -> Member | None:
    """The member who signs in as this user, whatever the status.

    No query for nobody and anonymous visitors; else one per user object, which Django keeps for
    the rest of the request.
    """
    if user is None or not user.is_authenticated:
        return None
    return getattr(user, "member", None)


def has_membership(*, user: Any) -> bool:
    """Whether this user is a member of the network whose membership has not been ended."""
    member = get_member_for(user=user)
    return member is not None and member.status != Member.Status.TERMINATED


def get_buyer_kind(*, user: Any) -> str:
    """Whether this user buys as a member, a preferred customer or at retail (a `BuyerKind`).

    Only active members buy as members. `MLM["PREFERRED"]` says how a customer becomes preferred:
    by registering, or by a first order that was paid and not taken back. Asked once per user
    object; no query for nobody and anonymous visitors.
    """
    if user is None or not user.is_authenticated:
        return BuyerKind.RETAIL
    kind = getattr(user, _KIND, None)
    if kind is None:
        kind = _find_buyer_kind(user)
        setattr(user, _KIND, kind)
    return str(kind)


def _find_buyer_kind(user: Any) -> str:
    member = get_member_for(user=user)
    if member and member.may_be_credited:
        return BuyerKind.MEMBER
    rule = get_setting("PREFERRED")
    if rule == "registration" or (rule == "first_order" and _has_paid_order(user)):
        return BuyerKind.PREFERRED
    return BuyerKind.RETAIL


def _has_paid_order(user: Any) -> bool:
    paid = CreditedOrder.objects.filter(buyer_id=user.pk, paid_at__isnull=False)
    return paid.filter(cancelled_at=None).exists()
