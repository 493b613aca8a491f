"""Fill rules: where somebody goes below the enroller (plan catalogue, 1.8 and 1.9).

- chosen: the outside of the leg that is named;
- outside: the outside of the leg that is named, else of the enroller's own side (the first at the top);
- alternate: the outside of each leg in turn;
- weaker, stronger: a free slot of the enroller for the weaker leg, else the outside of the leg that
  has least or most of `measure`, the left one of equals, as last counted in the background;
- balanced: always into the branch with the fewest members as last counted; of those that are equal,
  into the one with the nearer free slot, then the left one;
- breadth_first: the first free slot level by level, from the left, below the enroller.

`preference` stands for one of these, as the enroller chose. A wished slot counts for chosen and outside.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from mlm_plugin.conf.placement import PlacementSettings
from mlm_plugin.network.lines import Place, end_of_line
from mlm_plugin.network.models import LegFigures, Placement, PlacementWish
from mlm_plugin.network.services import NetworkError


class SlotUnknown(NetworkError):
    """No side is chosen where one must be, or the tree has no such slot."""


@dataclass(frozen=True)
class Search:
    """Who looks for a place: the enroller, the slot that is wished, the tree's settings."""

    enroller: Placement
    slot: int | None
    settings: PlacementSettings


def find_place(*, search: Search, rule: str) -> Place:
    """The free place that a rule gives below the enroller. Reads only; call it under the lock.

    Raises SlotUnknown where a side must be chosen and is not, and KeyError for a rule there is not.
    """
    return RULES[rule](search)


def _outside_leg(search: Search, slot: int) -> Place:
    return Place(end_of_line(place=search.enroller, slot=slot), slot)


def _chosen(search: Search) -> Place:
    if search.slot is None:
        raise SlotUnknown(_("Please choose a side."))
    return _outside_leg(search, search.slot)


def _outside(search: Search) -> Place:
    own = search.enroller.slot if search.enroller.parent_id is not None else 0
    return _outside_leg(search, own if search.slot is None else search.slot)


def _alternate(search: Search) -> Place:
    return _outside_leg(search, search.enroller.turns % search.settings.width)


def _weaker(search: Search) -> Place:
    legs = _measure_legs(search)
    for slot in range(search.settings.width):
        if slot not in legs:
            return Place(search.enroller.member_id, slot)
    return _outside_leg(search, min(legs, key=lambda slot: (legs[slot], slot)))


def _stronger(search: Search) -> Place:
    legs = _measure_legs(search)
    slot = max(legs, key=lambda slot: (legs[slot], -slot)) if legs else 0
    return _outside_leg(search, slot)


def _balanced(search: Search) -> Place:
    member_id = search.enroller.member_id
    while True:
        branches = _count_branches(member_id)
        if (free := _first_free(branches, search.settings.width)) is not None:
            return Place(member_id, free)
        smallest = min(
            branches,
            key=lambda slot: (branches[slot].members, branches[slot].levels_to_free, slot),
        )
        member_id = branches[smallest].member_id


def _breadth_first(search: Search) -> Place:
    if search.settings.width == 1:
        return _outside_leg(search, 0)
    member_id, levels = search.enroller.member_id, search.enroller.levels_to_free
    while levels > 1:
        levels -= 1
        below = Placement.objects.filter(parent_id=member_id, levels_to_free=levels)
        member_id = below.order_by("slot").values_list("member_id", flat=True)[:1].get()
    taken = set(Placement.objects.filter(parent_id=member_id).values_list("slot", flat=True))
    return Place(member_id, next(s for s in range(search.settings.width) if s not in taken))


@dataclass(frozen=True)
class _Branch:
    member_id: int
    levels_to_free: int
    members: int


def _count_branches(member_id: int) -> dict[int, _Branch]:
    """The branches below a member by slot; whoever came after the last counting counts as nobody."""
    counted = LegFigures.objects.filter(member=OuterRef("parent"), slot=OuterRef("slot"))
    rows = Placement.objects.filter(parent_id=member_id).annotate(
        members=Subquery(counted.values("members"))
    )
    return {
        slot: _Branch(child_id, levels, members or 0)
        for slot, child_id, levels, members in rows.values_list(
            "slot", "member_id", "levels_to_free", "members"
        )
    }


def _first_free(branches: dict[int, _Branch], width: int) -> int | None:
    return next((slot for slot in range(width) if slot not in branches), None)


def _measure_legs(search: Search) -> dict[int, int]:
    """What the enroller's taken legs weigh, as last counted; new legs weigh nothing."""
    member_id = search.enroller.member_id
    taken = Placement.objects.filter(parent_id=member_id).values_list("slot", flat=True)
    counted = LegFigures.objects.filter(member_id=member_id)
    weights = dict(counted.values_list("slot", search.settings.measure))
    return {slot: weights.get(slot, 0) for slot in taken}


def resolve_preference(*, enroller_id: int, fallback: str) -> tuple[str, int | None]:
    """The rule and slot an enroller chose for new people; without a choice the fallback, or outside."""
    wish = PlacementWish.objects.filter(member_id=enroller_id).first()
    if wish:
        return wish.rule, wish.slot
    return "outside" if fallback == "preference" else fallback, None


RULES: dict[str, Callable[[Search], Place]] = {
    "chosen": _chosen,
    "outside": _outside,
    "alternate": _alternate,
    "weaker": _weaker,
    "stronger": _stronger,
    "balanced": _balanced,
    "breadth_first": _breadth_first,
}
