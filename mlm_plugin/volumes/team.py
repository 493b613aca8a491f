"""Pages of a downline with points: filtered, sorted, continued from a cursor.

Each page is one query for the rows, whatever the size of the branch; a small branch is listed first,
so that it is read whole instead of being searched for in an index over everybody. A large one is sorted
and filtered by a copy of the points (`volumes.team_points`), and the page says how old that is.
Counting stops at a limit: beyond it the number is the database's estimate and says so. All points
are in 1/100 point.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from mlm_plugin.network.downline import Slice, get_downline
from mlm_plugin.network.models import Member
from mlm_plugin.network.past import Branch
from mlm_plugin.volumes.selectors import PeriodPoints
from mlm_plugin.volumes.team_points import SMALL_BRANCH, copied_at
from mlm_plugin.volumes.totals import COLUMNS

MOST_COUNTED = 10_000
LONGEST_CURSOR = 1_000
EVERYBODY = Slice()
# Beyond this no total of a network lies: what fits into the column.
MOST_POINTS = 2**63 - 1

OWN = "own"
GROUP = "group"

# A sort's columns, all ascending or (with "-") all descending; the key makes every order total.
SORTS: dict[str, tuple[str, ...]] = {
    "joined": ("joined_at", "pk"),
    "-joined": ("-joined_at", "-pk"),
    "name": ("last_name", "first_name", "pk"),
    "-name": ("-last_name", "-first_name", "-pk"),
    "level": ("depth", "pk"),
    "-level": ("-depth", "-pk"),
    "points": ("group_points", "pk"),
    "-points": ("-group_points", "-pk"),
    "own": ("own_points", "pk"),
    "-own": ("-own_points", "-pk"),
}


@dataclass(frozen=True)
class TeamSlice:
    """Which members of a downline, and with how many points of which sort in the period."""

    members: Slice = EVERYBODY
    points_of: str = GROUP
    points_from: int | None = None
    points_to: int | None = None


WHOLE_TEAM = TeamSlice()


@dataclass(frozen=True)
class TeamRow:
    """A member of the downline, the level below its head, and the points of the period."""

    member: Member
    level: int
    points: PeriodPoints


@dataclass(frozen=True)
class TeamPage:
    """A page of a downline; `next_cursor` is empty on the last one.

    `sorted_as_of` is filled where order and filter go by points of an earlier moment; the points of
    the rows are those of now in any case.
    """

    rows: tuple[TeamRow, ...]
    next_cursor: str
    sorted_as_of: datetime | None = None


@dataclass(frozen=True)
class Counted:
    """How many there are; where it is not exact, about so many."""

    number: int
    is_exact: bool


def get_team(
    *,
    member: Member,
    period: date,
    wanted: TeamSlice = WHOLE_TEAM,
    sort: str = "-points",
    cursor: str = "",
    limit: int = 50,
    at: datetime | None = None,
) -> TeamPage:
    """A page of the downline of `member` with the points of the period that begins on `period`.

    With `at` the downline as it was then. `sort` is one of `SORTS` (ValueError for another); a cursor
    that cannot be read, or comes from another sort, starts at the beginning. At most six queries.
    """
    if sort not in SORTS:
        raise ValueError(f"a team is sorted by one of {sorted(SORTS)}, not by {sort!r}")
    columns = SORTS[sort]
    by_points = columns[0].endswith("_points")
    rows, levels, as_of = _select(member, period, wanted, at, by_points=by_points)
    after = _read_cursor(cursor, columns)
    if after is not None:
        rows = rows.filter(_behind(columns, after))
    found = list(rows.order_by(*columns)[: limit + 1])
    page = found[:limit]
    return TeamPage(
        rows=tuple(
            TeamRow(
                member=row,
                level=levels.get(row.pk) or row.level,
                points=PeriodPoints(
                    period=period, **{name: getattr(row, f"total_{name}") for name in COLUMNS}
                ),
            )
            for row in page
        ),
        next_cursor=_write_cursor(columns, page[-1]) if len(found) > limit else "",
        sorted_as_of=as_of,
    )


def count_team(
    *,
    member: Member,
    period: date,
    wanted: TeamSlice = WHOLE_TEAM,
    at: datetime | None = None,
) -> Counted:
    """How many fit: exactly up to `MOST_COUNTED`, beyond that what the database estimates.

    SQLite estimates nothing and counts on.
    """
    rows, _levels, _as_of = _select(member, period, wanted, at, by_points=False)
    rows = rows.values("pk")
    if connection.vendor != "postgresql":
        return Counted(rows.count(), is_exact=True)
    asks_nothing = wanted == WHOLE_TEAM and at is None
    if asks_nothing and (guess := _estimate(rows)) > 2 * MOST_COUNTED:
        return Counted(guess, is_exact=False)
    number = rows[: MOST_COUNTED + 1].count()
    if number <= MOST_COUNTED:
        return Counted(number, is_exact=True)
    return Counted(max(_estimate(rows), number), is_exact=False)


def _select(
    member: Member, period: date, wanted: TeamSlice, at: datetime | None, *, by_points: bool
) -> tuple[QuerySet[Any], dict[int, int], datetime | None]:
    """Rows with their points; the levels the rows do not know; how old the points they go by are."""
    rows, branch = get_downline(member=member, wanted=wanted.members, at=at)
    asks_points = (wanted.points_from, wanted.points_to) != (None, None)
    as_of = None
    numbers = _list_small(branch) if at is None and member.numchild else []
    if numbers:
        rows = rows.filter(pk__in=numbers)
    elif (by_points or asks_points) and member.numchild:
        as_of = copied_at(period=period)
    rows = rows.annotate(
        total=FilteredRelation("period_totals", condition=Q(period_totals__period=period))
    ).annotate(**{f"total_{name}": Coalesce(F(f"total__{name}"), 0) for name in COLUMNS})
    if as_of is None:
        rows = rows.annotate(
            group_points=F("total_group_pv"),
            own_points=F("total_personal_pv") + F("total_customers_pv"),
        )
    else:
        condition = Q(team_points__period=period)
        rows = rows.annotate(copy=FilteredRelation("team_points", condition=condition))
        rows = rows.filter(copy__isnull=False).annotate(
            group_points=F("copy__group_pv"), own_points=F("copy__own_pv")
        )
    points = f"{wanted.points_of}_points"
    if wanted.points_from is not None:
        rows = rows.filter(**{f"{points}__gte": max(wanted.points_from, -MOST_POINTS)})
    if wanted.points_to is not None:
        rows = rows.filter(**{f"{points}__lte": min(wanted.points_to, MOST_POINTS)})
    return rows.defer("path"), branch.levels, as_of


def _list_small(branch: Branch) -> list[int]:
    """Everybody in the branch where it is small; nobody where it is not."""
    rows = Member.objects.filter(branch.condition).order_by()
    numbers = list(rows.values_list("pk", flat=True)[: SMALL_BRANCH + 1])
    return numbers if len(numbers) <= SMALL_BRANCH else []


def _behind(columns: tuple[str, ...], after: list[Any]) -> Q:
    """The condition to come after these values; the first column alone is one range of an index."""
    way = "lt" if columns[0].startswith("-") else "gt"
    names = [column.removeprefix("-") for column in columns]
    behind = Q()
    for place, name in enumerate(names):
        same = Q(**dict(zip(names[:place], after[:place], strict=True)))
        behind |= same & Q(**{f"{name}__{way}": after[place]})
    return Q(**{f"{names[0]}__{way}e": after[0]}) & behind


def _write_cursor(columns: tuple[str, ...], row: Any) -> str:
    values = [getattr(row, column.removeprefix("-")) for column in columns]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps([columns[0], *told]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, columns: tuple[str, ...]) -> list[Any] | None:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        told = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        sort, *values = told
        if sort != columns[0] or len(values) != len(columns):
            return None
        return [
            _READERS.get(column.removeprefix("-"), _read_number)(value)
            for column, value in zip(columns, values, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        return None


def _read_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_POINTS:
        raise ValueError
    return value


def _read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _read_name(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "joined_at": _read_moment,
    "last_name": _read_name,
    "first_name": _read_name,
}


def _estimate(rows: QuerySet[Any]) -> int:
    plan = json.loads(rows.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
