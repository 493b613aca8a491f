"""Figures that come from outside a plan's own formulas: pegs by date, and registered functions."""

from typing import Annotated

from pydantic import Field, model_validator

from mlm_plugin.plan.document.days import Day, check_order
from mlm_plugin.plan.document.parts import LATER, Formula, Name, Number, Part


class PegRate(Part):
    """What a peg is worth for one market and span of days; both ends are inside."""

    market: str | None = None
    """The word of `by` it is for; everybody where it is left out."""
    first: Day | None = None
    """The first day it counts."""
    until: Day | None = None
    """The last day it counts."""
    rate: Number
    """Money per unit."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "PegRate":
        check_order(self.first, self.until)
        return self


class Peg(Part):
    """What one unit is worth in money, by market and date (plan catalogue, 1.16).

    The rate of the period's last day counts. Of several rates that fit, one for the market goes
    before one for everybody, and a later one before an earlier one.
    """

    by: str | None = None
    """The attribute whose words are the markets, such as `member.market`."""
    rates: Annotated[tuple[PegRate, ...], Field(min_length=1)]
    """What a unit is worth, where and when."""

    @model_validator(mode="after")
    def _has_markets(self) -> "Peg":
        if self.by is None and any(rate.market is not None for rate in self.rates):
            raise ValueError("“by” must say which attribute the markets are words of")
        if self.by is not None and not self.by.startswith("member."):
            raise ValueError("“by” is an attribute of members, such as member.market")
        return self


class Encumbrance(Part):
    """Volume of a member and everybody below that nobody below used to qualify (plan catalogue, 1.1).

    Whoever fulfils `when`, and has `least` of it, uses up `uses` of it: uplines do not count that
    again. Under its name it is what a member has, used by itself or not; `.used` is what it uses.
    """

    volume: Formula
    """What members bring, such as `pv`."""
    tree: Name | None = None
    """The tree or view it goes up in; the plan's first where it is left out."""
    when: Formula
    """Who uses volume up, such as `total(pv, subtree) >= 4000`."""
    least: Formula = "0"
    """How much must be unused by those below for a member to qualify and use up any."""
    uses: Formula | None = None
    """How much a member uses up; all there is where it is left out."""
    stays_used: Annotated[int, Field(ge=1, le=120), LATER] = 1
    """In how many periods, the one it is used in among them, volume that was used up counts for nobody
    again, not for who used it either: as many as the window of a volume that runs over several periods.
    Of earlier periods it is known who used how much, not whose volume that was: it is taken off at who
    used it, and from there upwards."""


class Calculated(Part):
    """A number per member that a registered Python function gives, as the last resort."""

    function: Name
    """The name it is registered under."""
    inputs: tuple[Formula, ...] = ()
    """What it is given, each a number per member."""
    tree: Name | None = None
    """A tree or view it is given besides."""
    places: Annotated[int, Field(ge=0, le=9)] = 2
    """The decimals of what it is given and of what it gives."""
