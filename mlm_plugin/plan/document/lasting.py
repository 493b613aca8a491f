"""Parts of a plan document about more than one period: codes, payout, returns."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlm_plugin.plan.document.parts import LATER, Formula, Name, Number, Part


class Code(Part):
    """Who a member is coded to for life; a tree for bonuses to walk (plan catalogue, 1.11)."""

    tree: Name | None = None
    """The tree or view the way up is looked for in; the plan's first where it is left out."""
    receiver: Formula
    """Asked of each upline (`payee.`) for the new member (`source.`) and the one on the way directly
    below the upline (`below.`): `payee.code >= source.pack`, or `below.enrolled >= 4`."""
    when: Formula | None = None
    """Who is coded now; everybody at once where it is left out."""


class Money(Part):
    """What becomes of the sum of a payee."""

    payout_minimum: Annotated[Number, Field(ge=0)] = Decimal(0)
    """Less than this is carried as balance."""
    deductions: dict[Name, Annotated[Number, Field(ge=0, le=1)]] = {}
    """Shares of what is paid out that are taken off, such as a tax withheld; a line each."""
    fees: dict[Name, Annotated[Number, Field(ge=0)]] = {}
    """Fixed amounts that are taken off each payout, after the deductions."""
    hold_periods: Annotated[int, Field(ge=0, le=60)] = 0
    """What is earned is released for payout after so many periods, such as a time for returns."""


class Returns(Part):
    """What a refund does to what was paid in an earlier period (plan catalogue, 1.15)."""

    later_period: Literal["reverse", "average", "volume_only", "ignore", "recompute"] = (
        "volume_only"
    )
    """`volume_only`: the volume counts below nothing in the period of the refund. `reverse`: besides,
    each award on the returned line is taken back in proportion, and no bonus but a binary counts the
    refund again. `average`: the same, at the payee's average rate in the period of the sale.
    `ignore`: nothing happens. `recompute`: nothing happens in the period of the refund; the period
    of the sale is run again with `--against` its earlier result, the refund counts there, and what
    differs is posted."""
    replace_within: Annotated[Name | None, LATER] = None
    """A longer calendar, such as the month of weekly runs. What is returned within its period of the sale
    is first replaced by what the same member sells anew there: only as much is taken back as new
    volume pays, so the difference of the two is what changes. The rest is taken back at its end."""
    average_within: Annotated[Name | None, LATER] = None
    """With `average` a longer calendar, such as the month of weekly runs: a payee's rate is that of all
    periods of the month of the sale together, as far as they are over, in place of the sale's own."""
    collect: Literal["carry", "forgive"] = "carry"
    """Whether a negative sum is carried until it is recovered."""

    ended_when: Annotated[Formula | None, LATER] = None
    """Whose membership has ended, such as `member.status == 'ended'`. What is held back for them is set
    off at once against what they owe, and paid out whatever it comes to."""
    claim_days: Annotated[int | None, Field(ge=0, le=3650), LATER] = None
    """What somebody whose membership has ended still owes so many days after the end of the period in
    which that was first so is a claim: it is listed as one, and carried no further."""

    @model_validator(mode="after")
    def _takes_back_what_is_not_replaced(self) -> "Returns":
        if self.replace_within is not None and self.later_period not in ("reverse", "average"):
            raise ValueError("“replace_within” needs “reverse” or “average” as “later_period”")
        if self.average_within is not None and self.later_period != "average":
            raise ValueError("“average_within” needs “average” as “later_period”")
        if self.claim_days is not None and self.ended_when is None:
            raise ValueError(
                "“claim_days” needs “ended_when”, which says whose membership has ended"
            )
        return self
