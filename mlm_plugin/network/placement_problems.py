"""Faults of the placement tree, found in a fixed number of statements over whole tables."""

from collections.abc import Iterator

import numpy as np

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.laying_lines import (
    Lines,
    Rows,
    StoredTree,
    lay_lines,
    read_columns,
    read_tree,
)
from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import TreeProblem


def find_placement_problems(*, limit: int = 100) -> list[TreeProblem]:
    """Faults, at most `limit` of each sort; an empty list is a sound tree.

    Three tables are read whole, once each, and compared with what parents and slots alone say, worked
    out as arrays: circles, slots the tree does not have, heads and steps of lines, ends, levels to the
    nearest free slot, and a history that says another place than the tree.
    """
    tree = read_tree()
    lines = lay_lines(parent=tree.parent, slot=tree.slot, width=get_placement_settings().width)
    found = [
        (reason, int(member_id))
        for reason, members in _faulty_members(tree, lines)
        for member_id in members[:limit]
    ]
    ids = {member_id for _reason, member_id in found}
    codes = dict(Member.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}
    return [
        TreeProblem(member_id=member_id, code=codes[member_id], reason=f"placement: {reason}")
        for reason, member_id in found
    ]


def _faulty_members(tree: StoredTree, lines: Lines) -> Iterator[tuple[str, Rows]]:
    settings = get_placement_settings()
    yield "the parent has no place", tree.member[tree.is_lost]
    yield "the way up is a circle", tree.member[lines.in_circle]
    if settings.is_used:
        yield "the tree has no such slot", tree.member[tree.slot >= settings.width]
    yield (
        "the line is another one",
        tree.member[
            (tree.members_of(lines.head) != tree.stored_head) | (lines.step != tree.stored_step)
        ],
    )
    if settings.width > 1:
        yield (
            "the levels to the nearest free slot are wrong",
            tree.member[lines.levels != tree.stored_levels],
        )
    yield "the end of a line is wrong", _wrong_ends(tree, lines)
    yield "the history says another place than the tree", _wrong_history(tree)


def _wrong_ends(tree: StoredTree, lines: Lines) -> Rows:
    stored = read_columns(
        "SELECT head_id, slot, end_id FROM mlm_plugin_lineend ORDER BY head_id, slot", width=3
    )
    ends = lines.ends
    head, slot = tree.members_of(lines.head[ends]), tree.slot[ends]
    wanted = np.stack([head, slot, tree.member[ends]], axis=1)
    return _differing(stored, wanted[np.lexsort((slot, head))])


def _wrong_history(tree: StoredTree) -> Rows:
    stored = read_columns(
        "SELECT member_id, coalesce(parent_id, -1), slot FROM mlm_plugin_placementedge"
        " WHERE until IS NULL ORDER BY member_id",
        width=3,
    )
    wanted = np.stack([tree.member, tree.members_of(tree.parent), tree.slot], axis=1)
    wanted = wanted[~tree.is_lost]
    return _differing(stored, wanted)


def _differing(stored: Rows, wanted: Rows) -> Rows:
    """The first column of rows that only one of two tables has; both are sorted by their keys."""
    if np.array_equal(stored, wanted):
        return np.empty(0, dtype=np.int64)
    rows, times = np.unique(np.concatenate([stored, wanted]), axis=0, return_counts=True)
    return np.unique(rows[times == 1][:, 0])
