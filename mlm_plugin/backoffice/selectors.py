"""Reads for the staff: members found, a member's place and orders, customers and closings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mlm_plugin.ledger.models import BooksClosing
from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.models import CustomerBinding, Member
from mlm_plugin.volumes.models import CreditedOrder

PAGE = 50
# An upline may be hundreds of levels long; the page shows its near and its far end.
SHOWN_ABOVE = 10


@dataclass(frozen=True)
class Page:
    """Some rows and the cursor of the next page (empty on the last one)."""

    rows: Sequence[Any]
    next_cursor: str


@dataclass(frozen=True)
class Upline:
    """Whom a member stands below: the first ones, how many are left out, and the nearest ones."""

    top: Sequence[Member]
    left_out: int
    near: Sequence[Member]


def get_member(*, code: str) -> Member:
    """A member by code, with sign-in and sponsor. Raises Member.DoesNotExist."""
    return Member.objects.select_related("user", "former_user", "sponsor").get(
        code=normalise_code(code)
    )


def find_members(*, text: str = "", status: str = "", cursor: str = "") -> Page:
    """Members whose code, name or e-mail address contains every word of `text`, newest first."""
    rows = search_members(text=text, status=status).select_related("user", "sponsor")
    return cut_page(rows.defer("path", "sponsor__path"), cursor)


def search_members(*, text: str = "", status: str = "") -> QuerySet[Member]:
    """All members whose code, name or e-mail address contains every word of `text`."""
    rows = Member.objects.order_by()
    for word in text.split():
        rows = rows.filter(
            Q(code__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    return rows.filter(status=status) if status else rows


def get_upline(*, member: Member) -> Upline:
    """Everybody between the root and the member; both ends of a long chain, in one query."""
    steps = range(Member.steplen, len(member.path), Member.steplen)
    paths = [member.path[:end] for end in steps]
    near = paths[-SHOWN_ABOVE:]
    top = paths[: len(paths) - len(near)][:1]
    found = {row.path: row for row in Member.objects.filter(path__in=[*top, *near])}
    return Upline(
        top=[found[path] for path in top],
        left_out=len(paths) - len(near) - len(top),
        near=[found[path] for path in near],
    )


def get_customers(*, member: Member | None = None, text: str = "", cursor: str = "") -> Page:
    """Bound customers, the newest first: of one member, or found by e-mail address."""
    rows = CustomerBinding.objects.select_related("user", "member").defer("member__path")
    if member is not None:
        rows = rows.filter(member=member)
    if text:
        rows = rows.filter(user__email__icontains=text)
    return cut_page(rows, cursor)


def get_credited_orders(*, member: Member, cursor: str = "") -> Page:
    """Orders credited to a member with their points, the newest first."""
    rows = (
        CreditedOrder.objects.filter(member=member)
        .select_related("buyer")
        .annotate(pv=Coalesce(Sum("lines__pv"), 0), cv=Coalesce(Sum("lines__cv"), 0))
    )
    return cut_page(rows, cursor)


def get_closings() -> QuerySet[BooksClosing]:
    """The closings of the books, the last one first."""
    return BooksClosing.objects.select_related("author").order_by("-through")[:100]


def cut_page(rows: QuerySet[Any], cursor: str) -> Page:
    """The newest `PAGE` rows below the primary key `cursor`; one that is no number is ignored."""
    if cursor.isdecimal() and len(cursor) < 20:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return Page(rows=found[:PAGE], next_cursor=more)
