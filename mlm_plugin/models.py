"""The models of every package, gathered for Django, which looks for them here."""

from mlm_plugin.ledger.models import Account, BooksClosing, Entry, Posting
from mlm_plugin.network.models import CustomerBinding, Member
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
    "BooksClosing",
    "CreditedLine",
    "CreditedOrder",
    "CustomerBinding",
    "Entry",
    "LineMovement",
    "LinePoints",
    "Member",
    "OrderAttribution",
    "PeriodTotal",
    "Posting",
    "ProductPoints",
    "ReferralVisits",
    "VisitBuffer",
]
