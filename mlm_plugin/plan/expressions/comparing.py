"""Comparisons: numbers, days, texts and words of a declared order; chains of them; “in” a list."""

import ast
import difflib
from collections.abc import Callable

import numpy as np

from mlm_plugin.plan.expressions.compiling import (
    Compiled,
    Compiler,
    as_numbers,
    as_truths,
    as_words,
    names_of,
)
from mlm_plugin.plan.expressions.kinds import DATE, NUMBER, TEXT, TRUTH
from mlm_plugin.plan.expressions.values import Environment, Value, Words
from mlm_plugin.plan.trees import Truths

COMPARISONS: dict[type[ast.cmpop], Callable[..., Truths]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}


def compare(compiler: Compiler, node: ast.Compare) -> Compiled:
    """A comparison, also a chain of them, or a membership. Raises ExpressionError."""
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return _membership(compiler, node)
    sides = [node.left, *node.comparators]
    pairs = [
        _compare_two(compiler, node, left, type(test), right)
        for left, test, right in zip(sides, node.ops, sides[1:], strict=False)
    ]
    if len(pairs) == 1:
        return pairs[0]

    def evaluate(env: Environment) -> Value:
        truth = as_truths(pairs[0], env)
        for pair in pairs[1:]:
            truth = truth & as_truths(pair, env)
        return truth

    return Compiled("", TRUTH, evaluate, names_of(pairs), node=node)


def _compare_two(
    compiler: Compiler, node: ast.Compare, left: ast.expr, test: type[ast.cmpop], right: ast.expr
) -> Compiled:
    ours, theirs = compiler.compile(left), compiler.compile(right)
    names = ours.names | theirs.names
    work = COMPARISONS.get(test)
    if work is None:
        raise compiler.error(node, "“in” cannot be chained")
    if ours.kind == theirs.kind and ours.kind in (NUMBER, DATE):
        return Compiled(
            "",
            TRUTH,
            lambda env: as_numbers(ours, env).compare(as_numbers(theirs, env), work),
            names,
            node=node,
        )
    if ours.kind == theirs.kind == TRUTH and test in (ast.Eq, ast.NotEq):
        return Compiled(
            "", TRUTH, lambda env: work(ours.evaluate(env), theirs.evaluate(env)), names
        )
    ours, theirs = (
        same_words(compiler, left, ours, theirs),
        same_words(compiler, right, theirs, ours),
    )
    if ours.kind.name != theirs.kind.name or ours.kind.name not in ("text", "choice"):
        raise compiler.error(
            node, f"{ours.kind.article} cannot be compared with {theirs.kind.article}"
        )
    if test in (ast.Eq, ast.NotEq):
        is_same = test is ast.Eq
        return Compiled(
            "",
            TRUTH,
            lambda env: as_words(ours, env).is_equal(as_words(theirs, env)) == is_same,
            names,
            node=node,
        )
    if ours.kind == TEXT or ours.kind != theirs.kind:
        raise compiler.error(node, "only texts with a declared order have a smaller and a larger")
    return Compiled(
        "",
        TRUTH,
        lambda env: work(as_words(ours, env).codes, as_words(theirs, env).codes),
        names,
        node=node,
    )


def same_words(compiler: Compiler, node: ast.expr, mine: Compiled, other: Compiled) -> Compiled:
    """A written text read as one of the other side's words."""
    if other.kind.name != "choice" or mine.kind != TEXT:
        return mine
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return mine
    if node.value not in other.kind.words:
        near = difflib.get_close_matches(node.value, other.kind.words, n=1)
        hint = f"; did you mean “{near[0]}”?" if near else f": {other.kind.article} is needed"
        raise compiler.error(node, f"there is no such word{hint}")
    code = np.array(other.kind.words.index(node.value), dtype=np.int64)
    word = Words(code, other.kind.words)
    return Compiled("", other.kind, lambda _env: word, node=node)


def _membership(compiler: Compiler, node: ast.Compare) -> Compiled:
    if len(node.ops) > 1 or not isinstance(node.comparators[0], (ast.List, ast.Tuple)):
        raise compiler.error(node, '“in” needs a list, such as ["DE", "AT"]')
    choices = node.comparators[0].elts
    if not choices:
        raise compiler.error(node, "the list is empty")
    tests = [_compare_two(compiler, node, node.left, ast.Eq, choice) for choice in choices]
    is_in = isinstance(node.ops[0], ast.In)

    def evaluate(env: Environment) -> Value:
        truth = as_truths(tests[0], env)
        for each in tests[1:]:
            truth = truth | as_truths(each, env)
        return truth if is_in else ~truth

    return Compiled("", TRUTH, evaluate, names_of(tests), node=node)
