"""The figures behind a reason: what was compared, with the value and the threshold of each line."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason
from mlm_plugin.plan.conditions import joined_parts
from mlm_plugin.plan.expressions import DATE, NUMBER, Compiled, Environment, ExpressionError
from mlm_plugin.plan.expressions.compiling import Compiler, as_numbers, as_truths, as_words
from mlm_plugin.plan.numbers import Numbers, plain_number
from mlm_plugin.plan.plans import OF_PAIRS
from mlm_plugin.plan.rank_rows import has_two_sides, write_day
from mlm_plugin.plan.scopes import MemberScope

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


@dataclass(frozen=True)
class Figure:
    """One comparison that did not hold."""

    name: str
    value: str
    threshold: str


def figures_of(computation: "Computation", awards: Awards) -> dict[int, list[Figure]]:
    """For each line (its row) whose reason is about figures: the comparisons that did not hold."""
    found: dict[int, list[Figure]] = {}
    for number, reason in enumerate(awards.reasons):
        rows = np.flatnonzero(awards.reason == number)
        if not len(rows):
            continue
        payee = awards.payee[rows].astype(np.int64)
        level = Numbers(awards.level[rows].astype(np.int64))
        base = Numbers(awards.base.spread(awards.size)[rows], awards.base.places)
        env = computation.environment(
            {"payee": payee, "member": payee, "source": awards.source[rows].astype(np.int64)},
            len(rows),
            {"level": level, "generation": level, "base": base},
        )
        for test, left, right in _comparisons_behind(computation, reason):
            failed = np.flatnonzero(~as_truths(test, env))
            name = ast.unparse(left.node).replace("payee.", "") if left.node else ""
            values, thresholds = _texts(left, env, failed), _texts(right, env, failed)
            for place, value, threshold in zip(failed.tolist(), values, thresholds, strict=True):
                found.setdefault(int(rows[place]), []).append(Figure(name, value, threshold))
    return found


def _comparisons_behind(
    computation: "Computation", reason: Reason
) -> Iterator[tuple[Compiled, Compiled, Compiled]]:
    """Every comparison in the condition that a reason stands for: whole, left and right side."""
    plan, document = computation.plan, computation.plan.document
    about = reason.about.rpartition(":")[2] if reason.code == "compressed" else reason.about
    scope: MemberScope = plan.scope
    if about in document.statuses:
        node = plan.formula(f"statuses.{about}.when").node
    elif about in document.predicates:
        node = plan.formula(f"predicates.{about}.when").node
    elif reason.code == "guard":
        condition = plan.optional(f"guards.{about}.condition")
        node = condition.node if condition is not None else None
    elif reason.code in ("below_threshold", "compressed") and reason.formula:
        node, scope = _part_of(computation, reason)
    else:
        return
    compiler = Compiler(scope)
    for compare in _comparisons(node):
        try:
            yield (
                compiler.compile(compare),
                compiler.compile(compare.left),
                compiler.compile(compare.comparators[0]),
            )
        except ExpressionError:
            # A written word means something beside the other side alone; the text says it already.
            continue


def _part_of(computation: "Computation", reason: Reason) -> tuple[ast.expr | None, MemberScope]:
    """The part of a bonus's condition that a reason stands for, and what it may name."""
    plan = computation.plan
    _section, bonus, *_variant, field_name = reason.formula.split(".")
    kind = getattr(plan.document.bonuses[bonus], "kind", "")
    scope = plan.scope.for_pairs() if field_name in OF_PAIRS.get(kind, set()) else plan.scope
    node = plan.formula(reason.formula).node
    return (joined_parts(node)[reason.part] if node else None), scope


def _comparisons(node: ast.expr | None) -> Iterator[ast.Compare]:
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from _comparisons(part)
    elif isinstance(node, ast.Compare) and has_two_sides(node):
        yield node


def _texts(part: Compiled, env: Environment, rows: np.ndarray) -> list[str]:
    """One side of a comparison for some rows of an environment."""
    if part.kind in (NUMBER, DATE):
        numbers = as_numbers(part, env)
        values = numbers.spread(env.size)[rows].tolist()
        if part.kind == DATE:
            return [write_day(value) for value in values]
        return [plain_number(value, numbers.places) for value in values]
    if part.kind.name in ("text", "choice"):
        words = as_words(part, env)
        return [words.words[code] for code in np.broadcast_to(words.codes, (env.size,))[rows]]
    return ["yes" if truth else "no" for truth in as_truths(part, env)[rows]]
