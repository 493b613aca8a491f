"""The placement tree as arrays, and what its lines must be: worked out from parents and slots alone.

For checks, rebuilding and imports of a whole network. No pass loops over members; what follows a line
doubles its step, so a leg 50,000 deep takes 16 rounds.
"""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network import locks
from mlm_plugin.network.models import LineEnd

Rows = NDArray[np.int64]
NOBODY = -1
BATCH = 20_000


@dataclass(frozen=True)
class StoredTree:
    """All places in the order of their members; `parent` is a row, -1 at the top.

    `stored_head` is a member (-1 for none), `stored_step` and `stored_levels` are as stored.
    `is_lost`: the parent has no place.
    """

    member: Rows
    parent: Rows
    slot: Rows
    stored_head: Rows
    stored_step: Rows
    stored_levels: Rows
    is_lost: NDArray[np.bool_]

    def members_of(self, rows: Rows) -> Rows:
        """The members of these rows, -1 for none."""
        found = np.full(len(rows), NOBODY, dtype=np.int64)
        found[rows >= 0] = self.member[rows[rows >= 0]]
        return found


@dataclass(frozen=True)
class Lines:
    """What rows must say: head of the line and step in it, levels to a free slot, who ends a line."""

    head: Rows
    step: Rows
    levels: Rows
    ends: Rows
    in_circle: Rows


def read_columns(statement: str, *, width: int) -> Rows:
    """The answer of a SELECT of whole numbers as an array; fast enough for a million rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            buffer = BytesIO()
            with cursor.copy(f"COPY ({statement}) TO STDOUT (DELIMITER ' ')") as copy:
                for data in copy:
                    buffer.write(data)
            numbers = np.fromstring(buffer.getvalue().decode(), dtype=np.int64, sep=" ")
        else:
            cursor.execute(statement)
            numbers = np.array(cursor.fetchall(), dtype=np.int64)
    return numbers.reshape(-1, width)


def read_tree() -> StoredTree:
    """All places in one statement."""
    columns = read_columns(
        "SELECT member_id, coalesce(parent_id, -1), slot, coalesce(line_head_id, -1), step,"
        " levels_to_free FROM mlm_plugin_placement ORDER BY member_id",
        width=6,
    )
    member, parent_id, slot, head, step, levels = (column.copy() for column in columns.T)
    parent = find_rows(member, parent_id)
    is_lost = (parent < 0) & (parent_id >= 0)
    return StoredTree(member, parent, slot, head, step, levels, is_lost)


def find_rows(members: Rows, wanted: Rows) -> Rows:
    """Rows of the wanted members among ascending ones, -1 for who is not there."""
    if not len(members):
        return np.full(len(wanted), NOBODY, dtype=np.int64)
    rows = np.searchsorted(members, wanted).clip(max=len(members) - 1)
    return np.where(members[rows] == wanted, rows, NOBODY)


def lay_lines(*, parent: Rows, slot: Rows, width: int) -> Lines:
    """Heads, steps, ends and levels of a tree that is given as parents (rows) and slots."""
    rows = np.arange(len(parent))
    has_parent = parent >= 0
    goes_on = has_parent & (parent[parent] >= 0) & (slot[parent] == slot)
    first = np.where(goes_on, parent, rows)
    step = goes_on.astype(np.int64)
    for _round in range(len(parent).bit_length()):
        step += step[first]
        first = first[first]
    head = np.where(has_parent, parent[first], NOBODY)
    is_end = has_parent.copy()
    is_end[parent[goes_on]] = False
    return Lines(
        head=head,
        step=np.where(has_parent, step + 1, 0),
        levels=_count_levels(parent, width),
        ends=np.flatnonzero(is_end),
        in_circle=_find_circles(parent),
    )


def _count_levels(parent: Rows, width: int) -> Rows:
    if width <= 1:
        return np.ones(len(parent), dtype=np.int64)
    below = np.bincount(parent[parent >= 0], minlength=len(parent))
    levels = np.where(below < width, 1, 0)
    nearest = np.flatnonzero(levels)
    number = 1
    while len(nearest):
        number += 1
        above = parent[nearest]
        above = np.unique(above[above >= 0])
        nearest = above[levels[above] == 0]
        levels[nearest] = number
    return levels


def _find_circles(parent: Rows) -> Rows:
    """Rows whose way up never ends: in a circle or below one."""
    above = parent.copy()
    for _round in range(len(parent).bit_length()):
        above = np.where(above >= 0, above[above], NOBODY)
    return np.flatnonzero(above >= 0)


def rebuild_lines() -> int:
    """Write heads, steps, levels and ends of lines anew from parents and slots; returns rows changed.

    For a network that was brought along, or after the width of the tree was changed in the settings.
    """
    width = get_placement_settings().width
    with transaction.atomic():
        locks.hold_tree()
        tree = read_tree()
        lines = lay_lines(parent=tree.parent, slot=tree.slot, width=width)
        head = tree.members_of(lines.head)
        wrong = np.flatnonzero(
            (head != tree.stored_head)
            | (lines.step != tree.stored_step)
            | (lines.levels != tree.stored_levels)
        )
        with connection.cursor() as cursor:
            for start in range(0, len(wrong), BATCH):
                rows = wrong[start : start + BATCH]
                cursor.executemany(
                    "UPDATE mlm_plugin_placement SET line_head_id = nullif(%s, -1), step = %s,"
                    " levels_to_free = %s WHERE member_id = %s",
                    np.stack(
                        [head[rows], lines.step[rows], lines.levels[rows], tree.member[rows]],
                        axis=1,
                    ).tolist(),
                )
        LineEnd.objects.all().delete()
        LineEnd.objects.bulk_create(
            (
                LineEnd(head_id=head_id, slot=slot, end_id=end_id)
                for head_id, slot, end_id in zip(
                    head[lines.ends].tolist(),
                    tree.slot[lines.ends].tolist(),
                    tree.member[lines.ends].tolist(),
                    strict=True,
                )
            ),
            batch_size=BATCH,
        )
    return len(wrong)
