"""Reads of the placement tree: up, down, outside, who is below whom; now or as of a moment.

Nothing here depends on depth alone: lists have a limit, and "is below" jumps from line to line.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.lines import end_of_line
from mlm_plugin.network.models import (
    HeldPlacement,
    LegCount,
    Placement,
    PlacementEdge,
    PlacementWish,
)
from mlm_plugin.network.walking import (
    DOWN,
    ENDLESS,
    STRAIGHT,
    UP,
    count_steps,
    reaches,
    walk,
)

MOST = 1_000


@dataclass(frozen=True)
class Placed:
    """A member's place as a list shows it; `level` says how many steps from who was asked about."""

    member_id: int
    parent_id: int | None
    slot: int
    level: int


def is_placed_below(*, member_id: int, of_member_id: int, at: datetime | None = None) -> bool:
    """Whether the first stands in the branch of the second (nobody is below themselves).

    Now: from line to line, so a leg of 50,000 on one side is one jump; only a branch that changes
    sides at every step is walked member by member. As of a moment: member by member.
    """
    if member_id == of_member_id:
        return False
    if at is not None:
        above = list_placement_upline(member_id=member_id, at=at, limit=ENDLESS)
        return any(placed.member_id == of_member_id for placed in above)
    wanted = Placement.objects.filter(pk=of_member_id).first()
    if wanted is None:
        return False
    return reaches(
        member_id=member_id,
        above_id=of_member_id,
        head_id=wanted.line_head_id,
        slot=wanted.slot,
        step=wanted.step,
    )


def measure_depth(*, member_id: int) -> int:
    """How many stand above a member, adding up the steps of the lines on the way to the top."""
    return count_steps(member_id=member_id)


def get_outside_end(*, member_id: int, slot: int, at: datetime | None = None) -> int | None:
    """Who stands at the outside of a member's leg by `slot`: the member itself while it is empty.

    None for who has no place. Two queries now; as of a moment a walk along the leg.
    """
    if at is None:
        place = Placement.objects.filter(pk=member_id).first()
        return place and end_of_line(place=place, slot=slot)
    line = walk(member_id=member_id, link=STRAIGHT, levels=ENDLESS, limit=ENDLESS, at=at, slot=slot)
    return line[-1][0] if line else None


def list_placement_upline(
    *, member_id: int, limit: int = MOST, at: datetime | None = None
) -> list[Placed]:
    """Everybody above in the placement tree, the parent first, at most `limit`; one query."""
    rows = walk(member_id=member_id, link=UP, levels=limit, limit=ENDLESS, at=at)
    return [Placed(*row) for row in rows[1:]]


def list_placement_children(*, member_id: int, at: datetime | None = None) -> list[Placed]:
    """Who stands directly below, slot by slot; free slots are not in the list. One query."""
    return list_placement_branch(member_id=member_id, levels=1, at=at)


def list_placement_branch(
    *, member_id: int, levels: int, limit: int = MOST, at: datetime | None = None
) -> list[Placed]:
    """The branch below a member, level by level, at most `limit` members; one query.

    However deep a branch is, only the levels that are asked for are read.
    """
    rows = walk(member_id=member_id, link=DOWN, levels=levels, limit=limit + 1, at=at)
    return [Placed(*row) for row in rows[1:]]


def get_place_at(*, member_id: int, at: datetime) -> PlacementEdge | None:
    """Where a member stood at a moment; None for who had no place then."""
    return _edges_at(at).filter(member_id=member_id).first()


def list_held(*, enroller_id: int | None = None, limit: int = MOST) -> list[HeldPlacement]:
    """Who waits for a place, the most urgent first: of one enroller, or everybody. One query."""
    held = HeldPlacement.objects.select_related("member", "enroller")
    if enroller_id is not None:
        held = held.filter(enroller_id=enroller_id)
    urgent = F("deadline").asc(nulls_last=True)
    return list(held.order_by(urgent, "since", "member_id")[:limit])


def get_held(*, code: str) -> HeldPlacement | None:
    """Who waits for a place, by code, with member and enroller loaded; None for anybody else."""
    held = HeldPlacement.objects.select_related("member", "enroller")
    return held.filter(member__code=normalise_code(code)).first()


def get_placement_wish(*, member_id: int) -> PlacementWish | None:
    """The side a member prefers for new people of the own front line."""
    return PlacementWish.objects.filter(pk=member_id).first()


def get_last_leg_count() -> LegCount | None:
    """When the figures were counted that weaker, stronger and balanced go by."""
    return LegCount.objects.order_by("-counted_at").first()


def _edges_at(at: datetime) -> QuerySet[PlacementEdge]:
    return PlacementEdge.objects.filter(since__lte=at).filter(Q(until=None) | Q(until__gt=at))
