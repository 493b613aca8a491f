"""The shape of a synthetic network: how it grows, who buys, how much."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from mlm_plugin.plan.document.parts import Number, Part

Share = Annotated[Number, Field(ge=0, le=1)]


class OrderSize(Part):
    """One size of order line, and how often it occurs beside the others."""

    amount: Annotated[Number, Field(gt=0)]
    weight: Annotated[int, Field(ge=1)] = 1


class Shape(Part):
    """What a synthetic network is like. Money is in the plan's currency."""

    branching: Annotated[Number, Field(gt=1, le=1000)] = Decimal("3.3")
    """How many members stand, on average, directly below one who sponsors anybody."""
    early: Annotated[Number, Field(ge=Decimal("0.1"), le=10)] = Decimal(1)
    """Above 1, those who came early find more people; below 1, those who came late."""
    start: Share = Decimal("0.5")
    """The share of the members who are there when the first period begins."""
    churn: Share = Decimal("0.03")
    """The share of the members who stop buying for good in each period."""
    active: Share = Decimal("0.6")
    """The share of the members still there who buy something themselves in a period."""
    customers: Annotated[Number, Field(ge=0, le=1000)] = Decimal("1.5")
    """How many customers a member has on average; many have none."""
    customer_active: Share = Decimal("0.5")
    """The share of the customers of members still there who buy in a period."""
    preferred: Share = Decimal("0.3")
    """The share of the customers who are registered, and count as `preferred`."""
    orders: Annotated[tuple[OrderSize, ...], Field(min_length=1)] = (
        OrderSize(amount=Decimal(20), weight=30),
        OrderSize(amount=Decimal(45), weight=35),
        OrderSize(amount=Decimal(90), weight=20),
        OrderSize(amount=Decimal(200), weight=10),
        OrderSize(amount=Decimal(500), weight=5),
    )
    """The sizes of order lines."""
    attributes: dict[
        str, Annotated[dict[str, Annotated[int, Field(ge=1)]], Field(min_length=1)]
    ] = {}
    """The words of texts and how often each occurs beside the others: of members by the column's name
    (`market`), of order lines as `"line.market"`. Words that the plan names, evenly, where left out."""
    parties: Share = Decimal("0.5")
    """The share of customers' purchases that are made at the seller's party of the period, where the
    plan names parties; the seller is the host."""
    host_items: Share = Decimal("0.5")
    """The share of parties whose host buys an item of each kind that the plan has for hosts, at a price
    that is one of the sizes of order lines."""
    bookings: Share = Decimal("0.3")
    """The share of parties that were booked at another party, where the plan names who booked them."""
    pv: Annotated[Number, Field(ge=0)] = Decimal(1)
    """PV per unit of money."""
    cv: Annotated[Number, Field(ge=0)] = Decimal("0.8")
    """CV per unit of money."""
