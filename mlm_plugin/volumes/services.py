"""Writes of the volumes: orders become points, points are reversed, adjusted, moved and rebuilt."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from mlm_plugin.conf import period_start
from mlm_plugin.ledger.models import Account, Entry
from mlm_plugin.ledger.services import NewEntry, Posted, issue, post_entries
from mlm_plugin.network import locks
from mlm_plugin.plan.money import share_of_pieces
from mlm_plugin.volumes.facts import LineFacts, OrderFacts
from mlm_plugin.volumes.models import BuyerKind, CreditedLine, CreditedOrder, LineMovement
from mlm_plugin.volumes.totals import Delta, add_to_totals

PV, CV = "PV", "CV"
OWN_KINDS = (Account.Kind.PERSONAL, Account.Kind.CUSTOMERS)
BATCH_SIZE = 2_000


class ConflictingFacts(ValueError):
    """The facts contradict what was written earlier: the text says which order and how."""


@dataclass(frozen=True, slots=True)
class _Movement:
    """Points of one line on the move, before they have an entry."""

    line: LineFacts
    quantity: int
    pv: int
    cv: int


@dataclass(frozen=True, slots=True)
class _Event:
    """One entry to be: the payment of an order, a refund, a cancellation."""

    key: str
    order: OrderFacts
    happened_at: datetime
    movements: tuple[_Movement, ...]

    @property
    def pv(self) -> int:
        return sum(movement.pv for movement in self.movements)

    @property
    def cv(self) -> int:
        return sum(movement.cv for movement in self.movements)

    @property
    def account_kind(self) -> str:
        own = self.order.buyer_kind == BuyerKind.MEMBER
        return Account.Kind.PERSONAL if own else Account.Kind.CUSTOMERS


def credit_orders(*, facts: Sequence[OrderFacts]) -> int:
    """Write what is new in these orders: placed, paid, refunded, cancelled; each exactly once.

    The one code path for a single order after checkout, a batch of the worker and what reconciling
    found missing. Orders not yet paid are kept as pending and post nothing. All or nothing; the
    number of queries does not depend on the orders' number or the length of their chains.
    Returns how many entries were written. Raises ConflictingFacts.
    """
    orders = {order.number: order for order in facts}
    if not orders:
        return 0
    with transaction.atomic():
        locks.share_tree()
        rows = _keep_orders(orders)
        orders = _with_frozen_lines(orders)
        events = _events_of(orders.values(), reversed_before=_reversed_pieces(orders.values()))
        posted = post_entries(entries=[_entry_for(event) for event in events])
        written = [event for event in events if event.key in posted]
        _keep_movements(written, posted=posted)
        add_to_totals(deltas=[_delta_for(event, posted=posted[event.key]) for event in written])
        _note_payment_and_cancellation(orders, rows=rows)
    return len(written)


def adjust_points(
    *,
    member_id: int,
    pv: int,
    cv: int,
    kind: str,
    reason: str,
    author_id: int,
    happened_at: datetime,
    key: str,
) -> bool:
    """Add (or take, below zero) points by hand, with a reason; counts like an order of that moment.

    `kind` is "personal" or "customers", points are in 1/100; `key` makes a repeated form harmless.
    Returns whether something was written. Raises ValueError without points or without a reason.
    """
    if not reason.strip():
        raise ValueError("an adjustment needs a reason")
    account_kind = Account.Kind(kind)
    if account_kind not in OWN_KINDS:
        raise ValueError("an adjustment is of personal or customers' points")
    entry = NewEntry(
        key=f"adjustment:{key}",
        happened_at=happened_at,
        postings=issue(owner=member_id, kind=account_kind, unit=PV, amount=pv)
        + issue(owner=member_id, kind=account_kind, unit=CV, amount=cv),
        reason=reason.strip(),
        author_id=author_id,
    )
    with transaction.atomic():
        locks.share_tree()
        posted = post_entries(entries=[entry]).get(entry.key)
        if posted is None:
            return False
        add_to_totals(
            deltas=[_delta(member_id=member_id, kind=account_kind, pv=pv, cv=cv, posted=posted)]
        )
    return True


def _keep_orders(orders: dict[str, OrderFacts]) -> dict[str, CreditedOrder]:
    """Write the orders and lines that are new, then lock all of the batch in one order."""
    CreditedOrder.objects.bulk_create(
        [
            CreditedOrder(
                number=order.number,
                member_id=order.member_id,
                buyer_kind=order.buyer_kind,
                buyer_id=order.buyer_id,
                source=order.source,
                campaign=order.campaign,
                placed_at=order.placed_at,
                paid_at=order.paid_at,
                cancelled_at=order.cancelled_at,
            )
            # In one order, so that two batches with the same new orders never wait in a circle.
            for order in sorted(orders.values(), key=lambda order: order.number)
        ],
        batch_size=BATCH_SIZE,
        ignore_conflicts=True,
    )
    rows = {
        row.number: row
        for row in CreditedOrder.objects.select_for_update()
        .filter(number__in=list(orders))
        .order_by("pk")
    }
    for number, order in orders.items():
        if rows[number].member_id != order.member_id:
            raise ConflictingFacts(
                f"order {number} is credited to member {rows[number].member_id},"
                f" not to {order.member_id}"
            )
    CreditedLine.objects.bulk_create(
        [
            CreditedLine(
                line_id=line.line_id,
                order_id=rows[order.number].pk,
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                paid=line.paid,
                pv=line.pv,
                cv=line.cv,
            )
            for order in orders.values()
            for line in order.lines
        ],
        batch_size=BATCH_SIZE,
        ignore_conflicts=True,
    )
    return rows


def _with_frozen_lines(orders: dict[str, OrderFacts]) -> dict[str, OrderFacts]:
    """The orders with their lines as they were first written, whatever the catalogue says now."""
    numbers = [line.line_id for order in orders.values() for line in order.lines]
    columns = ("line_id", "sku", "title", "quantity", "paid", "pv", "cv")
    rows = CreditedLine.objects.filter(pk__in=numbers).values_list(*columns)
    frozen = {row[0]: LineFacts(*row) for row in rows}
    return {
        number: replace(order, lines=tuple(frozen[line.line_id] for line in order.lines))
        for number, order in orders.items()
    }


def find_uncredited(*, orders: Sequence[OrderFacts]) -> set[str]:
    """Numbers of those orders that still have an entry to write.

    A share of a line that rounds to 0 points writes none, so nobody needs to wait for it.
    """
    events = _events_of(orders, reversed_before=_reversed_pieces(orders))
    keys = [event.key for event in events]
    written = set(Entry.objects.filter(key__in=keys).values_list("key", flat=True))
    return {event.order.number for event in events if event.key not in written}


def _reversed_pieces(orders: Iterable[OrderFacts]) -> dict[int, dict[str, int]]:
    """Pieces taken back so far, per line and entry key; asked only if a batch has reversals."""
    lines = [
        line.line_id
        for order in orders
        if order.reversals or order.cancelled_at
        for line in order.lines
    ]
    pieces: dict[int, dict[str, int]] = defaultdict(dict)
    if lines:
        movements = LineMovement.objects.filter(line_id__in=lines, quantity__lt=0)
        for line_id, key, quantity in movements.values_list("line_id", "entry__key", "quantity"):
            pieces[line_id][key] = -quantity
    return pieces


def _events_of(
    orders: Iterable[OrderFacts], *, reversed_before: dict[int, dict[str, int]]
) -> list[_Event]:
    """Every entry these orders ask for, new ones and those already there, oldest first."""
    events = []
    for order in orders:
        if order.member_id is None or order.paid_at is None:
            continue
        taken = {line.line_id: dict(reversed_before.get(line.line_id, {})) for line in order.lines}
        # Counted anew in the order of the reversals: one whose share rounded to 0 left no movement.
        gone = dict.fromkeys(taken, 0)
        events.append(
            _Event(
                key=f"order:{order.number}:paid",
                order=order,
                happened_at=order.paid_at,
                movements=tuple(
                    _Movement(line=line, quantity=line.quantity, pv=line.pv, cv=line.cv)
                    for line in order.lines
                ),
            )
        )
        events.extend(
            _reversal(
                order,
                key=_key_of_refund(order, reversal.key),
                happened_at=reversal.happened_at,
                pieces=dict(reversal.pieces),
                taken=taken,
                gone=gone,
            )
            for reversal in order.reversals
        )
        if order.cancelled_at:
            events.append(
                _reversal(
                    order,
                    key=_key_of_cancellation(order),
                    happened_at=order.cancelled_at,
                    pieces={line.line_id: line.quantity for line in order.lines},
                    taken=taken,
                    gone=gone,
                )
            )
    return [event for event in events if event.pv or event.cv]


def _key_of_refund(order: OrderFacts, key: str) -> str:
    return f"order:{order.number}:refunded:{key}"


def _key_of_cancellation(order: OrderFacts) -> str:
    return f"order:{order.number}:cancelled"


def _reversal(
    order: OrderFacts,
    *,
    key: str,
    happened_at: datetime,
    pieces: dict[int, int],
    taken: dict[int, dict[str, int]],
    gone: dict[int, int],
) -> _Event:
    """Take back pieces of the lines, at most those still there; counts new ones in `gone`."""
    movements = []
    known = {_key_of_refund(order, each.key) for each in order.reversals}
    known |= {_key_of_cancellation(order)} if order.cancelled_at else set()
    for line in order.lines:
        booked = taken[line.line_id]
        if key in booked:
            gone[line.line_id] += booked.pop(key)
            continue
        # What these facts do not know of was booked before: a refund credited while the cancellation
        # was read, or the other way round. What they name later was booked too and is not there.
        unknown = sum(count for each, count in booked.items() if each not in known)
        before = gone[line.line_id] + unknown
        left = line.quantity - gone[line.line_id] - sum(booked.values())
        quantity = min(pieces.get(line.line_id, 0), left)
        if quantity <= 0:
            continue
        gone[line.line_id] += quantity
        share = {"pieces": line.quantity, "before": before, "taken": quantity}
        movements.append(
            _Movement(
                line=line,
                quantity=-quantity,
                pv=-share_of_pieces(line.pv, **share),
                cv=-share_of_pieces(line.cv, **share),
            )
        )
    return _Event(key=key, order=order, happened_at=happened_at, movements=tuple(movements))


def _entry_for(event: _Event) -> NewEntry:
    owner = event.order.member_id
    assert owner is not None, "events exist only for orders with a credited member"
    return NewEntry(
        key=event.key,
        happened_at=event.happened_at,
        postings=issue(owner=owner, kind=event.account_kind, unit=PV, amount=event.pv)
        + issue(owner=owner, kind=event.account_kind, unit=CV, amount=event.cv),
    )


def _keep_movements(events: Iterable[_Event], *, posted: dict[str, Posted]) -> None:
    LineMovement.objects.bulk_create(
        [
            LineMovement(
                line_id=movement.line.line_id,
                entry_id=posted[event.key].entry_id,
                member_id=event.order.member_id,
                quantity=movement.quantity,
                pv=movement.pv,
                cv=movement.cv,
                happened_at=event.happened_at,
                counts_for=posted[event.key].counts_for,
            )
            for event in events
            for movement in event.movements
        ],
        batch_size=BATCH_SIZE,
    )


def _delta_for(event: _Event, *, posted: Posted) -> Delta:
    assert event.order.member_id is not None, "events exist only for orders with a credited member"
    return _delta(
        member_id=event.order.member_id,
        kind=event.account_kind,
        pv=event.pv,
        cv=event.cv,
        posted=posted,
    )


def _delta(*, member_id: int, kind: str, pv: int, cv: int, posted: Posted) -> Delta:
    own = kind == Account.Kind.PERSONAL
    return Delta(
        member_id=member_id,
        period=period_start(posted.counts_for),
        personal_pv=pv if own else 0,
        personal_cv=cv if own else 0,
        customers_pv=0 if own else pv,
        customers_cv=0 if own else cv,
        group_pv=pv,
        group_cv=cv,
    )


def _note_payment_and_cancellation(
    orders: dict[str, OrderFacts], *, rows: dict[str, CreditedOrder]
) -> None:
    """Orders that were pending when first written: fill in, once, when they were paid or ended."""
    changed = []
    for number, order in orders.items():
        row = rows[number]
        before = (row.paid_at, row.cancelled_at)
        row.paid_at = row.paid_at or order.paid_at
        row.cancelled_at = row.cancelled_at or order.cancelled_at
        if (row.paid_at, row.cancelled_at) != before:
            changed.append(row)
    CreditedOrder.objects.bulk_update(changed, ["paid_at", "cancelled_at"], batch_size=500)
