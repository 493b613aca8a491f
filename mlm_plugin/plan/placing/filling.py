"""Everybody's place in a tree, in joining order (plan catalogue, 1.9).

Who has a place already keeps it. Everybody else is placed below the sponsor as soon as the sponsor has
a place: in the order of `joined`, and of the file where days are equal or not given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mlm_plugin.plan.document.parts import TreePart
from mlm_plugin.plan.placing.rules import Filling, NoPlace
from mlm_plugin.plan.placing.slots import FREE
from mlm_plugin.plan.sheets import Sheet
from mlm_plugin.plan.trees import Rows

WORDS = {"left": 0, "l": 0, "right": 1, "r": 1, "": FREE}


@dataclass(frozen=True)
class Placed:
    """Parents and sides by row of the file, FREE (-1) for none; `waiting` are not placed yet."""

    parent: Rows
    side: Rows
    waiting: Sequence[int]


def place_members(*, sheet: Sheet, name: str, tree: TreePart, on: date | None = None) -> Placed:
    """The places of all members of a file in a tree with a fill rule.

    With `on` who joined less than the tree's `hold_days` before it waits, unless placed already.
    Raises BadInput, with the line, for whom there is no place.
    """
    sheet.need("member", tree.under)
    row_of = {member: row for row, member in enumerate(sheet.columns["member"])}
    sponsors = _read(sheet, tree.under, row_of)
    parents = _read(sheet, tree.parent, row_of) if _is_given(sheet, tree) else [FREE] * sheet.size
    wishes = _read_sides(sheet, tree)
    filling = Filling(tree, members=sheet.size)
    held = _held(sheet, tree, parents, on)
    waiting: dict[int, list[int]] = {}
    for row in _joining_order(sheet):
        if row in held:
            continue
        # Whoever joined with this member as sponsor, but stands earlier in the file, follows.
        ready = [row]
        while ready:
            each = ready.pop()
            above = parents[each] if parents[each] != FREE else sponsors[each]
            if above != FREE and not filling.slots.is_placed[above]:
                waiting.setdefault(above, []).append(each)
                continue
            _place(sheet, name, filling, each, parents=parents, sponsors=sponsors, wishes=wishes)
            ready += reversed(waiting.pop(each, []))
    slots = filling.slots
    left = sorted(held | {row for rows in waiting.values() for row in rows})
    over = [own if own != FREE else sponsors[row] for row, own in enumerate(parents)]
    _refuse_circles(sheet, name, left, held=held, above=over)
    return Placed(np.array(slots.parent), np.array(slots.side), left)


def _place(
    sheet: Sheet,
    name: str,
    filling: Filling,
    row: int,
    *,
    parents: Sequence[int],
    sponsors: Sequence[int],
    wishes: Sequence[int],
) -> None:
    slots, parent, side = filling.slots, parents[row], wishes[row]
    if parent == FREE and sponsors[row] == FREE:
        if filling.top == FREE or filling.tree.fill != "next_slot":
            if filling.tree.one_root and filling.top != FREE:
                raise sheet.bad(row, f"the tree “{name}” may have one root only, this is a second")
            filling.put_root(row)
            return
        parent, side = filling.find(filling.top, side)
    elif parent == FREE:
        try:
            parent, side = filling.find(sponsors[row], side)
        except NoPlace as error:
            raise sheet.bad(row, f"{sheet.columns['member'][row]}: {error}") from None
    else:
        member = sheet.columns["member"][parent]
        side = slots.first_free_side(parent) if side == FREE else side
        if side == FREE or slots.children[parent][side] != FREE:
            raise sheet.bad(row, f"the place below {member} in the tree “{name}” is taken")
    filling.put(row, parent=parent, side=side)


def _is_given(sheet: Sheet, tree: TreePart) -> bool:
    """Whether the file has places, rather than sponsors to place below."""
    return tree.parent in sheet.columns and tree.parent != tree.under


def _read(sheet: Sheet, column: str, row_of: dict[str, int]) -> list[int]:
    rows = []
    for row, member in enumerate(sheet.columns[column]):
        found = row_of.get(member, FREE) if member else FREE
        if member and found == FREE:
            raise sheet.bad(row, f"there is no member {member}, who should be the {column}")
        rows.append(found)
    return rows


def _read_sides(sheet: Sheet, tree: TreePart) -> list[int]:
    if tree.side is None or tree.side not in sheet.columns:
        return [FREE] * sheet.size
    width = tree.width or 2
    words = WORDS | {str(number): number - 1 for number in range(1, width + 1)}
    sides = []
    for row, text in enumerate(sheet.columns[tree.side]):
        if text.lower() not in words:
            raise sheet.bad(row, f"“{text}” is no side: left, right or a number from 1 to {width}")
        sides.append(words[text.lower()])
    return sides


def _joining_order(sheet: Sheet) -> Iterator[int]:
    days = sheet.columns.get("joined")
    if days is None:
        return iter(range(sheet.size))
    for row, text in enumerate(days):
        if text and _day(text) is None:
            raise sheet.bad(row, f"“{text}” in column “joined”: a date is written like 2026-01-31")
    return iter(sorted(range(sheet.size), key=days.__getitem__))


def _held(sheet: Sheet, tree: TreePart, parents: Sequence[int], on: date | None) -> set[int]:
    """Who is in the holding tank on a day."""
    if on is None or not tree.hold_days or "joined" not in sheet.columns:
        return set()
    last = on - timedelta(days=tree.hold_days)
    joined = [_day(text) for text in sheet.columns["joined"]]
    return {
        row
        for row, day in enumerate(joined)
        if day is not None and day > last and parents[row] == FREE
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _refuse_circles(
    sheet: Sheet, name: str, left: Sequence[int], *, held: set[int], above: Sequence[int]
) -> None:
    """Who is left over waits for somebody in the holding tank, or is above itself."""
    known = set(held)
    for row in left:
        trail = {row}
        here = row
        while here not in known:
            trail.add(here)
            here = above[here]
            if here in trail:
                member = sheet.columns["member"][row]
                raise sheet.bad(row, f"member {member} is above itself in the tree “{name}”")
        known |= trail
