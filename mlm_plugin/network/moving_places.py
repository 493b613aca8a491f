"""A placement branch to another place: everybody below keeps the own parent and slot."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network import lines, locks
from mlm_plugin.network.lines import Place
from mlm_plugin.network.models import LineEnd, Placement
from mlm_plugin.network.placement_selectors import is_placed_below
from mlm_plugin.network.placing import check_slot, get_placement
from mlm_plugin.network.services import Cycle
from mlm_plugin.network.walking import rehang_line


def move_placement(*, member_id: int, parent_id: int, slot: int, moved_at: datetime) -> Placement:
    """Put a member with the whole placement branch into a free slot; returns the new place.

    Has both trees alone while it runs. Only the lines through the member change: the one it leaves,
    the one it joins, and what goes straight down from it in those two slots. Moving to the present
    place changes nothing. Figures of legs follow with the next counting.

    Raises Cycle, PlaceTaken, SlotUnknown, NotPlaced, NoTree, and ValueError for a moment before the
    present place was taken.
    """
    width = get_placement_settings().width
    check_slot(slot=slot, width=width)
    with transaction.atomic():
        locks.hold_tree()
        place = get_placement(member_id=member_id)
        if (place.parent_id, place.slot) == (parent_id, slot):
            return place
        parent = get_placement(member_id=parent_id)
        if member_id == parent_id or is_placed_below(member_id=parent_id, of_member_id=member_id):
            raise Cycle(_("Nobody can be placed below themselves or somebody of the own branch."))
        wanted = Place(parent_id, slot)
        if moved_at < place.placed_at:
            raise ValueError("a member cannot move before the last move")
        lines.check_free(place=wanted, at=moved_at, member_id=member_id)
        _move(place, parent=parent, slot=slot, moved_at=moved_at)
        lines.change_edge(member_id=member_id, place=wanted, since=moved_at)
        for changed in (place.parent_id, parent_id):
            lines.update_levels(member_id=changed, width=width)
        return Placement.objects.get(pk=member_id)


def _move(place: Placement, *, parent: Placement, slot: int, moved_at: datetime) -> None:
    member_id, old_slot, old_head = place.member_id, place.slot, place.line_head_id
    old_end = lines.end_of_line(place=place, slot=old_slot)
    joined_end = lines.end_of_line(place=place, slot=slot)
    head_id = lines.head_of_line(place=parent, slot=slot)
    step = parent.step + 1 if head_id != parent.member_id else 1

    if old_head is not None:
        assert place.parent_id is not None
        lines.set_end(head_id=old_head, slot=old_slot, end_id=place.parent_id)
        if slot != old_slot:
            # What went straight on below now begins a line of its own.
            rehang_line(below_id=member_id, slot=old_slot, head_id=member_id, steps=-place.step)
            lines.set_end(head_id=member_id, slot=old_slot, end_id=old_end)
    stays_in_line = old_head is not None and slot == old_slot
    rehang_line(
        below_id=member_id,
        slot=slot,
        head_id=head_id,
        steps=step - place.step if stays_in_line else step,
    )
    LineEnd.objects.filter(head_id=member_id, slot=slot).delete()
    lines.set_place(
        member_id=member_id, place=Place(parent.member_id, slot), head_id=head_id,
        step=step, at=moved_at,
    )  # fmt: skip
    lines.set_end(head_id=head_id, slot=slot, end_id=joined_end)
