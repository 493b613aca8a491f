"""The models of every package, gathered for Django, which looks for them here."""

from mlm_plugin.ledger.models import Account, BooksClosing, Entry, Posting
from mlm_plugin.network.models import (
    BindingChange,
    CustomerBinding,
    HeldPlacement,
    LegCount,
    LegFigures,
    LineEnd,
    Member,
    Move,
    Placement,
    PlacementEdge,
    PlacementWish,
    SponsorEdge,
    StatusChange,
)
from mlm_plugin.shop.models import (
    LinePoints,
    OrderAttribution,
    ProductPoints,
    ReferralVisits,
    VisitBuffer,
)
from mlm_plugin.volumes.models import CreditedLine, CreditedOrder, LineMovement, PeriodTotal

__all__ = [
    "Account",
    "BindingChange",
    "BooksClosing",
    "CreditedLine",
    "CreditedOrder",
    "CustomerBinding",
    "Entry",
    "HeldPlacement",
    "LegCount",
    "LegFigures",
    "LineEnd",
    "LineMovement",
    "LinePoints",
    "Member",
    "Move",
    "OrderAttribution",
    "PeriodTotal",
    "Placement",
    "PlacementEdge",
    "PlacementWish",
    "Posting",
    "ProductPoints",
    "ReferralVisits",
    "SponsorEdge",
    "StatusChange",
    "VisitBuffer",
]
