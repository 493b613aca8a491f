"""Fill rules: where somebody goes below the sponsor (plan catalogue, 1.8 and 1.9).

- breadth_first: the first free place level by level, from the left, below the sponsor;
- depth_first: the leftmost free place, down to `height` levels before the next branch is begun;
- balanced: always into the smallest branch, the left one of equals;
- alternate: a sponsor's recruits go to the sides in turn;
- weaker: into the sponsor's smallest leg;
- outside: at the outer end of the sponsor's own side (a root's is the first), or of the chosen one;
- chosen: on the side that the members' file names;
- next_slot: the first free place of the whole company, whoever is the sponsor.
"""

from collections.abc import Callable

from mlm_plugin.plan.document.parts import TreePart
from mlm_plugin.plan.placing.slots import FREE, Slots
from mlm_plugin.plan.placing.tour import Tour

Place = tuple[int, int]
Find = Callable[["Filling", int, int], Place]


class NoPlace(ValueError):
    """Nobody can be placed like this; the text says why."""


class Filling:
    """A tree being filled: `find` gives the place for somebody below a sponsor."""

    def __init__(self, tree: TreePart, *, members: int) -> None:
        self.tree = tree
        self.slots = Slots(members=members, width=tree.width or 2)
        # Legs can be as deep as the network, so they are counted by a walk and not by going up.
        self.tour = Tour(members) if tree.fill == "weaker" else None
        self.turns = [0] * members
        self.top = FREE

    def put_root(self, row: int) -> None:
        """A member without a sponsor."""
        if self.top == FREE:
            self.top = row
        self.slots.put_root(row)
        if self.tour is not None:
            self.tour.add(row, parent=FREE)

    def put(self, row: int, *, parent: int, side: int) -> None:
        """A member at a place that was found for it."""
        self.slots.put(row, parent=parent, side=side)
        if self.tour is not None:
            self.tour.add(row, parent=parent)

    def find(self, sponsor: int, wish: int) -> Place:
        """The place below a sponsor, for who wishes this side (FREE for none). Raises NoPlace."""
        return RULES[self.tree.fill or "breadth_first"](self, sponsor, wish)

    def on_side(self, sponsor: int, side: int) -> Place:
        """A free place in the leg that begins on this side."""
        child = self.slots.children[sponsor][side]
        if child == FREE:
            return sponsor, side
        if self.tree.within_leg == "breadth_first":
            return self.slots.nearest_free(child)
        return self.slots.outer_end(child, side=side), side


def _breadth_first(filling: Filling, sponsor: int, _wish: int) -> Place:
    return filling.slots.nearest_free(sponsor)


def _depth_first(filling: Filling, sponsor: int, _wish: int) -> Place:
    if filling.tree.height is None:
        return filling.slots.outer_end(sponsor, side=0), 0
    return filling.slots.deepest_free(sponsor, height=filling.tree.height)


def _balanced(filling: Filling, sponsor: int, _wish: int) -> Place:
    return filling.slots.balanced_free(sponsor)


def _alternate(filling: Filling, sponsor: int, _wish: int) -> Place:
    side = filling.turns[sponsor] % filling.slots.width
    filling.turns[sponsor] += 1
    return filling.on_side(sponsor, side)


def _weaker(filling: Filling, sponsor: int, _wish: int) -> Place:
    slots = filling.slots
    side = slots.first_free_side(sponsor)
    if side == FREE:
        assert filling.tour is not None
        sizes = [filling.tour.size(child) for child in slots.children[sponsor]]
        side = sizes.index(min(sizes))
    return filling.on_side(sponsor, side)


def _outside(filling: Filling, sponsor: int, wish: int) -> Place:
    side = wish if wish != FREE else max(filling.slots.side[sponsor], 0)
    return filling.slots.outer_end(sponsor, side=side), side


def _chosen(filling: Filling, sponsor: int, wish: int) -> Place:
    if wish == FREE:
        raise NoPlace("the side must be chosen, and none is named")
    return filling.on_side(sponsor, wish)


def _next_slot(filling: Filling, _sponsor: int, _wish: int) -> Place:
    return filling.slots.nearest_free(filling.top)


RULES: dict[str, Find] = {
    "breadth_first": _breadth_first,
    "depth_first": _depth_first,
    "balanced": _balanced,
    "alternate": _alternate,
    "weaker": _weaker,
    "outside": _outside,
    "chosen": _chosen,
    "next_slot": _next_slot,
}
