"""From awards down to order lines: what each line brought to a base, and its share of the amount.

A bonus pays per source member. Where its plan says `grain = "line"` (or `"order"`), every line is
an award of its own and rounded as one. Otherwise a line's share is found afterwards (`shares`).
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.expressions import Compiled, Environment, Frame, Value, Words
from mlm_plugin.plan.expressions.compiling import Compiler, as_numbers
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.money import share_signed
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.trees import Rows, Tree

if TYPE_CHECKING:
    from mlm_plugin.plan.bonuses.base import Bench, Lines
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.past import Past
    from mlm_plugin.plan.payable import Payable


OVER_MEMBERS = frozenset({"total", "leg", "legs_beyond", "legs_capped", "on_side", "company"})


@dataclass(frozen=True)
class LineBases:
    """What order lines bring to members' bases: a row each, by member, then by order and line.

    With a `tree`, the base of a member is what all members of its subtree bring.
    """

    member: Rows
    line: Rows
    value: Numbers
    tree: str | None = None

    def by_order(self, orders: Rows) -> "LineBases":
        """Lines of one order together, under the first of them; `orders` numbers each line's."""
        pairs = np.stack([self.member, orders[self.line]])
        _pairs, first, groups = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
        sums = np.zeros(len(first), dtype=np.int64)
        np.add.at(sums, groups.ravel(), self.value.values)
        value = Numbers(sums, self.value.places)
        return LineBases(self.member[first], self.line[first], value, self.tree)


class LineFrame:
    """Order lines in the place of members: volumes are what one line brings, the rest its member's."""

    def __init__(
        self,
        computation: "Computation",
        brought: Mapping[str, tuple[Rows, Numbers]],
        frame: "Computation | Payable",
    ) -> None:
        self.frame = frame
        self.computation = computation
        self.brought = brought
        found = [rows for rows, _brought in self.brought.values()]
        self.rows = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
        self.members = computation.snapshot.lines.member[self.rows]

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    def column(self, name: str) -> Value:
        """A volume per line; every other column for the line's member."""
        first, _dot, rest = name.partition(".")
        document = self.computation.plan.document
        if first in document.volumes:
            return self._volume(first, rest)
        if first in document.metrics:
            return self.computation.metric(first, self.everybody)
        if first in document.views and rest != "kept":
            volume = document.views[first].volume
            assert volume is not None
            return self._volume(volume, "")
        return self._of_members(self.frame.column(name))

    def tree(self, name: str) -> Tree:
        """As it is."""
        return self.frame.tree(name)

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """A sum over members is the same for each line."""
        return self._of_members(self.frame.remember(key, names, make))

    @property
    def past(self) -> "Past":
        """The periods before, as they are."""
        return self.computation.past

    @property
    def everybody(self) -> Environment:
        """All lines, with the period."""
        given = self.computation.everybody.given
        return Environment(self, self.size, {"member": None}, given)

    def _volume(self, name: str, buyers: str) -> Numbers:
        rows, brought = self.brought[name]
        values = np.zeros(self.size, dtype=np.int64)
        places = np.searchsorted(self.rows, rows)
        values[places] = brought.values
        if buyers:
            buyer = self.computation.snapshot.lines.buyer[self.rows]
            wanted = buyer != 0 if buyers == "customers" else buyer == BUYERS.index(buyers)
            values[~wanted] = 0
        return Numbers(values, brought.places)

    def _of_members(self, value: Value) -> Value:
        if isinstance(value, np.ndarray):
            return value if value.ndim == 0 else value[self.members]
        assert isinstance(value, (Numbers, Words))
        return value.at(self.members)


def line_bases(
    computation: "Computation",
    formula: Compiled,
    wanted: Rows | None = None,
    *,
    frame: "Computation | Payable | None" = None,
) -> LineBases:
    """What each order line brings to a base formula of members; for `wanted` ones alone, or all.

    `frame` says which volume is meant, where it is not what bonuses may be paid on.
    """
    plan, frame = computation.plan, frame or computation.payable
    node, tree = unwrap(plan, formula.node)
    part = formula if tree is None else Compiler(plan.scope.for_members()).compile(node)
    volumes, views = volumes_of(plan, part.names)
    if tree is not None or views:
        wanted = None
    brought = {name: _brought(frame, computation, name, wanted) for name in sorted(volumes)}
    lines = LineFrame(computation, brought, frame)
    for view in sorted(views):
        lines.members = _moved_to(computation, view, lines.members)
    value = as_numbers(part, lines.everybody)
    values = np.array(value.spread(lines.size))
    kept = np.flatnonzero((values != 0) & (lines.members >= 0))
    kept = kept[np.lexsort((lines.rows[kept], lines.members[kept]))]
    return LineBases(
        lines.members[kept], lines.rows[kept], Numbers(values[kept], value.places), tree
    )


def _brought(
    frame: "Computation | Payable", computation: "Computation", volume: str, wanted: Rows | None
) -> tuple[Rows, Numbers]:
    """The lines of a volume and what they bring, those credited to wanted members."""
    rows, brought = frame.lines_of_volume(volume)
    if wanted is None:
        return rows, brought
    is_wanted = np.zeros(computation.size, dtype=bool)
    is_wanted[wanted] = True
    kept = np.flatnonzero(is_wanted[computation.snapshot.lines.member[rows]])
    return rows[kept], brought.at(kept)


def unwrap(plan: Plan, node: ast.expr | None) -> tuple[ast.expr, str | None]:
    """What is summed over subtrees, and in which tree, where a formula is such a sum."""
    assert node is not None
    name = name_of(node)
    if name in plan.document.metrics:
        return unwrap(plan, plan.formula(f"metrics.{name}.value").node)
    is_total = isinstance(node, ast.Call) and name_of(node.func) == "total"
    if is_total and isinstance(node, ast.Call) and name_of(node.args[1]) == "subtree":
        trees = {word.arg: name_of(word.value) for word in node.keywords}
        return node.args[0], trees.get("tree") or plan.scope.default_tree
    return node, None


def is_own_volume(plan: Plan, node: ast.expr | None) -> bool:  # noqa: PLR0911 - one line per kind
    """Whether a number is made of a member's own volume, so that each part of it has an order line."""
    document = plan.document
    match node:
        case ast.Name() | ast.Attribute():
            first, _dot, rest = (name_of(node) or "").partition(".")
            if first in document.metrics:
                return is_own_volume(plan, plan.formula(f"metrics.{first}.value").node)
            return first in document.volumes or (first in document.views and rest != "kept")
        case ast.BinOp(op=ast.Mult()):
            return is_own_volume(plan, node.left) or is_own_volume(plan, node.right)
        case ast.BinOp(op=ast.Div()):
            return is_own_volume(plan, node.left)
        case ast.BinOp():
            return all(is_own_volume(plan, each) for each in (node.left, node.right))
        case ast.IfExp():
            return is_own_volume(plan, node.body) or is_own_volume(plan, node.orelse)
        case ast.Call():
            name = name_of(node.func)
            return name in ("min", "max", "round") and any(
                is_own_volume(plan, each) for each in node.args
            )
    return False


def has_lines(plan: Plan, node: ast.expr | None) -> bool:
    """Whether a number is made of a member's own volume, and of no sum over members besides."""
    return is_own_volume(plan, node) and not _has_sum(plan, node)


def _has_sum(plan: Plan, node: ast.expr | None) -> bool:  # noqa: PLR0911 - one line per kind
    """Whether a sum over members is a part of a number, other than in a condition."""
    match node:
        case ast.Name() | ast.Attribute():
            formula = plan.optional(f"metrics.{name_of(node)}.value")
            return formula is not None and _has_sum(plan, formula.node)
        case ast.BinOp():
            return _has_sum(plan, node.left) or _has_sum(plan, node.right)
        case ast.UnaryOp():
            return _has_sum(plan, node.operand)
        case ast.IfExp():
            return _has_sum(plan, node.body) or _has_sum(plan, node.orelse)
        case ast.Call():
            if name_of(node.func) in OVER_MEMBERS:
                return True
            return any(_has_sum(plan, each) for each in node.args)
    return False


def volumes_of(plan: Plan, names: frozenset[str]) -> tuple[set[str], set[str]]:
    """The volumes that names stand for, through metrics, and the views whose moved volume they are."""
    document = plan.document
    volumes: set[str] = set()
    views: set[str] = set()
    for name in names:
        first, _dot, rest = name.partition(".")
        if first in document.volumes:
            volumes.add(first)
        elif first in document.metrics:
            more, through = volumes_of(plan, plan.formula(f"metrics.{first}.value").names)
            volumes |= more
            views |= through
        elif first in document.views and rest not in ("", "kept"):
            volumes.add(rest)
            if "volume" in document.views[first].move:
                views.add(first)
    return volumes, views


def _moved_to(computation: "Computation", view: str, members: Rows) -> Rows:
    """Who has the volume of members in the end, -1 where it went to nobody."""
    compressed = computation.view(view)
    holder = members.copy()
    while True:
        moving = np.flatnonzero((holder >= 0) & ~compressed.kept[holder])
        if not len(moving):
            return holder
        holder[moving] = compressed.target[holder[moving]]


def to_grain(bench: "Bench", lines: "Lines") -> "Lines":
    """The lines of a bonus at the grain its plan asks for."""
    grain = getattr(bench.bonus, "grain", "source")
    if grain == "source" or not (lines.awards.size or lines.skips.size):
        return lines
    computation = bench.computation
    bases = line_bases(computation, computation.plan.formula(f"{bench.place}.base"))
    if grain == "order":
        bases = bases.by_order(number_orders(computation))
    return replace(
        lines,
        awards=_split(lines.awards, bases, grain),
        skips=_split(lines.skips, bases, grain),
    )


def number_orders(computation: "Computation") -> Rows:
    """For each order line the number of its order."""
    orders = computation.snapshot.lines.orders
    return np.asarray(np.cumsum(np.concatenate(([False], orders[1:] != orders[:-1]))))


def _split(awards: Awards, bases: LineBases, grain: str) -> Awards:
    if not awards.size:
        return replace(awards, grain=grain)
    award, entry = expand(awards.source, bases)
    weights = bases.value.values[entry]
    split = awards.chosen(award)
    base, exact = (
        Numbers(share_signed(numbers.values, weights=weights, groups=award), numbers.places)
        for numbers in (awards.base, awards.exact)
    )
    return replace(split, base=base, exact=exact, line=bases.line[entry], grain=grain)


def expand(sources: Rows, bases: LineBases) -> tuple[Rows, Rows]:
    """For each source its entries in `bases`: places among the sources, places of the entries."""
    first = np.searchsorted(bases.member, sources, side="left")
    count = np.searchsorted(bases.member, sources, side="right") - first
    award = np.repeat(np.arange(len(sources)), count)
    within = np.arange(len(award)) - np.repeat(np.cumsum(count) - count, count)
    return award, first[award] + within
