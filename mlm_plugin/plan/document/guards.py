"""Legal safeguards as a plan document writes them; they act before the bonuses.

Thresholds are data: every guard can say for which jurisdiction, from when and until when it holds.
"Customers" are buyers of kind preferred and retail. That nothing is paid without a sold line needs
no guard: it always holds.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from mlm_plugin.plan.document.days import Day, check_order
from mlm_plugin.plan.document.parts import Formula, Name, Number, Part


class GuardPart(Part):
    """What all kinds share."""

    title: str = ""
    """What people call it."""
    jurisdiction: str = ""
    """The law it comes from, such as US or IN."""
    source: str = ""
    """Where the rule is written."""
    first: Day | None = None
    """The first day it holds; a period that ends earlier is left alone."""
    until: Day | None = None
    """The last day it holds; a period that begins later is left alone."""
    applies: Formula | None = None
    """Whom it concerns, such as `member.market == "CN"`; everybody where it is left out."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        check_order(self.first, self.until)
        return self

    @property
    def condition(self) -> str:
        """What a payee must fulfil, where the guard comes down to that."""
        return ""


class PayeePart(GuardPart):
    """Shared by kinds that decide who is paid."""

    bonuses: tuple[Name, ...] = ()
    """Which bonuses it stands before; all where it is left out."""


class PayeeGuard(PayeePart):
    """Only who fulfils a condition is paid."""

    kind: Literal["payee"]
    when: Formula
    """Of the payee, such as `customers >= 10`."""

    @property
    def condition(self) -> str:
        """The condition as it is written."""
        return self.when


class CustomerShareGuard(PayeePart):
    """A least share of a volume that customers bought (Vemma 2016, Herbalife 2016)."""

    kind: Literal["customer_share"]
    volume: Name
    """Of which volume, such as `cv`."""
    least: Number = Decimal("0.5")
    """The least share of it that customers must have bought."""
    more_than: bool = True
    """Whether exactly the least share is too little (“the majority”)."""
    scope: Literal["payee", "company"] = "payee"
    """Of the payee with everybody below, or of the whole company."""
    tree: Name | None = None
    """The tree for `payee`; the plan's first where it is left out."""

    @property
    def condition(self) -> str:
        """Customers' volume against the whole, in the payee's group or in the company."""
        test = ">" if self.more_than else ">="
        tree = f", tree={self.tree}" if self.tree else ""
        whole, customers = (
            f"company({name})" if self.scope == "company" else f"total({name}, subtree{tree})"
            for name in (self.volume, f"{self.volume}.customers")
        )
        return f"{customers} {test} {whole} * {self.least:f}"


class CustomersGuard(PayeePart):
    """So many different customers in the period, or so much bought by them (Amway 1979)."""

    kind: Literal["customers"]
    count: Name
    """A count of different customers."""
    least: Number = Decimal(10)
    """So many customers are enough."""
    volume: Name | None = None
    """A volume that customers buy, which counts instead."""
    least_volume: Number | None = None
    """So much of the volume is enough."""

    @property
    def condition(self) -> str:
        """Enough customers, or enough of their volume."""
        enough = f"{self.count} >= {self.least:f}"
        if self.volume is None or self.least_volume is None:
            return enough
        return f"{enough} or {self.volume}.customers >= {self.least_volume:f}"


class SoldShareGuard(PayeePart):
    """A share of what was bought before must be sold on or used up: the 70 % rule (Amway 1979)."""

    kind: Literal["sold_share"]
    sold: Formula
    """What was sold on or used up."""
    bought: Formula
    """What was bought."""
    least: Number = Decimal("0.7")
    """The least share that must be sold or used."""

    @property
    def condition(self) -> str:
        """What was sold against the share of what was bought."""
        return f"({self.sold}) >= ({self.bought}) * {self.least:f}"


class LevelsGuard(PayeePart):
    """No pay on deeper levels (China: one)."""

    kind: Literal["levels"]
    most: Annotated[int, Field(ge=0, le=100)]
    """The deepest level that is paid."""


class PayShareGuard(PayeePart):
    """All that a payee gets is at most a share of an own figure (China: 30 % of own sales)."""

    kind: Literal["pay_share"]
    of: Formula
    """Of the payee, in money, such as `amount.customers`."""
    most: Number
    """The highest share."""


class LineGuard(GuardPart):
    """Only order lines that fulfil a condition are paid on; they still qualify."""

    kind: Literal["line"]
    when: Formula
    """Of the line, such as `line.receipt == "verified"`."""


class OwnUseLimitGuard(GuardPart):
    """What members buy for themselves is paid on up to a limit per member and period."""

    kind: Literal["own_use_limit"]
    most: Number
    """So much of own use is paid on, per member and period."""
    of: Formula = "line.cv"
    """What is limited, of each line: its CV, or its price as `line.amount`."""


class OwnUseShareGuard(PayeePart):
    """Members' own use counts for a payee up to a share of what customers bought (Herbalife 2016).

    With a half, own use is at most a third of all that is rewarded to the payee.
    """

    kind: Literal["own_use_share"]
    most: Number = Decimal("0.5")
    """The highest share of what customers bought."""


AnyGuard = Annotated[
    PayeeGuard
    | CustomerShareGuard
    | CustomersGuard
    | SoldShareGuard
    | LevelsGuard
    | PayShareGuard
    | LineGuard
    | OwnUseLimitGuard
    | OwnUseShareGuard,
    Field(discriminator="kind"),
]

GUARD_KINDS = frozenset(
    get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(AnyGuard)[0])
)
