"""The parts of a plan document, as they stand in the file.

Field descriptions are the help that the schema and the office show. Numbers are exact decimals;
"5%" may be written for 0.05. What refers to other names is checked in `loading`.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from mlm_plugin.plan.document.days import Day, Zone
from mlm_plugin.plan.money import Rounding

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Expression = Annotated[str, Field(min_length=1, max_length=2_000)]


def read_number(value: Any) -> Any:
    """A number as a plan writes it: 0.05, "0.05" or "5%"."""
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            return Decimal(value.strip()[:-1].strip()).scaleb(-2)
        except ArithmeticError:
            raise ValueError(f"“{value}” is no percentage; write one like 5%") from None
    if isinstance(value, float):
        # A document read by anything but our own reader: the shortest text is what was written.
        return Decimal(repr(value))
    return value


def write_expression(value: Any) -> Any:
    """A condition or amount may be a bare number or yes/no where an expression is expected."""
    if isinstance(value, bool):
        return str(value)
    return str(value) if isinstance(value, (int, float, Decimal)) else value


Number = Annotated[Decimal, BeforeValidator(read_number)]
Formula = Annotated[Expression, BeforeValidator(write_expression)]


# Marks a field that came after documents were first given digests: where it has its default, it is
# not written, so that what a plan said before still has the digest it had.
LATER = "later"
# What a document is written for when it is given a digest.
FOR_DIGEST = {"for": "digest"}


class Part(BaseModel):
    """Any part: unknown fields are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_serializer(mode="wrap")
    def _without_unused_later_fields(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        for name, info in type(self).model_fields.items():
            if LATER in info.metadata and getattr(self, name) == info.default:
                written.pop(name, None)
        return written


class RoundingRule(Part):
    """Where and how money is rounded (plan catalogue, 1.16)."""

    at: Literal["award", "bonus", "payee"] = "award"
    """Round every award, the sum per payee and bonus, or the sum per payee."""
    mode: Rounding = Rounding.HALF_UP
    """half_up rounds 0.005 away from zero, half_even to the even neighbour."""


class Head(Part):
    """What the plan is called and what it counts in."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
    """The plan's short name: small letters, digits, `-` and `_`."""
    title: str = ""
    """What people call it."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """What money is in, such as EUR."""
    places: Annotated[int, Field(ge=0, le=6)] = 2
    """Decimal places of money."""
    time_zone: Zone = "UTC"
    """The zone whose days count; files give days, so it is for who reads them."""
    calendar: Name = "month"
    """The calendar that bonuses without one of their own follow."""
    rounding: RoundingRule = RoundingRule()
    """Where and how money is rounded."""


class ListedPeriod(Part):
    """One period of a list calendar; `until` is its last day."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]*$", max_length=40)]
    """What `--period` calls it."""
    first: Day
    """Its first day."""
    until: Day
    """Its last day."""


class Calendar(Part):
    """How time is cut into periods."""

    kind: Literal["day", "week", "half_month", "month", "quarter", "year", "list"]
    """The length of a period; `list` names every period."""
    week_starts: Annotated[int, Field(ge=1, le=7)] = 1
    """1 is Monday, 7 is Sunday."""
    periods: tuple[ListedPeriod, ...] = ()
    """The periods of a list calendar, such as catalogues of three weeks."""

    @model_validator(mode="after")
    def _has_periods(self) -> "Calendar":
        if (self.kind == "list") != bool(self.periods):
            raise ValueError("a calendar of kind “list”, and only that, names its periods")
        names = [period.id for period in self.periods]
        before = None
        for period in self.periods:
            if names.count(period.id) > 1:
                raise ValueError(f"two periods are called {period.id}")
            if period.until < period.first or (before and period.first <= before):
                raise ValueError(f"period {period.id} does not follow the one before it")
            before = period.until
        return self


class TreePart(Part):
    """A tree, by the column of the members' file that names the parent."""

    parent: Annotated[str, Field(min_length=1)]
    """The column of the members' file that names who stands above."""
    side: str | None = None
    """The column that names the side below the parent: left or right, or a number from 1."""
    width: Annotated[int, Field(ge=1, le=100)] | None = None
    """The most members directly below one."""
    fill: (
        Literal[
            "breadth_first",
            "depth_first",
            "balanced",
            "alternate",
            "outside",
            "weaker",
            "chosen",
            "next_slot",
        ]
        | None
    ) = None
    """How `place` finds a position below the sponsor (plan catalogue, 1.9); see docs/plans."""
    under: str = "sponsor"
    """The column that names the member below whom `place` looks for a position."""
    within_leg: Literal["outside", "breadth_first"] = "outside"
    """Once the side is settled (`alternate`, `weaker`, `chosen`): at the outer end of that leg, or
    at its first free place."""
    height: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many levels below the sponsor `depth_first` fills before it goes on further down."""
    hold_days: Annotated[int, Field(ge=0, le=366)] = 0
    """For so many days after joining, who has no place yet waits for the sponsor to choose one."""
    pass_up: Annotated[int, Field(ge=1, le=20)] | None = None
    """So many of a member's first enrolees with a paid line go to the member's own upline (X-up)."""
    one_root: bool = False
    """Whether more than one member without a parent is an error."""


class Attribute(Part):
    """A further column of the members' file; without an entry a column is a text."""

    kind: Literal["text", "number", "date", "choice"] = "text"
    """What the column holds. A choice has words in a rising order."""
    words: tuple[str, ...] = ()
    """The words of a choice, lowest first."""
    places: Annotated[int, Field(ge=0, le=9)] = 2
    """The most decimals of a number."""

    @model_validator(mode="after")
    def _has_words(self) -> "Attribute":
        if (self.kind == "choice") != bool(self.words):
            raise ValueError("an attribute of kind “choice”, and only that, lists its words")
        return self


class Volume(Part):
    """Points or money of order lines, credited to the line's member (plan catalogue, 1.1)."""

    of: Formula
    """Worked per order line, such as `line.pv` or `line.cv * 0.4`."""
    where: Formula | None = None
    """Only lines that fulfil this, such as `line.buyer == "self"`."""
    places: Annotated[int, Field(ge=0, le=6)] = 2
    """Each line's points are rounded to this many decimals."""
    window: Annotated[int, Field(ge=1, le=120)] = 1
    """How many periods it runs over, this one the last."""
    lifetime: bool = False
    """Everything up to the end of the period."""
    since: Name | None = None
    """A longer calendar: everything since its period began in which this one ends, such as the month
    to date in daily runs, which promote a member on the day a rank is reached."""


class CountOfLines(Part):
    """How many different values order lines of a member have: customers, orders, days."""

    distinct: Literal["customer", "order", "date", "line"]
    """What is counted: different customers, orders, days or lines."""
    where: Formula | None = None
    """Only lines that fulfil this."""


class Metric(Part):
    """A number per member."""

    value: Formula
    """The number, such as `total(pv, subtree)`."""
    places: Annotated[int, Field(ge=0, le=9)] | None = None
    """Rounded to this many decimals; exact where it is left out."""


class TableVariant(Part):
    """Other numbers of a table for whom a condition names (a market, a scheme)."""

    when: Formula
    """For whom these numbers count in place of the table's."""
    steps: tuple[tuple[Number, Number], ...] | None = None
    """As in the table."""
    levels: tuple[Number, ...] | None = None
    """As in the table."""
    rows: dict[str, Number | tuple[Number, ...]] | None = None
    """As in the table."""


class Table(Part):
    """Numbers to look up: by step, by level, or by a word and perhaps a level."""

    on: Formula | None = None
    """What is looked up where the table is named without brackets."""
    steps: tuple[tuple[Number, Number], ...] | None = None
    """[threshold, value] rows: the row of the highest threshold that is reached."""
    levels: tuple[Number, ...] | None = None
    """The value of level 1, 2, …; 0 beyond."""
    rows: dict[str, Number | tuple[Number, ...]] | None = None
    """One value per word, or a list of values per level."""
    by: str | None = None
    """Whose words the rows are: a ladder, a choice, or a text attribute (`member.market`)."""
    or_lower: bool = False
    """Whether a word without a row takes the row of the next lower word."""
    default: Number = Decimal(0)
    """Below the first step and for words without a row."""
    marginal: bool = False
    """Each step's value counts for the part above its threshold, added up (as with taxes)."""
    variants: tuple[TableVariant, ...] = ()
    """Other numbers for some; the first whose condition holds counts."""

    @model_validator(mode="after")
    def _has_one_form(self) -> "Table":
        forms = [self.steps, self.levels, self.rows]
        if sum(form is not None for form in forms) != 1:
            raise ValueError("a table has either steps, levels or rows")
        if (self.rows is not None) != (self.by is not None):
            raise ValueError("“by” says whose words the rows are; it belongs to rows alone")
        for steps in (self.steps, *(variant.steps for variant in self.variants)):
            thresholds = [threshold for threshold, _value in steps or ()]
            if thresholds != sorted(set(thresholds)):
                raise ValueError("the thresholds of steps must rise")
        return self


class Condition(Part):
    """A named yes or no per member."""

    when: Formula
    """What must hold."""


class Status(Part):
    """A yes or no per member that is settled before ranks: active, qualified."""

    when: Formula
    """What must hold."""
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    """New members count as fulfilling it for this many days after they joined."""


class Rank(Part):
    """One step of a ladder: all requirements must be met."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """What members call it."""
    requires: tuple[Formula, ...] = ()
    """What must hold, all of it."""


class LadderVariant(Part):
    """Other requirements for whom a condition names."""

    when: Formula
    """For whom these requirements count in place of the ladder's."""
    ranks: tuple[Rank, ...]
    """The ranks they can reach; a rank that is left out cannot be reached."""


class Ladder(Part):
    """Ranks from the lowest to the highest (plan catalogue, 1.3)."""

    ranks: Annotated[tuple[Rank, ...], Field(min_length=1)]
    """The ranks, the lowest first."""
    cumulative: bool = True
    """Whether a rank also needs the requirements of all lower ranks."""
    calendar: Name | None = None
    """The calendar it is worked by; in runs of others the rank of its last period counts. Worked in
    every run where it is left out."""
    forced: bool = True
    """Whether `forced_rank` of the members' file lifts a member to that rank; where the file has
    `forced_from` and `forced_until`, if the period ends between them. `forced_reason` says why."""
    promotion: Literal["period_end", "two_periods", "immediate"] = "period_end"
    """`two_periods`: a rank higher than the career rank counts when it was also reached the period
    before. To accumulate over up to three periods, requirements say so: `sum_last(gv, 3) >= 1000`.
    `immediate`: bonuses on what each source bought (unilevel, differential, generation, infinity,
    direct) pay on what was bought before the day of a promotion by the rank of the period before, and
    from that day on by the new one; with `period_end` the new rank counts for the whole period. Ranks
    may also be worked in daily runs, on volumes with `since`."""
    one_step: bool = False
    """At most one rank higher than the career rank before."""
    grace_periods: Annotated[int, Field(ge=0, le=36)] = 0
    """A rank is kept this many periods after the last one in which it was reached."""
    keeps: Literal["period", "year", "next_year", "ever"] = "period"
    """How long a rank that was reached is kept: not longer, to the end of the year, to the end of
    the year after it (to be reached again by then), or for good."""
    year_starts: Annotated[int, Field(ge=1, le=12)] = 1
    """The month in which the year of `keeps` starts."""
    demotion_steps: Annotated[int, Field(ge=0, le=30)] = 0
    """At most so many ranks lower than in the period before; 0 for as low as is reached."""
    kept_while: Formula | None = None
    """Who keeps a rank that is not reached again; everybody where it is left out."""
    variants: tuple[LadderVariant, ...] = ()
    """Other requirements for some; the first whose condition holds counts."""

    @model_validator(mode="after")
    def _names_are_one_list(self) -> "Ladder":
        names = [rank.name for rank in self.ranks]
        if len(set(names)) != len(names):
            raise ValueError("a rank is named twice")
        for variant in self.variants:
            strange = [rank.name for rank in variant.ranks if rank.name not in names]
            if strange:
                raise ValueError(f"a variant names the rank {strange[0]}, which the ladder lacks")
        return self


class View(Part):
    """A compressed tree (plan catalogue, 1.4)."""

    of: Name
    """The tree or view it is made from."""
    keep: Formula
    """Who stays; everybody else is taken out."""
    move: frozenset[Literal["children", "volume"]] = frozenset({"children"})
    """What goes to the nearest kept upline."""
    promote: bool = False
    """Whether the first one directly below takes the place of who is taken out, and is followed in the
    same way, where otherwise all below move up to the nearest kept upline (holes in a matrix)."""
    leaves: Annotated[bool, LATER] = False
    """Whether who is taken out is still counted, as a leaf, in sums and counts over this view. Either way
    bonuses go up from there."""
    volume: Name | None = None
    """The volume that moves; in this view it is read as `<view>.<volume>`."""
    receiver: Formula | None = None
    """Who receives volume, asked of each upline (`payee.`) for the removed one (`source.`)."""


class Limit(Part):
    """A bound on what is paid, in the order of the document (plan catalogue, 1.14)."""

    scope: Literal["award", "bonus", "payee", "company"]
    """What is bound: each award, a payee's sum of one bonus or of several, or the company's."""
    bonuses: tuple[Name, ...] = ()
    """Which bonuses are bound; all where it is left out."""
    most: Formula
    """The bound in money: per payee, or one number for the company."""
    per: Literal["owner", "position"] = "owner"
    """Whether the positions of one owner share a bound, or each has its own."""
    mode: Literal["pro_rata", "priority", "hard_stop", "report"] = "pro_rata"
    """How a company bound takes away: in proportion, lower ranks first, all at once, or only said."""
    priority: Name | None = None
    """The ladder whose higher ranks are paid first, for `priority`."""
    exempt: Formula | None = None
    """Awards that the bound leaves alone."""
    exempt_part: Annotated[Formula | None, LATER] = None
    """Money of each award that the bound leaves alone, such as `min(base, 4) * 35` for the first four
    cycles of a binary; what is above it is bound."""
    within: Annotated[Name | None, LATER] = None
    """A longer calendar that the bound is of, such as the month of weekly runs: what the periods before
    paid in the one this run ends in, less what they took back, counts against `most`. It also takes in
    what bonuses of other calendars paid there."""

    @model_validator(mode="after")
    def _knows_what_was_paid_before(self) -> "Limit":
        if self.within is None:
            return self
        if self.scope == "award" or self.per == "position":
            raise ValueError(
                "“within” adds up what an owner, or all together, were paid before; no award and no "
                "position can be bound so"
            )
        if self.scope != "company" and not (self.exempt is None and self.exempt_part is None):
            raise ValueError(
                "“within” cannot tell what was left alone of earlier awards; only a bound of the "
                "company, where that counts as well, may have both"
            )
        return self
