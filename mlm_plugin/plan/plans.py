"""A plan that was read and checked: every name settled, every loop found, ready to run."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from mlm_plugin.plan.calendars import STANDARD
from mlm_plugin.plan.document import PlanDocument, PlanError, read_document
from mlm_plugin.plan.document.bonuses import Bonus, OneTime
from mlm_plugin.plan.document.further import marks_to_keep, references_to_bonuses, wrong_references
from mlm_plugin.plan.document.guards import LineGuard, OwnUseLimitGuard
from mlm_plugin.plan.document.lasting import Code
from mlm_plugin.plan.document.parts import (
    FOR_DIGEST,
    Calendar,
    Ladder,
    Part,
    Table,
    write_expression,
)
from mlm_plugin.plan.expressions import (
    NUMBER,
    TEXT,
    TRUTH,
    Compiled,
    ExpressionError,
    Kind,
    compile_expression,
)
from mlm_plugin.plan.expressions.past import PAST
from mlm_plugin.plan.needs import find_loop
from mlm_plugin.plan.numbers import TooLarge
from mlm_plugin.plan.registered import wrong_functions
from mlm_plugin.plan.resting_names import wrong_rests
from mlm_plugin.plan.scopes import RESERVED, LineNames, LineScope, MemberScope, column_kinds
from mlm_plugin.plan.tables import Form, TableLookup, kind_of_words
from mlm_plugin.plan.variant_formulas import merge_formulas, read_forms

# Formulas that speak of a payee and a source; all others speak of a member.
OF_PAIRS = {
    "unilevel": {"payee", "rate", "peg"},
    "differential": {"payee", "peg"},
    "generation": {"payee", "rate", "peg"},
    "infinity": {"payee", "peg"},
    "matching": {"payee", "rate", "peg"},
    "party": {"payee", "rate", "peg", "most", "items", "exclusive", "booking"},
    "completion": {"payee", "pay", "peg"},
    "View": {"receiver"},
    "Code": {"receiver"},
    "Limit": {"exempt", "exempt_part"},
}
# What a one-time bonus asks of a payee, whatever the key is.
NOT_BY_KEY = {"payee", "peg", "rests_on"}
TRUTHS = {
    "payee", "source", "compress", "boundary", "when", "flush_when", "reserve_when", "exempt",
    "where", "keep", "while_held", "receiver", "until", "counts", "applies", "ended_when",
}  # fmt: skip


@dataclass
class Plan:
    """A checked plan. `formulas` holds every expression under its place, as in `metrics.gv.value`.

    `forms` holds those bonuses alone that have variants: one per variant, the bonus itself at last.
    """

    document: PlanDocument
    formulas: dict[str, Compiled] = field(default_factory=dict)
    tables: dict[str, TableLookup] = field(default_factory=dict)
    forms: dict[str, list[Bonus]] = field(default_factory=dict)

    @cached_property
    def scope(self) -> MemberScope:
        """What expressions about members may name."""
        return MemberScope(self.document, self.tables, column_kinds(self.document))

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """The document's calendars and the standard ones it does not redefine."""
        return {**STANDARD, **self.document.calendars}

    def kind_of_known(self, name: str) -> Kind | None:
        """The kind of what may be known of an earlier period, None where there is no such name."""
        return self.scope.kind_of_known(name)

    @cached_property
    def looks_back_at(self) -> frozenset[str]:
        """The names of earlier periods that the plan asks for."""
        named = [each.names for each in self.formulas.values()]
        named += [each.names for each in self.tables.values()]
        names = {name for each in named for name in each if name.startswith(PAST)}
        matched = {
            f"{PAST}paid.{of}"
            for bonus in self.document.bonuses.values()
            for of in getattr(bonus, "of", ())
            if self.calendar_of(of) != (bonus.calendar or self.document.plan.calendar)
        }
        names |= {f"{PAST}{each}.used" for each in marks_to_keep(self.document)}
        bound = [
            each
            for limit in self.document.limits.values()
            if limit.within is not None
            for each in limit.bonuses or self.document.bonuses
        ]
        names |= {f"{PAST}paid.{each}" for each in bound}
        ladders = [name for name, ladder in self.document.ladders.items() if ladder.calendar]
        names |= {f"{PAST}{name}{rest}" for name in ladders for rest in ("", ".career")}
        return frozenset(name.removeprefix(PAST) for name in names | matched if name != PAST)

    @property
    def takes_back(self) -> bool:
        """Whether returns take back what earlier periods paid."""
        return self.document.returns.later_period in ("reverse", "average")

    def calendar_of(self, bonus: str) -> str:
        """The calendar a bonus is paid by."""
        return self.document.bonuses[bonus].calendar or self.document.plan.calendar

    def digest(self) -> str:
        """SHA-256 of the document, whatever spaces and comments it was written with."""
        text = json.dumps(
            self.document.model_dump(context=FOR_DIGEST), ensure_ascii=False, default=_written
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def formula(self, place: str) -> Compiled:
        """The expression at a place of the document."""
        return self.formulas[place]

    def optional(self, place: str) -> Compiled | None:
        """The expression at a place, None where the document leaves it out."""
        return self.formulas.get(place)


def _written(value: object) -> object:
    """A value as it is written; sets have no order of their own."""
    return sorted(value) if isinstance(value, frozenset) else str(value)


def load_plan(source: Path | str) -> Plan:
    """Read and check a plan. Raises PlanError, which names every place that is wrong."""
    return check_document(read_document(source))


def check_document(document: PlanDocument) -> Plan:
    """Settle names and expressions of a document. Raises PlanError."""
    plan = Plan(document)
    problems: list[str] = [*_wrong_names(document)]
    for check in (_check_references, _compile_tables, read_forms, _compile_formulas):
        problems += check(plan)
    if not problems:
        problems += merge_formulas(plan, _scope_of, TRUTHS)
    if not problems:
        problems += [*find_loop(plan), *_wrong_grains(plan), *wrong_rests(plan)]
    if problems:
        raise PlanError("\n".join(problems))
    return plan


def _sections(document: PlanDocument) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What expressions name. Bonuses, limits and guards are named in lists of their own."""
    for section in (
        "trees", "volumes", "counts", "metrics", "tables", "predicates", "statuses", "ladders",
        "views", "functions", "pegs", "facts", "codes", "encumbrances",
    ):  # fmt: skip
        yield section, getattr(document, section)


def _wrong_names(document: PlanDocument) -> Iterator[str]:
    seen: dict[str, str] = {}
    for section, parts in _sections(document):
        for name in parts:
            if name in RESERVED:
                yield f"{section}.{name}: this word belongs to the language; choose another name"
            if name in seen:
                yield f"{section}.{name}: {seen[name]}.{name} has the same name already"
            seen[name] = section


Reference = tuple[str, str | None, Mapping[str, Any], str]


def _check_references(plan: Plan) -> Iterator[str]:
    document = plan.document
    places: list[Reference] = [
        ("plan.calendar", document.plan.calendar, plan.calendars, "calendar"),
        ("returns.replace_within", document.returns.replace_within, plan.calendars, "calendar"),
        ("returns.average_within", document.returns.average_within, plan.calendars, "calendar"),
    ]
    trees = {**document.trees, **document.views, **document.codes}
    places += _references_of_bonuses(plan, trees)
    for name, view in document.views.items():
        places.append((f"views.{name}.of", view.of, trees, "tree or view"))
        if "volume" in view.move and view.volume is None:
            yield f"views.{name}.volume: which volume moves must be said"
        places.append((f"views.{name}.volume", view.volume, document.volumes, "volume"))
    places += _references_of_columns(plan, trees)
    yield from wrong_functions(document)
    for name, limit in document.limits.items():
        places += [
            (f"limits.{name}.bonuses", bound, document.bonuses, "bonus") for bound in limit.bonuses
        ]
        places.append((f"limits.{name}.priority", limit.priority, document.ladders, "ladder"))
        places.append((f"limits.{name}.within", limit.within, plan.calendars, "calendar"))
    for name, guard in document.guards.items():
        places += [
            (f"guards.{name}.bonuses", each, document.bonuses, "bonus")
            for each in getattr(guard, "bonuses", ())
        ]
        parts: dict[str, Mapping[str, Any]] = {
            "volume": document.volumes, "count": document.counts, "tree": trees,
        }  # fmt: skip
        places += [
            (f"guards.{name}.{part}", getattr(guard, part, None), there, part)
            for part, there in parts.items()
        ]
    yield from wrong_references(document)
    for place, wanted, known, what in places:
        if wanted is not None and wanted not in known:
            listed = ", ".join(known) or "none"
            yield f"{place}: there is no {what} “{wanted}”; there is: {listed}"


def _references_of_columns(plan: Plan, trees: Mapping[str, Any]) -> Iterator[Reference]:
    document = plan.document
    for name, volume in document.volumes.items():
        yield f"volumes.{name}.since", volume.since, plan.calendars, "calendar"
    for name, encumbrance in document.encumbrances.items():
        yield f"encumbrances.{name}.tree", encumbrance.tree, trees, "tree"
    for name, code in document.codes.items():
        yield f"codes.{name}.tree", code.tree, trees, "tree"
    for name, ladder in document.ladders.items():
        yield f"ladders.{name}.calendar", ladder.calendar, plan.calendars, "calendar"


def _references_of_bonuses(plan: Plan, trees: Mapping[str, Any]) -> Iterator[Reference]:
    document = plan.document
    for name, bonus in document.bonuses.items():
        key = getattr(bonus, "key", None)
        if key is not None and not key.startswith("member."):
            yield f"bonuses.{name}.key", key, document.ladders, "ladder"
        yield f"bonuses.{name}.calendar", bonus.calendar, plan.calendars, "calendar"
        yield f"bonuses.{name}.tree", getattr(bonus, "tree", None), trees, "tree"
        yield from references_to_bonuses(document, name)


def _compile_tables(plan: Plan) -> Iterator[str]:
    for name, table in plan.document.tables.items():
        try:
            words = _words_of(plan, table)
        except ExpressionError as error:
            yield f"tables.{name}.by: {error}"
            continue
        for strange in _strange_rows(table, words):
            yield f"tables.{name}.rows: “{strange}” is no word of {table.by}"
        plan.tables[name] = TableLookup(table=table, words=words, variants=[])
    # Conditions of variants may use tables, so all tables have to be there before.
    for name, table in plan.document.tables.items():
        if name not in plan.tables or not table.variants:
            continue
        variants = []
        for number, variant in enumerate(table.variants):
            place = f"tables.{name}.variants.{number}.when"
            try:
                when = compile_expression(variant.when, plan.scope, kind=TRUTH)
            except ExpressionError as error:
                yield f"{place}: {error}"
                continue
            variants.append((when, Form.of(variant)))
        words = plan.tables[name].words
        plan.tables[name] = TableLookup(table=table, words=words, variants=variants)


def _words_of(plan: Plan, table: Table) -> Kind | None:
    if table.by is None:
        return None
    if table.by.startswith("member."):
        return kind_of_words(plan.scope.kind_of_attribute(table.by.removeprefix("member.")))
    if table.by.startswith("line."):
        return kind_of_words(LineNames(plan.document)[table.by])
    kind = plan.scope.kind_of(table.by)
    if kind is None or kind.name != "choice":
        raise ExpressionError(f"“{table.by}” is no ladder; write member.x for an attribute")
    return kind


def _strange_rows(table: Table, words: Kind | None) -> list[str]:
    if words is None or words.name != "choice":
        return []
    return [row for row in table.rows or {} if row not in words.words]


def _compile_formulas(plan: Plan) -> Iterator[str]:
    for place, text, scope, kind in _formulas(plan):
        try:
            plan.formulas[place] = compile_expression(text, scope, kind=kind)
        except (ExpressionError, TooLarge) as error:
            yield f"{place}: {error}"


Listed = tuple[str, str, MemberScope | LineScope, Kind | None]


def _formulas(plan: Plan) -> Iterator[Listed]:
    document, members = plan.document, plan.scope
    lines = LineScope(members)
    for section in ("volumes", "counts"):
        for name, part in getattr(document, section).items():
            yield from _formulas_of_part(f"{section}.{name}", part, lines)
    for section in ("metrics", "encumbrances", "predicates", "statuses", "tables"):
        for name, part in getattr(document, section).items():
            yield from _formulas_of_part(f"{section}.{name}", part, members)
    yield from _formulas_of_functions(document, members)
    for name, guard in document.guards.items():
        scope = lines if isinstance(guard, (LineGuard, OwnUseLimitGuard)) else members
        yield from _formulas_of_part(f"guards.{name}", guard, scope)
        if guard.condition:
            yield f"guards.{name}.condition", guard.condition, members, TRUTH
    for name, ladder in document.ladders.items():
        yield from _formulas_of_ladder(f"ladders.{name}", ladder, members)
    for section in ("views", "codes", "limits", "bonuses"):
        for name, part in getattr(document, section).items():
            yield from _formulas_of_part(f"{section}.{name}", part, members)
    yield from _formulas_of_variants(plan)
    yield from _formulas_of_part("returns", document.returns, members)


def _formulas_of_variants(plan: Plan) -> Iterator[Listed]:
    for name, (*forms, bonus) in plan.forms.items():
        for number, (variant, form) in enumerate(zip(bonus.variants, forms, strict=True)):
            place = f"bonuses.{name}.variants.{number}"
            yield f"{place}.when", variant.when, plan.scope, TRUTH
            for each in _formulas_of_part(place, form, plan.scope):
                if each[0].removeprefix(f"{place}.") in variant.replaced:
                    yield each


def _formulas_of_functions(document: PlanDocument, scope: MemberScope) -> Iterator[Listed]:
    for name, function in document.functions.items():
        for number, text in enumerate(function.inputs):
            yield f"functions.{name}.{number}", text, scope, NUMBER


def _formulas_of_part(place: str, part: Part, scope: MemberScope | LineScope) -> Iterator[Listed]:
    for field_name, info in type(part).model_fields.items():
        text = getattr(part, field_name)
        if not isinstance(text, str) or not _is_formula(info.annotation, info.metadata):
            continue
        kind = TRUTH if field_name in TRUTHS else NUMBER
        where = _scope_of(part, field_name, scope) if isinstance(scope, MemberScope) else scope
        yield f"{place}.{field_name}", text, where, kind


def _scope_of(part: Part, field_name: str, scope: MemberScope) -> MemberScope:
    """What the formula of a field may name."""
    if field_name in OF_PAIRS.get(getattr(part, "kind", type(part).__name__), set()):
        return scope.for_pairs(*(["below"] if isinstance(part, Code) else []))
    if isinstance(part, OneTime) and part.key and field_name not in NOT_BY_KEY:
        return scope.with_names(key=_kind_of_key(scope, part.key))
    return scope


def _kind_of_key(scope: MemberScope, key: str) -> Kind:
    if key.startswith("member."):
        return scope.kind_of_attribute(key.removeprefix("member."))
    kind = scope.kind_of(key)
    return TEXT if kind is None else kind


def _formulas_of_ladder(place: str, ladder: Ladder, scope: MemberScope) -> Iterator[Listed]:
    for rank in ladder.ranks:
        for number, requirement in enumerate(rank.requires):
            yield f"{place}.{rank.name}.{number}", requirement, scope, TRUTH
    if ladder.kept_while is not None:
        yield f"{place}.kept_while", ladder.kept_while, scope, TRUTH
    for which, variant in enumerate(ladder.variants):
        yield f"{place}.variants.{which}.when", variant.when, scope, TRUTH
        for rank in variant.ranks:
            for number, requirement in enumerate(rank.requires):
                yield f"{place}.variants.{which}.{rank.name}.{number}", requirement, scope, TRUTH


def _is_formula(annotation: Any, metadata: Iterable[Any] = ()) -> bool:
    if any(getattr(each, "func", None) is write_expression for each in metadata):
        return True
    inner = getattr(annotation, "__metadata__", ())
    return any(_is_formula(part, inner) for part in get_args(annotation))


def _wrong_grains(plan: Plan) -> Iterator[str]:
    """Orders and lines can only be paid where each belongs to one source."""
    from mlm_plugin.plan.drilldown import is_own_volume, unwrap

    for name, bonus in plan.document.bonuses.items():
        if bonus.grain == "source":
            continue
        base = plan.optional(f"bonuses.{name}.base")
        if base is None or getattr(bonus, "form", "source") != "source":
            yield f"bonuses.{name}.grain: this kind is paid per source; leave the grain out"
        elif unwrap(plan, base.node)[1] is not None or not is_own_volume(plan, base.node):
            yield (
                f"bonuses.{name}.grain: the base is not the source's own volume; only that can be "
                "paid per order or line"
            )
