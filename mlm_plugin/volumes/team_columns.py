"""Chooses members of a large downline from the columns of the last reading; see `TeamReading`.

What is chosen is a proposal: `volumes.team` asks the tables for these members again, with all
conditions, and adds those who have changed since the reading. Nothing is kept between two pages; only
the stretch of the branch in the columns that are asked for is read.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from mlm_plugin.network.downline import Slice, joining_span
from mlm_plugin.network.models import Member
from mlm_plugin.network.past import Branch
from mlm_plugin.volumes.team_reading import (
    EPOCH,
    MOST_CHANGED,
    PIECE,
    PLACE_FIELDS,
    PLACES,
)

Numbers = NDArray[np.int64]
Columns = dict[str, Numbers]
Mask = NDArray[np.bool_]

NEWEST = """
    SELECT newest.*, head.kind, head.data
    FROM (
        SELECT reading.id, reading.read_at, reading.periods::text, reading.ranks::text,
            reading.members,
            ARRAY(SELECT DISTINCT coalesce(member_id, 0) FROM mlm_plugin_memberchange
                  WHERE transaction >= reading.horizon LIMIT %(most)s)
        FROM mlm_plugin_teamreading reading ORDER BY reading.id DESC LIMIT 1
    ) newest LEFT JOIN LATERAL (
        SELECT kind, data FROM mlm_plugin_teamcolumn
        WHERE reading_id = newest.id AND name = %(places)s AND start <= %(member)s
        ORDER BY start DESC LIMIT 1
    ) head ON true
"""
PLACES_OF = """
    SELECT wanted.number, piece.kind, piece.data FROM unnest(%s::bigint[]) wanted (number)
    CROSS JOIN LATERAL (
        SELECT kind, data FROM mlm_plugin_teamcolumn
        WHERE reading_id = %s AND name = %s AND start <= wanted.number
        ORDER BY start DESC LIMIT 1
    ) piece
"""
PIECES = """
    SELECT name, start, kind, data FROM mlm_plugin_teamcolumn
    WHERE reading_id = %s AND name = ANY(%s) AND start > %s AND start < %s ORDER BY start
"""
SOMEBODY = 0
# A past branch of more pieces is left to the tables.
MOST_PIECES = 60
SAMPLE = 32_768


class ReadingGone(Exception):
    """A newer reading has taken the place of this one while a page was being made."""


@dataclass(frozen=True)
class Fits:
    """Which members are wanted, with points of which column (None: any)."""

    head: Member
    members: Slice
    points: str
    points_from: int | None = None
    points_to: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """The newest reading, and the stretch of it that lies below one member.

    Of a past branch `inside` says who in the stretch belonged to it, and `lower` by how much the depth
    is to be lowered to have the level below the head.
    """

    number: int
    read_at: datetime
    periods: tuple[str, ...]
    ranks: tuple[str, ...]
    # Who has changed since, and so is to be looked at one by one.
    changed: tuple[int, ...]
    members: int
    begin: int
    end: int
    inside: Mask | None = None
    lower: Numbers | None = None

    @property
    def size(self) -> int:
        """How many the stretch holds: those below the member, or more around a past branch."""
        return self.end - self.begin

    def knows_points(self, *, period: date) -> bool:
        """Whether the points of a period are among the columns."""
        return period.isoformat() in self.periods

    def count(self, fits: Fits) -> int:
        """How many fit of those who have not changed since. Raises ReadingGone."""
        names = _columns_for(fits)
        if not names and not self.changed and self.inside is None:
            return self.size
        columns = self._read({*names, "member"} if self.changed else names)
        mask = self._mask(fits, columns)
        if self.changed:
            mask &= ~np.isin(columns["member"], self.changed)
        return int(np.count_nonzero(mask))

    def choose(
        self,
        fits: Fits,
        *,
        sort: str,
        is_descending: bool,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[tuple[int, int]]:
        """The first `limit` who fit, as (member, value of the column `sort`), by value and number.

        Only those behind `after`, and nobody who has changed since. Raises ReadingGone.
        """
        columns = self._read({*_columns_for(fits), "member", sort})
        values, numbers = columns[sort], columns["member"]
        mask = self._mask(fits, columns)
        if after is not None:
            mask &= _behind(values, numbers, after, is_descending=is_descending)
        count = limit + len(self.changed)
        rows = _likely(values, mask, count, is_descending=is_descending)
        sign = -1 if is_descending else 1
        values, numbers = values[rows].astype(np.int64), numbers[rows].astype(np.int64)
        first = _first(sign * values, sign * numbers, count)
        changed = set(self.changed)
        found = zip(numbers[first].tolist(), values[first].tolist(), strict=True)
        return [(number, value) for number, value in found if number not in changed][:limit]

    def name_of(self, member_id: int) -> int | None:
        """Where a member stands in the order of names; None for who is not in the reading."""
        place = self._places([member_id]).get(member_id)
        return None if place is None else place["name"]

    def as_it_was(self, branch: Branch, *, head: Member) -> "Reading | None":
        """The same for the branch of a past moment; None where it consists of too many pieces."""
        paths = {*branch.ranges, *branch.lowered}.union(*branch.ranges.values())
        if not branch.ranges or len(paths) > MOST_PIECES:
            return None
        numbers = dict(Member.objects.filter(path__in=paths).values_list("path", "pk"))
        places = self._places([*numbers.values(), head.pk])
        if len(numbers) < len(paths) or len(places) < len({*numbers.values(), head.pk}):
            return None
        spans = {path: _span(places[number]) for path, number in numbers.items()}
        begin = min(spans[path][0] for path in branch.ranges)
        end = max(spans[path][1] for path in branch.ranges)
        inside, lower = np.zeros(end - begin, dtype=bool), np.zeros(end - begin, dtype=np.int64)
        # The shorter a path the further out: what lies in a branch that is not part may be again.
        for path in sorted(branch.ranges, key=len):
            inside[_slice(spans[path], begin)] = True
            for cut in branch.ranges[path]:
                inside[_slice(spans[cut], begin)] = False
        for path in sorted(branch.lowered, key=len):
            lower[_slice(spans[path], begin)] = branch.lowered[path]
        own = places[head.pk]["place"]
        inside[_slice((own, own + 1), begin)] = False
        return replace(self, begin=begin, end=end, inside=inside, lower=lower)

    def _places(self, members: Sequence[int]) -> dict[int, dict[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(PLACES_OF, [list(members), self.number, PLACES])
            found = {number: _place(number, kind, data) for number, kind, data in cursor}
        return {number: place for number, place in found.items() if place is not None}

    def _mask(self, fits: Fits, columns: Columns) -> Mask:
        mask = np.ones(self.size, dtype=bool) if self.inside is None else self.inside.copy()
        above = fits.head.depth if self.lower is None else self.lower
        if fits.members.level_from > 1:
            mask &= columns["depth"] >= above + fits.members.level_from
        if fits.members.level_to is not None:
            mask &= columns["depth"] <= above + fits.members.level_to
        if fits.members.ranks:
            mask &= _is_one_of(columns["rank"], self.ranks, fits.members.ranks)
        if fits.members.statuses:
            known = list(Member.Status.values)
            mask &= _is_one_of(columns["status"], known, fits.members.statuses)
        for condition in _spans(fits, columns):
            mask &= condition
        return mask

    def _read(self, names: Iterable[str]) -> Columns:
        """The stretch of these columns. Binary: as text, bytes would be twice as many."""
        import psycopg

        pieces: dict[str, list[Numbers]] = {name: [] for name in names}
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            wanted = [self.number, list(pieces), self.begin - PIECE, self.end]
            cursor.execute(PIECES, wanted, binary=True)
            for name, start, kind, data in cursor:
                stretch = slice(max(self.begin - start, 0), self.end - start)
                pieces[name].append(np.frombuffer(data, dtype=kind)[stretch])
        found = {}
        for name, parts in pieces.items():
            column = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
            if len(column) != self.size:
                raise ReadingGone
            found[name] = column
        return found


def open_reading(*, member_id: int) -> Reading | None:
    """The newest reading for the branch of a member, in one query.

    None where there is none, where too many have changed since, or the member is not in it.
    """
    if connection.vendor != "postgresql":
        return None
    values: dict[str, Any] = {"most": MOST_CHANGED + 1, "places": PLACES, "member": member_id}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, values)
        row = cursor.fetchone()
    if row is None:
        return None
    number, read_at, periods, ranks, members, changed, kind, data = row
    if len(changed) > MOST_CHANGED or SOMEBODY in changed or data is None:
        return None
    place = _place(member_id, kind, data)
    if place is None:
        return None
    return Reading(
        number=number,
        read_at=read_at.astimezone(UTC),
        periods=tuple(json.loads(periods)),
        ranks=tuple(json.loads(ranks)),
        changed=tuple(changed),
        members=members,
        begin=place["place"] + 1,
        end=place["place"] + place["size"],
    )


def in_microseconds(moment: datetime) -> int:
    """A moment as the columns have it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _place(member_id: int, kind: str, data: bytes) -> dict[str, int] | None:
    rows = np.frombuffer(data, dtype=kind).reshape(-1, len(PLACE_FIELDS))
    row = int(np.searchsorted(rows[:, 0], member_id))
    if row == len(rows) or rows[row, 0] != member_id:
        return None
    return dict(zip(PLACE_FIELDS, rows[row].tolist(), strict=True))


def _span(place: dict[str, int]) -> tuple[int, int]:
    return place["place"], place["place"] + place["size"]


def _slice(span: tuple[int, int], begin: int) -> slice:
    """Positions of the walk as positions of a stretch; nothing where they lie before it."""
    return slice(max(span[0] - begin, 0), max(span[1] - begin, 0))


def _columns_for(fits: Fits) -> set[str]:
    """What has to be read to know who fits."""
    wanted = fits.members
    asked = {
        "depth": wanted.level_from > 1 or wanted.level_to is not None,
        "rank": bool(wanted.ranks),
        "status": bool(wanted.statuses),
        "joined": joining_span(wanted) != (None, None) or fits.at is not None,
        fits.points: (fits.points_from, fits.points_to) != (None, None),
    }
    return {name for name, is_asked in asked.items() if is_asked}


def _spans(fits: Fits, columns: Columns) -> Iterator[Mask]:
    """Conditions of days and points."""
    since, until = joining_span(fits.members)
    if since is not None:
        yield columns["joined"] >= in_microseconds(since)
    if until is not None:
        yield columns["joined"] < in_microseconds(until)
    if fits.at is not None:
        yield columns["joined"] <= in_microseconds(fits.at)
    if fits.points_from is not None:
        yield columns[fits.points] >= fits.points_from
    if fits.points_to is not None:
        yield columns[fits.points] <= fits.points_to


def _is_one_of(column: Numbers, known: Sequence[str], wanted: Sequence[str]) -> Mask:
    """Texts are counted from 1, in the order in which they are known."""
    mask = np.zeros(len(column), dtype=bool)
    for text in wanted:
        if text in known:
            mask |= column == known.index(text) + 1
    return mask


def _behind(
    values: Numbers, numbers: Numbers, after: tuple[int, int], *, is_descending: bool
) -> Mask:
    value, number = after
    mask: Mask = values < value if is_descending else values > value
    mask |= (values == value) & (numbers < number if is_descending else numbers > number)
    return mask


def _likely(values: Numbers, mask: Mask, count: int, *, is_descending: bool) -> Numbers:
    """Rows in the mask among which the first `count` by value are, and hardly more than needed.

    That many of a sample lie before some value, so the first of all do not lie behind it.
    """
    step = max(len(values) // SAMPLE, 1)
    sample = values[::step][mask[::step]]
    if step > 1 and len(sample) >= count:
        place = len(sample) - count if is_descending else count - 1
        edge = np.partition(sample, place)[place]
        mask = mask & (values >= edge if is_descending else values <= edge)
    return np.flatnonzero(mask)


def _first(values: Numbers, numbers: Numbers, count: int) -> Numbers:
    """Rows of the first by value and number, in that order, without sorting all."""
    rows = np.arange(len(values))
    if len(values) > count:
        edge = np.partition(values, count - 1)[count - 1]
        before = np.flatnonzero(values < edge)
        same = np.flatnonzero(values == edge)
        missing = count - len(before)
        if len(same) > missing:
            same = same[np.argpartition(numbers[same], missing - 1)[:missing]]
        rows = np.concatenate([before, same])
    return rows[np.lexsort((numbers[rows], values[rows]))]
