"""Between which numbers an expression lies, whatever the members do."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from mlm_plugin.plan.document.parts import Table, TableVariant
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.sold import COUNTS, SUMS


@dataclass(frozen=True)
class Range:
    """The lowest and highest value; None where there is no bound."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __add__(self, other: "Range") -> "Range":
        return Range(_both(self.low, other.low), _both(self.high, other.high))

    def __neg__(self) -> "Range":
        return Range(
            None if self.high is None else -self.high, None if self.low is None else -self.low
        )

    def __mul__(self, other: "Range") -> "Range":
        if None in (self.low, self.high, other.low, other.high):
            at_least_nothing = self.is_no_less_than_nothing and other.is_no_less_than_nothing
            return Range(Decimal(0)) if at_least_nothing else Range()
        ends = [
            one * two
            for one in (self.low, self.high)
            for two in (other.low, other.high)
            if one is not None and two is not None
        ]
        return Range(min(ends), max(ends))

    @property
    def is_no_less_than_nothing(self) -> bool:
        """Whether it is never negative."""
        return self.low is not None and self.low >= 0

    @classmethod
    def around(cls, ranges: Iterable["Range"]) -> "Range":
        """The smallest range that holds all of these."""
        found = list(ranges)
        lows, highs = [each.low for each in found], [each.high for each in found]
        return cls(
            min((low for low in lows if low is not None), default=None)
            if None not in lows
            else None,
            max((high for high in highs if high is not None), default=None)
            if None not in highs
            else None,
        )


def _both(one: Decimal | None, two: Decimal | None) -> Decimal | None:
    return None if one is None or two is None else one + two


def exactly(number: Decimal | int) -> Range:
    """One number."""
    return Range(Decimal(number), Decimal(number))


NOTHING_OR_MORE = Range(Decimal(0))


class Ranges:
    """Ranges of a plan's expressions; `given` are names whose value is known, such as `level`."""

    def __init__(self, plan: Plan, given: Mapping[str, Decimal] | None = None) -> None:
        self.plan = plan
        self.given = dict(given or {})

    def of(self, place: str) -> Range:
        """The range of the formula at a place of the document."""
        formula = self.plan.optional(place)
        return Range() if formula is None else self.of_node(formula.node)

    def of_node(self, node: ast.expr | None) -> Range:  # noqa: PLR0911 - one line per kind of node
        """The range of an expression."""
        match node:
            case ast.Constant(value=bool() | str()):
                return Range()
            case ast.Constant():
                return exactly(read_constant(node))
            case ast.Name() | ast.Attribute():
                return self._of_name(name_of(node) or "")
            case ast.UnaryOp(op=ast.USub()):
                return -self.of_node(node.operand)
            case ast.BinOp():
                return self._of_arithmetic(node)
            case ast.IfExp():
                return Range.around([self.of_node(node.body), self.of_node(node.orelse)])
            case ast.Call():
                return self._of_call(node)
        return Range()

    def _of_arithmetic(self, node: ast.BinOp) -> Range:
        left, right = self.of_node(node.left), self.of_node(node.right)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left + -right
            case ast.Mult():
                return left * right
        if right.low is not None and right.low == right.high and right.low > 0:
            return left * exactly(1 / right.low)
        nothing_or_more = left.is_no_less_than_nothing and right.is_no_less_than_nothing
        return NOTHING_OR_MORE if nothing_or_more else Range()

    def _of_name(self, name: str) -> Range:
        if name in self.given:
            return exactly(self.given[name])
        first = without_role(name).partition(".")[0]
        document = self.plan.document
        if first in document.metrics:
            return self.of(f"metrics.{first}.value")
        if first in document.tables:
            return self._of_table(document.tables[first], Range())
        if first in ("paid", *document.volumes, *document.counts, *document.views):
            return NOTHING_OR_MORE
        return Range()

    def _of_call(self, node: ast.Call) -> Range:
        name = name_of(node.func) or ""
        if name in COUNTS or (name in SUMS and self.of_node(node.args[0]).is_no_less_than_nothing):
            return NOTHING_OR_MORE
        if name == "round":
            return self.of_node(node.args[0])
        if name in ("min", "max"):
            return self._of_extreme(name, [self.of_node(each) for each in node.args])
        table = self.plan.document.tables.get(name)
        if table is None:
            return Range()
        level = self.of_node(node.args[-1])
        return self._of_table(table, level)

    def _of_extreme(self, name: str, ranges: list[Range]) -> Range:
        lows = [each.low for each in ranges if each.low is not None]
        highs = [each.high for each in ranges if each.high is not None]
        complete = len(lows) == len(ranges), len(highs) == len(ranges)
        if name == "min":
            return Range(min(lows) if complete[0] else None, min(highs, default=None))
        return Range(max(lows, default=None), max(highs) if complete[1] else None)

    def _of_table(self, table: Table, level: Range) -> Range:
        known = int(level.low) if level.low is not None and level.low == level.high else None
        values = {table.default}
        forms: list[Table | TableVariant] = [table, *table.variants]
        for form in forms:
            values |= set(values_of(form, known, beyond=table.default))
        if table.marginal:
            return NOTHING_OR_MORE if min(values) >= 0 else Range()
        return Range(min(values), max(values))


def values_of(form: Table | TableVariant, level: int | None, *, beyond: Decimal) -> list[Decimal]:
    """The numbers of a table, those of one level where it is known."""
    if form.steps is not None:
        return [value for _threshold, value in form.steps]
    if form.levels is not None:
        return _at(form.levels, level, beyond)
    found: list[Decimal] = []
    for row in (form.rows or {}).values():
        found += _at(row, level, beyond) if isinstance(row, tuple) else [row]
    return found


def _at(row: tuple[Decimal, ...], level: int | None, beyond: Decimal) -> list[Decimal]:
    if level is None:
        return list(row)
    return [row[level - 1] if 1 <= level <= len(row) else beyond]


def read_constant(node: ast.Constant) -> Decimal:
    """A written number exactly."""
    return Decimal((node.kind or str(node.value)).replace("_", ""))


def without_role(name: str) -> str:
    """A name without whose it is."""
    first, _dot, rest = name.partition(".")
    return rest if first in ("member", "payee", "source") and rest else name
