"""Pages of a downline with points: filtered, sorted, continued from a cursor.

A small branch is listed first and asked for by number. For a large one the columns of the last reading
(`volumes.team_reading`) propose who comes next; whoever has changed since is asked for besides, and the
tables have the last word on all of them. So a page costs the same few queries whatever the size of
the branch, and nobody is missing or out of place; only *points* that a large downline is sorted or
filtered by are those of the reading, and the page says how old they are. Texts, past trees and the
time before the first reading are the database's alone, by its indexes over everybody.

All points are in 1/100 point.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeGuard

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from mlm_plugin.network.downline import Slice, get_downline
from mlm_plugin.network.models import Member
from mlm_plugin.network.past import Branch
from mlm_plugin.volumes.selectors import PeriodPoints
from mlm_plugin.volumes.team_columns import (
    Fits,
    Reading,
    ReadingGone,
    in_microseconds,
    open_reading,
)
from mlm_plugin.volumes.team_cursor import MOST, behind, read_cursor, turned_round, write_cursor
from mlm_plugin.volumes.team_reading import SMALL_BRANCH, points_column
from mlm_plugin.volumes.totals import COLUMNS

MOST_COUNTED = 10_000
# A branch that is more than one part in so many of the network.
SHARE = 3
EVERYBODY = Slice()

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
BY_POINTS = {"group_points": GROUP, "own_points": OWN}
IN_READING = {"joined_at": "joined", "last_name": "name", "depth": "depth"}


@dataclass(frozen=True)
class TeamSlice:
    """Which members of a downline, and with how many points of which sort in the period."""

    members: Slice = EVERYBODY
    points_of: str = GROUP
    points_from: int | None = None
    points_to: int | None = None

    @property
    def asks_points(self) -> bool:
        """Whether points decide who is wanted."""
        return (self.points_from, self.points_to) != (None, None)


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


@dataclass(frozen=True)
class _Asked:
    """One question, as both ways of answering it need it."""

    member: Member
    period: date
    wanted: TeamSlice
    at: datetime | None
    sort: str

    @property
    def columns(self) -> tuple[str, ...]:
        return SORTS[self.sort]

    @property
    def key(self) -> str:
        """The first column of the order."""
        return self.columns[0].removeprefix("-")

    @property
    def goes_by_points(self) -> bool:
        return self.wanted.asks_points or self.key in BY_POINTS

    @property
    def fits(self) -> Fits:
        """The same for the columns of a reading."""
        return Fits(
            head=self.member,
            members=self.wanted.members,
            points=points_column(points_of=self.wanted.points_of, period=self.period),
            points_from=_clamp(self.wanted.points_from),
            points_to=_clamp(self.wanted.points_to),
            at=self.at,
        )

    @cached_property
    def downline(self) -> tuple[QuerySet[Any], Branch]:
        """Who fits but for points, unsorted; of the past that takes queries of its own."""
        return get_downline(member=self.member, wanted=self.wanted.members, at=self.at)


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
    asked = _Asked(member, period, wanted, at, sort)
    after = read_cursor(cursor, asked.columns)
    reading = _open(asked)
    if _answers(reading, asked):
        try:
            return _read_by_columns(reading, asked, after, limit)
        except ReadingGone:
            reading = None
    return _read_by_tables(asked, after, limit, is_large=_is_large(reading))


def count_team(
    *,
    member: Member,
    period: date,
    wanted: TeamSlice = WHOLE_TEAM,
    at: datetime | None = None,
) -> Counted:
    """How many fit: exactly, or where only the tables can tell, exactly up to `MOST_COUNTED`.

    Beyond that it is what the database estimates; SQLite estimates nothing and counts on.
    """
    asked = _Asked(member, period, wanted, at, "level")
    reading = _open(asked)
    if _answers(reading, asked, is_page=False):
        try:
            number = reading.count(asked.fits)
        except ReadingGone:
            reading = None
        else:
            if reading.changed:
                rows, _levels = _rows(asked, is_large=True)
                rows = rows.filter(_points_fit(wanted), pk__in=reading.changed)
                number += rows.values("pk").count()
            return Counted(number, is_exact=True)
    rows, _levels = _rows(asked, is_large=_is_large(reading))
    rows = rows.filter(_points_fit(wanted)).values("pk")
    if connection.vendor != "postgresql":
        return Counted(rows.count(), is_exact=True)
    asks_nothing = wanted == WHOLE_TEAM and at is None
    if asks_nothing and (guess := _estimate(rows)) > 2 * MOST_COUNTED:
        return Counted(guess, is_exact=False)
    number = rows[: MOST_COUNTED + 1].count()
    if number <= MOST_COUNTED:
        return Counted(number, is_exact=True)
    return Counted(max(_estimate(rows), number), is_exact=False)


def _open(asked: _Asked) -> Reading | None:
    """The reading, where it may help: few are better asked for directly."""
    wanted = asked.wanted.members
    few = wanted.is_front_line and (asked.member.numchild <= SMALL_BRANCH or asked.at is not None)
    if few or (not asked.member.numchild if asked.at is None else wanted.text):
        return None
    reading = open_reading(member_id=asked.member.pk)
    if reading is None or asked.at is None:
        return reading
    _rows, branch = asked.downline
    return reading.as_it_was(branch, head=asked.member)


def _is_large(reading: Reading | None) -> bool:
    """Whether the branch is known to be too large to be listed."""
    return reading is not None and reading.size + len(reading.changed) > SMALL_BRANCH


def _answers(reading: Reading | None, asked: _Asked, *, is_page: bool = True) -> TypeGuard[Reading]:
    """Whether the columns can answer this, and had better."""
    if reading is None or not _is_large(reading) or asked.wanted.members.text:
        return False
    # In most of the network an index over everybody soon finds a page of those who fit.
    finds_soon = reading.size * SHARE > reading.members and not asked.goes_by_points
    if is_page and finds_soon and asked.wanted == WHOLE_TEAM and asked.at is None:
        return False
    return not asked.goes_by_points or reading.knows_points(period=asked.period)


def _read_by_tables(
    asked: _Asked, after: list[Any] | None, limit: int, *, is_large: bool
) -> TeamPage:
    rows, levels = _rows(asked, is_large=is_large)
    rows = rows.filter(_points_fit(asked.wanted))
    if after is not None:
        rows = rows.filter(behind(asked.columns, after))
    found = list(rows.order_by(*asked.columns)[: limit + 1])
    return _page(asked, found[:limit], has_more=len(found) > limit, levels=levels)


def _read_by_columns(
    reading: Reading, asked: _Asked, after: list[Any] | None, limit: int
) -> TeamPage:
    chosen = reading.choose(
        asked.fits,
        sort=_column_in_reading(asked),
        is_descending=asked.columns[0].startswith("-"),
        after=None if after is None else _place_in_reading(reading, asked, after),
        limit=limit + 1,
    )
    read = _merge_by_points if asked.key in BY_POINTS else _merge_by_facts
    found = read(reading, asked, after, limit, dict(chosen))
    page = _page(
        asked, found[:limit], has_more=len(found) > limit or len(chosen) > limit, levels={}
    )
    return replace(page, sorted_as_of=reading.read_at if asked.goes_by_points else None)


def _merge_by_facts(
    reading: Reading, asked: _Asked, after: list[Any] | None, limit: int, chosen: dict[int, int]
) -> list[Any]:
    """The chosen and the changed in the order of the tables, which know both as they are now."""
    rows, _levels = _rows(asked, is_large=True)
    changed = Q(pk__in=reading.changed) & _points_fit(asked.wanted)
    rows = rows.filter(Q(pk__in=list(chosen)) | changed)
    if after is not None:
        rows = rows.filter(behind(asked.columns, after))
    return list(rows.order_by(*asked.columns)[: limit + 1])


def _merge_by_points(
    reading: Reading, asked: _Asked, after: list[Any] | None, limit: int, chosen: dict[int, int]
) -> list[Any]:
    """The chosen stand where the points of the reading put them, so that pages follow each other."""
    rows, _levels = _rows(asked, is_large=True)
    found = list(rows.filter(pk__in=list(chosen)))
    for row in found:
        setattr(row, asked.key, chosen[row.pk])
    if reading.changed:
        changed = rows.filter(_points_fit(asked.wanted), pk__in=reading.changed)
        if after is not None:
            changed = changed.filter(behind(asked.columns, after))
        found += changed.order_by(*asked.columns)[: limit + 1]
    is_descending = asked.columns[0].startswith("-")
    found.sort(key=lambda row: (getattr(row, asked.key), row.pk), reverse=is_descending)
    return found


def _column_in_reading(asked: _Asked) -> str:
    if asked.key in BY_POINTS:
        return points_column(points_of=BY_POINTS[asked.key], period=asked.period)
    return IN_READING[asked.key]


def _place_in_reading(reading: Reading, asked: _Asked, after: list[Any]) -> tuple[int, int]:
    """The cursor as value and number in the columns."""
    if asked.key == "joined_at":
        return in_microseconds(after[0]), after[1]
    if asked.key != "last_name":
        return after[0], after[1]
    # Names are only a position there: that of the last one before the cursor who has not changed.
    back = turned_round(asked.columns)
    rows = Member.objects.filter(behind(back, after, or_at=True))
    number = rows.exclude(pk__in=reading.changed).order_by(*back).values_list("pk", flat=True)[:1]
    for member_id in number:
        name = reading.name_of(member_id)
        if name is None:
            raise ReadingGone
        return name, member_id
    return (MOST, 0) if asked.columns[0].startswith("-") else (-1, 0)


def _page(asked: _Asked, rows: list[Any], *, has_more: bool, levels: dict[int, int]) -> TeamPage:
    names = [column.removeprefix("-") for column in asked.columns]
    cursor = ""
    if has_more and rows:
        cursor = write_cursor(asked.columns, [getattr(rows[-1], name) for name in names])
    return TeamPage(
        rows=tuple(
            TeamRow(
                member=row,
                level=levels.get(row.pk) or row.level,
                points=PeriodPoints(
                    period=asked.period,
                    **{name: getattr(row, f"total_{name}") for name in COLUMNS},
                ),
            )
            for row in rows
        ),
        next_cursor=cursor,
    )


def _rows(asked: _Asked, *, is_large: bool = False) -> tuple[QuerySet[Any], dict[int, int]]:
    """Who fits but for points, with the points of now; the levels the rows do not know."""
    rows, branch = asked.downline
    if not is_large and asked.at is None and asked.member.numchild:
        numbers = _list_small(branch)
        if numbers:
            rows = rows.filter(pk__in=numbers)
    total = FilteredRelation("period_totals", condition=Q(period_totals__period=asked.period))
    rows = (
        rows.annotate(total=total)
        .annotate(**{f"total_{name}": Coalesce(F(f"total__{name}"), 0) for name in COLUMNS})
        .annotate(
            group_points=F("total_group_pv"),
            own_points=F("total_personal_pv") + F("total_customers_pv"),
        )
    )
    return rows.defer("path"), branch.levels


def _points_fit(wanted: TeamSlice) -> Q:
    points = f"{wanted.points_of}_points"
    condition = Q()
    if wanted.points_from is not None:
        condition &= Q(**{f"{points}__gte": _clamp(wanted.points_from)})
    if wanted.points_to is not None:
        condition &= Q(**{f"{points}__lte": _clamp(wanted.points_to)})
    return condition


def _clamp(points: int | None) -> int | None:
    """Beyond this no total of a network lies: what fits into the column."""
    return None if points is None else max(-MOST, min(points, MOST))


def _list_small(branch: Branch) -> list[int]:
    """Everybody in the branch where it is small; nobody where it is not."""
    rows = Member.objects.filter(branch.condition).order_by()
    numbers = list(rows.values_list("pk", flat=True)[: SMALL_BRANCH + 1])
    return numbers if len(numbers) <= SMALL_BRANCH else []


def _estimate(rows: QuerySet[Any]) -> int:
    plan = json.loads(rows.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
