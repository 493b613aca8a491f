"""Order facts for tests: one line of ten pieces with 100.00 PV and 80.00 CV, unless told."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

from mlm_plugin.network.models import Member
from mlm_plugin.volumes.facts import LineFacts, OrderFacts
from tests.factories import make_family

# Noon of a day in the middle of a month: far from midnight in every time zone.
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)

_numbers = count(100_001)


class Family(NamedTuple):
    """One line of four, each the sponsor of the next."""

    ada: Member
    ben: Member
    cleo: Member
    dora: Member


def family_of_four() -> Family:
    """Ada sponsors ben, ben sponsors cleo, cleo sponsors dora."""
    return Family(*make_family())


def order_of(
    member: Member | None, *, pv: int = 10_000, cv: int = 8_000, **fields: Any
) -> OrderFacts:
    """A paid order of the member's own, or of a customer with `buyer_kind="retail"`."""
    number = next(_numbers)
    line = LineFacts(
        line_id=number, sku="SKU", title="Linden tea", quantity=10, paid=5_000, pv=pv, cv=cv
    )
    facts = OrderFacts(
        number=str(number),
        member_id=member.pk if member else None,
        buyer_kind="member",
        buyer_id=None,
        source="own",
        campaign="",
        placed_at=NOON,
        paid_at=NOON,
        cancelled_at=None,
        lines=(line,),
    )
    return replace(facts, **fields)


def at(month: int, day: int) -> datetime:
    """Noon of a day in 2026."""
    return NOON.replace(month=month, day=day)
