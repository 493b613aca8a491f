"""Who may be paid, and which part of the condition failed for whom."""

import ast

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.expressions import Compiled, Environment
from mlm_plugin.plan.expressions.compiling import Compiler, as_truths
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.scopes import MemberScope
from mlm_plugin.plan.trees import Rows, Truths
from mlm_plugin.plan.variant_formulas import parts_of_forms


class Conditions:
    """The parts of a condition that “and” joins, each with the reason it stands for."""

    def __init__(self, *, plan: Plan, place: str, scope: MemberScope) -> None:
        self.parts: list[Compiled] = []
        self.reasons: list[Reason] = []
        _section, bonus, field_name = place.split(".")
        if f"bonuses.{bonus}.otherwise.{field_name}" not in plan.formulas:
            self._read(plan, place, scope)
            return
        for each, asked in parts_of_forms(plan, bonus, field_name):
            self._read(plan, each, scope.with_payee_as_member(), asked=asked)

    def _read(
        self, plan: Plan, place: str, scope: MemberScope, *, asked: ast.expr | None = None
    ) -> None:
        """The parts of one condition, of those members alone for whom `asked` holds."""
        whole = plan.optional(place)
        if whole is None or whole.node is None:
            return
        for number, node in enumerate(joined_parts(whole.node)):
            if asked is None:
                part = node
            elif isinstance(node, ast.Constant) and node.value is True:
                continue
            else:
                not_asked = ast.UnaryOp(op=ast.Not(), operand=asked)
                part = ast.BoolOp(op=ast.Or(), values=[not_asked, node])
            self.parts.append(Compiler(scope).compile(part))
            code, about = _describe(plan, node)
            self.reasons.append(Reason(code, about, place, number))

    def add(self, part: Compiled, reason: Reason) -> None:
        """One more part that must hold, with the reason it gives where it does not."""
        self.parts.append(part)
        self.reasons.append(reason)

    def hold(self, env: Environment) -> Truths:
        """Whether all parts hold, row by row."""
        truths = np.ones(env.size, dtype=bool)
        for part in self.parts:
            truths &= as_truths(part, env)
        return truths

    def first_failing(self, env: Environment) -> Rows:
        """Row by row the number of the first part that does not hold, -1 where all do."""
        failing = np.full(env.size, -1, dtype=np.int64)
        for number in range(len(self.parts) - 1, -1, -1):
            failing[~as_truths(self.parts[number], env)] = number
        return failing


def joined_parts(node: ast.expr) -> list[ast.expr]:
    """The parts of a condition that “and” joins, in order."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in joined_parts(value)]
    return [node]


def _describe(plan: Plan, node: ast.expr) -> tuple[str, str]:
    """A reason's code and what it is about: a status by name, a rank by word, else the text."""
    name = name_of(node)
    if name is not None:
        plain = name.partition(".")[2] or name
        section = "inactive" if plain in plan.document.statuses else "not_qualified"
        return section, plain
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left = (name_of(node.left) or "").removeprefix("payee.")
        right = node.comparators[0]
        is_rank = left.partition(".")[0] in plan.document.ladders
        if is_rank and isinstance(right, ast.Constant):
            return "rank_too_low", str(right.value)
        if isinstance(node.ops[0], (ast.Gt, ast.GtE)):
            return "below_threshold", ast.unparse(node)
    return "condition", ast.unparse(node)
