"""The formulas of bonuses with variants: each member has those of its own form.

Under the bonus's own place stands one formula that asks who it is about, so whatever reads it has the
right terms for everybody, also where members of several forms meet on the way up (differences of
rates, shares of one fund). What the bonus itself says stands under `bonuses.<name>.otherwise`, what a
variant says under `bonuses.<name>.variants.<number>`.
"""

import ast
from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mlm_plugin.plan.document.bonus_variants import LEFT_OUT, forms_of
from mlm_plugin.plan.expressions import NUMBER, TRUTH, Compiled, ExpressionError, Kind
from mlm_plugin.plan.expressions.compiling import Compiler
from mlm_plugin.plan.expressions.syntax import parse

if TYPE_CHECKING:
    from mlm_plugin.plan.document.bonuses import Bonus
    from mlm_plugin.plan.plans import Plan
    from mlm_plugin.plan.scopes import MemberScope

NOT = ast.Not()


def conditions_of_forms(plan: "Plan", bonus: str) -> list[ast.expr]:
    """For each variant, and at last the bonus itself, the condition that a member is paid by it."""
    found: list[ast.expr] = []
    before: list[ast.expr] = []
    for number in range(len(plan.document.bonuses[bonus].variants)):
        when = _node(plan.formula(f"bonuses.{bonus}.variants.{number}.when"))
        found.append(_all([*before, when]))
        before.append(ast.UnaryOp(op=NOT, operand=when))
    return [*found, _all(before)]


def places_of_forms(plan: "Plan", bonus: str, field_name: str) -> list[str]:
    """Where the formula of a field stands, for each variant and at last for the bonus itself."""
    rest = f"bonuses.{bonus}.otherwise.{field_name}"
    places = []
    for number in range(len(plan.document.bonuses[bonus].variants)):
        place = f"bonuses.{bonus}.variants.{number}.{field_name}"
        places.append(place if place in plan.formulas else rest)
    return [*places, rest]


def parts_of_forms(plan: "Plan", bonus: str, field_name: str) -> Iterator[tuple[str, ast.expr]]:
    """The places a condition comes from, each with the condition that a member is asked by it."""
    conditions = conditions_of_forms(plan, bonus)
    places = places_of_forms(plan, bonus, field_name)
    for place in dict.fromkeys(places):
        asked = [conditions[number] for number, each in enumerate(places) if each == place]
        yield place, asked[0] if len(asked) == 1 else ast.BoolOp(op=ast.Or(), values=asked)


def settings_of(plan: "Plan", bonus: str, form: "Bonus") -> dict[str, Any]:
    """What a form says besides formulas, which are merged: levels, what is carried, and the like."""
    return {
        name: getattr(form, name)
        for name in type(form).model_fields
        if name != "variants" and f"bonuses.{bonus}.{name}" not in plan.formulas
    }


def read_forms(plan: "Plan") -> Iterator[str]:
    """Note the forms of all bonuses that have variants; gives what is wrong."""
    for name, bonus in plan.document.bonuses.items():
        if bonus.variants:
            forms, problems = forms_of(plan.document, name)
            yield from problems
            if not problems:
                plan.forms[name] = forms


ScopeOf = Callable[["Bonus", str, "MemberScope"], "MemberScope"]


def merge_formulas(plan: "Plan", scope_of: ScopeOf, truths: Container[str]) -> Iterator[str]:
    """Put the formulas of all forms into one, field by field; gives what is wrong.

    `scope_of` says what the formula of a field may name, `truths` are the fields that are conditions.
    """
    for name, (*_variants, bonus) in plan.forms.items():
        for field_name, first in _replaced_formulas(plan, name, bonus).items():
            scope = scope_of(bonus, field_name, plan.scope).with_payee_as_member()
            kind = TRUTH if field_name in truths else NUMBER
            yield from _merge(plan, name, field_name, first, scope=scope, kind=kind)


def _replaced_formulas(plan: "Plan", name: str, bonus: "Bonus") -> dict[str, str]:
    """The fields with formulas that variants replace, each with the first place where one does."""
    fields: dict[str, str] = {}
    for number, variant in enumerate(bonus.variants):
        for field_name in variant.replaced:
            place = f"bonuses.{name}.variants.{number}.{field_name}"
            if place in plan.formulas:
                fields.setdefault(field_name, place)
    return fields


def _merge(
    plan: "Plan", bonus: str, field_name: str, first: str, *, scope: "MemberScope", kind: Kind
) -> Iterator[str]:
    own = plan.optional(f"bonuses.{bonus}.{field_name}")
    if own is None and field_name not in LEFT_OUT:
        yield (
            f"{first}: the bonus itself must say “{field_name}” too, for those whom no variant is for"
        )
        return
    if own is None:
        own = Compiler(scope).compile(parse(LEFT_OUT[field_name]))
    plan.formulas[f"bonuses.{bonus}.otherwise.{field_name}"] = own
    node = _merged(plan, bonus, field_name, kind)
    try:
        merged = Compiler(scope).compile(node)
    except ExpressionError as error:
        yield f"{first}: {error}"
        return
    plan.formulas[f"bonuses.{bonus}.{field_name}"] = Compiled(
        ast.unparse(node), merged.kind, merged.evaluate, merged.names, node
    )


def _merged(plan: "Plan", bonus: str, field_name: str, kind: Kind) -> ast.expr:
    if kind == TRUTH:
        parts = [
            _all([condition, _node(plan.formula(place))])
            for place, condition in parts_of_forms(plan, bonus, field_name)
        ]
        return ast.BoolOp(op=ast.Or(), values=parts)
    assert kind == NUMBER
    *places, rest = places_of_forms(plan, bonus, field_name)
    node = _node(plan.formula(rest))
    for number in reversed(range(len(places))):
        when = _node(plan.formula(f"bonuses.{bonus}.variants.{number}.when"))
        node = ast.IfExp(test=when, body=_node(plan.formula(places[number])), orelse=node)
    return node


def _all(nodes: Sequence[ast.expr]) -> ast.expr:
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(op=ast.And(), values=list(nodes))


def _node(formula: Compiled) -> ast.expr:
    assert formula.node is not None
    return formula.node
