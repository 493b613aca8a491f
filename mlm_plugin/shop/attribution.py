"""Whom an order is credited to, and why: decided at checkout, written with the order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.network.selectors import get_creditable_member
from mlm_plugin.network.services import bind_customer
from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.shop.referrals import Referral
from mlm_plugin.shop.selectors import get_buyer_kind, get_member_for
from mlm_plugin.volumes.models import BuyerKind

Source = OrderAttribution.Source


@dataclass(frozen=True)
class Attribution:
    """Whom an order is credited to (None: nobody) and why, and as what the buyer buys."""

    member_id: int | None
    source: str
    buyer_kind: str
    campaign: str


def resolve_attribution(
    *, user: Any, chosen_code: str, referral: Referral | None, at: datetime
) -> Attribution:
    """Whom an order by this user (None or anonymous: a guest) is credited to at this moment.

    The first that holds: the buyer is an active member (own order); the member chosen at checkout;
    the member the customer is bound to; the member of the referral cookie; nobody. A member who
    is not active is passed over everywhere, whatever the cookie says. An active member's order is
    always the own one: nothing chosen can credit it to somebody else.
    """
    own = get_member_for(user=user)
    if own and own.may_be_credited:
        return Attribution(own.pk, Source.OWN, BuyerKind.MEMBER, "")
    buyer_kind = get_buyer_kind(user=user)
    campaign = referral.campaign if referral else ""
    chosen = get_creditable_member(code=chosen_code)
    if chosen:
        of_link = referral is not None and referral.member_id == chosen.pk
        return Attribution(chosen.pk, Source.CHOSEN, buyer_kind, campaign if of_link else "")
    binding = _get_creditable_binding(user)
    if binding:
        return Attribution(binding.member_id, Source.BOUND, buyer_kind, binding.campaign)
    if referral and _is_active(referral.member_id):
        return Attribution(referral.member_id, Source.COOKIE, buyer_kind, campaign)
    return Attribution(None, Source.NONE, buyer_kind, "")


def record_attribution(*, order: Any, attribution: Attribution, at: datetime) -> OrderAttribution:
    """Write with an order whom it is credited to; a customer's first such order binds them.

    Once per order: what was written first stays. Call it in the transaction that places the order.
    Guests have no account to bind, and members belong to their sponsor.
    """
    with transaction.atomic():
        recorded, _created = OrderAttribution.objects.get_or_create(
            order=order,
            defaults={
                "member_id": attribution.member_id,
                "source": attribution.source,
                "buyer_kind": attribution.buyer_kind,
                "campaign": attribution.campaign,
            },
        )
        if recorded.member_id is not None and recorded.source in {Source.CHOSEN, Source.COOKIE}:
            _bind(
                user=order.user,
                member_id=recorded.member_id,
                source=recorded.source,
                campaign=recorded.campaign,
                at=at,
            )
    return recorded


def bind_at_registration(*, user: Any, referral: Referral | None, at: datetime) -> None:
    """Let a new customer belong to the member whose link they followed, if that member is active.

    Without a referral nothing happens; the first order may bind the customer yet.
    """
    if referral and _is_active(referral.member_id):
        _bind(
            user=user,
            member_id=referral.member_id,
            source=Source.COOKIE,
            campaign=referral.campaign,
            at=at,
        )


def _bind(*, user: Any, member_id: int, source: str, campaign: str, at: datetime) -> None:
    if user is None or get_member_for(user=user) is not None:
        return
    bind_customer(
        user_id=user.pk, member_id=member_id, source=source, campaign=campaign, bound_at=at
    )


def _get_creditable_binding(user: Any) -> CustomerBinding | None:
    if user is None or not user.is_authenticated:
        return None
    return CustomerBinding.objects.filter(
        user_id=user.pk, member__status=Member.Status.ACTIVE
    ).first()


def _is_active(member_id: int) -> bool:
    return Member.objects.filter(pk=member_id, status=Member.Status.ACTIVE).exists()
