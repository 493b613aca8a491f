"""The tree viewer's cards: what is known of some members of a view, for whoever looks.

Every card of every page, search and path is made by `describe`, which asks `network.visibility`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.network.models import Member, Placement, PlacementEdge, SponsorEdge, StatusChange
from mlm_plugin.network.past import held_at
from mlm_plugin.network.visibility import NOTHING, ONESELF, Shown, what_is_shown

SPONSOR, PLACEMENT = "sponsor", "placement"


@dataclass(frozen=True)
class TreeView:
    """What is looked at: the branch of `head`, in which tree, with which month's points.

    `at` is empty in the current month and the month's last moment in a past one. `is_staff`: whether
    the staff looks, which sees everything; otherwise the head does, as `MLM["TEAM_SHOWS"]` says.
    """

    head: Member
    tree: str
    period: date
    periods: tuple[date, ...]
    at: datetime | None = None
    is_staff: bool = False


@dataclass(frozen=True)
class TreeRow:
    """One card. `index` counts from 0 in the line above; of a free place only that is known.

    Points are None where they are not shown, `code` is empty where nothing is.
    """

    index: int
    level: int
    code: str = ""
    name: str = ""
    rank: str = ""
    status: str = ""
    status_label: str = ""
    joined: date | None = None
    size: int = 0
    own: int | None = None
    group: int | None = None
    slot: int | None = None
    leg_members: int | None = None
    leg_points: int | None = None
    has_page: bool = False
    is_free: bool = False


def describe(view: TreeView, places: Sequence[tuple[int, int, int]]) -> list[TreeRow]:
    """The cards of (member's number, index, level); three queries, or four of a past month."""
    numbers = [pk for pk, _index, _level in places]
    members = {row.pk: row for row in _with_points(numbers, view.period)}
    sizes, statuses = _sizes(view, members), _statuses_then(view, numbers)
    present = _present_below(view, members)
    return [
        _card(
            view,
            members[pk],
            index,
            level,
            size=sizes.get(pk, 0),
            status=statuses.get(pk, members[pk].status),
            still_below=pk in present,
        )
        for pk, index, level in places
    ]


def _card(
    view: TreeView,
    member: Any,
    index: int,
    level: int,
    *,
    size: int,
    status: str,
    still_below: bool,
) -> TreeRow:
    if not still_below:
        return TreeRow(index=index, level=level, name=_("No longer in this team"))
    shown = _shown(view, level)
    return TreeRow(
        index=index,
        level=level,
        code=member.code,
        name=member.full_name if shown.name else member.code,
        # What somebody was in a past month nothing here says.
        rank="" if view.at else member.rank,
        status=status,
        status_label=str(Member.Status(status).label),
        joined=member.joined_at.astimezone(plan_time_zone()).date(),
        size=size,
        own=member.own_points if shown.points else None,
        group=member.group_points if shown.points else None,
        # A page is of the own sponsor downline; the placement tree may hold others.
        has_page=level > 0 and (view.is_staff or member.path.startswith(view.head.path)),
    )


def _shown(view: TreeView, level: int) -> Shown:
    if view.is_staff:
        return ONESELF
    return what_is_shown(level=level, agreed_to_contact=False) if level >= 0 else NOTHING


def _with_points(numbers: Sequence[int], period: date) -> QuerySet[Any]:
    total = FilteredRelation("period_totals", condition=Q(period_totals__period=period))
    return (
        Member.objects.filter(pk__in=numbers)
        .annotate(total=total)
        .annotate(
            own_points=Coalesce(F("total__personal_pv") + F("total__customers_pv"), 0),
            group_points=Coalesce(F("total__group_pv"), 0),
        )
        .order_by()
    )


def _sizes(view: TreeView, members: Mapping[int, Member]) -> dict[int, int]:
    """How many stand directly below each."""
    if view.tree == SPONSOR and view.at is None:
        return {pk: member.numchild for pk, member in members.items()}
    if view.tree == SPONSOR:
        below: Any = SponsorEdge.objects.filter(held_at(view.at), sponsor_id__in=list(members))
        key = "sponsor_id"
    elif view.at is None:
        below, key = Placement.objects.filter(parent_id__in=list(members)), "parent_id"
    else:
        key = "parent_id"
        below = PlacementEdge.objects.filter(held_at(view.at), parent_id__in=list(members))
    return dict(below.order_by().values_list(key).annotate(number=Count("member_id")))


def _statuses_then(view: TreeView, numbers: Sequence[int]) -> dict[int, str]:
    """Of those whose status has changed since: what it was; the first change since tells."""
    if view.at is None:
        return {}
    changes = StatusChange.objects.filter(member_id__in=numbers, changed_at__gt=view.at)
    return dict(changes.order_by("-changed_at", "-pk").values_list("member_id", "before"))


def _present_below(view: TreeView, members: Mapping[int, Member]) -> set[int]:
    """Who may still be shown: of a past sponsor tree those who are in the branch today as well."""
    if view.is_staff or view.at is None or view.tree == PLACEMENT:
        return set(members)
    return {pk for pk, row in members.items() if row.path.startswith(view.head.path)}
