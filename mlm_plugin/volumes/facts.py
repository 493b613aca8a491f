"""An order as the network sees it: frozen values, whatever shop they come from."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of the order: points of the whole line in 1/100, `paid` in the smallest unit of the
    currency, after discounts and without tax."""

    line_id: int
    sku: str
    title: str
    quantity: int
    paid: int
    pv: int
    cv: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """Pieces that came back or were refunded: `key` names the event within the order."""

    key: str
    happened_at: datetime
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything crediting needs to know of one order, as of now."""

    number: str
    member_id: int | None
    buyer_kind: str
    buyer_id: int | None
    source: str
    campaign: str
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    lines: tuple[LineFacts, ...]
    reversals: tuple[Reversal, ...] = ()
