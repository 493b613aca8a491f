"""Writes the facts of one place: its row, the end of its line, its history, the levels above it.

Called by placing and moving, inside their transaction and under their lock.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from mlm_plugin.network.models import LineEnd, Placement, PlacementEdge
from mlm_plugin.network.services import NetworkError


class Place(NamedTuple):
    """Where somebody can stand: below whom and in which slot."""

    parent_id: int
    slot: int


class PlaceTaken(NetworkError):
    """Somebody stands in this slot, or stood there at the moment in question."""


def head_of_line(*, place: Placement, slot: int) -> int:
    """The head of the line by `slot` that goes on, or would begin, below this place."""
    if place.line_head_id is None or place.slot != slot:
        return place.member_id
    return place.line_head_id


def end_of_line(*, place: Placement, slot: int) -> int:
    """Who stands at the outside of the leg by `slot`; the member itself while the slot is free."""
    head_id = head_of_line(place=place, slot=slot)
    ends = LineEnd.objects.filter(head_id=head_id, slot=slot).values_list("end_id", flat=True)
    return ends.first() or place.member_id


def add_top(*, member_id: int, placed_at: datetime) -> Placement:
    """A member at the top of a tree."""
    PlacementEdge.objects.create(member_id=member_id, parent=None, slot=0, since=placed_at)
    return Placement.objects.create(
        member_id=member_id, parent=None, slot=0, line_head=None, step=0, placed_at=placed_at
    )


def add_below(
    *, member_id: int, parent: Placement, slot: int, placed_at: datetime, width: int
) -> Placement:
    """A member in a free slot. Raises PlaceTaken where somebody stands, or stood at that moment."""
    check_free(place=Place(parent.member_id, slot), at=placed_at, member_id=member_id)
    head_id = head_of_line(place=parent, slot=slot)
    step = parent.step + 1 if head_id != parent.member_id else 1
    PlacementEdge.objects.create(
        member_id=member_id, parent_id=parent.member_id, slot=slot, since=placed_at
    )
    placement = Placement.objects.create(
        member_id=member_id,
        parent_id=parent.member_id,
        slot=slot,
        line_head_id=head_id,
        step=step,
        placed_at=placed_at,
    )
    # Whoever has a free slot ends the line by that slot, so the new one is its end.
    set_end(head_id=head_id, slot=slot, end_id=member_id)
    update_levels(member_id=parent.member_id, width=width)
    return placement


def check_free(*, place: Place, at: datetime, member_id: int) -> None:
    """Raise PlaceTaken where somebody else stands in the slot, or stood there at `at` or later."""
    taken = PlacementEdge.objects.filter(parent_id=place.parent_id, slot=place.slot)
    later = taken.filter(Q(until=None) | Q(until__gt=at)).exclude(member_id=member_id, until=None)
    if later.exists():
        raise PlaceTaken(_("Somebody else stands in this place, or stood there at that time."))


def set_end(*, head_id: int, slot: int, end_id: int) -> None:
    """Let the line end with this member; a line without anybody has no row."""
    if head_id == end_id:
        LineEnd.objects.filter(head_id=head_id, slot=slot).delete()
        return
    LineEnd.objects.update_or_create(head_id=head_id, slot=slot, defaults={"end_id": end_id})


def update_levels(*, member_id: int | None, width: int) -> None:
    """Count the levels to the nearest free slot again, from a changed member upwards while it matters.

    Each level costs two small queries, and there are no more of them than the logarithm of the
    branch's size: that far above, some nearer slot is free or the value stays.
    """
    while member_id is not None and width > 1:
        below = Placement.objects.filter(parent_id=member_id)
        levels = list(below.values_list("levels_to_free", flat=True))
        nearest = 1 if len(levels) < width else 1 + min(levels)
        changed = Placement.objects.filter(pk=member_id).exclude(levels_to_free=nearest)
        if not changed.update(levels_to_free=nearest):
            return
        member_id = Placement.objects.values_list("parent_id", flat=True).get(pk=member_id)


def change_edge(*, member_id: int, place: Place, since: datetime) -> None:
    """End the edge that holds now and begin one at another place.

    A change at the very moment the present edge began replaces it: it never held for any time.
    Raises ValueError for a moment before the present edge began.
    """
    present = PlacementEdge.objects.select_for_update().get(member_id=member_id, until=None)
    if since < present.since:
        raise ValueError("a member cannot move before the last move")
    parent_id, slot = place
    if since == present.since:
        PlacementEdge.objects.filter(pk=present.pk).update(parent_id=parent_id, slot=slot)
        return
    PlacementEdge.objects.filter(pk=present.pk).update(until=since)
    PlacementEdge.objects.create(member_id=member_id, parent_id=parent_id, slot=slot, since=since)


def set_place(*, member_id: int, place: Place, head_id: int, step: int, at: datetime) -> None:
    """Write a moved member's own row."""
    Placement.objects.filter(pk=member_id).update(
        parent_id=place.parent_id,
        slot=place.slot,
        line_head_id=head_id,
        step=step,
        placed_at=at,
    )
