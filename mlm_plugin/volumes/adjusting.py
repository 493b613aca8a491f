"""Adding and taking points by hand, as the staff does it: with a line in the log."""

from datetime import datetime

from django.db import transaction

from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.network.models import Member
from mlm_plugin.plan.money import format_points
from mlm_plugin.volumes.services import adjust_points


def adjust_points_by_hand(
    *,
    member: Member,
    pv: int,
    cv: int,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
    key: str,
) -> bool:
    """`adjust_points` for somebody of the staff; returns whether something was written, and logged."""
    assert actor.user_id is not None
    with transaction.atomic():
        is_new = adjust_points(
            member_id=member.pk,
            pv=pv,
            cv=cv,
            kind=kind,
            reason=reason,
            author_id=actor.user_id,
            happened_at=at,
            key=key,
        )
        if is_new:
            record_action(
                actor=actor,
                at=at,
                name="points.adjust",
                subject=f"member:{member.code}",
                reason=reason.strip(),
                after={"kind": kind, "pv": format_points(pv), "cv": format_points(cv)},
            )
    return is_new
