"""Slices of a downline: who of it is wanted, and the members as one queryset with their level.

Nothing here sorts or pages: `volumes.team` does, which knows the points too.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import ExpressionWrapper, F, IntegerField, Q, QuerySet, Value

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.models import Member
from mlm_plugin.network.past import BEHIND_ALL, Branch, branch_at

MOST_WORDS = 4


@dataclass(frozen=True)
class Slice:
    """Which members of a downline are wanted; what is empty asks for nothing.

    Levels count from the head, whose front line is 1. Days are the plan's, both ends included. Each
    word of `text` is the beginning of a first name, last name or code.
    """

    level_from: int = 1
    level_to: int | None = None
    ranks: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    joined_from: date | None = None
    joined_to: date | None = None
    text: str = ""

    @property
    def is_front_line(self) -> bool:
        """Whether only the first level is asked for."""
        return self.level_to == 1


def get_downline(
    *, member: Member, wanted: Slice, at: datetime | None = None
) -> tuple[QuerySet[Member], Branch]:
    """Members below `member` that fit, unsorted, each with `level`; with `at` as it was then.

    The second value knows the levels where the queryset cannot (then `level` is 0): `Branch.levels`.
    Rank and status are those of today.
    """
    branch = _present(member, wanted) if at is None else _past(member, wanted, at)
    rows = Member.objects.filter(branch.condition, _fits(wanted)).order_by()
    level = Value(0, IntegerField()) if branch.level is None else branch.level
    rows = rows.annotate(level=level)
    if at is None:
        return rows, branch
    if branch.level is not None and not wanted.is_front_line:
        if wanted.level_from > 1:
            rows = rows.filter(level__gte=wanted.level_from)
        if wanted.level_to is not None:
            rows = rows.filter(level__lte=wanted.level_to)
    return rows, branch


def joining_span(wanted: Slice) -> tuple[datetime | None, datetime | None]:
    """From which moment on, and before which, the wanted have joined."""
    since = _midnight(wanted.joined_from) if wanted.joined_from else None
    if wanted.joined_to is None or wanted.joined_to == date.max:
        return since, None
    return since, _midnight(wanted.joined_to + timedelta(days=1))


def _present(member: Member, wanted: Slice) -> Branch:
    level = ExpressionWrapper(F("depth") - member.depth, IntegerField())
    if wanted.is_front_line:
        return Branch(Q(sponsor_id=member.pk), Value(1, IntegerField()))
    condition = Q(path__gt=member.path, path__lte=member.path + BEHIND_ALL)
    if wanted.level_from > 1:
        condition &= Q(depth__gte=member.depth + wanted.level_from)
    if wanted.level_to is not None:
        condition &= Q(depth__lte=member.depth + wanted.level_to)
    return Branch(condition, level)


def _past(member: Member, wanted: Slice, at: datetime) -> Branch:
    branch = branch_at(member=member, at=at, level_to=wanted.level_to)
    if branch.level is not None:
        return branch
    levels = {pk: level for pk, level in branch.levels.items() if level >= wanted.level_from}
    return Branch(Q(pk__in=list(levels)), None, levels)


def _fits(wanted: Slice) -> Q:
    condition = Q()
    if wanted.ranks:
        condition &= Q(rank__in=wanted.ranks)
    if wanted.statuses:
        condition &= Q(status__in=wanted.statuses)
    since, until = joining_span(wanted)
    if since is not None:
        condition &= Q(joined_at__gte=since)
    if until is not None:
        condition &= Q(joined_at__lt=until)
    for word in wanted.text.split()[:MOST_WORDS]:
        condition &= _begins(word)
    return condition


def _begins(word: str) -> Q:
    """PostgreSQL compares the upper case of both, which has an index; SQLite knows only ASCII's."""
    condition = Q()
    spellings = {word}
    if connection.vendor == "sqlite":
        spellings |= {word.lower(), word.capitalize(), word.upper()}
    for spelling in spellings:
        condition |= Q(first_name__istartswith=spelling) | Q(last_name__istartswith=spelling)
    if code := normalise_code(word):
        condition |= Q(code__startswith=code)
    return condition


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=plan_time_zone())
