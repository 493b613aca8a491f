"""Why a line is not paid, in words with the figures that decided it."""

import ast
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.conditions import joined_parts
from mlm_plugin.plan.document.bonuses import Bonus
from mlm_plugin.plan.expressions import DATE, NUMBER, Compiled, Environment, ExpressionError
from mlm_plugin.plan.expressions.compiling import Compiler, as_numbers, as_truths, as_words
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.plans import OF_PAIRS
from mlm_plugin.plan.rank_rows import has_two_sides, write_day
from mlm_plugin.plan.scopes import MemberScope
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.explaining.texts import Texts


def say_why(computation: "Computation", texts: "Texts", reason: Reason, env: Environment) -> str:
    """A reason as part of a sentence; `env` is the one payee with source and level."""
    if reason.code == "compressed":
        code, _colon, about = reason.about.partition(":")
        inner = Reason(code, about, reason.formula, reason.part)
        return texts.say("why.compressed", because=say_why(computation, texts, inner, env))
    key = f"why.{reason.code}" if texts.has(f"why.{reason.code}") else "why.other"
    about = reason.about
    if reason.code == "blocked":
        share = Numbers.constant(Decimal(about))
        about = texts.percent(int(share.values), share.places)
    said = texts.say(key, about=about, code=reason.code).strip()
    figures = [
        texts.say(
            "is_needed", name=name, value=texts.figure(value), threshold=texts.figure(threshold)
        )
        for name, value, threshold in _figures(computation, reason, env)
    ]
    return f"{said} ({'; '.join(figures)})" if figures else said


def _figures(
    computation: "Computation", reason: Reason, env: Environment
) -> Iterator[tuple[str, str, str]]:
    """Both sides of every comparison in a condition that did not hold."""
    plan, document = computation.plan, computation.plan.document
    scope = plan.scope
    if reason.about in document.statuses:
        formula = plan.formula(f"statuses.{reason.about}.when")
    elif reason.about in document.predicates:
        formula = plan.formula(f"predicates.{reason.about}.when")
    elif reason.code == "guard":
        found = plan.optional(f"guards.{reason.about}.condition")
        if found is None:
            return
        formula = found
    elif reason.code == "below_threshold":
        formula, scope = _part_of(computation, reason)
    else:
        return
    assert formula.node is not None
    compiler = Compiler(scope)
    for node in _comparisons(formula.node):
        try:
            if bool(as_truths(compiler.compile(node), env)[0]):
                continue
            sides = [
                _value(compiler.compile(each), env) for each in (node.left, node.comparators[0])
            ]
        except ExpressionError:
            # A part about something that a single payee does not have is left in its own words.
            continue
        yield ast.unparse(node.left).replace("payee.", ""), sides[0], sides[1]


def _part_of(computation: "Computation", reason: Reason) -> tuple[Compiled, MemberScope]:
    """The part of a bonus's condition that a reason stands for, and what it may name."""
    plan = computation.plan
    formula = plan.formula(reason.formula)
    _section, bonus, field_name = reason.formula.split(".")
    part: Bonus = plan.document.bonuses[bonus]
    of_pairs = field_name in OF_PAIRS.get(getattr(part, "kind", ""), set())
    scope = plan.scope.for_pairs() if of_pairs else plan.scope
    assert formula.node is not None
    node = joined_parts(formula.node)[reason.part]
    return Compiler(scope).compile(node), scope


def _comparisons(node: ast.expr) -> Iterator[ast.Compare]:
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from _comparisons(part)
    elif isinstance(node, ast.Compare) and has_two_sides(node):
        yield node


def _value(part: Compiled, env: Environment) -> str:
    """One side of a comparison for the one row of an environment."""
    if part.kind in (NUMBER, DATE):
        numbers = as_numbers(part, env)
        value = int(numbers.spread(1)[0])
        return plain_number(value, numbers.places) if part.kind == NUMBER else write_day(value)
    if part.kind.name in ("text", "choice"):
        words = as_words(part, env)
        return words.words[int(np.broadcast_to(words.codes, (1,))[0])]
    return "yes" if as_truths(part, env)[0] else "no"


def single(
    computation: "Computation", *, payee: int, source: int, level: int, base: Numbers
) -> Environment:
    """The environment of one payee with one source."""
    here: Rows = np.array([payee])
    there: Rows = np.array([source])
    given = {
        "level": Numbers(np.array([level])), "generation": Numbers(np.array([level])), "base": base,
    }  # fmt: skip
    return computation.environment({"payee": here, "member": here, "source": there}, 1, given)
