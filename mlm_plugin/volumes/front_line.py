"""A member's first line with points, the strongest first; for pages that show no more of the team."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce

from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.selectors import PeriodPoints
from mlm_plugin.volumes.team import TeamSlice, get_team
from mlm_plugin.volumes.team_reading import SMALL_BRANCH
from mlm_plugin.volumes.totals import COLUMNS

FRONT_LINE = TeamSlice(Slice(level_to=1))


@dataclass(frozen=True)
class FrontLineMember:
    """One member of a first line with the points of a period (None: not for this reader)."""

    member_id: int
    code: str
    name: str
    status: str
    status_label: str
    front_line_size: int
    points: PeriodPoints | None


@dataclass(frozen=True)
class FrontLinePage:
    """A page of a first line; `next_cursor` is empty on the last one."""

    rows: tuple[FrontLineMember, ...]
    next_cursor: str


def get_front_line_with_points(
    *,
    member: Member,
    period: date,
    cursor: str = "",
    limit: int = 50,
    by_points: bool = True,
) -> FrontLinePage:
    """The members sponsored by `member`, the most group points of the period first.

    Without `by_points` in the order of their numbers, for viewers who may not see the points and so
    not their order either. `cursor` comes from the page before; one that cannot be read starts at
    the beginning. A first line of very many goes by the points of the last reading.
    """
    if by_points and member.numchild > SMALL_BRANCH:
        team = get_team(member=member, period=period, wanted=FRONT_LINE, cursor=cursor, limit=limit)
        return FrontLinePage(
            rows=tuple(_row(row.member, row.points) for row in team.rows),
            next_cursor=team.next_cursor,
        )
    rows = (
        Member.objects.filter(sponsor_id=member.pk)
        .annotate(
            total=FilteredRelation("period_totals", condition=Q(period_totals__period=period))
        )
        .annotate(**{f"total_{name}": Coalesce(F(f"total__{name}"), 0) for name in COLUMNS})
        .only("code", "first_name", "last_name", "status", "numchild")
        .order_by(*(["-total_group_pv"] if by_points else []), "pk")
    )
    after = _read_numbers(cursor)
    if after:
        points, pk = after
        behind = Q(total_group_pv__lt=points) | Q(total_group_pv=points, pk__gt=pk)
        rows = rows.filter(behind if by_points else Q(pk__gt=pk))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = ""
    if len(found) > limit:
        more = f"{page[-1].total_group_pv if by_points else 0}.{page[-1].pk}"
    points_of = {
        row.pk: PeriodPoints(
            period=period, **{name: getattr(row, f"total_{name}") for name in COLUMNS}
        )
        for row in page
    }
    return FrontLinePage(rows=tuple(_row(row, points_of[row.pk]) for row in page), next_cursor=more)


def _row(member: Any, points: PeriodPoints) -> FrontLineMember:
    return FrontLineMember(
        member_id=member.pk,
        code=member.code,
        name=member.full_name,
        status=member.status,
        status_label=member.get_status_display(),
        front_line_size=member.numchild,
        points=points,
    )


def _read_numbers(cursor: str) -> tuple[int, int] | None:
    points, _, pk = cursor.partition(".")
    # Nineteen digits are what a 64-bit column can hold; longer ones come from nobody's page.
    if not (points.removeprefix("-").isdecimal() and pk.isdecimal()) or len(cursor) > 38:
        return None
    return int(points), int(pk)
