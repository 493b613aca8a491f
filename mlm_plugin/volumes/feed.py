"""The feed: which order line brought, will bring or took away points, from whom and how far down.

Three kinds of facts are merged, newest first: movements of order lines (credited and reversed),
lines of orders that wait for payment, and adjustments by the staff. Each is one query for one page,
so a page costs the same for a member of one and for the head of a million.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import (
    BuyerKind,
    CreditedLine,
    CreditedOrder,
    LineMovement,
)

# The keys of what members brought along, see `opening`.
OPENING = "import:opening:"

PENDING = "pending"
CREDITED = "credited"
REVERSED = "reversed"
ADJUSTED = "adjusted"
STATES = (PENDING, CREDITED, REVERSED, ADJUSTED)

# Which source an item comes from; part of the cursor, so that items of one moment keep an order.
_ADJUSTMENT, _PENDING_LINE, _MOVEMENT = 0, 1, 2

# Up to here the members of a branch are named one by one.
SMALL_BRANCH = 2_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Paths are compared as ranges, which both databases answer from the index of the unique path.
# Three steps of the highest digit lie behind every descendant there will ever be.
_BEHIND_ALL = "Z" * Member.steplen * 3


@dataclass(frozen=True)
class FeedItem:
    """One thing that happened to points, as the member at the top of this downline may see it.

    `member_*` is whom the points are credited to, `level` how far below the viewer (0: the viewer).
    What a customer did is told without saying who, except of the viewer's own customers: only then
    `order_number` and `buyer_name` are filled. `happened_at` of a pending line is when it was
    ordered. Points are in 1/100 and signed.
    """

    state: str
    happened_at: datetime
    member_code: str
    member_name: str
    level: int
    is_customer_order: bool
    order_number: str
    buyer_name: str
    title: str
    quantity: int
    pv: int
    cv: int
    reason: str
    cursor: str

    @property
    def pieces(self) -> int:
        """How many pieces moved, either way."""
        return abs(self.quantity)


@dataclass(frozen=True)
class FeedPage:
    """A page of the feed; `next_cursor` is empty on the last one."""

    items: tuple[FeedItem, ...]
    next_cursor: str


_Position = tuple[datetime, int, int]


@dataclass(frozen=True)
class _Whose:
    """Whose points are asked for: everybody of a small branch by number, or a range of paths."""

    viewer: Member
    branch: list[int] | None
    down_to: int | None

    def are(self, prefix: str) -> Q:
        """The condition that the member at the end of `prefix` is one of them."""
        if self.branch is None:
            return in_downline(member=self.viewer, prefix=prefix, down_to=self.down_to)
        return Q(**{f"{prefix}_id__in": self.branch})

    def owners(self) -> Any:
        """Their numbers, or the query for them."""
        whole = in_downline(member=self.viewer, prefix="", down_to=self.down_to)
        return self.branch or Member.objects.filter(whole).values("pk")


def get_feed(
    *,
    member: Member,
    limit: int,
    before: str = "",
    state: str = "",
    own_only: bool = False,
    down_to: int | None = None,
) -> FeedPage:
    """What moved in the points of `member` and of everyone below, newest first.

    `before` continues after the last item of another page (one that cannot be read starts at the
    top), `state` keeps one of `STATES`, `own_only` leaves the downline out, and
    `down_to` whoever is more levels below (None: nobody).
    """
    position = _read_cursor(before)
    whole = in_downline(member=member, prefix="", down_to=down_to)
    branch = [member.pk] if own_only else _small_branch(whole)
    whose = _Whose(member, branch, down_to)
    sources: list[Iterator[tuple[_Position, FeedItem]]] = []
    if state in ("", CREDITED, REVERSED):
        sources.append(_movements(whose, limit + 1, position, state))
    if state in ("", PENDING):
        sources.append(_pending_lines(whose, limit + 1, position))
    if state in ("", ADJUSTED):
        sources.append(_adjustments(whose, limit + 1, position))
    merged = merge(*sources, key=lambda pair: pair[0], reverse=True)
    found = [item for _position, item in islice(merged, limit + 1)]
    page = tuple(found[:limit])
    return FeedPage(items=page, next_cursor=page[-1].cursor if len(found) > limit else "")


def in_downline(*, member: Member, prefix: str, down_to: int | None = None) -> Q:
    """The condition that `prefix` (a path through the models, or empty) is `member` or below.

    With `down_to` not more levels below than that.
    """
    start = f"{prefix}__" if prefix else ""
    inside = Q(**{f"{start}path__gte": member.path, f"{start}path__lte": member.path + _BEHIND_ALL})
    return (
        inside if down_to is None else inside & Q(**{f"{start}depth__lte": member.depth + down_to})
    )


def _movements(
    whose: _Whose, count: int, position: _Position | None, state: str
) -> Iterator[tuple[_Position, FeedItem]]:
    rows = LineMovement.objects.filter(whose.are("member"))
    if state:
        rows = rows.filter(quantity__gt=0) if state == CREDITED else rows.filter(quantity__lt=0)
    rows = _newest(rows, "happened_at", "pk", _MOVEMENT, position)
    # First which ones, then all about them: where the database has to sort a whole branch, it
    # would otherwise look up line, order and buyer of every movement in it.
    chosen = list(rows.values_list("pk", flat=True)[:count])
    rows = LineMovement.objects.filter(pk__in=chosen).order_by("-happened_at", "-pk")
    for row in rows.select_related("member", "line__order__buyer"):
        yield _line_item(
            viewer=whose.viewer,
            position=(row.happened_at, _MOVEMENT, row.pk),
            state=CREDITED if row.quantity > 0 else REVERSED,
            credited_to=row.member,
            line=row.line,
            quantity=row.quantity,
            pv=row.pv,
            cv=row.cv,
        )


def _pending_lines(
    whose: _Whose, count: int, position: _Position | None
) -> Iterator[tuple[_Position, FeedItem]]:
    rows = CreditedLine.objects.filter(
        whose.are("order__member"),
        order__paid_at=None,
        order__cancelled_at=None,
    )
    rows = _newest(rows, "order__placed_at", "pk", _PENDING_LINE, position)
    for row in rows.select_related("order__member", "order__buyer")[:count]:
        yield _line_item(
            viewer=whose.viewer,
            position=(row.order.placed_at, _PENDING_LINE, row.pk),
            state=PENDING,
            credited_to=row.order.member,
            line=row,
            quantity=row.quantity,
            pv=row.pv,
            cv=row.cv,
        )


def _adjustments(
    whose: _Whose, count: int, position: _Position | None
) -> Iterator[tuple[_Position, FeedItem]]:
    rows: Any = Posting.objects.filter(
        account__owner__in=whose.owners(),
        account__kind__in=(Account.Kind.PERSONAL, Account.Kind.CUSTOMERS),
    ).filter(
        # What others brought along when the whole network came is no news in a feed.
        Q(entry__key__startswith="adjustment:")
        | Q(entry__key__startswith=OPENING, account__owner=whose.viewer.pk)
    )
    rows = _newest(rows, "entry__happened_at", "entry_id", _ADJUSTMENT, position)
    rows = list(
        rows.values(
            "entry_id", "entry__key", "entry__happened_at", "entry__reason", "account__owner"
        ).annotate(
            pv=Coalesce(Sum("amount", filter=Q(account__unit="PV")), 0),
            cv=Coalesce(Sum("amount", filter=Q(account__unit="CV")), 0),
        )[:count]
    )
    members = Member.objects.in_bulk({row["account__owner"] for row in rows})
    for row in rows:
        adjusted = members[row["account__owner"]]
        position_of_row = (row["entry__happened_at"], _ADJUSTMENT, row["entry_id"])
        level = adjusted.depth - whose.viewer.depth
        item = FeedItem(
            state=ADJUSTED,
            happened_at=row["entry__happened_at"],
            member_code=adjusted.code,
            member_name=adjusted.full_name,
            level=level,
            is_customer_order=False,
            order_number="",
            buyer_name="",
            title="",
            quantity=0,
            pv=row["pv"],
            cv=row["cv"],
            # A reason may speak of a person: it is for the member it concerns.
            reason=_reason(row) if level == 0 else "",
            cursor=_write_cursor(position_of_row),
        )
        yield position_of_row, item


def _reason(row: dict[str, Any]) -> str:
    """What an import says of itself is for the staff."""
    is_opening = row["entry__key"].startswith(OPENING)
    return gettext("Opening points") if is_opening else row["entry__reason"]


def _line_item(
    *,
    viewer: Member,
    position: _Position,
    state: str,
    credited_to: Member,
    line: CreditedLine,
    quantity: int,
    pv: int,
    cv: int,
) -> tuple[_Position, FeedItem]:
    order: CreditedOrder = line.order
    own = credited_to.pk == viewer.pk
    by_customer = order.buyer_kind != BuyerKind.MEMBER
    buyer_name = order.buyer.get_full_name() if own and by_customer and order.buyer else ""
    return position, FeedItem(
        state=state,
        happened_at=position[0],
        member_code=credited_to.code,
        member_name=credited_to.full_name,
        level=credited_to.depth - viewer.depth,
        is_customer_order=by_customer,
        order_number=order.number if own else "",
        buyer_name=buyer_name,
        title=line.title,
        quantity=quantity,
        pv=pv,
        cv=cv,
        reason="",
        cursor=_write_cursor(position),
    )


def _small_branch(whole: Q) -> list[int] | None:
    """Everybody in the branch, or None where they are too many to name.

    The database guesses badly how many members a range of paths holds, and then reads a branch of
    a thousand through the movements of a million. Named members it counts; of a large branch it
    finds a page among the newest movements soon.
    """
    rows = Member.objects.filter(whole).order_by()
    numbers = list(rows.values_list("pk", flat=True)[: SMALL_BRANCH + 1])
    return numbers if len(numbers) <= SMALL_BRANCH else None


def _newest(
    rows: QuerySet[Any], moment: str, number: str, rank: int, position: _Position | None
) -> QuerySet[Any]:
    """Sort the newest first and continue behind `position`, as one range of an index."""
    if position is not None:
        at, rank_there, number_there = position
        rows = rows.filter(**{f"{moment}__lte": at})
        if rank == rank_there:
            rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{f"{number}__lt": number_there}))
        elif rank > rank_there:
            rows = rows.filter(**{f"{moment}__lt": at})
    return rows.order_by(f"-{moment}", f"-{number}")


def _write_cursor(position: _Position) -> str:
    moment, rank, number = position
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}.{rank}.{number}"


def _read_cursor(cursor: str) -> _Position | None:
    parts = cursor.split(".")
    if len(parts) != 3 or len(cursor) > 64 or not all(part.isdecimal() for part in parts):
        return None
    microseconds, rank, number = map(int, parts)
    try:
        return _EPOCH + timedelta(microseconds=microseconds), rank, number
    except OverflowError:
        return None
