"""From a syntax tree to a checked function over columns.

Every name and kind is settled here, before any member is looked at, so a plan that loads does not
stumble over a name in the middle of a run.
"""

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np

from mlm_plugin.plan.expressions.kinds import DATE, NUMBER, TEXT, TRUTH, Kind
from mlm_plugin.plan.expressions.syntax import ExpressionError, name_of, parse
from mlm_plugin.plan.expressions.values import Environment, Value, Words
from mlm_plugin.plan.numbers import Numbers, extreme
from mlm_plugin.plan.trees import Truths

Evaluate = Callable[[Environment], Value]


class Lookup(Protocol):
    """A table as expressions call it."""

    @property
    def takes(self) -> tuple[Kind, ...]:
        """The kinds of its arguments."""
        ...

    @property
    def names(self) -> frozenset[str]:
        """What it looks at besides its arguments."""
        ...

    def look_up(self, environment: Environment, arguments: list[Value], role: str) -> Numbers:
        """Its numbers for columns of arguments."""
        ...


class Scope(Protocol):
    """What names an expression may use."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may stand before a dot; the first is meant where none is named."""
        ...

    @property
    def given(self) -> Mapping[str, Kind]:
        """Names that belong to the row itself."""
        ...

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a named member column, None where there is no such name."""
        ...

    def kind_of_known(self, name: str) -> Kind | None:
        """The kind of what may be known of an earlier period, None where there is no such name."""
        ...

    @property
    def calendars(self) -> Iterable[str]:
        """The calendars that may be named."""
        ...

    def kind_of_attribute(self, name: str) -> Kind:
        """The kind of a column of the members' file."""
        ...

    def table(self, name: str) -> Lookup | None:
        """A table by name."""
        ...

    def has_tree(self, name: str) -> bool:
        """Whether there is a tree or view of this name."""
        ...

    @property
    def default_tree(self) -> str:
        """The tree that is meant where none is named."""
        ...

    def known_names(self) -> Iterable[str]:
        """All names, to suggest the one that was meant."""
        ...

    def for_members(self) -> "Scope":
        """The scope of what stands inside sums over members."""
        ...


@dataclass(frozen=True)
class Compiled:
    """An expression ready to run: `names` are the columns, tables and trees it needs."""

    text: str
    kind: Kind
    evaluate: Evaluate
    names: frozenset[str] = frozenset()
    node: ast.expr | None = None


def compile_expression(text: str, scope: Scope, *, kind: Kind | None = None) -> Compiled:
    """Read and check an expression; of `kind`, where one is asked for. Raises ExpressionError."""
    compiled = Compiler(scope).compile(parse(text))
    if kind is not None and compiled.kind != kind:
        raise ExpressionError(f"“{text}” is {compiled.kind.article}, not {kind.article}")
    return Compiled(text, compiled.kind, compiled.evaluate, compiled.names, compiled.node)


class Compiler:
    """Settles names and kinds of one expression in one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def compile(self, node: ast.expr) -> Compiled:  # noqa: PLR0911 - one line per kind of node
        """Any node. Raises ExpressionError."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BoolOp():
                return self._all_or_any(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Call():
                return self._call(node)
        raise self.error(node, "a list can only stand after “in”")

    def number(self, node: ast.expr) -> Compiled:
        """A node that must be a number."""
        return self._of_kind(node, NUMBER)

    def truth(self, node: ast.expr) -> Compiled:
        """A node that must be yes or no."""
        return self._of_kind(node, TRUTH)

    def whole_number(self, node: ast.expr) -> int:
        """A node that must be a written whole number."""
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        raise self.error(node, "a whole number must be written here")

    def error(self, node: ast.AST, message: str) -> ExpressionError:
        """What is wrong, with the part of the expression it is wrong in."""
        return ExpressionError(f"“{ast.unparse(node)}”: {message}")

    def _of_kind(self, node: ast.expr, kind: Kind) -> Compiled:
        compiled = self.compile(node)
        if compiled.kind != kind:
            raise self.error(node, f"{kind.article} is needed, this is {compiled.kind.article}")
        return compiled

    def _constant(self, node: ast.Constant) -> Compiled:
        value = node.value
        if isinstance(value, bool):
            truth: Truths = np.array(value)
            return Compiled("", TRUTH, lambda _env: truth, node=node)
        if isinstance(value, str):
            word = Words(np.array(0, dtype=np.int64), (value,))
            return Compiled("", TEXT, lambda _env: word, node=node)
        number = Numbers.constant(Decimal((node.kind or str(value)).replace("_", "")))
        return Compiled("", NUMBER, lambda _env: number, node=node)

    def _name(self, node: ast.expr) -> Compiled:
        name = name_of(node)
        if name is None:
            raise self.error(node, "this is no name")
        scope = self.scope
        if name in scope.given:
            return Compiled("", scope.given[name], lambda env: env.given[name], node=node)
        first, _dot, rest = name.partition(".")
        if rest and first in scope.roles:
            kind = scope.kind_of(rest)
            column = rest
            if kind is None:
                kind, column = scope.kind_of_attribute(rest), f"member.{rest}"
            return self._column(node, column, kind, role=first)
        kind = scope.kind_of(name)
        if kind is None:
            raise self.error(node, f"there is no such name{self._guess(name)}")
        return self._column(node, name, kind, role=scope.roles[0])

    def _column(self, node: ast.expr, name: str, kind: Kind, *, role: str) -> Compiled:
        return Compiled("", kind, lambda env: env.column(name, role), frozenset({name}), node=node)

    def _guess(self, name: str) -> str:
        near = difflib.get_close_matches(name, list(self.scope.known_names()), n=1, cutoff=0.5)
        return f"; did you mean “{near[0]}”?" if near else ""

    def _all_or_any(self, node: ast.BoolOp) -> Compiled:
        parts = [self.truth(each) for each in node.values]
        combine = np.logical_and if isinstance(node.op, ast.And) else np.logical_or

        def evaluate(env: Environment) -> Value:
            truth = as_truths(parts[0], env)
            for part in parts[1:]:
                truth = combine(truth, as_truths(part, env))
            return truth

        return Compiled("", TRUTH, evaluate, names_of(parts), node=node)

    def _unary(self, node: ast.UnaryOp) -> Compiled:
        if isinstance(node.op, ast.Not):
            part = self.truth(node.operand)
            return Compiled("", TRUTH, lambda env: ~as_truths(part, env), part.names, node=node)
        part = self.number(node.operand)
        return Compiled("", NUMBER, lambda env: -as_numbers(part, env), part.names, node=node)

    def _arithmetic(self, node: ast.BinOp) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        kinds = (left.kind, right.kind)
        operation = type(node.op)
        kind = NUMBER
        if kinds == (DATE, DATE) and operation is ast.Sub:
            pass
        elif kinds == (DATE, NUMBER) and operation in (ast.Add, ast.Sub):
            kind = DATE
        elif kinds != (NUMBER, NUMBER):
            wrong = left if left.kind != NUMBER else right
            raise self.error(node, f"only numbers can be reckoned with, not {wrong.kind.article}")
        work = OPERATIONS[operation]

        def evaluate(env: Environment) -> Value:
            return work(as_numbers(left, env), as_numbers(right, env))

        return Compiled("", kind, evaluate, left.names | right.names, node=node)

    def _comparison(self, node: ast.Compare) -> Compiled:
        from mlm_plugin.plan.expressions.comparing import compare

        return compare(self, node)

    def _choice(self, node: ast.IfExp) -> Compiled:
        test = self.truth(node.test)
        yes, no = self.number(node.body), self.number(node.orelse)

        def evaluate(env: Environment) -> Value:
            truth = as_truths(test, env)
            ours, theirs = as_numbers(yes, env), as_numbers(no, env)
            places = max(ours.places, theirs.places)
            return Numbers(
                np.where(truth, ours.to_places(places).values, theirs.to_places(places).values),
                places,
            )

        return Compiled("", NUMBER, evaluate, names_of([test, yes, no]), node=node)

    def _call(self, node: ast.Call) -> Compiled:
        from mlm_plugin.plan.expressions.functions import FUNCTIONS

        name = name_of(node.func)
        if name is None:
            raise self.error(node, "this cannot be called")
        if function := FUNCTIONS.get(name):
            return function(self, node)
        table = self.scope.table(name)
        if table is None:
            near = difflib.get_close_matches(name, list(FUNCTIONS), n=1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise self.error(node, f"there is no function or table “{name}”{hint}")
        if node.keywords or len(node.args) != len(table.takes):
            raise self.error(node, f"table “{name}” takes {len(table.takes)} values")
        arguments = [
            self._argument(each, kind) for each, kind in zip(node.args, table.takes, strict=True)
        ]
        role = self.scope.roles[0]

        def evaluate(env: Environment) -> Value:
            return table.look_up(env, [part.evaluate(env) for part in arguments], role)

        names = names_of(arguments) | table.names
        return Compiled("", NUMBER, evaluate, names, node=node)

    def _argument(self, node: ast.expr, kind: Kind) -> Compiled:
        from mlm_plugin.plan.expressions.comparing import same_words

        part = self.compile(node)
        part = same_words(self, node, part, Compiled("", kind, part.evaluate))
        if part.kind != kind and not (kind == TEXT and part.kind.name == "choice"):
            raise self.error(node, f"{kind.article} is needed, this is {part.kind.article}")
        return part


def as_numbers(part: Compiled, env: Environment) -> Numbers:
    """The value of a part that was checked to be a number or a date."""
    value = part.evaluate(env)
    assert isinstance(value, Numbers)
    return value


def as_words(part: Compiled, env: Environment) -> Words:
    """The value of a part that was checked to be a text or a choice."""
    value = part.evaluate(env)
    assert isinstance(value, Words)
    return value


def as_truths(part: Compiled, env: Environment) -> Truths:
    """The value of a part that was checked to be yes or no, one for each row."""
    value = part.evaluate(env)
    assert isinstance(value, np.ndarray)
    return np.broadcast_to(value, (env.size,))


def date_number(text: str) -> int:
    """Days since the first of January 1970 of a date such as 2026-01-31; ValueError for another."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def smallest_or_largest(parts: list[Compiled], *, largest: bool) -> Evaluate:
    """Row by row the smallest or largest of several numbers."""
    pick = np.maximum if largest else np.minimum
    return lambda env: extreme([as_numbers(part, env) for part in parts], pick)


def names_of(parts: Iterable[Compiled]) -> frozenset[str]:
    """What several parts need."""
    return frozenset().union(*(part.names for part in parts))


OPERATIONS: dict[type[ast.operator], Callable[[Numbers, Numbers], Numbers]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
