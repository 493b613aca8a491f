"""Which names an expression may use, by where it stands in the document."""

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mlm_plugin.plan.calendars import STANDARD
from mlm_plugin.plan.document.model import PlanDocument
from mlm_plugin.plan.document.parts import Attribute
from mlm_plugin.plan.expressions import DATE, NUMBER, TEXT, TRUTH, Kind, Scope
from mlm_plugin.plan.expressions.functions import FUNCTIONS
from mlm_plugin.plan.tables import TableLookup

BUYERS = ("self", "preferred", "retail")
LINE_NUMBERS = ("pv", "cv", "amount")
PERIOD = {"period.start": DATE, "period.end": DATE}
# What history.csv may tell of anybody, whatever the plan is: the day of the first own order.
STANDARD_FACTS = {"first_order": DATE}
# Columns of the members' file that are dates without being declared.
DATES = ("joined", "forced_from", "forced_until")
STANDARD_ATTRIBUTES = {
    **dict.fromkeys(DATES, DATE), "status": TEXT, "enroller": TEXT, "owner": TEXT,
}  # fmt: skip
RESERVED = frozenset(
    {
        "member",
        "payee",
        "source",
        "line",
        "period",
        "level",
        "base",
        "generation",
        "key",
        "below",
        "paid",
        *keyword.kwlist,
        *FUNCTIONS,
    }
)


@dataclass(frozen=True)
class MemberScope:
    """What can be said of a member: all parts of the document that are columns."""

    document: PlanDocument
    tables: Mapping[str, TableLookup] = field(default_factory=dict)
    columns: Mapping[str, Kind] = field(default_factory=dict)
    roles: tuple[str, ...] = ("member",)
    extra: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def given(self) -> Mapping[str, Kind]:
        """The period, and what the place adds."""
        return {**PERIOD, **self.extra}

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a column."""
        return self.columns.get(name)

    def kind_of_known(self, name: str) -> Kind | None:
        """The kind of what may be known of an earlier period: a column, a payment, a declared fact."""
        kind = self.columns.get(name)
        if kind is not None:
            return kind
        first, _dot, bonus = name.partition(".")
        if first == "paid" and bonus in self.document.bonuses:
            return NUMBER
        if first == "returned" and bonus.partition(".")[0] in self.document.bonuses:
            return NUMBER
        if name in STANDARD_FACTS:
            return STANDARD_FACTS[name]
        fact = self.document.facts.get(name)
        return None if fact is None else kind_of_declared(fact)

    @property
    def calendars(self) -> Iterable[str]:
        """The calendars that may be named."""
        return {**STANDARD, **self.document.calendars}

    def kind_of_attribute(self, name: str) -> Kind:
        """The kind of a column of the members' file: declared, standard, or a text."""
        declared = self.document.attributes.get(name)
        return (
            STANDARD_ATTRIBUTES.get(name, TEXT) if declared is None else kind_of_declared(declared)
        )

    def table(self, name: str) -> TableLookup | None:
        """A table by name."""
        return self.tables.get(name)

    def has_tree(self, name: str) -> bool:
        """Whether a tree or view has this name."""
        document = self.document
        return name in document.trees or name in document.views or name in document.codes

    @property
    def default_tree(self) -> str:
        """The first tree of the document."""
        return next(iter(self.document.trees), "sponsor")

    def known_names(self) -> Iterable[str]:
        """Everything that could have been meant."""
        return [*self.columns, *self.tables, *self.given, *self.document.trees]

    def for_members(self) -> "MemberScope":
        """What stands inside sums over members: no payee, no level."""
        return MemberScope(self.document, self.tables, self.columns)

    def with_names(self, **kinds: Kind) -> "MemberScope":
        """With further names that the place gives."""
        return replace(self, extra={**self.extra, **kinds})

    def with_payee_as_member(self) -> "MemberScope":
        """The same, where the payee may be called the member: so conditions of variants speak."""
        return self if "member" in self.roles else replace(self, roles=(*self.roles, "member"))

    def for_pairs(self, *roles: str) -> "MemberScope":
        """What can be said of a payee and a source at a level, and of further members."""
        return MemberScope(
            self.document,
            self.tables,
            self.columns,
            ("payee", "source", *roles),
            {"level": NUMBER, "generation": NUMBER, "base": NUMBER},
        )


def kind_of_declared(declared: Attribute) -> Kind:
    """The kind of a declared attribute or fact."""
    if declared.kind == "choice":
        return Kind("choice", ("", *declared.words))
    return {"number": NUMBER, "date": DATE, "text": TEXT}[declared.kind]


class LineNames(Mapping[str, Kind]):
    """`line.` and any column of the volumes' file."""

    def __init__(self, document: PlanDocument) -> None:
        self.document = document

    def __getitem__(self, name: str) -> Kind:  # noqa: PLR0911 - one line per kind
        first, _dot, column = name.partition(".")
        if name in PERIOD:
            return PERIOD[name]
        if first != "line" or not column:
            raise KeyError(name)
        if column in LINE_NUMBERS:
            return NUMBER
        if column == "date":
            return DATE
        if column == "first_order":
            return TRUTH
        if column == "buyer":
            return Kind("choice", BUYERS)
        declared = self.document.attributes.get(name)
        if declared is None or declared.kind == "text":
            return TEXT
        if declared.kind == "choice":
            return Kind("choice", ("", *declared.words))
        return NUMBER if declared.kind == "number" else DATE

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in PERIOD or name.startswith("line."))

    def __iter__(self) -> Iterator[str]:
        columns = (*LINE_NUMBERS, "date", "buyer", "first_order")
        return iter([*(f"line.{name}" for name in columns), *PERIOD])

    def __len__(self) -> int:
        return len(list(iter(self)))


@dataclass(frozen=True)
class LineScope:
    """What can be said of an order line, and of the member it is credited to."""

    members: MemberScope
    roles: tuple[str, ...] = ("member",)

    @property
    def given(self) -> Mapping[str, Kind]:
        """The line's own columns."""
        return LineNames(self.members.document)

    def kind_of(self, name: str) -> Kind | None:
        """No member column: volumes come before everything else."""
        return None

    def kind_of_known(self, name: str) -> Kind | None:
        """Lines know no earlier periods."""
        return None

    @property
    def calendars(self) -> Iterable[str]:
        """Lines belong to no calendar."""
        return ()

    def kind_of_attribute(self, name: str) -> Kind:
        """An attribute of the credited member."""
        return self.members.kind_of_attribute(name)

    def table(self, name: str) -> TableLookup | None:
        """A table by name."""
        return self.members.table(name)

    def has_tree(self, name: str) -> bool:
        """Lines know no trees."""
        return False

    @property
    def default_tree(self) -> str:
        """Never asked for."""
        return ""

    def known_names(self) -> Iterable[str]:
        """What a line has."""
        return [*self.given, "member.joined", "member.status"]

    def for_members(self) -> "Scope":
        """Sums over members are no part of a line."""
        return self.members


def column_kinds(document: PlanDocument) -> dict[str, Kind]:
    """Every column a member has, by the parts of the document that name it."""
    kinds: dict[str, Kind] = {}
    for name in (*document.volumes, *document.counts):
        kinds[name] = NUMBER
    for name in document.volumes:
        kinds |= {f"{name}.{buyer}": NUMBER for buyer in (*BUYERS, "customers")}
    kinds |= dict.fromkeys((*document.metrics, *document.functions, *document.pegs), NUMBER)
    for name in document.encumbrances:
        kinds |= {name: NUMBER, f"{name}.used": NUMBER}
    kinds |= dict.fromkeys((*document.predicates, *document.statuses), TRUTH)
    for name, ladder in document.ladders.items():
        words = Kind("choice", ("", *(rank.name for rank in ladder.ranks)))
        kinds |= {name: words}
        kinds |= {f"{name}.{when}": words for when in ("career", "before", "career_before")}
    for name, view in document.views.items():
        kinds[f"{name}.kept"] = TRUTH
        if "volume" in view.move:
            kinds[f"{name}.{view.volume}"] = NUMBER
    kinds |= {name: NUMBER for name, table in document.tables.items() if table.on}
    return kinds
