"""The functions of the language: arithmetic, dates, and sums over parts of a tree.

A sum over members (`total(pv, subtree)`, `legs(gv >= 1000)`) is a column with one row per member
whatever stands around it; for a payee it is the payee's row of that column.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlm_plugin.plan.expressions.compiling import (
    Compiled,
    Compiler,
    Evaluate,
    as_numbers,
    as_truths,
    as_words,
    date_number,
    smallest_or_largest,
)
from mlm_plugin.plan.expressions.dates import OF_DATES
from mlm_plugin.plan.expressions.kinds import DATE, NUMBER, TRUTH
from mlm_plugin.plan.expressions.past import LOOKING_BACK
from mlm_plugin.plan.expressions.sides import enrolled_on_side
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.expressions.values import Environment, Value
from mlm_plugin.plan.money import Column, Rounding
from mlm_plugin.plan.numbers import Numbers, add_up, check_sum
from mlm_plugin.plan.trees import Rows, Tree, Truths

Function = Callable[[Compiler, ast.Call], Compiled]
OverTree = Callable[[Tree, Environment], Column]
# Later than no date anybody joined; a missing date is stored as this many days before 1970.
INFINITE = 10**9


@dataclass(frozen=True)
class Nodes:
    """A set of members seen from one: how a column is summed over it, and what it needs.

    `chosen` says which rows of a subtree, head first, with their levels below the head, are in it.
    """

    add_up: Callable[[Tree, Column, Environment], Column]
    chosen: Callable[[Tree, Rows, Rows, Environment], Truths]
    names: frozenset[str] = frozenset()


def _arguments(
    compiler: Compiler, node: ast.Call, *, count: int, keywords: tuple[str, ...] = ()
) -> dict[str, ast.expr]:
    if len(node.args) != count:
        raise compiler.error(node, f"{count} values are needed, {len(node.args)} are given")
    given = {word.arg: word.value for word in node.keywords if word.arg}
    if unknown := set(given) - set(keywords):
        raise compiler.error(node, f"“{min(unknown)}” is not an option of this function")
    return given


def _refuse_on_lines(compiler: Compiler, node: ast.expr) -> None:
    """Volumes come before everything that is summed over members."""
    if not compiler.scope.default_tree:
        raise compiler.error(node, "an order line knows no other members; use a metric")


def _tree_name(compiler: Compiler, node: ast.expr, options: dict[str, ast.expr]) -> str:
    _refuse_on_lines(compiler, node)
    if "tree" not in options:
        return compiler.scope.default_tree
    name = name_of(options["tree"])
    if name is None or not compiler.scope.has_tree(name):
        raise compiler.error(options["tree"], "there is no tree or view of this name")
    return name


def _member_column(
    compiler: Compiler, node: ast.Call, names: frozenset[str], make: Callable[[Environment], Value]
) -> Compiled:
    """A column over all members, remembered under its text, read for the role that asks."""
    key, role = ast.unparse(node), compiler.scope.roles[0]

    def evaluate(env: Environment) -> Value:
        frame = env.frame
        column = frame.remember(key, names, lambda each: make(Environment.of_members(each)))
        return env.pick(column, role)

    return Compiled("", NUMBER, evaluate, names, node=node)


def nodes_of(compiler: Compiler, node: ast.expr) -> Nodes:  # noqa: PLR0911 - one line per set
    """The set of members that is written. Raises ExpressionError."""
    name = name_of(node.func) if isinstance(node, ast.Call) else name_of(node)
    arguments = node.args if isinstance(node, ast.Call) else []
    match name, len(arguments):
        case "self", 0:
            return Nodes(lambda _tree, values, _env: values, _between(0, 0))
        case "subtree", 0:
            return Nodes(lambda tree, values, _env: tree.sum_subtrees(values), _between(0, None))
        case "downline", 0:
            return Nodes(
                lambda tree, values, _env: tree.sum_subtrees(values) - values, _between(1, None)
            )
        case "frontline", 0:
            return Nodes(lambda tree, values, _env: tree.sum_children(values), _between(1, 1))
        case "level", 1:
            return _levels(compiler, arguments[0], arguments[0])
        case "levels", 2:
            return _levels(compiler, arguments[0], arguments[1])
        case "group", 1:
            return _group(compiler, arguments[0])
    raise compiler.error(
        node,
        "a set of members is needed: self, subtree, downline, frontline, level(2), levels(1, 3) "
        "or group(condition)",
    )


def _levels(compiler: Compiler, first: ast.expr, last: ast.expr) -> Nodes:
    lowest, highest = compiler.whole_number(first), compiler.whole_number(last)
    if not 0 <= lowest <= highest:
        raise compiler.error(first, "levels run from 0 (the member) downwards")
    return Nodes(
        lambda tree, values, _env: tree.sum_levels(values, first=lowest, last=highest),
        _between(lowest, highest),
    )


def _between(first: int, last: int | None) -> Callable[[Tree, Rows, Rows, Environment], Truths]:
    """Members on levels `first` to `last` below, or on all further ones."""
    return lambda _tree, _rows, depth, _env: np.asarray(
        (depth >= first) & (depth <= (depth if last is None else last))
    )


def _group(compiler: Compiler, condition: ast.expr) -> Nodes:
    boundary = Compiler(compiler.scope.for_members()).truth(condition)

    def chosen(tree: Tree, rows: Rows, _depth: Rows, env: Environment) -> Truths:
        cut = as_truths(boundary, env).copy()
        # The head's own group counts whether or not it is a boundary.
        cut[rows[0]] = True
        return np.asarray(tree.head_of_group(cut)[rows] == rows[0])

    return Nodes(
        lambda tree, values, env: tree.sum_group(values, boundary=as_truths(boundary, env)),
        chosen,
        boundary.names,
    )


def _total(compiler: Compiler, node: ast.Call) -> Compiled:
    """total(x, nodes): the sum of x over a set of members."""
    options = _arguments(compiler, node, count=2, keywords=("tree",))
    tree = _tree_name(compiler, node, options)
    what = Compiler(compiler.scope.for_members()).number(node.args[0])
    nodes = nodes_of(compiler, node.args[1])

    def make(env: Environment) -> Value:
        numbers, over = as_numbers(what, env), env.frame.tree(tree)
        values = over.counted_only(numbers.spread(env.size))
        return Numbers(nodes.add_up(over, values, env), numbers.places)

    return _member_column(compiler, node, what.names | nodes.names | {tree}, make)


def _count(compiler: Compiler, node: ast.Call) -> Compiled:
    """count(condition, nodes): how many members of a set fulfil a condition."""
    options = _arguments(compiler, node, count=2, keywords=("tree",))
    tree = _tree_name(compiler, node, options)
    what = Compiler(compiler.scope.for_members()).truth(node.args[0])
    nodes = nodes_of(compiler, node.args[1])

    def make(env: Environment) -> Value:
        over = env.frame.tree(tree)
        values = over.counted_only(as_truths(what, env).astype(np.int64))
        return Numbers(nodes.add_up(over, values, env))

    return _member_column(compiler, node, what.names | nodes.names | {tree}, make)


def _over_legs(
    work: Callable[[Tree, Truths], Column],
) -> Function:
    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        options = _arguments(compiler, node, count=1, keywords=("tree",))
        tree = _tree_name(compiler, node, options)
        what = Compiler(compiler.scope.for_members()).truth(node.args[0])

        def make(env: Environment) -> Value:
            return Numbers(work(env.frame.tree(tree), as_truths(what, env)))

        return _member_column(compiler, node, what.names | {tree}, make)

    return compile_call


def _heads(tree: Tree, truths: Truths) -> Column:
    """legs(condition): how many front-line legs begin with a member who fulfils it."""
    return tree.sum_children(tree.counted_only(truths.astype(np.int64)))


def _anywhere(tree: Tree, truths: Truths) -> Column:
    """legs_with(condition): how many front-line legs hold at least one member who fulfils it."""
    below = tree.sum_subtrees(tree.counted_only(truths.astype(np.int64)))
    return tree.sum_children((below > 0).astype(np.int64))


def _ranked_legs(is_rest: bool) -> Function:
    """leg(x, n): x of the n-th best front-line member; legs_beyond(x, n): the sum of all others."""

    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        options = _arguments(compiler, node, count=2, keywords=("tree",))
        tree_name = _tree_name(compiler, node, options)
        what = Compiler(compiler.scope.for_members()).number(node.args[0])
        wanted = compiler.whole_number(node.args[1])
        if wanted < 1:
            raise compiler.error(node, "legs are numbered from 1, the largest")

        def make(env: Environment) -> Value:
            tree, numbers = env.frame.tree(tree_name), as_numbers(what, env)
            parents, ranks, values = tree.legs_descending(numbers.spread(env.size))
            chosen = ranks >= wanted if is_rest else ranks == wanted - 1
            sums = add_up(values[chosen], groups=parents[chosen], count=env.size)
            return Numbers(sums, numbers.places)

        return _member_column(compiler, node, what.names | {tree_name}, make)

    return compile_call


def _capped_legs(compiler: Compiler, node: ast.Call) -> Compiled:
    """legs_capped(x, most): the sum of x over front-line members, at most `most` from each."""
    options = _arguments(compiler, node, count=2, keywords=("tree",))
    tree_name = _tree_name(compiler, node, options)
    inner = Compiler(compiler.scope.for_members())
    what, most = inner.number(node.args[0]), inner.number(node.args[1])

    def make(env: Environment) -> Value:
        tree, numbers, cap = env.frame.tree(tree_name), as_numbers(what, env), as_numbers(most, env)
        places = max(numbers.places, cap.places)
        values = numbers.to_places(places).spread(env.size)
        caps = cap.to_places(places).spread(env.size)
        below = tree.heads
        # The cap is the upline's: a share of what the upline's rank asks for, say.
        parents = tree.parent[below]
        bounded = np.minimum(values[below], caps[parents])
        sums = add_up(bounded, groups=parents, count=env.size)
        return Numbers(sums, places)

    return _member_column(compiler, node, what.names | most.names | {tree_name}, make)


def _side(compiler: Compiler, node: ast.Call) -> Compiled:
    """on_side(x, n): x of the member directly below on side n (1 is left), 0 where nobody stands."""
    options = _arguments(compiler, node, count=2, keywords=("tree",))
    tree_name = _tree_name(compiler, node, options)
    what = Compiler(compiler.scope.for_members()).number(node.args[0])
    side = compiler.whole_number(node.args[1]) - 1

    def make(env: Environment) -> Value:
        numbers = as_numbers(what, env)
        child = env.frame.tree(tree_name).child_on(side)
        values = np.where(child >= 0, numbers.spread(env.size)[child], 0)
        return Numbers(values, numbers.places)

    return _member_column(compiler, node, what.names | {tree_name}, make)


def _company(compiler: Compiler, node: ast.Call) -> Compiled:
    """company(x): the sum of x over all members; company(x, by=member.market): over one's own market."""
    options = _arguments(compiler, node, count=1, keywords=("by",))
    _refuse_on_lines(compiler, node)
    inner = Compiler(compiler.scope.for_members())
    what = inner.number(node.args[0])
    by = inner.compile(options["by"]) if "by" in options else None
    if by is not None and by.kind.name not in ("text", "choice"):
        raise compiler.error(options["by"], "a text is needed, such as member.market")

    def make(env: Environment) -> Value:
        numbers = as_numbers(what, env)
        values = numbers.spread(env.size)
        if by is None:
            return Numbers(np.array(check_sum(values).sum(), dtype=np.int64), numbers.places)
        codes = as_words(by, env).codes
        sums = add_up(values, groups=codes, count=int(codes.max(initial=0)) + 1)
        return Numbers(sums[codes], numbers.places)

    return _member_column(compiler, node, what.names | (by.names if by else frozenset()), make)


def _extreme(largest: bool) -> Function:
    def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
        if node.keywords or len(node.args) < 2:
            raise compiler.error(node, "two or more numbers are needed")
        parts = [compiler.number(each) for each in node.args]
        names = frozenset().union(*(part.names for part in parts))
        return Compiled("", NUMBER, smallest_or_largest(parts, largest=largest), names, node=node)

    return compile_call


def _round(compiler: Compiler, node: ast.Call) -> Compiled:
    """round(x, places, mode="half_up"): x with fewer decimals."""
    options = _arguments(compiler, node, count=2, keywords=("mode",))
    what, places = compiler.number(node.args[0]), compiler.whole_number(node.args[1])
    mode = Rounding.HALF_UP
    if "mode" in options:
        word = options["mode"]
        said = word.value if isinstance(word, ast.Constant) else None
        if said not in set(Rounding):
            raise compiler.error(word, f"the mode is one of {', '.join(Rounding)}")
        mode = Rounding(str(said))

    def evaluate(env: Environment) -> Value:
        numbers = as_numbers(what, env)
        return numbers if numbers.places <= places else numbers.to_places(places, mode)

    return Compiled("", NUMBER, evaluate, what.names, node=node)


def _date(compiler: Compiler, node: ast.Call) -> Compiled:
    """date("2026-01-31"): a day."""
    _arguments(compiler, node, count=1)
    word = node.args[0]
    try:
        day = date_number(str(word.value if isinstance(word, ast.Constant) else ""))
    except ValueError:
        raise compiler.error(node, 'a date is written like date("2026-01-31")') from None
    number = Numbers(np.array(day, dtype=np.int64))
    return Compiled("", DATE, lambda _env: number, node=node)


def _known(compiler: Compiler, node: ast.Call) -> Compiled:
    """known(date): whether a date was given at all."""
    _arguments(compiler, node, count=1)
    what = compiler.compile(node.args[0])
    if what.kind != DATE:
        raise compiler.error(node, "a date is needed")
    evaluate: Evaluate = lambda env: as_numbers(what, env).values > -INFINITE  # noqa: E731
    return Compiled("", TRUTH, evaluate, what.names, node=node)


FUNCTIONS: dict[str, Function] = {
    "total": _total,
    "count": _count,
    "legs": _over_legs(_heads),
    "legs_with": _over_legs(_anywhere),
    "leg": _ranked_legs(is_rest=False),
    "legs_beyond": _ranked_legs(is_rest=True),
    "legs_capped": _capped_legs,
    "on_side": _side,
    "enrolled_on_side": enrolled_on_side,
    "company": _company,
    "min": _extreme(largest=False),
    "max": _extreme(largest=True),
    "round": _round,
    "date": _date,
    "known": _known,
    **OF_DATES,
    **LOOKING_BACK,
}
