"""Bonuses as a plan document writes them; one class per kind, told apart by `kind`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, FieldSerializationInfo, field_serializer, model_validator

from mlm_plugin.plan.document.parts import FOR_DIGEST, LATER, Formula, Name, Number, Part


class BonusVariant(Part):
    """Other terms of a bonus for whom a condition names (a market, a scheme); besides `when` it takes
    the bonus's own fields. What is paid on is the same for all: `base`, `source`, `volume`, `group`,
    `fund`, `tree`, `of`, `key`, `calendar` and `grain` are not replaced."""

    model_config = ConfigDict(extra="allow")

    when: Formula
    """Of each payee: for whom these fields count in place of the bonus's."""

    @property
    def replaced(self) -> Mapping[str, Any]:
        """The fields it replaces, as they are written."""
        return self.model_extra or {}


class Bonus(Part):
    """What all kinds share."""

    title: str = ""
    """What members call it."""
    calendar: Name | None = None
    """The calendar it is paid by; the plan's where it is left out."""
    payee: Formula | None = None
    """Who may be paid. An upline that fails it loses the award; see `compress` for passing it on."""
    peg: Formula = "1"
    """What one unit of base is worth in money."""
    grain: Literal["source", "order", "line"] = "source"
    """How fine an award is, and so where it is rounded: per member whose volume is paid on, per
    order, or per order line. The finer two are for bases made of the source's own volume."""
    reported: Annotated[bool, LATER] = False
    """Worked and told to members, and not paid: what they have from their customers, such as the retail
    profit on goods they sell on. It stands among the skips and in the summary, counts against no limit
    and is matched by nothing."""
    variants: Annotated[tuple[BonusVariant, ...], Field(max_length=50)] = ()
    """Other terms for some payees; the first whose condition holds counts."""


class Resting(Bonus):
    """Shared by kinds whose money is no share of single order lines."""

    rests_on: Annotated[Formula | None, LATER] = None
    """Where returns take back what was paid: the volume that an award rests on, such as `pv`,
    `total(cv, subtree)` or `company(cv)`. The part of it that is returned later is taken back of the
    award; where it is left out, nothing is."""
    least_left: Annotated[Formula | None, LATER] = None
    """Instead of a part: the whole award is taken back as soon as less than this is left of the volume,
    and nothing before."""

    @model_validator(mode="after")
    def _rests_on_something(self) -> "Resting":
        if self.least_left is not None and self.rests_on is None:
            raise ValueError("“rests_on” must say of which volume “least_left” has to be left")
        return self


class Walk(Bonus):
    """Shared by kinds that go up a tree from each source of volume."""

    tree: Name | None = None
    """The tree or view; the plan's first where it is left out."""
    base: Formula
    """What a source brings: a volume such as `cv`."""
    source: Formula | None = None
    """Which members' volume is paid on."""


class Unilevel(Walk):
    """A rate per level above the source (plan catalogue, 1.5)."""

    kind: Literal["unilevel"]
    rate: Formula
    """Per payee and level, such as `levels(level)` or `rates(rank, level)`."""
    levels: Annotated[int, Field(ge=1, le=100)]
    """The last level that is paid."""
    first_level: Annotated[int, Field(ge=0)] = 1
    """The first level that is paid; level 0 is the source itself."""
    compress: Formula | None = None
    """Uplines that fail this are passed over and use up no level."""
    until: Formula | None = None
    """The first who fulfils this, the source included, is the last who is paid on it (a breakaway)."""
    dynamic: bool = False
    """Each level goes to the first upline further up that is qualified for that very level."""


class Differential(Walk):
    """The upline is paid the difference of rates (plan catalogue, 1.6)."""

    kind: Literal["differential"]
    form: Literal["source", "legs", "group"] = "source"
    """`source`: each source's volume is followed up; `legs`: own rate minus the leg's, per leg;
    `group`: own rate on the whole group minus what the legs are due."""
    rate: Formula
    """Each member's rate."""
    start: Formula | None = None
    """The source's own rate, where it is not `rate`."""
    group: Formula | None = None
    """For `legs` and `group`: the volume of a member's whole group, such as `total(cv, subtree)`."""
    own: bool = True
    """Whether the source is paid its own rate."""
    most: Number | None = None
    """The highest sum of rates that one source's volume can bring."""
    reserve: Number = Decimal(0)
    """What stays with the first upline where it can earn no difference."""
    reserve_when: Formula = "False"
    """First uplines for whom the share is kept back even where a difference would be due."""


class Generation(Walk):
    """A rate per generation of leaders (plan catalogue, 1.7)."""

    kind: Literal["generation"]
    boundary: Formula | None = None
    """Who is a leader."""
    boundary_rank: str | None = None
    """Instead: a ladder or a choice (`member.title`); to each payee, who has the payee's own rank or a
    higher one is a leader."""
    rate: Formula
    """Per payee and generation, such as `rates(generation)`."""
    generations: Annotated[int, Field(ge=1, le=100)]
    """The last generation that is paid."""
    rolls_up: bool = True
    """Whether a leader who may not be paid is invisible: the generation goes to the next one."""
    own_group: bool = False
    """Whether the payee's own group is generation 1; otherwise it is paid nothing here."""

    @model_validator(mode="after")
    def _has_leaders(self) -> "Generation":
        if (self.boundary is None) == (self.boundary_rank is None):
            raise ValueError("either “boundary” or “boundary_rank” says who is a leader")
        return self


class Infinity(Walk):
    """A rate on unlimited depth, until a blocker (plan catalogue, 1.7)."""

    kind: Literal["infinity"]
    rate: Formula
    """Each member's rate; uplines without one are passed over."""
    first_level: Annotated[int, Field(ge=1)] = 1
    """The first upline that counts."""
    boundary: Formula | None = None
    """Instead of `first_level`: who is a leader, where generations are counted."""
    first_generation: Annotated[int, Field(ge=1)] = 1
    """The first leader above the source's own group that counts, with `boundary`."""
    accumulator: Literal["full", "difference"] = "difference"
    """Whether an upline is paid its whole rate, or what it is above the one paid before."""
    blocked_by: Literal["same_or_higher", "higher", "same"] = "same_or_higher"
    """Whose rate further down blocks an upline, with `full`; `same` lets a higher one pass, and looks at
    everybody on the way, where the others end it."""
    inside_blocker: Annotated[int | None, Field(ge=1, le=100), LATER] = None
    """With `full`: so many levels below whoever blocks an upline it is still paid on, as a last
    generation; nothing below a blocker where it is left out."""
    most: Number | None = None
    """The highest sum of rates that one source's volume can bring."""

    @model_validator(mode="after")
    def _has_blockers(self) -> "Infinity":
        if self.inside_blocker is not None and self.accumulator != "full":
            raise ValueError("“inside_blocker” belongs to the accumulator “full”")
        if self.blocked_by == "same" and (
            self.accumulator != "full" or self.inside_blocker is not None
        ):
            raise ValueError(
                "“same” belongs to the accumulator “full”, and has no “inside_blocker”"
            )
        return self


class LegMatch(Bonus):
    """Volume of the legs of a placement tree matched against each other (plan catalogue, 1.8)."""

    kind: Literal["binary"]
    tree: Name
    """The placement tree, with sides."""
    volume: Formula = "cv"
    """What members bring to the legs above them."""
    unit: Literal["percent", "steps", "cycles", "pairs"] = "percent"
    """A share of what is matched, the highest step reached, whole cycles, or pairs."""
    rate: Formula = "0"
    """For `percent` and `steps`: the share of the matched volume."""
    by_ratio: bool = False
    """For `percent`: the share times the weaker leg over the stronger one."""
    steps: tuple[Number, ...] = ()
    """For `steps`: the volumes that are paid on, rising."""
    cycle: tuple[Number, Number] | None = None
    """Volume a cycle takes from the stronger and the weaker leg; [1, 1] for pairs where it is left out."""
    combined: bool = False
    """Whether a cycle also comes of less in the stronger leg where the weaker one makes up for it, and
    has what a cycle takes from it (1/3 to 2/3 plans)."""
    pay: Formula | None = None
    """Money per cycle or pair."""
    first_pair: tuple[Number, Number] | None = None
    """Volume of the first cycle ever, stronger and weaker leg."""
    first_pay: Formula | None = None
    """Money for the first cycle ever."""
    most: Formula | None = None
    """The most money per position and period."""
    most_cycles: Formula | None = None
    """The most cycles or pairs per position and period."""
    above_most: Literal["consume", "keep", "flush"] | None = None
    """Volume matched above the money of `most` and above `most_cycles`: used up, kept, or all legs set
    to nothing. Where it is left out, what is above `most` is used up and what is above `most_cycles`
    is kept."""
    after: Literal["carry", "flush"] = "carry"
    """Whether what is left in the legs is carried or set to nothing."""
    carry_most: Formula | None = None
    """The most that is carried per leg."""
    flush_when: Formula | None = None
    """Who loses all carried volume at the end of the period."""
    flush_after: Annotated[int, Field(ge=1, le=60)] = 1
    """In how many periods in a row `flush_when` must hold before the volume is lost."""
    expires: Annotated[int, Field(ge=1)] | None = None
    """After how many periods carried volume is gone, oldest first."""
    own_volume: Literal["none", "weaker"] = "none"
    """Whether own volume counts to the weaker leg."""
    unqualified: Literal["carry", "net", "flush"] = "carry"
    """What becomes of the legs of who may not be paid: nothing is taken from them, what would have been
    matched is netted off without being paid, or they are set to nothing."""

    @field_serializer("above_most")
    def _as_digested_before(self, value: str | None, info: FieldSerializationInfo) -> str | None:
        """Left out, it was written as “consume” once, which cycles did not follow; digests keep that."""
        if info.context != FOR_DIGEST:
            return value
        follows = value == "consume" and self.most_cycles is not None
        return "consume_cycles" if follows else value or "consume"

    @model_validator(mode="after")
    def _has_its_unit(self) -> "LegMatch":
        if self.unit == "steps" and (not self.steps or list(self.steps) != sorted({*self.steps})):
            raise ValueError("the unit “steps” needs “steps”, rising")
        if self.unit == "cycles" and self.cycle is None:
            raise ValueError(
                "the unit “cycles” needs “cycle”, the volume of stronger and weaker leg"
            )
        if self.unit in ("cycles", "pairs") and self.pay is None:
            raise ValueError(f"the unit “{self.unit}” needs “pay”, the money for each")
        if (self.first_pair is None) != (self.first_pay is None):
            raise ValueError("“first_pair” and “first_pay” belong together")
        pairs = [pair for pair in (self.cycle, self.first_pair) if pair is not None]
        if any(strong < weak or weak <= 0 for strong, weak in pairs):
            raise ValueError("a cycle takes more than nothing, and most from the stronger leg")
        return self


class Matching(Bonus):
    """A share of what others below earned (plan catalogue, 1.10)."""

    kind: Literal["matching"]
    of: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The bonuses that are matched."""
    tree: Name | None = None
    """The tree generations are counted in; the plan's first where it is left out."""
    rate: Formula
    """Per payee and generation, such as `rates(payee.rank, generation)`."""
    generations: Annotated[int, Field(ge=1, le=100)]
    """The last generation that is matched."""
    compress: Formula | None = None
    """Uplines that fail this are passed over and use up no generation."""
    after_limits: bool = False
    """Whether the matched bonuses count after the limits on them: those for each award or bonus, and
    those that bind several together, all of which were worked before."""


class Pool(Resting):
    """A fund shared among those who qualify (plan catalogue, 1.12)."""

    kind: Literal["pool"]
    fund: Formula
    """Money to share out, such as `company(cv) * 2%`."""
    unpaid_of: Annotated[tuple[Name, ...], LATER] = ()
    """What these bonuses pay, before limits, is taken off the fund. With the sum of their rates as
    `fund`, `company(cv) * 25%`, it is the commission that nobody earned (breakage)."""
    share: Formula
    """Each member's number of shares."""
    normalise: bool = True
    """Whether shares are parts of their sum; otherwise each is a part of the whole fund."""
    by: str | None = None
    """An attribute or ladder, such as `member.market`: each of its words has a fund of its own, which
    `fund` then gives per member (`company(cv, by=member.market) * 1%`)."""
    most: Formula | None = None
    """The most money one member gets."""
    above_most: Literal["company", "others"] = "company"
    """Who has what is above `most`."""
    residue: Literal["largest_remainder", "keep"] = "largest_remainder"
    """Units that do not come out even: to the largest remainders, or kept by the company."""
    unclaimed: Literal["carry", "company"] = "company"
    """Where a fund goes that nobody qualifies for: into the next period's, or to the company."""


class Direct(Bonus):
    """A share of a member's own volume: personal bonus, rebate, retail commission."""

    kind: Literal["direct"]
    base: Formula
    """What is paid on: an own volume such as `cv`, or `cv.retail`."""
    rate: Formula
    """The share of it."""


class OneTime(Resting):
    """Paid once per member and key: rank reached, first order (plan catalogue, 1.11).

    Formulas may name the `key` that is asked about: `amounts(key)`.
    """

    kind: Literal["one_time"]
    when: Formula = "True"
    """What must hold besides having the key, such as `months_between(member.joined, period.end) < 24`."""
    amount: Formula | None = None
    """Money for a key."""
    base: Formula | None = None
    """What is paid on, where it is a share."""
    rate: Formula | None = None
    """The share of `base`."""
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)?$")] | None = None
    """What makes it once: a ladder (each rank that is paid as) or a text such as `member.package`;
    once per member if left out."""
    skipped: Literal["all", "highest"] = "all"
    """Whether several ranks reached at once are all paid, or the highest in place of all."""
    instalments: Annotated[int, Field(ge=1, le=60)] = 1
    """In how many periods it is paid, the period it is earned in being the first."""
    while_held: Formula | None = None
    """Who is paid a further instalment, such as `rank >= key`; everybody where it is left out."""
    on_break: Literal["end", "pause"] = "end"
    """What becomes of the instalments of who fails `while_held` or may not be paid for a period."""

    @model_validator(mode="after")
    def _pays_somehow(self) -> "OneTime":
        if (self.amount is None) == (self.base is None) or (self.base is None) != (
            self.rate is None
        ):
            raise ValueError("either “amount”, or “base” and “rate”, say what is paid")
        return self
