"""Who of those somebody enrolled stands on which side below: what a binary asks of its members."""

import ast

import numpy as np

from mlm_plugin.plan.expressions.compiling import Compiled, Compiler, as_truths
from mlm_plugin.plan.expressions.kinds import NUMBER
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.expressions.values import Environment, Frame, Value
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, add_up
from mlm_plugin.plan.trees import Tree, Truths


def enrolled_on_side(compiler: Compiler, node: ast.Call) -> Compiled:
    """enrolled_on_side(condition, n, tree=binary): how many of those directly below in the sponsor tree
    fulfil a condition and stand on side n (1 is left) of another tree, however deep.

    `enrolled=` names another tree than the first as that of who enrolled whom.
    """
    if len(node.args) != 2:
        raise compiler.error(node, f"2 values are needed, {len(node.args)} are given")
    options = {word.arg: word.value for word in node.keywords if word.arg}
    if unknown := set(options) - {"tree", "enrolled"}:
        raise compiler.error(node, f"“{min(unknown)}” is not an option of this function")
    trees = [_tree_name(compiler, node, options.get(word)) for word in ("enrolled", "tree")]
    by, placement = trees
    what = Compiler(compiler.scope.for_members()).truth(node.args[0])
    side = compiler.whole_number(node.args[1]) - 1
    key, role = ast.unparse(node), compiler.scope.roles[0]
    names = what.names | {by, placement}

    def make(frame: Frame) -> Value:
        holds = np.broadcast_to(as_truths(what, frame.everybody), (frame.size,))
        return Numbers(_count(frame.tree(by), frame.tree(placement), holds, side))

    def evaluate(env: Environment) -> Value:
        return env.pick(env.frame.remember(key, names, make), role)

    return Compiled("", NUMBER, evaluate, names, node=node)


def _tree_name(compiler: Compiler, node: ast.Call, option: ast.expr | None) -> str:
    if not compiler.scope.default_tree:
        raise compiler.error(node, "an order line knows no other members; use a metric")
    name = compiler.scope.default_tree if option is None else name_of(option)
    if name is None or not compiler.scope.has_tree(name):
        raise compiler.error(option or node, "there is no tree or view of this name")
    return name


def _count(enrolled: Tree, placement: Tree, holds: Truths, side: int) -> Column:
    rows = np.flatnonzero(holds & (enrolled.parent >= 0))
    enroller = enrolled.parent[rows]
    head = placement.child_on(side)[enroller]
    there = np.maximum(head, 0)
    place, first = placement.place[rows], placement.place[there]
    inside = (head >= 0) & (place >= first) & (place < first + placement.sizes[there])
    ones = np.ones(int(inside.sum()), dtype=np.int64)
    return add_up(ones, groups=enroller[inside], count=enrolled.size)
