"""Writes of the placement tree: who gets which place, at once or after waiting (see holding.py)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mlm_plugin.conf.placement import FINDING, WAITING, get_placement_settings
from mlm_plugin.network import holding, lines, locks
from mlm_plugin.network.lines import Place
from mlm_plugin.network.models import HeldPlacement, Member, Placement, PlacementWish
from mlm_plugin.network.placement_selectors import is_placed_below
from mlm_plugin.network.placing_rules import (
    RULES,
    Search,
    SlotUnknown,
    find_place,
    resolve_preference,
)
from mlm_plugin.network.services import NetworkError


class NoTree(NetworkError):
    """This company has no placement tree."""


class NotPlaced(NetworkError):
    """This member has no place yet, so nobody can be placed below or moved with them."""


class OutsideBranch(NetworkError):
    """The place is not below the enroller."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants for a new member: a side, or a free place in the enroller's own branch."""

    slot: int | None = None
    parent_id: int | None = None


NO_WISH = Wish()


def place_new_member(
    *, member: Member, placed_at: datetime, wish: Wish = NO_WISH
) -> Placement | HeldPlacement | None:
    """Place somebody who has just joined below the sponsor, as the settings say; None without a tree.

    Call it last in the transaction that joined the member: until that ends, nobody else is placed.
    Depending on the rule the member waits instead; so does everybody whose sponsor is still waiting.
    Calling it again changes nothing. Raises PlaceTaken, SlotUnknown and OutsideBranch for wishes that
    cannot be had.
    """
    settings = get_placement_settings()
    if not settings.is_used:
        return None
    with transaction.atomic():
        _lock(has_enroller=member.sponsor_id is not None)
        if settled := _get_settled(member.pk):
            return settled
        rule = settings.rule
        is_above_placed = Placement.objects.filter(pk=member.sponsor_id).exists()
        # Whoever has no sponsor has nobody to wait for.
        if member.sponsor_id is not None and (rule in WAITING or not is_above_placed):
            return holding.hold_member(
                member_id=member.pk,
                enroller_id=member.sponsor_id,
                since=placed_at,
                until_qualified=rule == "qualified",
            )
        if rule in WAITING or (rule == "chosen" and wish == NO_WISH):
            rule = settings.fallback
        return place_member(
            member_id=member.pk,
            enroller_id=member.sponsor_id,
            rule=rule,
            slot=wish.slot,
            parent_id=wish.parent_id if rule == "chosen" else None,
            placed_at=placed_at,
        )


def place_member(
    *,
    member_id: int,
    enroller_id: int | None,
    rule: str,
    placed_at: datetime,
    slot: int | None = None,
    parent_id: int | None = None,
) -> Placement:
    """Give a member a place below the enroller by a rule, or at the top without an enroller.

    With `parent_id` and `slot` (rule "chosen") exactly there, if it is free and in the enroller's
    branch. Whoever has a place keeps it, whatever is asked. Ends the wait in the holding tank. One at a
    time, however many are asked for together: the lock comes first, then the place is looked for.

    Raises NoTree, NotPlaced, SlotUnknown, OutsideBranch, PlaceTaken; ValueError for an unknown rule.
    """
    settings = get_placement_settings()
    if not settings.is_used:
        raise NoTree(_("There is no placement tree."))
    if rule not in FINDING:
        raise ValueError(f"no rule {rule!r} finds a place; there are {FINDING}")
    if slot is not None:
        check_slot(slot=slot, width=settings.width)
    with transaction.atomic():
        _lock(has_enroller=enroller_id is not None)
        if existing := Placement.objects.filter(pk=member_id).first():
            return existing
        HeldPlacement.objects.filter(pk=member_id).delete()
        if enroller_id is None:
            return lines.add_top(member_id=member_id, placed_at=placed_at)
        rule, place = _find(enroller_id=enroller_id, rule=rule, slot=slot, parent_id=parent_id)
        if rule == "alternate":
            Placement.objects.filter(pk=enroller_id).update(turns=F("turns") + 1)
        return lines.add_below(
            member_id=member_id,
            parent=get_placement(member_id=place.parent_id),
            slot=place.slot,
            placed_at=placed_at,
            width=settings.width,
        )


def preview_place(
    *, member_id: int, enroller_id: int, rule: str, wish: Wish, at: datetime
) -> Place:
    """Where `place_member` would put somebody now; whoever is quicker may still take that place.

    Raises what `place_member` raises, and writes nothing.
    """
    width = get_placement_settings().width
    if wish.slot is not None:
        check_slot(slot=wish.slot, width=width)
    _rule, place = _find(
        enroller_id=enroller_id, rule=rule, slot=wish.slot, parent_id=wish.parent_id
    )
    lines.check_free(place=place, at=at, member_id=member_id)
    return place


def set_placement_wish(
    *, member_id: int, rule: str, slot: int | None, chosen_by_id: int | None, chosen_at: datetime
) -> PlacementWish:
    """Say where new people of the own front line shall go; it counts for the rule "preference".

    Raises SlotUnknown for a side there is not or that is missing, ValueError for an unknown rule.
    """
    settings = get_placement_settings()
    if rule not in RULES:
        raise ValueError(f"no rule {rule!r} finds a place; there are {sorted(RULES)}")
    if slot is not None:
        check_slot(slot=slot, width=settings.width)
    elif rule == "chosen":
        raise SlotUnknown(_("Please choose a side."))
    wish, _created = PlacementWish.objects.update_or_create(
        member_id=member_id,
        defaults={
            "rule": rule,
            "slot": slot,
            "chosen_by_id": chosen_by_id,
            "chosen_at": chosen_at,
        },
    )
    return wish


def get_placement(*, member_id: int) -> Placement:
    """A member's place. Raises NotPlaced."""
    placement = Placement.objects.filter(pk=member_id).first()
    if placement is None:
        raise NotPlaced(_("This member has no place in the tree yet."))
    return placement


def check_slot(*, slot: int, width: int) -> None:
    """Raise SlotUnknown for a slot that the tree does not have; slots count from 0."""
    if not 0 <= slot < width:
        raise SlotUnknown(
            _("There is no place {number}: below a member there are {width}.").format(
                number=slot + 1, width=width
            )
        )


def _find(
    *, enroller_id: int, rule: str, slot: int | None, parent_id: int | None
) -> tuple[str, Place]:
    """The rule that counts in the end, and the place it gives."""
    settings = get_placement_settings()
    enroller = get_placement(member_id=enroller_id)
    if rule == "preference":
        rule, slot = resolve_preference(enroller_id=enroller_id, fallback=settings.fallback)
    if parent_id is not None:
        return rule, _check_exact(enroller_id=enroller_id, parent_id=parent_id, slot=slot)
    return rule, find_place(search=Search(enroller, slot, settings), rule=rule)


def _check_exact(*, enroller_id: int, parent_id: int, slot: int | None) -> Place:
    if slot is None:
        raise SlotUnknown(_("Please choose a side."))
    get_placement(member_id=parent_id)
    if parent_id != enroller_id and not is_placed_below(
        member_id=parent_id, of_member_id=enroller_id
    ):
        raise OutsideBranch(_("This place is not in the branch of the enroller."))
    return Place(parent_id, slot)


def _get_settled(member_id: int) -> Placement | HeldPlacement | None:
    placed = Placement.objects.filter(pk=member_id).first()
    return placed or HeldPlacement.objects.filter(pk=member_id).first()


def _lock(*, has_enroller: bool) -> None:
    """As joining does: a new top has the tree alone, everybody else shares it and places alone."""
    if has_enroller:
        locks.share_tree()
    else:
        locks.hold_tree()
    locks.hold_places()
