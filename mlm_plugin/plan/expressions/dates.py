"""Functions of dates: days and calendar months between two of them."""

import ast
from collections.abc import Callable

import numpy as np

from mlm_plugin.plan.expressions.compiling import Compiled, Compiler, as_numbers
from mlm_plugin.plan.expressions.kinds import DATE, NUMBER
from mlm_plugin.plan.expressions.values import Environment, Value
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers


def _dates(compiler: Compiler, node: ast.Call, count: int) -> list[Compiled]:
    if len(node.args) != count or node.keywords:
        raise compiler.error(node, f"{count} dates are needed, {len(node.args)} are given")
    parts = [compiler.compile(each) for each in node.args]
    for part, each in zip(parts, node.args, strict=True):
        if part.kind != DATE:
            raise compiler.error(each, f"a date is needed, this is {part.kind.article}")
    return parts


def _days_since(compiler: Compiler, node: ast.Call) -> Compiled:
    """days_since(date): days from it to the order line's day, or else to the period's last day."""
    (what,) = _dates(compiler, node, 1)
    to = "line.date" if "line.date" in compiler.scope.given else "period.end"

    def evaluate(env: Environment) -> Value:
        until = env.given[to]
        assert isinstance(until, Numbers)
        return until - as_numbers(what, env)

    return Compiled("", NUMBER, evaluate, what.names, node=node)


def _months_between(compiler: Compiler, node: ast.Call) -> Compiled:
    """months_between(a, b): calendar months from that of a to that of b, 0 in the same month."""
    earlier, later = _dates(compiler, node, 2)

    def evaluate(env: Environment) -> Value:
        first, last = (_months(as_numbers(each, env).values) for each in (earlier, later))
        return Numbers(last - first)

    return Compiled("", NUMBER, evaluate, earlier.names | later.names, node=node)


def _months(days: Column) -> Column:
    """Months since January 1970, by day."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


OF_DATES: dict[str, Callable[[Compiler, ast.Call], Compiled]] = {
    "days_since": _days_since,
    "months_between": _months_between,
}
