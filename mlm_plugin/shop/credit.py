"""Whom an order is credited to, why, and what became of its points: for the order's page."""

from dataclasses import dataclass
from typing import Any

from mlm_plugin.network.models import Member
from mlm_plugin.shop.models import OrderAttribution
from mlm_plugin.volumes.models import BuyerKind, CreditedLine, CreditedOrder


@dataclass(frozen=True)
class OrderCredit:
    """One order in the network's eyes.

    `credited` is None until crediting has seen the order; `reaches` is how many members' groups
    its points run through, from the credited member to the root.
    """

    member: Member | None
    reason: str
    buyer_kind: str
    campaign: str
    credited: CreditedOrder | None
    lines: tuple[CreditedLine, ...]
    reaches: int


def get_order_credit(*, order: Any) -> OrderCredit:
    """What is known of this order, in five queries; movements are loaded with the lines."""
    attribution = (
        OrderAttribution.objects.select_related("member").filter(order_id=order.pk).first()
    )
    credited = CreditedOrder.objects.filter(number=order.number).first()
    lines: tuple[CreditedLine, ...] = ()
    if credited:
        lines = tuple(
            CreditedLine.objects.filter(order=credited)
            .prefetch_related("movements__entry")
            .order_by("pk")
        )
    source = attribution.source if attribution else OrderAttribution.Source.NONE
    buyer_kind = attribution.buyer_kind if attribution else BuyerKind.RETAIL
    member = attribution.member if attribution else None
    return OrderCredit(
        member=member,
        reason=str(dict(OrderAttribution.Source.choices).get(source, source)),
        buyer_kind=str(dict(BuyerKind.choices).get(buyer_kind, buyer_kind)),
        campaign=attribution.campaign if attribution else "",
        credited=credited,
        lines=lines,
        reaches=member.depth if member else 0,
    )
