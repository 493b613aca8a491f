"""The tree viewer's reads: a branch level by level, with points, as it is or as it was in a month.

One component shows it to members and to staff; who looks is part of the `TreeView`, and every row is
made by one function that asks `network.visibility`. Nothing reads more than a page of one first line,
and no number of queries depends on how many members there are. Points are in 1/100 point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network import placement_selectors as placement
from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import (
    LegFigures,
    Member,
    Placement,
    PlacementEdge,
    SponsorEdge,
)
from mlm_plugin.network.past import held_at
from mlm_plugin.network.selectors import get_member_by_code, list_upline
from mlm_plugin.network.visibility import levels_shown
from mlm_plugin.volumes.selectors import get_recent_periods
from mlm_plugin.volumes.team import TeamSlice, get_team
from mlm_plugin.volumes.tree_rows import PLACEMENT, SPONSOR, TreeRow, TreeView, describe

PAGE = 50
# A path is opened so far above a hit; what lies higher is left to the breadcrumb.
LONGEST_PATH = 200
NEAR = 3
MOST_HITS = 20
# What a 64-bit column can count.
FURTHEST = 10**15


@dataclass(frozen=True)
class Spot:
    """A member inside a view, so many levels below its head (0: the head)."""

    member: Member
    level: int


@dataclass(frozen=True)
class TreePage:
    """Part of one first line: `total` cards in all, `rows` of them from `start` on."""

    of: TreeRow
    total: int
    start: int
    rows: tuple[TreeRow, ...]

    @property
    def next_start(self) -> int:
        """Where the next page begins; 0 on the last one."""
        end = self.start + len(self.rows)
        return end if self.rows and end < self.total else 0


@dataclass(frozen=True)
class Trail:
    """The way from the head down to a member: the head, how many are left out, the nearest ones."""

    rows: tuple[TreeRow, ...]
    left_out: int


@dataclass(frozen=True)
class Path:
    """What to open to see a member: from `top` down, each row with its index in the line above."""

    top: str
    rows: tuple[TreeRow, ...]


def read_view(
    *, head: Member, parameters: Mapping[str, str], now: datetime, is_staff: bool = False
) -> TreeView:
    """The view an address asks for (`tree`, `period`); what it does not know means the usual one."""
    periods = get_recent_periods(now=now)
    wanted = parameters.get("period", "")
    period = next((day for day in periods if f"{day:%Y-%m}" == wanted), periods[-1])
    has_places = get_placement_settings().is_used
    is_placement = has_places and parameters.get("tree") == PLACEMENT
    following = (period + timedelta(days=31)).replace(day=1)
    end = datetime.combine(following, time(), tzinfo=plan_time_zone())
    return TreeView(
        head=head,
        tree=PLACEMENT if is_placement else SPONSOR,
        period=period,
        periods=tuple(periods),
        at=None if period == periods[-1] else end - timedelta(microseconds=1),
        is_staff=is_staff,
    )


def locate(*, view: TreeView, code: str) -> Spot:
    """The head (an empty code means it too) or a member of its branch, by code.

    Raises Member.DoesNotExist for everybody else, so that no address tells which codes exist outside.
    A member sees a branch that has left the own downline since no more, not even as it was.
    """
    if not code:
        return Spot(view.head, 0)
    found = get_member_by_code(code=code)
    if found is None:
        raise Member.DoesNotExist
    if found.pk == view.head.pk:
        return Spot(view.head, 0)
    level = _level(view, found)
    if not level or not _may_look(view, found):
        raise Member.DoesNotExist
    return Spot(found, level)


def read_start(text: str) -> int:
    """The position a page begins at, from an address; nonsense means the beginning."""
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def get_tree_page(*, view: TreeView, spot: Spot, start: int = 0, limit: int = PAGE) -> TreePage:
    """The first line of a member of the view from position `start` on, oldest first or slot by slot."""
    of = describe(view, [(spot.member.pk, 0, spot.level)])[0]
    if view.tree == PLACEMENT:
        return _placement_page(view, spot, of)
    wanted = slice(min(start, FURTHEST), min(start, FURTHEST) + limit)
    if view.at is None:
        line = Member.objects.filter(sponsor_id=spot.member.pk).order_by("joined_at", "pk")
        numbers = list(line.values_list("pk", flat=True)[wanted])
    else:
        edges = _edges(view, spot.member.pk)
        numbers = list(edges.values_list("member_id", flat=True)[wanted])
    places = [(pk, start + index, spot.level + 1) for index, pk in enumerate(numbers)]
    return TreePage(of=of, total=of.size, start=start, rows=tuple(describe(view, places)))


def get_trail(*, view: TreeView, spot: Spot) -> Trail:
    """The way down from the head to a member, the member last."""
    near = _ids_above(view, spot.member, most=min(NEAR, spot.level - 1))
    places = [(pk, 0, spot.level - 1 - steps) for steps, pk in enumerate(near)][::-1]
    if spot.level:
        places.insert(0, (view.head.pk, 0, 0))
    rows = describe(view, [*places, (spot.member.pk, 0, spot.level)])
    return Trail(rows=tuple(rows), left_out=spot.level - len(places))


def get_path(*, view: TreeView, spot: Spot) -> Path:
    """What to open, from the head or at most `LONGEST_PATH` levels up, until a member is seen."""
    most = min(spot.level, LONGEST_PATH)
    top, *steps = [spot.member.pk, *_ids_above(view, spot.member, most=most)][::-1]
    level = spot.level - len(steps)
    indexes = _indexes(view, steps)
    places = [(pk, indexes[pk], level + 1 + below) for below, pk in enumerate(steps)]
    first, *rows = describe(view, [(top, 0, level), *places])
    return Path(top=first.code, rows=tuple(rows))


def find_in_tree(*, view: TreeView, text: str) -> list[TreeRow]:
    """Members below the head whose names or code begin with the words of `text`, the nearest first.

    In the placement tree those of the own sponsor downline who have a place are found.
    """
    words = text.replace("\0", "").strip()[:100]
    if not words:
        return []
    wanted = TeamSlice(Slice(text=words, level_to=names_reach(view=view)))
    sponsors = TreeView(view.head, SPONSOR, view.period, view.periods, view.at, view.is_staff)
    page = get_team(
        member=view.head,
        period=view.period,
        wanted=wanted,
        sort="level",
        limit=MOST_HITS,
        at=view.at,
    )
    found = [(row.member.pk, 0, row.level) for row in page.rows]
    if view.tree == PLACEMENT:
        places: Any = Placement.objects.all()
        if view.at is not None:
            places = PlacementEdge.objects.filter(held_at(view.at))
        has = set(
            places.filter(member_id__in=[pk for pk, _i, _l in found]).values_list("member_id")
        )
        found = [place for place in found if (place[0],) in has]
    return [row for row in describe(sponsors, found) if row.code]


def names_reach(*, view: TreeView) -> int | None:
    """How many levels down names may be searched: those that are shown (None: all)."""
    return None if view.is_staff else levels_shown("names")


def list_ranks() -> list[str]:
    """The ranks members have, by name; one query that reads one entry of an index for each."""
    statement = """
        WITH RECURSIVE each(rank) AS (
            SELECT MIN(rank) FROM mlm_plugin_member WHERE NOT (rank = '')
            UNION ALL
            SELECT (SELECT MIN(rank) FROM mlm_plugin_member
                    WHERE NOT (rank = '') AND rank > each.rank)
            FROM each WHERE each.rank IS NOT NULL
        ) SELECT rank FROM each WHERE rank IS NOT NULL LIMIT 100
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def _level(view: TreeView, member: Member) -> int:
    """How many levels below the head a member stands; 0 for whoever is not below it."""
    if view.at is not None:
        above = _ids_above(view, member, most=placement.ENDLESS)
        return above.index(view.head.pk) + 1 if view.head.pk in above else 0
    if view.tree == SPONSOR:
        is_below = member.path.startswith(view.head.path)
        return member.depth - view.head.depth if is_below else 0
    if not placement.is_placed_below(member_id=member.pk, of_member_id=view.head.pk):
        return 0
    head = placement.measure_depth(member_id=view.head.pk)
    return placement.measure_depth(member_id=member.pk) - head


def _ids_above(view: TreeView, member: Member, *, most: int) -> list[int]:
    """The nearest `most` above, the parent or sponsor first, in the tree and at the view's moment."""
    if most <= 0:
        return []
    if view.tree == PLACEMENT:
        above = placement.list_placement_upline(member_id=member.pk, at=view.at, limit=most)
        return [placed.member_id for placed in above]
    return [above.pk for above in list_upline(member_id=member.pk, at=view.at)][:most]


def _may_look(view: TreeView, member: Member) -> bool:
    """Whether a member of a past branch may still be looked at."""
    if view.is_staff or view.at is None:
        return True
    if view.tree == PLACEMENT:
        return placement.is_placed_below(member_id=member.pk, of_member_id=view.head.pk)
    return member.path.startswith(view.head.path)


def _edges(view: TreeView, sponsor_id: int) -> QuerySet[SponsorEdge]:
    assert view.at is not None
    edges = SponsorEdge.objects.filter(held_at(view.at), sponsor_id=sponsor_id)
    return edges.order_by("since", "member_id")


def _placement_page(view: TreeView, spot: Spot, of: TreeRow) -> TreePage:
    """All slots of a member, the free ones among them; none at all while nobody stands below."""
    children = placement.list_placement_children(member_id=spot.member.pk, at=view.at)
    taken = {placed.slot: placed.member_id for placed in children}
    level = spot.level + 1
    found = describe(view, [(pk, slot, level) for slot, pk in taken.items()])
    by_slot = {row.index: row for row in found}
    legs = {}
    if view.at is None:
        figures = LegFigures.objects.filter(member_id=spot.member.pk)
        legs = {leg.slot: leg for leg in figures}
    width = max([get_placement_settings().width, *(slot + 1 for slot in taken)]) if taken else 0
    rows = []
    for slot in range(width):
        row = by_slot.get(slot) or TreeRow(index=slot, level=level, is_free=True)
        leg = legs.get(slot)
        shows = leg is not None and row.own is not None
        rows.append(
            replace(
                row,
                slot=slot,
                leg_members=leg.members if shows else None,
                leg_points=leg.pv if shows else None,
            )
        )
    return TreePage(of=of, total=width, start=0, rows=tuple(rows))


def _indexes(view: TreeView, numbers: Sequence[int]) -> dict[int, int]:
    """At which position of the line above each stands."""
    if view.tree == PLACEMENT:
        if view.at is None:
            slots: Any = Placement.objects.all()
        else:
            slots = PlacementEdge.objects.filter(held_at(view.at))
        return dict(slots.filter(member_id__in=numbers).values_list("member_id", "slot"))
    if view.at is None:
        rows: Any = Member.objects.all()
        key, since = "pk", "joined_at"
    else:
        rows = SponsorEdge.objects.filter(held_at(view.at))
        key, since = "member_id", "since"
    earlier = Q(**{f"{since}__lt": OuterRef(since)}) | Q(
        **{since: OuterRef(since), f"{key}__lt": OuterRef(key)}
    )
    before = (
        rows.filter(earlier, sponsor_id=OuterRef("sponsor_id"))
        .order_by()
        .values("sponsor_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = rows.filter(**{f"{key}__in": numbers}).annotate(before=Coalesce(Subquery(before), 0))
    return dict(found.order_by().values_list(key, "before"))
