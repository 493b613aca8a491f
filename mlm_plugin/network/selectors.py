"""Reads of the network: members by code and sign-in, their lines, and faults of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr

from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.models import CustomerBinding, Member, SponsorEdge
from mlm_plugin.network.past import upline_ids


@dataclass(frozen=True)
class TreeProblem:
    """A member whose place in the tree contradicts itself, and in what way."""

    member_id: int
    code: str
    reason: str


def get_member_by_code(*, code: str) -> Member | None:
    """The member with this code, whatever its case and status; None for anything else. One query.

    Text that cannot be a code costs no query.
    """
    wanted = normalise_code(code)
    return Member.objects.filter(code=wanted).first() if wanted else None


def get_creditable_member(*, code: str) -> Member | None:
    """The member with this code if customers and orders may be credited to it now."""
    member = get_member_by_code(code=code)
    return member if member and member.may_be_credited else None


def get_member_of_user(*, user_id: int) -> Member | None:
    """The member who signs in as this user."""
    return Member.objects.filter(user_id=user_id).first()


def get_binding(*, user_id: int) -> CustomerBinding | None:
    """Which member this customer belongs to, the member loaded with it."""
    return CustomerBinding.objects.select_related("member").filter(user_id=user_id).first()


def list_upline(*, member_id: int, at: datetime | None = None) -> list[Member]:
    """The sponsor, the sponsor's sponsor and so on up to the root, in two queries.

    With `at` as it was at that moment. treebeard's own `get_ancestors` sends every ancestor's path,
    which is 800 kB of SQL for a chain of 600; walking the sponsors sends one number.
    """
    if at is not None:
        numbers = upline_ids(member_id=member_id, at=at)
        found = Member.objects.in_bulk(numbers)
        return [found[number] for number in numbers]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE chain(id, sponsor_id) AS (
                SELECT id, sponsor_id FROM mlm_plugin_member WHERE id = %s
                UNION ALL
                SELECT m.id, m.sponsor_id FROM mlm_plugin_member m
                JOIN chain c ON m.id = c.sponsor_id
            ) SELECT id FROM chain
            """,
            [member_id],
        )
        above = [row[0] for row in cursor.fetchall()][1:]
    return list(Member.objects.filter(pk__in=above).order_by("-depth"))


def is_below(*, member_id: int, of_member_id: int, at: datetime | None = None) -> bool:
    """Whether the first member is in the downline of the second (nobody is below themselves).

    With `at` whether it was so at that moment.
    """
    if at is not None:
        return of_member_id in upline_ids(member_id=member_id, at=at)
    above = Member.objects.filter(pk=of_member_id).values_list("path", flat=True).first()
    if above is None or member_id == of_member_id:
        return False
    return Member.objects.filter(pk=member_id, path__startswith=above).exists()


def find_problems(*, limit: int = 100) -> list[TreeProblem]:
    """Faults of the sponsor tree, at most `limit` of each sort; an empty list is a sound tree.

    Checks what treebeard's own `find_problems` checks and that `sponsor` says the same as the path,
    and the history that holds now, in seven statements over the whole table instead of two queries per
    member.
    """
    return [
        TreeProblem(member_id=pk, code=code, reason=reason)
        for reason, members in _faulty_members()
        for pk, code in members.values_list("pk", "code").order_by("pk")[:limit]
    ]


def _faulty_members() -> Iterator[tuple[str, QuerySet[Member]]]:
    step = Member.steplen
    members = Member.objects.order_by()
    yield (
        "the path has characters outside the alphabet",
        members.exclude(path__regex=rf"^[{Member.alphabet}]+$"),
    )
    yield (
        "depth and length of the path differ",
        members.alias(letters=Length("path")).exclude(letters=F("depth") * step),
    )
    yield (
        "a root has a sponsor, or another member has none",
        members.filter(Q(sponsor=None, depth__gt=1) | Q(sponsor__isnull=False, depth=1)),
    )
    yield (
        "the sponsor is not the member above in the path",
        members.filter(depth__gt=1, sponsor__isnull=False).exclude(
            sponsor__path=Substr("path", 1, (F("depth") - 1) * step)
        ),
    )
    yield (
        "the number of children is wrong",
        members.alias(real=Count("front_line")).exclude(numchild=F("real")),
    )
    now = SponsorEdge.objects.filter(member=OuterRef("pk"), until=None)
    yield (
        "the history says another sponsor than the tree",
        members.exclude(
            Exists(now.filter(sponsor=OuterRef("sponsor")))
            | Q(Exists(now.filter(sponsor=None)), sponsor=None)
        ),
    )
    above = SponsorEdge.objects.filter(member=OuterRef("sponsor"))
    begun = Exists(above.filter(since__lte=OuterRef("since")))
    early = SponsorEdge.objects.filter(Exists(above)).exclude(begun)
    yield (
        "the history begins before the sponsor's",
        members.filter(pk__in=early.values("member")),
    )
