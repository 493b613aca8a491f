"""Further kinds of bonuses: guarantees, legs without a power leg, matrices, boards, parties, cars."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from mlm_plugin.plan.document.bonuses import Bonus, LegMatch, Pool, Resting, Walk
from mlm_plugin.plan.document.parts import LATER, Formula, Name, Number

if TYPE_CHECKING:
    from mlm_plugin.plan.document.model import PlanDocument


class Guarantee(Walk):
    """An override each leader brings its upline, never less than a minimum (plan catalogue, 1.7)."""

    kind: Literal["guarantee"]
    rate: Formula
    """Of each source: the share of `base` that goes to the nearest upline who may be paid."""
    least: Formula = "0"
    """What a payee hands on at the least, in units of `base`; what its own share lacks is taken
    from what it is paid here."""


class PayLegs(Bonus):
    """All legs but the strongest are paid on (plan catalogue, 1.8, n-leg balance)."""

    kind: Literal["pay_legs"]
    tree: Name | None = None
    """The tree whose legs are meant; the plan's first where it is left out."""
    volume: Formula = "cv"
    """What members bring to the legs above them."""
    rate: Formula
    """The share of the volume of the legs that are paid on."""
    excluded: Annotated[int, Field(ge=0, le=100)] = 1
    """How many of the strongest legs are not paid on (the power legs)."""
    smallest_of: Annotated[int, Field(ge=1, le=100)] | None = None
    """Instead: only the smallest of so many strongest legs is paid on, and used up in each of them (a
    trinary has 3)."""
    most_per_leg: Formula | None = None
    """The most volume of one leg that is paid on."""
    most: Formula | None = None
    """The most money per position and period."""
    uses: Literal["paid", "balance", "all"] = "paid"
    """What is used up: the volume paid on, as much of the strongest legs too, or everything."""


class Completion(Resting):
    """A fixed amount for each level of a matrix that is full (plan catalogue, 1.9)."""

    kind: Literal["completion"]
    tree: Name
    """A tree with a width."""
    levels: Annotated[int, Field(ge=1, le=20)]
    """The deepest level that is paid."""
    volume: Formula
    """A place counts as filled where this is above zero: a volume over the lifetime, say."""
    counts: Formula = "True"
    """Whose place counts as filled, besides having volume."""
    pay: Formula
    """Money per full level, such as `amounts(level)`."""
    repeats: bool = False
    """Whether a full level is paid in every period, or once for ever."""


class Board(Bonus):
    """A board that splits when it is full and pays whoever stood at its top (plan catalogue, 1.9)."""

    kind: Literal["board"]
    entries: Name
    """The volume whose order lines buy seats. A seat without a sold line does not exist."""
    seat: Annotated[Number, Field(gt=0)] | None = None
    """Volume that one seat costs; one seat per line where it is left out. What a line brings beyond
    whole seats counts for nothing."""
    width: Annotated[int, Field(ge=2, le=10)] = 2
    """How many sit right below each seat."""
    height: Annotated[int, Field(ge=1, le=6)] = 2
    """Levels below the top."""
    pay: Formula
    """Money for whoever cycles out."""
    re_entry: bool = True
    """Whether whoever cycled out takes a new seat, at the bottom of the oldest open board."""
    enter: Literal["oldest", "sponsor"] = "oldest"
    """Where a new seat is: on the oldest open board, or on an open board of the nearest upline."""


class Party(Bonus):
    """A credit for the host of a party, by what its guests bought (plan catalogue, 1.13)."""

    kind: Literal["party"]
    base: Name
    """The volume that makes up the subtotal of a party."""
    party: str = "party"
    """The column of the order lines that names the party; lines without one belong to none."""
    host: str | None = None
    """The column of the order lines that names the host, a member; the seller where left out."""
    rate: Formula
    """The share of the subtotal, such as `tiers(base)`."""
    buyers: Annotated[int, Field(ge=1)] = 1
    """How many different customers a party needs."""
    most: Formula | None = None
    """The most money per party."""
    items: Annotated[Formula | None, LATER] = None
    """How many items the host may buy at a lower price, such as `item_tiers(base)`."""
    item_price: Annotated[Name | None, LATER] = None
    """The volume that holds the full prices of such items; its lines that name the party are those of its
    host, one item each. The dearest ones count first."""
    item_rate: Annotated[Number, Field(gt=0, le=1), LATER] = Decimal("0.5")
    """The share of an item's price that is credited."""
    exclusive: Annotated[Formula | None, LATER] = None
    """How many items that are for hosts alone the host may have, such as `1 if base >= 500 else 0`."""
    exclusive_price: Annotated[Name | None, LATER] = None
    """The volume that holds their full prices, as with `item_price`; nobody but the host is credited."""
    exclusive_rate: Annotated[Number, Field(gt=0, le=1), LATER] = Decimal(1)
    """The share of the price of such an item that is credited."""
    booked_by: Annotated[str | None, LATER] = None
    """The column of the order lines that names the member at whose party this one was booked."""
    booking: Annotated[Formula | None, LATER] = None
    """Money for that member once the booked party has its buyers: `10 if base >= 200 else 0`."""

    @model_validator(mode="after")
    def _knows_items_and_bookings(self) -> "Party":
        if (self.items is None) != (self.item_price is None):
            raise ValueError("“items” says how many, “item_price” which; both are needed")
        if (self.exclusive is None) != (self.exclusive_price is None):
            raise ValueError("“exclusive” says how many, “exclusive_price” which; both are needed")
        if (self.booked_by is None) != (self.booking is None):
            raise ValueError("“booked_by” says who, “booking” how much; both are needed")
        return self


class Points(Bonus):
    """Loyalty points that are collected, spent on goods, and expire (plan catalogue, 1.13)."""

    kind: Literal["points"]
    volume: Formula
    """What points are collected on, such as `cv.self`; returned volume takes them away again."""
    rate: Formula
    """Points per unit of it, such as `5% if autoship_months >= 6 else 2%`."""
    spent: Formula
    """The points a member spent, such as a volume of the lines that were paid for with them."""
    expires: Annotated[int, Field(ge=1, le=120)] | None = None
    """For so many periods after the one they were collected in, points can be spent; for good where
    it is left out. The oldest are spent first."""


class Allowance(Resting):
    """A fixed amount for every period in which a condition holds: car, lifestyle (1.11)."""

    kind: Literal["allowance"]
    amount: Formula
    """Money per period; a table by rank pays the highest tier alone. Below nothing: a co-payment."""
    volume: Formula
    """What it rests on, such as `total(cv, subtree)`; nothing is paid where this is 0."""
    grace_periods: Annotated[int, Field(ge=0, le=36)] = 0
    """For so many periods after the last that qualified, the amount is still paid."""


def wrong_references(document: "PlanDocument") -> Iterator[str]:
    """What these kinds name and the document lacks, each with its place."""
    yield from _matched_in_a_circle(document)
    for name, bonus in document.bonuses.items():
        place = f"bonuses.{name}"
        if isinstance(bonus, Board) and bonus.entries not in document.volumes:
            yield (
                f"{place}.entries: there is no volume “{bonus.entries}”; seats are bought by order "
                "lines of a volume, never by joining or a fee"
            )
        ranks = getattr(bonus, "boundary_rank", None)
        if ranks is not None and not _is_ordered(document, ranks):
            yield f"{place}.boundary_rank: “{ranks}” is no ladder and no attribute of kind “choice”"
        if isinstance(bonus, Pool):
            yield from _of_other_calendars(document, name, bonus)
        by = getattr(bonus, "by", None)
        if by is not None and not _has_words(document, by):
            yield f"{place}.by: “{by}” is no ladder and no attribute of words, such as member.market"
        if isinstance(bonus, Party):
            for field_name in ("base", "item_price", "exclusive_price"):
                volume = getattr(bonus, field_name)
                if volume is not None and volume not in document.volumes:
                    yield f"{place}.{field_name}: there is no volume “{volume}”"
    yield from _wrong_trees(document)


def _wrong_trees(document: "PlanDocument") -> Iterator[str]:
    for name, bonus in document.bonuses.items():
        place = f"bonuses.{name}"
        if isinstance(bonus, LegMatch):
            tree = document.trees.get(tree_under(document, bonus.tree))
            if tree is not None and tree.side is None and tree.fill is None:
                yield f"{place}.tree: the tree “{bonus.tree}” needs a “side” to have left and right"
        if isinstance(bonus, Completion):
            tree = document.trees.get(tree_under(document, bonus.tree))
            if tree is not None and tree.width is None:
                yield f"{place}.tree: the tree “{bonus.tree}” needs a width to have full levels"


def _matched_in_a_circle(document: "PlanDocument") -> Iterator[str]:
    """Matches whose own pay is, by way of others, what they match."""
    of = {name: builds_on(bonus) for name, bonus in document.bonuses.items()}
    for name in of:
        below: set[str] = set()
        waiting = [name]
        while waiting:
            new = set(of.get(waiting.pop(), ())) - below
            below |= new
            waiting += new
        if name in below:
            field_name = "unpaid_of" if isinstance(document.bonuses[name], Pool) else "of"
            yield (
                f"bonuses.{name}.{field_name}: it would match itself; name only what is earned before it"
            )


def marks_to_keep(document: "PlanDocument") -> list[str]:
    """The encumbrances of which later periods must know what was used."""
    return [name for name, part in document.encumbrances.items() if part.stays_used > 1]


def references_to_bonuses(
    document: "PlanDocument", name: str
) -> Iterator[tuple[str, str | None, Mapping[str, Any], str]]:
    """The bonuses that a bonus names, each with its place."""
    for field_name in ("of", "unpaid_of"):
        for each in getattr(document.bonuses[name], field_name, ()):
            yield f"bonuses.{name}.{field_name}", each, document.bonuses, "bonus"


def builds_on(bonus: Bonus) -> tuple[str, ...]:
    """The bonuses that have to be worked before this one."""
    return (*getattr(bonus, "of", ()), *getattr(bonus, "unpaid_of", ()))


def _of_other_calendars(document: "PlanDocument", name: str, bonus: Pool) -> Iterator[str]:
    for each in bonus.unpaid_of:
        other = document.bonuses.get(each)
        usual = document.plan.calendar
        if other is not None and (other.calendar or usual) != (bonus.calendar or usual):
            yield f"bonuses.{name}.unpaid_of: “{each}” is paid by another calendar than this pool"


def tree_under(document: "PlanDocument", name: str) -> str:
    """The tree that a view is made from, by way of other views; a tree's own name."""
    seen = set()
    while name in document.views and name not in seen:
        seen.add(name)
        name = document.views[name].of
    return name


def _has_words(document: "PlanDocument", name: str) -> bool:
    attribute = document.attributes.get(name.removeprefix("member."))
    is_text = attribute is None or attribute.kind in ("text", "choice")
    is_date = name in ("member.joined", "member.forced_from", "member.forced_until")
    return name in document.ladders or (name.startswith("member.") and is_text and not is_date)


def _is_ordered(document: "PlanDocument", name: str) -> bool:
    attribute = document.attributes.get(name.removeprefix("member."))
    is_choice = attribute is not None and attribute.kind == "choice"
    return name in document.ladders or (name.startswith("member.") and is_choice)
