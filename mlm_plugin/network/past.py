"""The sponsor tree as it was at a moment, read from the edges.

Walking up asks the edges, one per level. A whole branch of the past is the present tree but for those
who have moved since: each of them is the root of a piece that hung elsewhere then. So a branch is a
few ranges of present paths, each less the pieces that hung elsewhere, and is read as fast as a
present one. After so many moves that the ranges would be too many for one statement, it is walked.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Case, Expression, F, IntegerField, Q, Value, When

from mlm_plugin.network.models import MAX_DEPTH, Member, SponsorEdge

# Three steps of the highest digit lie behind every descendant there will ever be.
BEHIND_ALL = "Z" * Member.steplen * 3
MOST_PIECES = 200

UP = """
    WITH RECURSIVE chain(id, level) AS (
        SELECT CAST({member} AS bigint), 0
        UNION ALL
        SELECT edge.sponsor_id, chain.level + 1 FROM chain {join}
        WHERE edge.sponsor_id IS NOT NULL AND chain.level < {limit}
    ) SELECT id FROM chain WHERE level > 0 ORDER BY level
"""
DOWN = """
    WITH RECURSIVE branch(id, level) AS (
        SELECT CAST({member} AS bigint), 0
        UNION ALL
        SELECT edge.member_id, branch.level + 1
        FROM branch {join}
        WHERE branch.level < {limit}
    ) SELECT id, level FROM branch WHERE level > 0
"""
# OFFSET 0 keeps PostgreSQL from turning each step into a join over all edges.
STEPS = {
    "postgresql": """CROSS JOIN LATERAL (
        SELECT member_id, sponsor_id FROM mlm_plugin_sponsoredge
        WHERE {column} = {table}.id AND since <= %s AND (until IS NULL OR until > %s) OFFSET 0
    ) edge""",
    "sqlite": """JOIN mlm_plugin_sponsoredge edge ON edge.{column} = {table}.id
        AND edge.since <= %s AND (edge.until IS NULL OR edge.until > %s)""",
}


@dataclass(frozen=True)
class Branch:
    """A downline of the past as a condition on members and an expression for their level below.

    Where it had to be walked, `level` is None and `levels` says it by member. Otherwise `ranges` are
    the present branches it is made of, by path, each with the paths of branches in it that are not
    part; `lowered` says by how much the depth within a branch is to be lowered (the longest path counts).
    """

    condition: Q
    level: Expression | None
    levels: dict[int, int] = field(default_factory=dict)
    ranges: dict[str, list[str]] = field(default_factory=dict)
    lowered: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Piece:
    """A present branch whose root hung elsewhere: its path, and what depth is to be lowered by."""

    path: str
    lower_by: int


def held_at(moment: datetime) -> Q:
    """The condition that an edge held at a moment."""
    return Q(since__lte=moment) & (Q(until=None) | Q(until__gt=moment))


def upline_ids(*, member_id: int, at: datetime) -> list[int]:
    """Everybody above a member at that moment, the sponsor first; one query."""
    return [row[0] for row in _walk(UP, member_id, at, column="member_id", table="chain")]


def branch_at(*, member: Member, at: datetime, level_to: int | None = None) -> Branch:
    """The downline of `member` at that moment, down to a level; two queries, or three if walked."""
    if level_to == 1:
        edges = SponsorEdge.objects.filter(held_at(at), sponsor_id=member.pk)
        return Branch(Q(pk__in=edges.values("member_id")), Value(1, IntegerField()))
    moved = _moved_since(at)
    pieces = _pieces(member, moved)
    if len(pieces) > MOST_PIECES or len(moved) > 10 * MOST_PIECES:
        return _walked(member, at, level_to or MAX_DEPTH)
    ranges = _ranges(sorted({path for path, _sponsor in moved}), {piece.path for piece in pieces})
    if any(len(cuts) > MOST_PIECES for cuts in ranges.values()):
        return _walked(member, at, level_to or MAX_DEPTH)
    condition = Q(pk__in=[])
    for path, cuts in ranges.items():
        here = _within(path)
        for cut in cuts:
            here &= ~_within(cut)
        condition |= here
    # The longest path first, so that everybody finds the piece they are in.
    pieces.sort(key=lambda piece: -len(piece.path))
    levels = [When(_within(piece.path), then=F("depth") - piece.lower_by) for piece in pieces]
    level = Case(*levels, output_field=IntegerField())
    return Branch(
        condition & ~Q(pk=member.pk) & Q(joined_at__lte=at),
        level,
        ranges=ranges,
        lowered={piece.path: piece.lower_by for piece in pieces},
    )


def _within(path: str) -> Q:
    return Q(path__gte=path, path__lte=path + BEHIND_ALL)


def _ranges(moved: list[str], inside: set[str]) -> dict[str, list[str]]:
    """The branches that belonged to the downline, each with the branches inside it that did not.

    `moved` are all sorted roots of pieces, `inside` those that belonged to it. A piece that hung
    elsewhere in the same downline, and still lies in it, needs no range of its own.
    """
    roots = set(moved) | inside
    ranges: dict[str, list[str]] = {}
    for path in sorted(inside):
        if _root_of(path[: -Member.steplen], roots) not in inside:
            outside = [each for each in moved if each not in inside and _is_inside(each, path)]
            ranges[path] = _outermost(outside)
    return ranges


def _moved_since(at: datetime) -> list[tuple[str, str | None]]:
    """Present path of everybody who has moved since, and of whom they stood below at that moment."""
    edges = SponsorEdge.objects.filter(since__lte=at, until__gt=at)
    rows = edges.values_list("member__path", "sponsor__path")
    return list(rows[: 10 * MOST_PIECES + 1])


def _pieces(member: Member, moved: Sequence[tuple[str, str | None]]) -> list[_Piece]:
    """The pieces that made up the downline, the member's own first."""
    roots = {path for path, _sponsor in moved} | {member.path}
    hanging: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, sponsor in moved:
        if sponsor is None or path == member.path:
            continue
        if root := _root_of(sponsor, roots):
            hanging[root].append((path, sponsor))
    pieces = [_Piece(member.path, member.depth)]
    for piece in pieces:
        for path, sponsor in hanging.get(piece.path, ()):
            level = _depth(sponsor) - piece.lower_by + 1
            pieces.append(_Piece(path, _depth(path) - level))
            if len(pieces) > MOST_PIECES:
                return pieces
    return pieces


def _root_of(path: str, roots: set[str]) -> str:
    """The nearest root at or above a path, or nothing."""
    for end in range(len(path), 0, -Member.steplen):
        if path[:end] in roots:
            return path[:end]
    return ""


def _is_inside(path: str, of: str) -> bool:
    return path != of and path.startswith(of)


def _outermost(paths: list[str]) -> list[str]:
    """Of sorted paths those that lie below no other."""
    kept: list[str] = []
    for path in paths:
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def _depth(path: str) -> int:
    return len(path) // Member.steplen


def _walked(member: Member, at: datetime, limit: int) -> Branch:
    rows = _walk(DOWN, member.pk, at, column="sponsor_id", table="branch", limit=limit)
    levels = dict(rows)
    return Branch(Q(pk__in=list(levels)), None, levels)


def _walk(
    statement: str, member_id: int, at: datetime, *, column: str, table: str, limit: int = MAX_DEPTH
) -> list[tuple[int, ...]]:
    moment = connection.ops.adapt_datetimefield_value(at)
    join = STEPS[connection.vendor].format(column=column, table=table)
    walk = statement.format(member=int(member_id), join=join, limit=int(limit))
    with connection.cursor() as cursor:
        cursor.execute(walk, [moment, moment])
        return list(cursor.fetchall())
