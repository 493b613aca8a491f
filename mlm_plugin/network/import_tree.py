"""Where the members of a file come in the sponsor tree: faults first, then everybody's path."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from mlm_plugin.network.bulk_writing import chunks
from mlm_plugin.network.member_rows import MemberRow
from mlm_plugin.network.member_tables import RowProblem
from mlm_plugin.network.models import MAX_DEPTH, Member

DEEPEST_PATH = MAX_DEPTH * Member.steplen


class Known(NamedTuple):
    """A member who is in the database already."""

    pk: int
    path: str
    sponsor: str


def read_known(rows: Sequence[MemberRow]) -> dict[str, Known]:
    """Everybody whom these rows name and who is there already, by code."""
    known: dict[str, Known] = {}
    if not Member.objects.exists():
        return known
    codes = {code for row in rows for code in (row.code, row.sponsor, row.parent) if code}
    for chunk in chunks(codes):
        found = Member.objects.order_by().filter(code__in=chunk)
        for code, pk, path, sponsor in found.values_list("code", "pk", "path", "sponsor__code"):
            known[code] = Known(pk, path, sponsor or "")
    return known


def find_tree_problems(
    *, rows: Sequence[MemberRow], known: dict[str, Known], faulty: Collection[str]
) -> Iterator[RowProblem]:
    """Rows that contradict the tree or each other. `faulty` members may be named as sponsors."""
    fresh = [row for row in rows if row.code not in known]
    yield from _differing_sponsors(rows, known)
    yield from _unknown_sponsors(fresh, known, faulty)
    yield from find_circles(
        {row.code: row for row in fresh},
        above=lambda row: row.sponsor,
        reason=_("member {code} is in the own upline ({length} members in a circle)"),
    )


def find_too_deep(*, fresh: Sequence[MemberRow], paths: dict[str, str]) -> list[RowProblem]:
    """Rows that would be deeper than the tree can be; of each chain only the first."""
    return [
        RowProblem(row.line, _("deeper than {limit} levels").format(limit=MAX_DEPTH))
        for row in fresh
        if len(paths[row.code]) > DEEPEST_PATH
    ]


def _differing_sponsors(rows: Sequence[MemberRow], known: dict[str, Known]) -> Iterator[RowProblem]:
    for row in rows:
        if row.code in known and known[row.code].sponsor != row.sponsor:
            reason = _("member {code} is there already, below {sponsor}; an import moves nobody")
            sponsor = known[row.code].sponsor or _("nobody")
            yield RowProblem(row.line, reason.format(code=row.code, sponsor=sponsor))


def _unknown_sponsors(
    fresh: list[MemberRow], known: dict[str, Known], faulty: Collection[str]
) -> Iterator[RowProblem]:
    codes = {row.code for row in fresh}.union(faulty)
    for row in fresh:
        if row.sponsor and row.sponsor not in codes and row.sponsor not in known:
            reason = _("the sponsor {sponsor} is neither in the file nor in the network")
            yield RowProblem(row.line, reason.format(sponsor=row.sponsor))


def find_circles(
    by_code: dict[str, MemberRow], *, above: Callable[[MemberRow], str], reason: str
) -> Iterator[RowProblem]:
    """Rows that come back to themselves by `above`; rows below a circle are not faulty themselves."""
    finished: set[str] = set()
    for start in by_code:
        walked: dict[str, int] = {}
        code = start
        while code in by_code and code not in finished and code not in walked:
            walked[code] = len(walked)
            code = above(by_code[code])
        if code in walked:
            circle = list(walked)[walked[code] :]
            for member in circle:
                words = reason.format(code=member, length=len(circle))
                yield RowProblem(by_code[member].line, words)
        finished.update(walked)


def lay_out(*, fresh: list[MemberRow], known: dict[str, Known]) -> dict[str, str]:
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
            if len(paths[sponsor]) > DEEPEST_PATH:
                continue
            children = front_lines.get(sponsor, [])
            for place, code in enumerate(children, start=1):
                paths[code] = paths[sponsor] + _step(place)
            below += children
        level = below
    return defaultdict(str, paths)


def _last_places(sponsors: list[Known]) -> dict[int | None, int]:
    """The last place taken below each of these members, and among the roots (None)."""
    last: dict[int | None, str | None] = {
        None: Member.objects.filter(depth=1).aggregate(last=Max("path"))["last"]
    }
    for chunk in chunks(sponsor.pk for sponsor in sponsors):
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
