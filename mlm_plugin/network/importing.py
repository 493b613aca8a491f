"""Whole networks at once: all rows or none, places computed level by level, written in batches.

Joining one by one would cost four queries a member; here both trees are laid out in memory and written
as rows, so that the time grows with the number of members and not with their depth.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Max, Min

from mlm_plugin.network import locks
from mlm_plugin.network.bulk_loading import indexes_at_the_end
from mlm_plugin.network.bulk_writing import WORTH_ANALYSING, analyse, chunks, write_rows
from mlm_plugin.network.import_placement import PlacePlan, plan_places, write_places
from mlm_plugin.network.import_tree import (
    Known,
    find_too_deep,
    find_tree_problems,
    lay_out,
    read_known,
)
from mlm_plugin.network.member_rows import MemberRow
from mlm_plugin.network.member_tables import RowProblem
from mlm_plugin.network.models import LineEnd, Member, Placement, PlacementEdge, SponsorEdge

BATCH = 5_000
# With fewer rows in an empty network, dropping and building indexes takes longer than it saves.
WORTH_BUILDING_INDEXES = 50_000
PLACES = (Placement, PlacementEdge, LineEnd)

Progress = Callable[[int, int], None]


class ImportRefused(Exception):
    """Some rows cannot be imported, so none was; `problems` says which and why."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} rows cannot be imported")
        self.problems = problems


class ImportResult(NamedTuple):
    """What an import does: members added, members that were there already, depth of the deepest,
    places given, members added at the top, and whom the file names by code and key."""

    added: int
    unchanged: int
    deepest: int
    placed: int = 0
    roots: int = 0
    keys: Mapping[str, int] = {}


@dataclass(frozen=True)
class _Plan:
    fresh: list[MemberRow]
    known: dict[str, Known]
    paths: dict[str, str]
    places: PlacePlan
    problems: list[RowProblem]

    def tell(self, *, rows: int, keys: Mapping[str, int]) -> ImportResult:
        return ImportResult(
            added=len(self.fresh),
            unchanged=rows - len(self.fresh),
            deepest=max(map(len, self.paths.values()), default=0) // Member.steplen,
            placed=len(self.places.fresh),
            roots=sum(not row.sponsor for row in self.fresh),
            keys=keys,
        )


def check_members(
    *, rows: Sequence[MemberRow], faulty: Collection[str] = ()
) -> tuple[ImportResult, list[RowProblem]]:
    """What `import_members` would do with these rows, and everything it would refuse.

    Writes nothing and locks nothing: what is found holds as long as nobody joins or moves. Members of
    `faulty`, whose rows could not be read, may be named as sponsors and parents.
    """
    plan = _plan(rows, faulty=faulty)
    keys = {code: member.pk for code, member in plan.known.items()}
    return plan.tell(rows=len(rows), keys=keys), plan.problems


def import_members(
    *,
    rows: Sequence[MemberRow],
    joined_at: datetime,
    progress: Progress = lambda done, total: None,
) -> ImportResult:
    """Add all members of `rows` who are not there yet, each below the sponsor its row names.

    All or nothing, with both trees held, so nobody joins, is placed or moves meanwhile. Rows may
    stand in any order. A member who is there already, below the same sponsor, stays untouched (but
    gets a place where the file says one and there was none): importing a file twice changes nothing.
    `joined_at` is the moment of the import, for rows that do not say. `progress` gets the number of
    members written so far and in all. Opening points and balances are `volumes.opening`'s.

    Raises ImportRefused with every row whose sponsor or parent is unknown, in a circle, another one
    than in the database, whose slot is taken, or that would be too deep.
    """
    with transaction.atomic():
        locks.hold_tree()
        locks.hold_places()
        plan = _plan(rows, faulty=())
        if plan.problems:
            raise ImportRefused(plan.problems)
        tables = [model._meta.db_table for model in (SponsorEdge, *PLACES)]
        with indexes_at_the_end(tables=tables, rows=len(plan.fresh), worth=WORTH_BUILDING_INDEXES):
            keys = _write(plan, joined_at=joined_at, progress=progress)
            joined = {row.code: row.joined_at or joined_at for row in plan.fresh}
            write_places(plan=plan.places, keys=keys, joined=joined, at=joined_at)
        if len(plan.fresh) + len(plan.places.fresh) >= WORTH_ANALYSING:
            analyse(*(model._meta.db_table for model in (
                Member, SponsorEdge, Placement, PlacementEdge
            )))  # fmt: skip
    return plan.tell(rows=len(rows), keys=keys)


def _plan(rows: Sequence[MemberRow], *, faulty: Collection[str]) -> _Plan:
    known = read_known(rows)
    fresh = [row for row in rows if row.code not in known]
    places = plan_places(rows=rows, known=known, faulty=faulty)
    problems = [
        *find_tree_problems(rows=rows, known=known, faulty=faulty),
        *places.problems,
    ]
    paths = lay_out(fresh=fresh, known=known)
    problems += find_too_deep(fresh=fresh, paths=paths)
    return _Plan(fresh, known, paths, places, sorted(problems))


def _write(plan: _Plan, *, joined_at: datetime, progress: Progress) -> dict[str, int]:
    paths = plan.paths
    # In the order of the path, so that sponsors come first and both indexes grow at their end.
    ordered = sorted(plan.fresh, key=lambda row: paths[row.code])
    keys = {code: member.pk for code, member in plan.known.items()}
    keys.update(zip((row.code for row in ordered), _reserve_keys(len(ordered)), strict=True))
    children = Counter(row.sponsor for row in plan.fresh if row.sponsor)
    since = _since(ordered, known=plan.known, joined_at=joined_at)
    for done, chunk in _batches(ordered):
        write_rows(
            table=Member._meta.db_table,
            columns=MEMBER_COLUMNS,
            rows=(
                (
                    keys[row.code],
                    paths[row.code],
                    len(paths[row.code]) // Member.steplen,
                    children[row.code],
                    keys[row.sponsor] if row.sponsor else None,
                    row.code,
                    row.first_name,
                    row.last_name,
                    row.status,
                    row.joined_at or joined_at,
                    row.rank,
                    row.scheme,
                )
                for row in chunk
            ),
        )
        write_rows(
            table=SponsorEdge._meta.db_table,
            columns=("member_id", "sponsor_id", "since"),
            rows=(
                (
                    keys[row.code],
                    keys[row.sponsor] if row.sponsor else None,
                    since[row.code],
                )
                for row in chunk
            ),
        )
        progress(done, len(ordered))
    by_number: dict[int, list[int]] = defaultdict(list)
    for code, number in children.items():
        if code in plan.known:
            by_number[number].append(plan.known[code].pk)
    for number, members in by_number.items():
        for chunk_of_keys in chunks(members):
            Member.objects.filter(pk__in=chunk_of_keys).update(numchild=F("numchild") + number)
    return keys


def _since(
    ordered: list[MemberRow], *, known: Mapping[str, Known], joined_at: datetime
) -> dict[str, datetime]:
    """From when each stands below the sponsor: from joining, never before the sponsor's own time.

    `ordered` has sponsors first.
    """
    named = {known[row.sponsor].pk: row.sponsor for row in ordered if row.sponsor in known}
    since: dict[str, datetime] = {}
    for chunk in chunks(named):
        edges = SponsorEdge.objects.filter(member_id__in=chunk).order_by()
        for pk, first in edges.values_list("member_id").annotate(first=Min("since")):
            since[named[pk]] = first
    for row in ordered:
        joined = row.joined_at or joined_at
        above = since.get(row.sponsor, joined)
        since[row.code] = max(joined, above)
    return since


MEMBER_COLUMNS = (
    "id",
    "path",
    "depth",
    "numchild",
    "sponsor_id",
    "code",
    "first_name",
    "last_name",
    "status",
    "joined_at",
    "rank",
    "scheme",
)


def _batches(rows: list[MemberRow]) -> Iterator[tuple[int, list[MemberRow]]]:
    """The rows in batches, each with how many there are up to its end."""
    done = 0
    for chunk in chunks(rows, BATCH):
        done += len(chunk)
        yield done, chunk


def _reserve_keys(number: int) -> Iterable[int]:
    """Primary keys nobody else gets, in ascending order."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [Member._meta.db_table, number],
            )
            return sorted(row[0] for row in cursor.fetchall())
    last = Member.objects.aggregate(last=Max("pk"))["last"] or 0
    return range(last + 1, last + 1 + number)
