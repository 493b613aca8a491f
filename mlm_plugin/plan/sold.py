"""No pay without a sold line: the guard that no plan can leave out (plan/LEGAL, Koscot).

Most bonuses pay a share of volume, which is nothing where nothing was sold. Whether a base comes to
nothing without sales is read off its formula. Where it does not (a fixed amount per head, per rank,
per month), an award is paid only if the source, or somebody below it in one of the plan's trees, has
an order line that may be paid on, or if an earlier period left something due.
"""

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Reason, join_awards
from mlm_plugin.plan.document.parts import Table
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.payable import line_parts
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.trees import Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.bonuses.base import Bench, Lines
    from mlm_plugin.plan.computing import Computation

NO_SALE = Reason("no_sale")
# What these fields give is multiplied into every award of a bonus that has them.
BASES = ("base", "volume", "fund", "group", "share")
# Sums of a number over members or periods. A fund of the whole company is nothing once the company
# sold nothing, and what earlier periods hold was sold then.
SUMS = frozenset({
    "total", "leg", "legs_beyond", "legs_capped", "on_side", "company",
    "earlier", "latest", "sum_last", "max_last", "min_last", "best", "lifetime", "most_ever",
    "sum_within", "max_within",
})  # fmt: skip
COUNTS = frozenset({"count", "enrolled_on_side", "legs", "legs_with", "times", "times_within"})
# Kinds that pay on order lines themselves, or on what others earned, which had to be sold already.
FROM_LINES = ("matching", "party", "board")


def require_sale(bench: "Bench", lines: "Lines") -> "Lines":
    """The lines of a bonus without awards that no sold line stands behind; those become skips."""
    if not lines.awards.size or needs_sales(bench.computation.plan, bench.name):
        return lines
    awards = lines.awards
    behind = sold_below(bench.computation) | _left_due(bench)
    unsold = np.flatnonzero(~behind[awards.source])
    if not len(unsold):
        return lines
    paid = awards.chosen(np.flatnonzero(behind[awards.source]))
    if not bench.wants_skips:
        return replace(lines, awards=paid)
    if bench.skips_of is not None:
        unsold = unsold[awards.payee[unsold] == bench.skips_of]
    lost = awards.chosen(unsold)
    nothing: Column = np.zeros(lost.size, dtype=np.int64)
    lost = replace(lost, reason=nothing, reasons=(NO_SALE,))
    return replace(lines, awards=paid, skips=join_awards(lines.skips, lost))


def needs_sales(plan: Plan, bonus: str) -> bool:
    """Whether what a bonus pays on comes to nothing by itself where nothing was sold."""
    if plan.document.bonuses[bonus].kind in FROM_LINES:
        return True
    place = f"bonuses.{bonus}"
    reading = Reading(plan)
    bases = [plan.optional(f"{place}.{name}") for name in BASES]
    return any(reading.vanishes(base.node) for base in bases if base is not None)


class Reading:
    """Reads off formulas what they come to for somebody who, with all below, sold nothing."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.document = plan.document

    def vanishes(self, node: ast.expr | None) -> bool:  # noqa: PLR0911 - one line per kind of node
        """Whether a number is nothing without sales."""
        match node:
            case ast.Constant(value=value):
                return value in (0, 0.0) and not isinstance(value, (bool, str))
            case ast.Name() | ast.Attribute():
                return self._name_vanishes(name_of(node) or "")
            case ast.UnaryOp():
                return self.vanishes(node.operand)
            case ast.BinOp(op=ast.Mult()):
                return self.vanishes(node.left) or self.vanishes(node.right)
            case ast.BinOp(op=ast.Div()):
                return self.vanishes(node.left)
            case ast.BinOp():
                return self.vanishes(node.left) and self.vanishes(node.right)
            case ast.IfExp():
                other = self.vanishes(node.orelse)
                return other and (self.fails(node.test) or self.vanishes(node.body))
            case ast.Call():
                return self._call_vanishes(node)
        return False

    def fails(self, node: ast.expr | None) -> bool:
        """Whether a condition cannot hold without sales."""
        match node:
            case ast.BoolOp(op=ast.And()):
                return any(self.fails(part) for part in node.values)
            case ast.BoolOp():
                return all(self.fails(part) for part in node.values)
            case ast.Compare(ops=[ast.Gt()]):
                return self.vanishes(node.left) and _least(node.comparators[0]) >= 0
            case ast.Compare(ops=[ast.GtE()]):
                return self.vanishes(node.left) and _least(node.comparators[0]) > 0
            case ast.Name() | ast.Attribute():
                return self._named_condition_fails(name_of(node) or "")
        return False

    def _named_condition_fails(self, name: str) -> bool:
        plain = _without_role(name)
        if plain in self.document.predicates:
            return self.fails(self._node(f"predicates.{plain}.when"))
        status = self.document.statuses.get(plain)
        if status is None or status.grace_days:
            return False
        return self.fails(self._node(f"statuses.{plain}.when"))

    def _node(self, place: str) -> ast.expr | None:
        return self.plan.formula(place).node

    def _name_vanishes(self, name: str) -> bool:
        first, _dot, rest = _without_role(name).partition(".")
        document = self.document
        # What bonuses paid in earlier periods was paid on sold lines.
        if first == "paid" or first in document.volumes or first in document.counts:
            return True
        if first in document.metrics:
            return self.vanishes(self._node(f"metrics.{first}.value"))
        if first in document.encumbrances:
            return self.vanishes(self._node(f"encumbrances.{first}.volume"))
        if first in document.views:
            return rest not in ("", "kept")
        table = document.tables.get(first)
        return (
            table is not None
            and _starts_at_nothing(table)
            and self.vanishes(self._node(f"tables.{first}.on"))
        )

    def _call_vanishes(self, node: ast.Call) -> bool:
        name = name_of(node.func) or ""
        if name in SUMS or name == "round":
            return self.vanishes(node.args[0])
        if name in COUNTS:
            return self.fails(node.args[0])
        if name == "min":
            return any(self.vanishes(each) for each in node.args)
        if name == "max":
            return all(self.vanishes(each) for each in node.args)
        table = self.document.tables.get(name)
        return table is not None and _starts_at_nothing(table) and self.vanishes(node.args[0])


def _starts_at_nothing(table: Table) -> bool:
    forms = [table.steps, *(variant.steps for variant in table.variants)]
    return table.default == 0 and all(steps and steps[0][0] > 0 for steps in forms)


def _without_role(name: str) -> str:
    first, _dot, rest = name.partition(".")
    return rest if first in ("member", "payee", "source") and rest else name


def _least(node: ast.expr) -> float:
    """A written number; one that is not written could be anything."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    return -1


def sold_below(computation: "Computation") -> Truths:
    """Who has a sold line, alone or with those below, in any of the trees."""
    lines = computation.snapshot.lines
    _first, last = computation.snapshot.period.days
    parts = line_parts(computation)
    rows = lines.day <= last
    if parts is not None:
        rows &= parts.paid > 0
    cv = lines.numbers.get("cv")
    if cv is not None:
        rows &= cv.values > 0
    sold = np.zeros(computation.size, dtype=np.int64)
    sold[lines.member[rows]] = 1
    below = sold > 0
    for name in computation.snapshot.positions.parents:
        below |= computation.tree(name).sum_subtrees(sold) > 0
    return below


def _left_due(bench: "Bench") -> Truths:
    """Whom an earlier period left something by this bonus, such as further instalments."""
    due = np.zeros(bench.computation.size, dtype=bool)
    for (_kind, name), rows in bench.computation.snapshot.earlier.state.rows.items():
        if name == bench.name or name.startswith(f"{bench.name}."):
            due[rows.member[rows.member >= 0]] = True
    return due
