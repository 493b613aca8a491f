"""Ranks that nobody can reach, and ranks that nobody can stay at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from mlm_plugin.plan.analysis.findings import Finding
from mlm_plugin.plan.analysis.ranges import Ranges, without_role
from mlm_plugin.plan.conditions import joined_parts
from mlm_plugin.plan.document.parts import Ladder, Rank
from mlm_plugin.plan.expressions.syntax import name_of
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.sold import COUNTS

TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass
class Bounds:
    """What a rank asks of figures, by their text: at least, below, and every requirement as it is."""

    least: dict[str, Decimal] = field(default_factory=dict)
    most: dict[str, Decimal] = field(default_factory=dict)
    other: set[str] = field(default_factory=set)

    def is_within(self, wider: "Bounds") -> bool:
        """Whether whoever meets `wider` meets this as well."""
        return (
            self.other <= wider.other
            and all(wider.least.get(text, None) is not None and wider.least[text] >= number
                    for text, number in self.least.items())
            and all(wider.most.get(text, None) is not None and wider.most[text] <= number
                    for text, number in self.most.items())
        )  # fmt: skip


def check_ranks(plan: Plan) -> Iterator[Finding]:
    """All ladders with their variants."""
    for name, ladder in plan.document.ladders.items():
        yield from _check_ladder(plan, name, ladder, ladder.ranks, f"ladders.{name}")
        for number, variant in enumerate(ladder.variants):
            place = f"ladders.{name}.variants.{number}"
            yield from _check_ladder(plan, name, ladder, variant.ranks, place)


def _check_ladder(
    plan: Plan, name: str, ladder: Ladder, ranks: tuple[Rank, ...], place: str
) -> Iterator[Finding]:
    order = [rank.name for rank in ladder.ranks]
    bounds = Bounds()
    asked: list[tuple[Rank, Bounds]] = []
    blocked = ""
    for rank in ranks:
        if not ladder.cumulative:
            bounds, blocked = Bounds(), ""
        bounds = Bounds(dict(bounds.least), dict(bounds.most), set(bounds.other))
        why = ""
        for number in range(len(rank.requires)):
            formula = plan.formula(f"{place}.{rank.name}.{number}")
            for node in joined_parts(formula.node or ast.Constant(value=True)):
                why = why or _add(plan, name, order, rank.name, node, bounds)
        why = why or _contradiction(bounds)
        if why or blocked:
            text = why or f"it also asks for what {blocked} asks, which nobody can reach"
            yield Finding("error", "unreachable_rank", f"{place}.{rank.name}", text)
            blocked = blocked or rank.name
        asked.append((rank, bounds))
    for (lower, here), (higher, there) in pairwise(asked):
        if there.is_within(here):
            yield Finding(
                "warning", "rank_nobody_holds", f"{place}.{lower.name}",
                f"whoever reaches it reaches {higher.name} as well, which asks for nothing more",
            )  # fmt: skip


def _add(  # noqa: PLR0917 - a rank in its ladder, and one requirement of it
    plan: Plan, ladder: str, order: list[str], rank: str, node: ast.expr, bounds: Bounds
) -> str:
    """Take one requirement into the bounds; why it can never be met, if so."""
    text = ast.unparse(node)
    if isinstance(node, ast.Constant) and node.value is False:
        return "it requires False"
    compared = _compared(plan, node)
    if compared is None:
        bounds.other.add(text)
        return ""
    left, test, number = compared
    if test in (ast.Gt, ast.GtE):
        bounds.least[left] = max(bounds.least.get(left, number), number)
    elif test in (ast.Lt, ast.LtE):
        bounds.most[left] = min(bounds.most.get(left, number), number)
    else:
        bounds.other.add(text)
    return _out_of_range(plan, node, test, number) or _needs_itself(
        node, ladder, order, rank, number
    )


def _compared(plan: Plan, node: ast.expr) -> tuple[str, type[ast.cmpop], Decimal] | None:
    """A comparison with a number that is known beforehand."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    ranges = Ranges(plan)
    test = type(node.ops[0])
    for one, other, turned in (
        (node.left, node.comparators[0], test),
        (node.comparators[0], node.left, TURNED.get(test, test)),
    ):
        known = ranges.of_node(other)
        if known.low is not None and known.low == known.high:
            return ast.unparse(one), turned, known.low
    return None


def _contradiction(bounds: Bounds) -> str:
    for text, least in bounds.least.items():
        most = bounds.most.get(text)
        if most is not None and most < least:
            return f"{text} cannot be at least {least} and at most {most}"
    return ""


def _out_of_range(plan: Plan, node: ast.expr, test: type[ast.cmpop], number: Decimal) -> str:
    assert isinstance(node, ast.Compare)
    found = Ranges(plan).of_node(node.left)
    too_high = test in (ast.Gt, ast.GtE) and found.high is not None and found.high < number
    if too_high or (test is ast.Gt and found.high == number):
        return f"{ast.unparse(node.left)} is never more than {found.high}, {number} is needed"
    too_low = test in (ast.Lt, ast.LtE) and found.low is not None and found.low > number
    if too_low or (test is ast.Lt and found.low == number):
        return f"{ast.unparse(node.left)} is never less than {found.low}"
    return ""


def _needs_itself(node: ast.expr, ladder: str, order: list[str], rank: str, number: Decimal) -> str:
    """Whether it takes somebody below who holds this very rank or a higher one."""
    assert isinstance(node, ast.Compare)
    call = node.left
    if not isinstance(call, ast.Call) or name_of(call.func) not in COUNTS:
        return ""
    if number < 0 or (number == 0 and not isinstance(node.ops[0], ast.Gt)):
        return ""
    for part in joined_parts(call.args[0]):
        if not isinstance(part, ast.Compare) or len(part.ops) != 1:
            continue
        word = part.comparators[0]
        about = without_role(name_of(part.left) or "")
        named = isinstance(word, ast.Constant) and word.value in order
        if about != ladder or not named or not isinstance(part.ops[0], (ast.GtE, ast.Gt, ast.Eq)):
            continue
        assert isinstance(word, ast.Constant)
        word_place, place = order.index(str(word.value)), order.index(rank)
        if word_place == place:
            return f"it takes somebody below who is {rank} already, so nobody can be the first"
        if word_place > place:
            return (
                f"it takes somebody below who is {word.value!s}, but ranks are worked out from the "
                "lowest up"
            )
    return ""
