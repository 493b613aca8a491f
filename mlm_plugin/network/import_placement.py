"""Places of a whole file in the placement tree: faults first, then all rows and lines at once.

Depth costs nothing here: the old tree and the new places become one pair of arrays, from which
`laying_lines` works out every line, and only what differs from what is stored is written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.bulk_writing import chunks, write_rows
from mlm_plugin.network.import_tree import Known, find_circles
from mlm_plugin.network.laying_lines import (
    NOBODY,
    Rows,
    StoredTree,
    find_rows,
    lay_lines,
    read_columns,
    read_tree,
)
from mlm_plugin.network.member_rows import TOP, MemberRow
from mlm_plugin.network.member_tables import RowProblem
from mlm_plugin.network.models import HeldPlacement, LineEnd, Placement, PlacementEdge

EMPTY = np.empty(0, dtype=np.int64)


@dataclass
class PlacePlan:
    """Who of the file gets a place: rows of the whole tree, the stored ones first, then `fresh`."""

    tree: StoredTree | None = None
    fresh: list[MemberRow] = field(default_factory=list)
    parent: Rows = field(default_factory=EMPTY.copy)
    slot: Rows = field(default_factory=EMPTY.copy)
    problems: list[RowProblem] = field(default_factory=list)


def plan_places(
    *, rows: Sequence[MemberRow], known: Mapping[str, Known], faulty: Collection[str]
) -> PlacePlan:
    """Find everybody's place and all that is wrong with what the rows say of places.

    A member who has a place already keeps it; a row that names another one is a fault. Slots a row
    does not name are given from the left, after those that are named.
    """
    wanted = [row for row in rows if row.is_placed]
    if not wanted:
        return PlacePlan()
    settings = get_placement_settings()
    if not settings.is_used:
        reason = _("there is no placement tree, so nobody has a parent in it")
        return PlacePlan(problems=[RowProblem(row.line, reason) for row in wanted])
    return _Planning(wanted, known=known, faulty=faulty, width=settings.width).plan()


class _Planning:
    def __init__(
        self,
        wanted: list[MemberRow],
        *,
        known: Mapping[str, Known],
        faulty: Collection[str],
        width: int,
    ) -> None:
        self.tree = read_tree()
        self.width = width
        self.faulty = faulty
        self.problems: list[RowProblem] = []
        self.stored = self._find_stored(wanted, known)
        self.fresh = [row for row in wanted if row.code not in self.stored]
        self.rows = {row.code: row for row in self.fresh}
        self.places = dict(self.stored)
        for place, code in enumerate(self.rows, start=len(self.tree.member)):
            self.places[code] = place
        self._refuse_others(wanted)

    def plan(self) -> PlacePlan:
        parent = self._find_parents()
        slot = self._find_slots(parent)
        self.problems += find_circles(
            self.rows,
            above=lambda row: row.parent,
            reason=_("member {code} is placed below themselves ({length} members in a circle)"),
        )
        return PlacePlan(
            tree=self.tree,
            fresh=self.fresh,
            parent=np.concatenate([self.tree.parent, np.array(parent, dtype=np.int64)]),
            slot=np.concatenate([self.tree.slot, np.array(slot, dtype=np.int64)]),
            problems=self.problems,
        )

    def _find_stored(self, wanted: list[MemberRow], known: Mapping[str, Known]) -> dict[str, int]:
        """Rows of the stored tree of all whom the file names there."""
        named = {code for row in wanted for code in (row.code, row.parent) if code in known}
        codes = sorted(named)
        members = np.array([known[code].pk for code in codes], dtype=np.int64)
        found = find_rows(self.tree.member, members).tolist()
        return {code: row for code, row in zip(codes, found, strict=True) if row >= 0}

    def _refuse_others(self, wanted: list[MemberRow]) -> None:
        """Whoever has a place already must be where the file says."""
        for row in wanted:
            if row.code not in self.stored:
                continue
            place = self.stored[row.code]
            parent = int(self.tree.parent[place])
            same_parent = parent == self.stored.get(row.parent, NOBODY)
            slot = int(self.tree.slot[place])
            if not same_parent or row.slot not in (None, TOP, slot):
                reason = _("member {code} stands in another place already; an import moves nobody")
                self.problems.append(RowProblem(row.line, reason.format(code=row.code)))

    def _find_parents(self) -> list[int]:
        parents = []
        for row in self.fresh:
            parent = self.places.get(row.parent, NOBODY)
            if row.parent and parent == NOBODY and row.parent not in self.faulty:
                reason = _("the parent {parent} has no place, neither in the file nor before")
                self.problems.append(RowProblem(row.line, reason.format(parent=row.parent)))
            parents.append(parent)
        return parents

    def _find_slots(self, parents: list[int]) -> list[int]:
        taken = self._read_taken(parents)
        slots = [NOBODY] * len(parents)
        without: list[int] = []
        for number, (row, parent) in enumerate(zip(self.fresh, parents, strict=True)):
            if row.slot == TOP:
                slots[number] = 0
            elif row.slot is None:
                without.append(number)
            elif row.slot >= self.width:
                reason = _("there is no slot {slot}: below a member there are {width}")
                words = reason.format(slot=row.slot + 1, width=self.width)
                self.problems.append(RowProblem(row.line, words))
            elif parent != NOBODY:
                slots[number] = row.slot
                self._take(taken[parent], row, row.slot)
        for number in without:
            slots[number] = self._take_free(taken, self.fresh[number], parents[number])
        return slots

    def _read_taken(self, parents: list[int]) -> dict[int, dict[int, str]]:
        """Who holds which slot below the parents that are in the tree already."""
        taken: dict[int, dict[int, str]] = defaultdict(dict)
        old = np.unique(np.array([place for place in parents if place >= 0], dtype=np.int64))
        below = np.flatnonzero(np.isin(self.tree.parent, old[old < len(self.tree.member)]))
        for place in below.tolist():
            taken[int(self.tree.parent[place])][int(self.tree.slot[place])] = ""
        return taken

    def _take(self, taken: dict[int, str], row: MemberRow, slot: int) -> None:
        if slot in taken:
            by = taken[slot] or _("somebody of the network")
            reason = _("slot {slot} below {parent} is taken by {by}")
            words = reason.format(slot=slot + 1, parent=row.parent, by=by)
            self.problems.append(RowProblem(row.line, words))
        else:
            taken[slot] = row.code

    def _take_free(self, taken: dict[int, dict[int, str]], row: MemberRow, parent: int) -> int:
        if parent == NOBODY:
            return NOBODY
        below = taken[parent]
        for slot in range(self.width):
            if slot not in below:
                below[slot] = row.code
                return slot
        reason = _("all {width} slots below {parent} are taken")
        words = reason.format(width=self.width, parent=row.parent)
        self.problems.append(RowProblem(row.line, words))
        return NOBODY


def write_places(
    *, plan: PlacePlan, keys: Mapping[str, int], joined: Mapping[str, datetime], at: datetime
) -> int:
    """Write places, edges and lines of a plan without problems; returns how many were placed.

    `joined` is since when members of this file stand below each other. Who is placed below somebody
    of the network, or was a member before, is placed at the moment of the import: the slot may have
    been somebody else's until then.
    """
    if plan.tree is None or not plan.fresh:
        return 0
    before = len(plan.tree.member)
    numbers = [keys[row.code] for row in plan.fresh]
    member = np.concatenate([plan.tree.member, np.array(numbers, dtype=np.int64)])
    lines = lay_lines(parent=plan.parent, slot=plan.slot, width=get_placement_settings().width)
    parent_id, head_id = _members_of(member, plan.parent), _members_of(member, lines.head)
    since = _since(
        [joined.get(row.code, at) for row in plan.fresh],
        parents=plan.parent[before:].tolist(),
        before=before,
        at=at,
    )
    columns = (
        numbers,
        _or_none(parent_id[before:]),
        plan.slot[before:].tolist(),
        since,
        _or_none(head_id[before:]),
        lines.step[before:].tolist(),
        lines.levels[before:].tolist(),
    )
    # In the order of the key, so that the indexes by member grow at their end.
    places = sorted(zip(*columns, strict=True), key=itemgetter(0))
    # Who waited in the holding tank has been members before; nobody fresh has.
    waiting = [row_key for row, row_key in zip(plan.fresh, numbers, strict=True)
               if row.code not in joined]  # fmt: skip
    for chunk in chunks(waiting):
        HeldPlacement.objects.filter(pk__in=chunk).delete()
    write_rows(
        table=Placement._meta.db_table,
        columns=(
            "member_id", "parent_id", "slot", "placed_at",
            "line_head_id", "step", "levels_to_free", "turns",
        ),
        rows=((*place, 0) for place in places),
    )  # fmt: skip
    _write_edges(places, all_of_them=not before)
    _correct_levels(plan.tree, lines.levels[:before])
    _replace_ends(np.stack(
        [head_id[lines.ends], plan.slot[lines.ends], member[lines.ends]], axis=1
    ))  # fmt: skip
    return len(plan.fresh)


def _since(
    joined: Sequence[datetime], *, parents: Sequence[int], before: int, at: datetime
) -> list[datetime]:
    """From when each fresh row holds its place: from joining, never before the parent holds one.

    `parents` are rows of the whole tree, of which the first `before` were there already.
    """
    since: list[datetime | None] = [None] * len(joined)
    for start in range(len(joined)):
        chain, row = [], start
        while row >= 0 and since[row] is None:
            chain.append(row)
            row = parents[row] - before
        for each in reversed(chain):
            parent = parents[each]
            if parent == NOBODY:
                since[each] = joined[each]
            elif parent < before:
                since[each] = at
            else:
                above = since[parent - before]
                assert above is not None
                since[each] = max(joined[each], above)
    return [each for each in since if each is not None]


def _write_edges(places: Sequence[tuple[Any, ...]], *, all_of_them: bool) -> None:
    """The history of these places; of all that there are in one statement."""
    if not all_of_them:
        write_rows(
            table=PlacementEdge._meta.db_table,
            columns=("member_id", "parent_id", "slot", "since"),
            rows=(place[:4] for place in places),
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mlm_plugin_placementedge (member_id, parent_id, slot, since)"
            " SELECT member_id, parent_id, slot, placed_at FROM mlm_plugin_placement"
            " ORDER BY member_id"
        )


def _members_of(member: Rows, rows: Rows) -> Rows:
    found = np.full(len(rows), NOBODY, dtype=np.int64)
    found[rows >= 0] = member[rows[rows >= 0]]
    return found


def _or_none(numbers: Rows) -> list[int | None]:
    return [None if number == NOBODY else number for number in numbers.tolist()]


def _correct_levels(tree: StoredTree, levels: Rows) -> None:
    """Whoever got somebody below may be further from a free slot; heads and steps stay."""
    changed = np.flatnonzero(levels != tree.stored_levels)
    for chunk in chunks(changed.tolist()):
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE mlm_plugin_placement SET levels_to_free = %s WHERE member_id = %s",
                [(int(levels[row]), int(tree.member[row])) for row in chunk],
            )


def _replace_ends(ends: Rows) -> None:
    """Let the table of line ends say `ends` (head, slot, end), touching only what differs."""
    stored = read_columns("SELECT head_id, slot, end_id FROM mlm_plugin_lineend", width=3)
    fresh = set(map(tuple, ends.tolist())).difference(map(tuple, stored.tolist()))
    if len(stored):
        moved = {(head, slot) for head, slot, _end in fresh}
        old = [row for row in map(tuple, stored.tolist()) if row[:2] in moved]
        for chunk in chunks(old):
            with connection.cursor() as cursor:
                cursor.executemany(
                    "DELETE FROM mlm_plugin_lineend WHERE head_id = %s AND slot = %s",
                    [row[:2] for row in chunk],
                )
    write_rows(
        table=LineEnd._meta.db_table,
        columns=("head_id", "slot", "end_id"),
        rows=_sorted(fresh),
    )


def _sorted(rows: set[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    yield from sorted(rows)
