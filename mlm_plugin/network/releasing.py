"""Ends the wait of the holding tank: by hand, at the deadline, or when a member qualifies."""

from collections.abc import Sequence
from datetime import datetime

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.models import HeldPlacement, Placement
from mlm_plugin.network.placing import NotPlaced, Wish, place_member
from mlm_plugin.network.selectors import list_upline

BATCH = 500


def place_held_member(
    *, member_id: int, wish: Wish, placed_at: datetime, rule: str = "chosen"
) -> Placement:
    """Give a waiting member the place that the enroller or the staff chose.

    Choosing twice places once. Raises HeldPlacement.DoesNotExist for who neither waits nor has a
    place, and what `place_member` raises.
    """
    if placed := Placement.objects.filter(pk=member_id).first():
        return placed
    held = HeldPlacement.objects.get(pk=member_id)
    return place_member(
        member_id=member_id,
        enroller_id=held.enroller_id,
        rule=rule,
        slot=wish.slot,
        parent_id=wish.parent_id,
        placed_at=placed_at,
    )


def release_due(*, at: datetime) -> int:
    """Place everybody whose deadline has passed, by the fallback, each on its own; returns how many.

    Below the enroller, or below the nearest member above who has a place, if the enroller has none.
    The longest waiting come first, so that an enroller is placed before those who wait below.
    Nothing to do without a placement tree.
    """
    if not get_placement_settings().is_used:
        return 0
    due = HeldPlacement.objects.filter(deadline__lte=at).order_by("deadline", "member_id")
    return sum(_release(held, at=at) for held in due.select_related("member")[:BATCH])


def release_qualified(*, member_ids: Sequence[int], at: datetime) -> int:
    """Place those of these members who wait for qualification; returns how many."""
    held = HeldPlacement.objects.filter(pk__in=member_ids, deadline=None).order_by("since", "pk")
    return sum(_release(each, at=at) for each in held.select_related("member"))


def _release(held: HeldPlacement, *, at: datetime) -> bool:
    """Place one by the fallback; False where nobody above has a place yet."""
    above = [] if held.enroller_id is None else [held.enroller_id]
    if above and not Placement.objects.filter(pk=above[0]).exists():
        chain = list_upline(member_id=above[0])
        placed = set(
            Placement.objects.filter(pk__in=[member.pk for member in chain]).values_list(
                "pk", flat=True
            )
        )
        above = [member.pk for member in chain if member.pk in placed]
        if not above:
            return False
    try:
        place_member(
            member_id=held.pk,
            enroller_id=above[0] if above else None,
            rule=held.fallback or get_placement_settings().fallback,
            placed_at=at,
        )
    except NotPlaced:
        return False
    return True
