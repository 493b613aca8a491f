"""The only reader of Oscar's orders: turns them into the frozen facts that crediting takes.

An order is paid when it has a payment event "Paid"; pieces come back with payment events
"Refunded"; the status "Cancelled" takes back all that is left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision
from django.db.models import (
    CharField,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Concat
from oscar.core.loading import get_model

from mlm_plugin.ledger.models import Entry
from mlm_plugin.plan.money import to_minor
from mlm_plugin.shop.line_points import get_line_points
from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.volumes.facts import LineFacts, OrderFacts, Reversal
from mlm_plugin.volumes.models import BuyerKind, CreditedOrder, LineMovement
from mlm_plugin.volumes.services import find_uncredited

PAID, REFUNDED, CANCELLED = "Paid", "Refunded", "Cancelled"


def read_orders(*, order_ids: Sequence[int]) -> list[OrderFacts]:
    """The facts of these orders, in a number of queries that does not depend on their number."""
    orders = list(
        get_model("order", "Order")
        .objects.filter(pk__in=order_ids)
        .select_related("attribution")
        .prefetch_related(
            Prefetch("lines", get_model("order", "Line").objects.select_related("frozen_points")),
            Prefetch(
                "payment_events",
                get_model("order", "PaymentEvent").objects.select_related("event_type"),
            ),
        )
        .order_by("pk")
    )
    events = [event for order in orders for event in order.payment_events.all()]
    prefetch_related_objects([event for event in events if _is_refund(event)], "line_quantities")
    points = get_line_points(lines=[line for order in orders for line in order.lines.all()])
    cancelled = _cancelled_at([order.pk for order in orders if order.status == CANCELLED])
    return [_facts(order, points=points, cancelled_at=cancelled.get(order.pk)) for order in orders]


def find_waiting(*, since: datetime | None, limit: int | None = None) -> list[int]:
    """Orders with something that is not credited yet, oldest first.

    The order tables are the outbox: what was committed there is found, whatever crashed since.
    `since` bounds how old the order, refund or cancellation may be (None: as old as it likes).
    """
    waiting: set[int] = set()
    for query, order_id, moment in (
        (_never_credited(), "pk", "date_placed"),
        (_paid_while_pending(), "pk", None),
        (_cancelled(), "pk", "status_changes__date_created"),
    ):
        bounded = query.filter(**{f"{moment}__gte": since}) if since and moment else query
        waiting.update(bounded.order_by(order_id).values_list(order_id, flat=True)[:limit])
    bounded = _refunds_without_entry()
    if since:
        bounded = bounded.filter(date_created__gte=since)
    refunded = set(bounded.values_list("order_id", flat=True)) - waiting
    if refunded:
        # Few, and among them those whose share of the points rounds to 0: they wait for nothing.
        facts = read_orders(order_ids=sorted(refunded))
        numbers = find_uncredited(orders=facts)
        orders = get_model("order", "Order").objects.filter(number__in=numbers)
        waiting.update(orders.values_list("pk", flat=True))
    return sorted(waiting)[:limit]


def _credited(**conditions: Any) -> Exists:
    return Exists(CreditedOrder.objects.filter(number=OuterRef("number"), **conditions))


def _never_credited() -> QuerySet[Any]:
    return get_model("order", "Order").objects.filter(~_credited())


def _paid_while_pending() -> QuerySet[Any]:
    """Pending orders that were paid since: few, as each of them waits for somebody's money."""
    pending = CreditedOrder.objects.filter(paid_at=None).values("number")
    return get_model("order", "Order").objects.filter(
        number__in=pending, payment_events__event_type__name=PAID
    )


def _refunds_without_entry() -> QuerySet[Any]:
    """Refunds of pieces whose points were credited and are still to be reversed."""
    credited = CreditedOrder.objects.filter(
        number=OuterRef("order__number"), member__isnull=False, cancelled_at=None
    )
    # A line without points reverses nothing: no entry will ever come of it.
    with_points = LineMovement.objects.filter(Q(pv__gt=0) | Q(cv__gt=0))
    pieces = get_model("order", "PaymentEventQuantity").objects.filter(
        event=OuterRef("pk"), line_id__in=with_points.values("line_id")
    )
    key = Concat(
        Value("order:"),
        F("order__number"),
        Value(":refunded:"),
        Cast("pk", CharField()),
        output_field=CharField(),
    )
    return (
        get_model("order", "PaymentEvent")
        .objects.filter(Exists(credited), Exists(pieces), event_type__name=REFUNDED)
        .annotate(entry_key=key)
        .filter(~Exists(Entry.objects.filter(key=OuterRef("entry_key"))))
    )


def _cancelled() -> QuerySet[Any]:
    return get_model("order", "Order").objects.filter(
        _credited(cancelled_at=None), status=CANCELLED
    )


def _cancelled_at(order_ids: Sequence[int]) -> dict[int, datetime]:
    if not order_ids:
        return {}
    changes = get_model("order", "OrderStatusChange").objects.filter(
        order_id__in=order_ids, new_status=CANCELLED
    )
    rows = changes.values("order_id").annotate(moment=Min("date_created")).order_by()
    return {row["order_id"]: row["moment"] for row in rows}


def _facts(
    order: Any, *, points: Mapping[int, tuple[int, int]], cancelled_at: datetime | None
) -> OrderFacts:
    attribution = getattr(order, "attribution", None)
    events = sorted(order.payment_events.all(), key=lambda event: event.pk)
    paid = [event.date_created for event in events if event.event_type.name == PAID]
    if order.status == CANCELLED and cancelled_at is None:
        # Cancelled by something that wrote no status change: the order's own moment is the nearest.
        cancelled_at = order.date_placed
    return OrderFacts(
        number=order.number,
        member_id=attribution.member_id if attribution else None,
        buyer_kind=attribution.buyer_kind if attribution else BuyerKind.RETAIL,
        buyer_id=order.user_id,
        source=attribution.source if attribution else OrderAttribution.Source.NONE,
        campaign=attribution.campaign if attribution else "",
        placed_at=order.date_placed,
        paid_at=min(paid) if paid else None,
        cancelled_at=cancelled_at,
        lines=tuple(
            _line_facts(line, points=points, currency=order.currency) for line in order.lines.all()
        ),
        reversals=tuple(
            Reversal(
                key=str(event.pk),
                happened_at=event.date_created,
                pieces=tuple(
                    (piece.line_id, piece.quantity) for piece in event.line_quantities.all()
                ),
            )
            for event in events
            if _is_refund(event)
        ),
    )


def _is_refund(event: Any) -> bool:
    return bool(event.event_type.name == REFUNDED)


def _line_facts(line: Any, *, points: Mapping[int, tuple[int, int]], currency: str) -> LineFacts:
    pv, cv = points[line.pk]
    return LineFacts(
        line_id=line.pk,
        sku=line.partner_sku,
        title=line.title,
        quantity=line.quantity,
        paid=to_minor(line.line_price_excl_tax, places=get_currency_precision(currency)),
        pv=pv,
        cv=cv,
    )
