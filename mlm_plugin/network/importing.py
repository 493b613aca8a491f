"""Whole networks at once: all rows or none, places computed level by level, written in batches.

Joining one by one would cost four queries a member; here the tree is laid out in memory and written
as rows, so that the time grows with the number of members and not with their depth.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from mlm_plugin.network import locks
from mlm_plugin.network.member_files import MemberRow, RowProblem
from mlm_plugin.network.models import MAX_DEPTH, Member, SponsorEdge

BATCH = 5_000
WORTH_ANALYSING = 10_000

Progress = Callable[[int, int], None]
Item = TypeVar("Item")


class ImportRefused(Exception):
    """Some rows cannot be imported, so none was; `problems` says which and why."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} rows cannot be imported")
        self.problems = problems


class ImportResult(NamedTuple):
    """What an import did: members added, members that were there already, depth of the deepest."""

    added: int
    unchanged: int
    deepest: int


class _Known(NamedTuple):
    """A member who is in the database already."""

    pk: int
    path: str
    sponsor: str


def import_members(
    *,
    rows: Sequence[MemberRow],
    joined_at: datetime,
    progress: Progress = lambda done, total: None,
) -> ImportResult:
    """Add all members of `rows` who are not there yet, each below the sponsor its row names.

    All or nothing, with the tree held, so nobody joins or moves meanwhile. Rows may stand in any
    order. A member who is there already, below the same sponsor, stays untouched: importing a file
    twice changes nothing. `joined_at` is for rows that do not say. `progress` gets the number of
    members written so far and in all.

    Raises ImportRefused with every row whose sponsor is unknown, in a cycle, another one than in
    the database, or too long a chain away.
    """
    with transaction.atomic():
        locks.hold_tree()
        known = _read_known(rows)
        fresh = [row for row in rows if row.code not in known]
        problems = [
            *_differing_sponsors(rows, known),
            *_unknown_sponsors(fresh, known),
            *_cycles(fresh),
        ]
        if problems:
            raise ImportRefused(sorted(problems))
        paths = _lay_out(fresh, known)
        too_deep = [
            RowProblem(row.line, _("deeper than {limit} levels").format(limit=MAX_DEPTH))
            for row in fresh
            if len(paths[row.code]) > MAX_DEPTH * Member.steplen
        ]
        if too_deep:
            raise ImportRefused(too_deep)
        _write(fresh, known=known, paths=paths, joined_at=joined_at, progress=progress)
    deepest = max(map(len, paths.values()), default=0) // Member.steplen
    return ImportResult(added=len(fresh), unchanged=len(rows) - len(fresh), deepest=deepest)


def _read_known(rows: Sequence[MemberRow]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    if not Member.objects.exists():
        return known
    codes = {row.code for row in rows} | {row.sponsor for row in rows if row.sponsor}
    for chunk in _chunks(codes):
        found = Member.objects.order_by().filter(code__in=chunk)
        for code, pk, path, sponsor in found.values_list("code", "pk", "path", "sponsor__code"):
            known[code] = _Known(pk, path, sponsor or "")
    return known


def _differing_sponsors(
    rows: Sequence[MemberRow], known: dict[str, _Known]
) -> Iterator[RowProblem]:
    for row in rows:
        if row.code in known and known[row.code].sponsor != row.sponsor:
            reason = _("member {code} is there already, below {sponsor}; an import moves nobody")
            sponsor = known[row.code].sponsor or _("nobody")
            yield RowProblem(row.line, reason.format(code=row.code, sponsor=sponsor))


def _unknown_sponsors(fresh: list[MemberRow], known: dict[str, _Known]) -> Iterator[RowProblem]:
    codes = {row.code for row in fresh}
    for row in fresh:
        if row.sponsor and row.sponsor not in codes and row.sponsor not in known:
            reason = _("the sponsor {sponsor} is neither in the file nor in the network")
            yield RowProblem(row.line, reason.format(sponsor=row.sponsor))


def _cycles(fresh: list[MemberRow]) -> Iterator[RowProblem]:
    """Rows that are their own upline; rows below such a cycle are not faulty themselves."""
    by_code = {row.code: row for row in fresh}
    finished: set[str] = set()
    for row in fresh:
        walked: dict[str, int] = {}
        code = row.code
        while code in by_code and code not in finished and code not in walked:
            walked[code] = len(walked)
            code = by_code[code].sponsor
        if code in walked:
            cycle = list(walked)[walked[code] :]
            for member in cycle:
                reason = _("member {code} is in the own upline ({length} members in a circle)")
                yield RowProblem(
                    by_code[member].line, reason.format(code=member, length=len(cycle))
                )
        finished.update(walked)


def _lay_out(fresh: list[MemberRow], known: dict[str, _Known]) -> dict[str, str]:
    """The path of every fresh member, level by level, children in the order of the file."""
    front_lines: dict[str, list[str]] = defaultdict(list)
    for row in fresh:
        front_lines[row.sponsor].append(row.code)
    paths: dict[str, str] = {}
    last_places = _last_places([known[code] for code in front_lines if code in known])
    level = []
    for sponsor, children in front_lines.items():
        if sponsor in known or not sponsor:
            above = known[sponsor].path if sponsor else ""
            first = last_places.get(known[sponsor].pk if sponsor else None, 0) + 1
            for place, code in enumerate(children, start=first):
                paths[code] = above + _step(place)
            level += children
    while level:
        below: list[str] = []
        for sponsor in level:
            # A chain that is too deep already is reported by its first member beyond the limit.
            if len(paths[sponsor]) > MAX_DEPTH * Member.steplen:
                continue
            children = front_lines.get(sponsor, [])
            for place, code in enumerate(children, start=1):
                paths[code] = paths[sponsor] + _step(place)
            below += children
        level = below
    return defaultdict(str, paths)


def _last_places(sponsors: list[_Known]) -> dict[int | None, int]:
    """The last place taken below each of these members, and among the roots (None)."""
    last: dict[int | None, str | None] = {
        None: Member.objects.filter(depth=1).aggregate(last=Max("path"))["last"]
    }
    for chunk in _chunks(sponsor.pk for sponsor in sponsors):
        below = Member.objects.order_by().filter(sponsor_id__in=chunk)
        last.update(below.values_list("sponsor_id").annotate(last=Max("path")))
    return {
        pk: Member._str2int(path[-Member.steplen :])
        for pk, path in last.items()
        if path is not None
    }


@cache
def _step(place: int) -> str:
    return str(Member._get_path("", 1, place))


def _write(
    fresh: list[MemberRow],
    *,
    known: dict[str, _Known],
    paths: dict[str, str],
    joined_at: datetime,
    progress: Progress,
) -> None:
    # In the order of the path, so that sponsors come first and both indexes grow at their end.
    ordered = sorted(fresh, key=lambda row: paths[row.code])
    keys = {code: member.pk for code, member in known.items()}
    keys.update(zip((row.code for row in ordered), _reserve_keys(len(ordered)), strict=True))
    children = Counter(row.sponsor for row in fresh if row.sponsor)
    done = 0
    for chunk in _chunks(ordered):
        Member.objects.bulk_create(
            Member(
                pk=keys[row.code],
                path=paths[row.code],
                depth=len(paths[row.code]) // Member.steplen,
                numchild=children[row.code],
                sponsor_id=keys[row.sponsor] if row.sponsor else None,
                code=row.code,
                first_name=row.first_name,
                last_name=row.last_name,
                status=row.status,
                joined_at=row.joined_at or joined_at,
                scheme=row.scheme,
            )
            for row in chunk
        )
        SponsorEdge.objects.bulk_create(
            SponsorEdge(
                member_id=keys[row.code],
                sponsor_id=keys[row.sponsor] if row.sponsor else None,
                since=row.joined_at or joined_at,
            )
            for row in chunk
        )
        done += len(chunk)
        progress(done, len(ordered))
    by_number: dict[int, list[int]] = defaultdict(list)
    for code, number in children.items():
        if code in known:
            by_number[number].append(known[code].pk)
    for number, members in by_number.items():
        for chunk in _chunks(members):
            Member.objects.filter(pk__in=chunk).update(numchild=F("numchild") + number)
    if len(ordered) >= WORTH_ANALYSING:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Member._meta.db_table}")


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


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, BATCH)):
        yield chunk
