"""Reads the whole network into columns, run by the worker; see `TeamReading`.

The order of a column is that of a walk through the sponsor tree, so that whoever stands below a member
follows right behind. One pass over the members, one over the totals; nothing here is on the way of
an order or a page. A network that is small needs no reading and gets none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max
from numpy.typing import NDArray

from mlm_plugin.conf import business_day, period_start
from mlm_plugin.ledger.models import Entry
from mlm_plugin.network.bulk_writing import write_rows
from mlm_plugin.network.laying_lines import find_rows
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.team_models import MemberChange, TeamColumn, TeamReading

Numbers = NDArray[np.int64]

# Up to here the members of a branch are named one by one, and their points are read as they are.
SMALL_BRANCH = 2_000
# Members whose changes are looked at one by one; a statement that changes more than `mlm_note_changes`
# (migration 0002) allows makes the reading useless until the next one.
MOST_CHANGED = 2_000
GROWS_OLD = timedelta(minutes=5)
STAYS = timedelta(hours=1)
PIECE = 32_768
PLACES = "places"
# What a piece of `places` says of each member, in the order of members.
PLACE_FIELDS = ("member", "place", "size", "name")
PLACES_PIECE = 512
# Of the readings before the newest one, for pages that are in the middle of it.
KEPT = 1
LOCK = 7_220
# PostgreSQL counts a moment's microseconds from here.
EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
# Binary COPY begins with so many bytes, and each row with the number of its fields.
COPY_HEAD = 19
COPY_END = 2

MEMBERS = """
    SELECT id, coalesce(sponsor_id, -1), depth::bigint, joined_at,
           coalesce(array_position(%(ranks)s::text[], rank::text), 0)::bigint,
           coalesce(array_position(%(statuses)s::text[], status::text), 0)::bigint
    FROM mlm_plugin_member ORDER BY id
"""
BY_NAME = "SELECT id FROM mlm_plugin_member ORDER BY last_name, first_name, id"
POINTS = """
    SELECT member_id, group_pv, personal_pv + customers_pv
    FROM mlm_plugin_periodtotal WHERE period = %(period)s
"""


class TreeBroken(Exception):
    """Somebody stands below nobody, or two in one place: `find_problems` says who."""


@dataclass
class _Columns:
    """Columns in the order of the walk, by name; `places` in the order of members."""

    walked: dict[str, Numbers]
    places: Numbers
    ranks: list[str] = field(default_factory=list)


def read_team(*, at: datetime) -> bool:
    """Make a new reading where the last one does not do any more; whether it was made.

    It does for five minutes, for an hour where nothing has changed since, and not at all after so
    many members have changed that it is of little use. Of two workers one does it. Points are read
    for the open period and the one before. Raises TreeBroken; the last reading stays then.
    """
    is_small = not Member.objects.order_by()[SMALL_BRANCH : SMALL_BRANCH + 1].exists()
    if connection.vendor != "postgresql" or is_small:
        return False
    with transaction.atomic():
        if not _begin():
            return False
        horizon = _read_number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        present = period_start(business_day(at))
        periods = [present, period_start(present - timedelta(days=1))]
        last_entry = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        if _still_does(periods, last_entry, at):
            return False
        columns = _read(periods)
        reading = TeamReading.objects.create(
            read_at=at,
            horizon=horizon,
            members=len(columns.places),
            last_entry=last_entry,
            periods=[period.isoformat() for period in periods],
            ranks=columns.ranks,
        )
        write_rows(
            table=TeamColumn._meta.db_table,
            columns=("reading_id", "name", "start", "kind", "data"),
            rows=_pieces(reading.pk, columns),
        )
        _forget(before=reading)
    return True


def points_column(*, points_of: str, period: date) -> str:
    """The name of the column with a period's own or group points."""
    return f"{points_of}:{period.isoformat()}"


def walk_tree(*, sponsor: Numbers, depth: Numbers) -> tuple[Numbers, Numbers]:
    """Everybody's position in a walk through the tree, and the size of the branch, head included.

    `sponsor` are rows (-1 for a root). Raises TreeBroken.
    """
    by_depth = np.argsort(depth, kind="stable")
    deepest = int(depth.max(initial=0))
    ends = np.searchsorted(depth[by_depth], np.arange(deepest + 2))
    levels = [by_depth[ends[level] : ends[level + 1]] for level in range(1, deepest + 1)]
    size = np.ones(len(sponsor), dtype=np.int64)
    for here in levels[:0:-1]:
        np.add.at(size, sponsor[here], size[here])
    place = np.zeros(len(sponsor), dtype=np.int64)
    for level, here in enumerate(levels):
        siblings = here[np.argsort(sponsor[here], kind="stable")]
        above = sponsor[siblings]
        before = np.cumsum(size[siblings]) - size[siblings]
        first = np.flatnonzero(np.diff(above, prepend=-2))
        before -= np.repeat(before[first], np.diff(np.append(first, len(above))))
        place[siblings] = before if level == 0 else before + place[above] + 1
    taken = np.zeros(len(sponsor), dtype=bool)
    taken[place[place < len(sponsor)]] = True
    if not taken.all() or bool(((sponsor < 0) != (depth == 1)).any()):
        raise TreeBroken("the sponsor tree is not whole")
    return place, size


def _begin() -> bool:
    """Whether nobody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _still_does(periods: list[date], last_entry: int, at: datetime) -> bool:
    last = TeamReading.objects.order_by("-pk").first()
    if last is None or last.periods != [period.isoformat() for period in periods]:
        return False
    changes = MemberChange.objects.filter(transaction__gte=last.horizon)
    if changes.filter(member_id=None).exists():
        return False
    number = changes[: MOST_CHANGED // 2].count()
    if number == MOST_CHANGED // 2:
        return False
    # An entry with an earlier number may be committed later, so even "nothing new" grows old.
    is_same = number == 0 and last.last_entry == last_entry
    return at - last.read_at < (STAYS if is_same else GROWS_OLD)


def _read(periods: list[date]) -> _Columns:
    ranks = list(Member.objects.order_by("rank").values_list("rank", flat=True).distinct())
    statuses = list(Member.Status.values)
    table = _copy(MEMBERS, width=6, values={"ranks": ranks, "statuses": statuses})
    member, sponsor_id, depth, joined, rank, status = (column.copy() for column in table.T)
    place, size = walk_tree(sponsor=find_rows(member, sponsor_id), depth=depth)
    named = find_rows(member, _copy(BY_NAME, width=1)[:, 0])
    name = np.zeros(len(member), dtype=np.int64)
    # Whoever joined meanwhile is named as changed, so any position will do.
    name[named[named >= 0]] = np.flatnonzero(named >= 0)
    found = {"member": member, "depth": depth, "joined": joined, "rank": rank, "status": status,
             "name": name}  # fmt: skip
    for period in periods:
        totals = _copy(POINTS, width=3, values={"period": period})
        rows = find_rows(member, totals[:, 0])
        for number, points_of in enumerate(("group", "own"), start=1):
            points = np.zeros(len(member), dtype=np.int64)
            points[rows[rows >= 0]] = totals[rows >= 0, number]
            found[points_column(points_of=points_of, period=period)] = points
    order = np.argsort(place)
    return _Columns(
        walked={key: column[order] for key, column in found.items()},
        places=np.stack([member, place, size, name], axis=1),
        ranks=ranks,
    )


def _pieces(reading_id: int, columns: _Columns) -> Iterator[tuple[Any, ...]]:
    for name, column in columns.walked.items():
        for start in range(0, len(column), PIECE):
            yield (reading_id, name, start, *_pack(column[start : start + PIECE]))
    for start in range(0, len(columns.places), PLACES_PIECE):
        piece = columns.places[start : start + PLACES_PIECE]
        yield (reading_id, PLACES, int(piece[0, 0]), *_pack(piece))


def _pack(numbers: Numbers) -> tuple[str, bytes]:
    """The narrowest type that holds the numbers, and their negatives; and them as bytes."""
    most = max(int(numbers.max()), -int(numbers.min()))
    kind = next(kind for kind in ("<i1", "<i2", "<i4", "<i8") if most <= np.iinfo(kind).max)
    return kind, numbers.astype(kind).tobytes()


def _forget(*, before: TeamReading) -> None:
    """Remove old readings but the last, which a page may be in the middle of, and old changes."""
    earlier = TeamReading.objects.filter(pk__lt=before.pk).order_by("-pk")
    numbers = list(earlier.values_list("pk", flat=True))
    TeamReading.objects.filter(pk__in=numbers[KEPT:]).delete()
    MemberChange.objects.filter(transaction__lt=before.horizon).delete()


def _copy(statement: str, *, width: int, values: dict[str, Any] | None = None) -> Numbers:
    """The answer of a SELECT of 64-bit numbers (or moments) as an array, without one Python object."""
    buffer = BytesIO()
    whole = f"COPY ({statement}) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(whole, values) as copy:
        for data in copy:
            buffer.write(data)
    layout: list[Any] = [("fields", ">i2")]
    for number in range(width):
        layout += [(f"size{number}", ">i4"), (f"value{number}", ">i8")]
    row = np.dtype(layout)
    answer = buffer.getbuffer()[COPY_HEAD : len(buffer.getbuffer()) - COPY_END]
    rows = np.frombuffer(answer, dtype=row)
    return np.stack([rows[f"value{number}"].astype(np.int64) for number in range(width)], axis=1)


def _read_number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
