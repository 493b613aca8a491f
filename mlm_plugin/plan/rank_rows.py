"""Ranks as rows that say why: every requirement with its value, its threshold and whether it is met.

Kinds of rows: `paid_as` the rank held in the period, `career` the highest ever, `forced` and `kept`
a rank held without reaching it, `next` the nearest one not reached, with what is missing.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mlm_plugin.plan.calendars import EPOCH
from mlm_plugin.plan.conditions import joined_parts
from mlm_plugin.plan.expressions import DATE, NUMBER, Compiled, Words
from mlm_plugin.plan.expressions.compiling import Compiler, as_numbers, as_truths, as_words
from mlm_plugin.plan.numbers import plain_number
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

HEADINGS = ("member", "ladder", "kind", "rank", "requirement", "value", "threshold", "met")
Read = Callable[[int], str]


class RankRow(NamedTuple):
    """One row of ranks.csv, without the member."""

    ladder: str
    kind: str
    rank: str
    requirement: str = ""
    value: str = ""
    threshold: str = ""
    met: str = "yes"


def rank_rows(computation: "Computation") -> Iterator[tuple[str, ...]]:
    """The rows of ranks.csv, by ladder and member."""
    ids = computation.snapshot.positions.ids
    for name in computation.plan.document.ladders:
        ladder = LadderRows(computation, name)
        for member in range(computation.size):
            for row in ladder.of(member):
                yield (str(ids[member]), *row)


class LadderRows:
    """One ladder with the requirements that hold for each member."""

    def __init__(self, computation: "Computation", name: str) -> None:
        self.name = name
        self.computation = computation
        self.result = computation.ladder(name)
        plan, part = computation.plan, computation.plan.document.ladders[name]
        self.variant = np.full(computation.size, -1, dtype=np.int64)
        self.needs: dict[tuple[int, str], Sequence[Need]] = {}
        for which in reversed(range(len(part.variants))):
            applies = computation.truths(plan.formula(f"ladders.{name}.variants.{which}.when"))
            self.variant[applies] = which
        sets = [(-1, f"ladders.{name}", part.ranks)] + [
            (which, f"ladders.{name}.variants.{which}", variant.ranks)
            for which, variant in enumerate(part.variants)
        ]
        for which, place, ranks in sets:
            for rank in ranks:
                formulas = [
                    plan.formula(f"{place}.{rank.name}.{number}")
                    for number in range(len(rank.requires))
                ]
                self.needs[which, rank.name] = [
                    need for formula in formulas for need in needs_of(computation, formula)
                ]

    def of(self, member: int) -> Iterator[RankRow]:
        """The rows of one member."""
        result, variant = self.result, int(self.variant[member])
        held, career = int(result.paid_as[member]), int(result.career[member])
        if held:
            yield from self._requirements("paid_as", variant, held, member)
            for kind, ranks in (("forced", result.forced), ("kept", result.kept)):
                if int(ranks[member]) == held and int(result.reached[member]) < held:
                    why = self._reason(member) if kind == "forced" else ""
                    yield RankRow(self.name, kind, result.words[held], why)
        if career:
            yield RankRow(self.name, "career", result.words[career])
        following = self._next(variant, held)
        if following is not None:
            yield from self._requirements("next", variant, following, member)

    def _reason(self, member: int) -> str:
        """Why a rank was given, as the members' file says."""
        reasons = self.computation.snapshot.positions.columns.get("forced_reason")
        return reasons.words[reasons.codes[member]] if isinstance(reasons, Words) else ""

    def _next(self, variant: int, held: int) -> int | None:
        """The nearest higher rank that there is for the member."""
        for number in range(held + 1, len(self.result.words)):
            if (variant, self.result.words[number]) in self.needs:
                return number
        return None

    def _requirements(self, kind: str, variant: int, number: int, member: int) -> Iterator[RankRow]:
        word = self.result.words[number]
        needs = self.needs.get((variant, word), ())
        if not needs:
            yield RankRow(self.name, kind, word)
        for need in needs:
            yield RankRow(self.name, kind, word, *need.of(member))


class Need:
    """One requirement: who meets it, and both sides of the comparison where it is one."""

    def __init__(self, text: str, met: np.ndarray, sides: Sequence[Read]) -> None:
        self.text = text
        self.met = met
        self.sides = sides

    def of(self, member: int) -> tuple[str, str, str, str]:
        """Requirement, value, threshold, and whether it is met."""
        value, threshold = (side(member) for side in self.sides) if self.sides else ("", "")
        return self.text, value, threshold, "yes" if self.met[member] else "no"


def needs_of(computation: "Computation", formula: Compiled) -> Iterator[Need]:
    """A requirement by the parts that “and” joins."""
    assert formula.node is not None
    env, compiler = computation.everybody, Compiler(computation.plan.scope)
    parts = joined_parts(formula.node)
    for node in parts:
        whole = compiler.compile(node)
        text = formula.text if len(parts) == 1 else ast.unparse(node)
        sides: list[Read] = []
        if has_two_sides(node):
            assert isinstance(node, ast.Compare)
            sides = [_side(computation, each) for each in (node.left, node.comparators[0])]
        yield Need(text, as_truths(whole, env), sides)


def has_two_sides(node: ast.expr) -> bool:
    """Whether a condition compares two values, so that both can be shown."""
    return (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and not isinstance(node.ops[0], (ast.In, ast.NotIn))
    )


def _side(computation: "Computation", node: ast.expr) -> Read:
    """One side of a comparison as a text per member."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        word = node.value
        return lambda _member: word
    env = computation.everybody
    part = Compiler(computation.plan.scope).compile(node)
    if part.kind == NUMBER:
        numbers = as_numbers(part, env)
        values, places = numbers.spread(env.size), numbers.places
        return lambda member: plain_number(int(values[member]), places)
    if part.kind == DATE:
        days: Rows = as_numbers(part, env).spread(env.size)
        return lambda member: write_day(int(days[member]))
    if part.kind.name in ("text", "choice"):
        words = as_words(part, env)
        codes = np.broadcast_to(words.codes, (env.size,))
        return lambda member: words.words[int(codes[member])]
    truths = as_truths(part, env)
    return lambda member: "yes" if truths[member] else "no"


def write_day(day: int) -> str:
    """A day since 1970 as 2026-01-31; nothing where no date was given."""
    return "" if day <= NO_DATE else (EPOCH + timedelta(days=day)).isoformat()
