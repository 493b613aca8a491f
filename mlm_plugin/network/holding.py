"""The holding tank: members wait for the enroller's choice until a deadline, or until they qualify."""

from datetime import datetime, timedelta

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.models import HeldPlacement


def hold_member(
    *, member_id: int, enroller_id: int | None, since: datetime, until_qualified: bool
) -> HeldPlacement:
    """Let a member wait; whoever waits already keeps the deadline.

    Called by `placing.place_new_member` under its lock.
    """
    settings = get_placement_settings()
    details = (
        {"fallback": "", "deadline": None}
        if until_qualified
        else {
            "fallback": settings.fallback,
            "deadline": since + timedelta(days=settings.hold_days),
        }
    )
    held, _created = HeldPlacement.objects.get_or_create(
        member_id=member_id, defaults={"enroller_id": enroller_id, "since": since, **details}
    )
    return held
