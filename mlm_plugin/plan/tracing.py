"""From a member's figure down to the order lines it was worked from, through sums over members.

A figure such as `total(cv, levels(1, 3)) - total(cv, group(leader))` is taken apart as it is written:
each sum leads to the members it runs over, each of these to the lines of its own volume. What bounds a
figure (`min`, `round`, a condition) bounds it as a whole, so lines say what was there to be paid on.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.drilldown import OVER_MEMBERS, has_lines, is_own_volume, line_bases
from mlm_plugin.plan.expressions import Compiled, Environment
from mlm_plugin.plan.expressions.compiling import Compiler, as_numbers, as_truths
from mlm_plugin.plan.expressions.functions import nodes_of
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.expressions.values import Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Tree

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.payable import Payable

ONE = Numbers.constant(1)
MINUS_ONE = Numbers.constant(Decimal(-1))
LEGS = frozenset({"leg", "legs_beyond", "legs_capped"})


@dataclass(frozen=True)
class Traced:
    """Order lines in their order, and what each brought to a figure."""

    line: Rows
    value: Numbers


@dataclass(frozen=True)
class Term:
    """A part of a figure: `factor` times a member's own volume, summed over some members.

    A member that is named several times counts so often.
    """

    factor: Numbers
    volume: ast.expr
    members: Rows


def trace(
    computation: "Computation",
    node: ast.expr | None,
    members: Sequence[int],
    *,
    frame: "Computation | Payable | None" = None,
) -> Traced | None:
    """The order lines of a figure, summed over some members; None where it is not made of volume.

    `frame` says which volume is meant, where it is not what bonuses may be paid on.
    """
    tracer = Tracer(computation, frame or computation.payable)
    if node is None or not tracer.has_volume(node):
        return None
    terms = [term for member in members for term in tracer.terms(node, member)]
    found = [tracer.lines_of(term) for term in _together(terms)]
    if not found:
        return None
    places = max(each.value.places for each in found)
    lines, which = np.unique(np.concatenate([each.line for each in found]), return_inverse=True)
    sums = np.zeros(len(lines), dtype=np.int64)
    np.add.at(sums, which, np.concatenate([each.value.to_places(places).values for each in found]))
    kept = np.flatnonzero(sums)
    return Traced(lines[kept], Numbers(sums[kept], places))


class Tracer:
    """Takes figures of members apart."""

    def __init__(self, computation: "Computation", frame: "Computation | Payable") -> None:
        self.computation = computation
        self.plan = computation.plan
        self.frame = frame

    def lines_of(self, term: Term) -> Traced:
        """The order lines of one term."""
        compiled = Compiler(self.plan.scope.for_members()).compile(term.volume)
        members, often = np.unique(term.members, return_counts=True)
        bases = line_bases(self.computation, compiled, members, frame=self.frame)
        # Volume that a view moved may be of lines of others, so members are asked for once more.
        own = np.flatnonzero(np.isin(bases.member, members))
        count = Numbers(often[np.searchsorted(members, bases.member[own])])
        return Traced(bases.line[own], bases.value.at(own) * count * term.factor)

    def has_volume(self, node: ast.expr) -> bool:  # noqa: PLR0911 - one line per kind of node
        """Whether a figure is made of members' volume."""
        if is_own_volume(self.plan, node):
            return True
        match node:
            case ast.Name() | ast.Attribute():
                metric = self._metric(node)
                return metric is not None and self.has_volume(metric)
            case ast.UnaryOp():
                return self.has_volume(node.operand)
            case ast.BinOp(op=ast.Div()):
                return self.has_volume(node.left)
            case ast.BinOp():
                return self.has_volume(node.left) or self.has_volume(node.right)
            case ast.IfExp():
                return self.has_volume(node.body) or self.has_volume(node.orelse)
            case ast.Call():
                summed = name_of(node.func) in {*OVER_MEMBERS, "round"}
                if name_of(node.func) in ("min", "max"):
                    return any(self.has_volume(each) for each in node.args)
                return summed and self.has_volume(node.args[0])
        return False

    def terms(self, node: ast.expr, member: int) -> Iterator[Term]:
        """The terms of a figure of one member."""
        if has_lines(self.plan, node):
            yield Term(ONE, node, np.array([member]))
            return
        match node:
            case ast.Name() | ast.Attribute():
                metric = self._metric(node)
                if metric is not None:
                    yield from self.terms(metric, member)
            case ast.UnaryOp():
                yield from _times(MINUS_ONE, self.terms(node.operand, member))
            case ast.BinOp():
                yield from self._of_two(node, member)
            case ast.IfExp():
                holds = as_truths(self._compiled(node.test), self._alone(member))
                yield from self.terms(node.body if bool(holds[0]) else node.orelse, member)
            case ast.Call():
                yield from self._of_call(node, member)

    def _of_two(self, node: ast.BinOp, member: int) -> Iterator[Term]:
        left, right = node.left, node.right
        if isinstance(node.op, (ast.Add, ast.Sub)):
            yield from self.terms(left, member)
            sign = ONE if isinstance(node.op, ast.Add) else MINUS_ONE
            yield from _times(sign, self.terms(right, member))
        elif isinstance(node.op, ast.Div):
            factor = ONE / self._number(right, member)
            yield from _times(factor, self.terms(left, member))
        elif self.has_volume(left):
            yield from _times(self._number(right, member), self.terms(left, member))
        else:
            yield from _times(self._number(left, member), self.terms(right, member))

    def _of_call(self, node: ast.Call, member: int) -> Iterator[Term]:
        name, first = name_of(node.func), node.args[0]
        if name == "round":
            yield from self.terms(first, member)
        elif name in ("min", "max"):
            yield from self.terms(self._decisive(node, member), member)
        elif name == "total":
            yield from self._of_members(first, self._set(node, member))
        elif name in LEGS:
            yield from self._of_members(first, self._legs(node, member))
        elif name == "on_side":
            side = int(ast.literal_eval(node.args[1])) - 1
            child = self._tree(node).child_on(side)[member]
            yield from self._of_members(first, np.array([child] if child >= 0 else [], dtype=int))
        elif name == "company":
            yield from self._of_members(first, self._company(node, member))

    def _of_members(self, what: ast.expr, members: Rows) -> Iterator[Term]:
        """A figure summed over members: own volume at once, anything else member by member."""
        if has_lines(self.plan, what):
            yield Term(ONE, what, members)
            return
        for member in members.tolist():
            yield from self.terms(what, member)

    def _decisive(self, node: ast.Call, member: int) -> ast.expr:
        """Of several figures the one that counts, if it is made of volume, else the first that is."""
        made = [each for each in node.args if self.has_volume(each)]
        pick = min if name_of(node.func) == "min" else max
        values = {id(each): self._number(each, member) for each in made}
        places = max(value.places for value in values.values())
        return pick(made, key=lambda each: int(values[id(each)].to_places(places).values[0]))

    def _set(self, node: ast.Call, member: int) -> Rows:
        """The members that a sum of one member runs over."""
        tree = self._tree(node)
        nodes = nodes_of(Compiler(self.plan.scope.for_members()), node.args[1])
        below = tree.subtree(member)
        depth = tree.depth[below] - tree.depth[member]
        chosen = nodes.chosen(tree, below, depth, self.frame.everybody)
        if tree.counted is not None:
            chosen &= tree.counted[below]
        return np.sort(below[chosen])

    def _legs(self, node: ast.Call, member: int) -> Rows:
        """The heads of the legs that count."""
        tree = self._tree(node)
        heads: Rows = tree.heads[tree.parent[tree.heads] == member]
        if name_of(node.func) == "legs_capped":
            return heads
        value = as_numbers(self._compiled(node.args[0]), self.frame.everybody)
        order: Rows = heads[np.lexsort((heads, -value.spread(self.frame.size)[heads]))]
        wanted = int(ast.literal_eval(node.args[1]))
        return order[wanted - 1 : wanted] if name_of(node.func) == "leg" else order[wanted:]

    def _company(self, node: ast.Call, member: int) -> Rows:
        everybody = np.arange(self.frame.size)
        if not node.keywords:
            return everybody
        words = self._compiled(node.keywords[0].value).evaluate(self.frame.everybody)
        assert isinstance(words, Words)
        return np.flatnonzero(words.codes == words.codes[member])

    def _tree(self, node: ast.Call) -> Tree:
        names = [name_of(word.value) for word in node.keywords if word.arg == "tree"]
        return self.frame.tree(names[0] or "" if names else self.plan.scope.default_tree)

    def _metric(self, node: ast.expr) -> ast.expr | None:
        formula = self.plan.optional(f"metrics.{name_of(node)}.value")
        return None if formula is None else formula.node

    def _number(self, node: ast.expr, member: int) -> Numbers:
        value = as_numbers(self._compiled(node), self._alone(member))
        return Numbers(value.spread(1), value.places)

    def _alone(self, member: int) -> Environment:
        """One member, of whom parts of a formula are asked."""
        given = self.frame.everybody.given
        return Environment(self.frame, 1, {"member": np.array([member])}, given)

    def _compiled(self, node: ast.expr) -> Compiled:
        return Compiler(self.plan.scope.for_members()).compile(node)


def _times(factor: Numbers, terms: Iterator[Term]) -> Iterator[Term]:
    for term in terms:
        yield Term(term.factor * factor, term.volume, term.members)


def _together(terms: Iterable[Term]) -> Iterator[Term]:
    """The terms with those that differ in nothing but their members as one."""
    alike: dict[tuple[int, int, str], list[Term]] = {}
    for term in terms:
        factor = int(term.factor.values.ravel()[0]), term.factor.places
        alike.setdefault((*factor, ast.dump(term.volume)), []).append(term)
    for same in alike.values():
        yield Term(same[0].factor, same[0].volume, np.concatenate([each.members for each in same]))
