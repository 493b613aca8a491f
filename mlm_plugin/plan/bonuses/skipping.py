"""Why somebody on the way up is not paid, and what it would have been.

Nothing here is worked unless skips are asked for. Asked for one member, only pairs of that member are
looked at, so the answer takes no longer than the walk itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.expressions import Compiled, Environment, Frame, Value, Words
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import Past
from mlm_plugin.plan.trees import Rows, Tree

if TYPE_CHECKING:
    from mlm_plugin.plan.bonuses.base import Bench, Pairs
    from mlm_plugin.plan.computing import Computation

NO_RATE = Reason("no_rate")
COMPRESSED = "compressed"


def passed_over(bench: "Bench", pairs: "Pairs", reached: Rows) -> Iterator["Pairs"]:
    """The uplines between the payees of `pairs` and those reached next, -1 for nobody.

    Levels are kept as they are given: an upline that is passed over has none of its own.
    """
    tree = bench.tree
    if bench.skips_of is not None:
        # Passed over are exactly those below me that reach nobody below me, nor me.
        below = tree.is_inside(pairs.payee, bench.skips_of) & (pairs.payee != bench.skips_of)
        beyond = (reached < 0) | ~tree.is_inside(reached, bench.skips_of)
        found = pairs.at(np.flatnonzero(below & beyond))
        if found.size:
            yield replace(found, payee=np.full(found.size, bench.skips_of, dtype=np.int64))
        return
    while True:
        pairs = replace(pairs, payee=tree.parent[pairs.payee])
        between = np.flatnonzero((pairs.payee >= 0) & (pairs.payee != reached))
        if not len(between):
            return
        pairs, reached = pairs.at(between), reached[between]
        yield pairs


def skip_compressed(bench: "Bench", pairs: "Pairs", reached: Rows) -> None:
    """Skips of uplines that use up no level, each with the condition that it fails."""
    conditions = bench.conditions_of("compress")
    for passed in passed_over(bench, pairs, reached):
        env = bench.environment(passed)
        rate = _spread(bench.worked("rate", env), passed.size)
        failing = conditions.first_failing(env)
        for number, reason in enumerate(conditions.reasons):
            rows = np.flatnonzero(failing == number)
            why = replace(reason, code=COMPRESSED, about=f"{reason.code}:{reason.about}")
            bench.skip(passed.at(rows), rate.at(rows), why)
        kept = np.flatnonzero(failing < 0)
        # Who is kept is passed over by a level that goes to the first who may have it.
        skip_unpaid(bench, passed.at(kept), rate.at(kept))


def skip_unpaid(bench: "Bench", pairs: "Pairs", rates: Numbers) -> None:
    """Skips of payees who fail a condition, or have no rate at this level."""
    own = bench.own_rows(pairs)
    if own is not None:
        pairs, rates = pairs.at(own), rates.at(own)
    if not pairs.size:
        return
    failing = bench.conditions.first_failing(bench.environment(pairs))
    for number, reason in enumerate(bench.conditions.reasons):
        rows = np.flatnonzero(failing == number)
        bench.skip(pairs.at(rows), rates.at(rows), reason)
    without = np.flatnonzero((failing < 0) & (rates.values == 0))
    _skip_without_rate(bench, pairs.at(without))


def _skip_without_rate(bench: "Bench", pairs: "Pairs") -> None:
    """The lowest higher rank that has a rate here says what was missing; else there is no rate."""
    if not pairs.size:
        return
    formula = bench.optional("rate")
    waiting = np.arange(pairs.size)
    for ladder in _ladders_of(bench.computation, formula):
        waiting = _try_higher_ranks(bench, pairs, waiting, ladder)
    nothing = pairs.at(waiting)
    if nothing.size:
        bench.skip(nothing, Numbers(np.zeros(nothing.size, dtype=np.int64)), NO_RATE)


def _try_higher_ranks(bench: "Bench", pairs: "Pairs", waiting: Rows, ladder: str) -> Rows:
    ranks = bench.computation.column(ladder)
    assert isinstance(ranks, Words)
    for code, word in enumerate(ranks.words):
        held = ranks.codes[pairs.payee[waiting]]
        rows = waiting[held < code]
        if not len(rows):
            continue
        env = bench.environment(pairs.at(rows))
        other = replace(env, frame=AsRank(bench.computation, ladder, code))
        formula = bench.optional("rate")
        assert formula is not None
        rate = _spread(as_numbers(formula, other), len(rows))
        found = rate.values != 0
        reason = Reason("rank_too_low", word, f"{bench.place}.rate")
        chosen = np.flatnonzero(found)
        bench.skip(pairs.at(rows[chosen]), rate.at(chosen), reason)
        waiting = np.setdiff1d(waiting, rows[chosen], assume_unique=True)
    return waiting


def _ladders_of(computation: "Computation", formula: Compiled | None) -> list[str]:
    """The ranks a rate looks at, directly or through metrics, in the order of the document."""
    document, plan = computation.plan.document, computation.plan
    waiting = set() if formula is None else set(formula.names)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        if name in document.metrics:
            waiting |= plan.formula(f"metrics.{name}.value").names - seen
    columns = [f"{name}{part}" for name in document.ladders for part in ("", ".career")]
    return [name for name in columns if name in seen]


class AsRank:
    """The members of a computation as if everybody held one rank."""

    def __init__(self, computation: "Computation", ladder: str, code: int) -> None:
        self.computation = computation
        self.ladder = ladder
        words = computation.column(ladder)
        assert isinstance(words, Words)
        self.held = Words(np.full(computation.size, code, dtype=np.int64), words.words)

    @property
    def size(self) -> int:
        """How many members there are."""
        return self.computation.size

    @property
    def everybody(self) -> Environment:
        """All members, with the period."""
        return replace(self.computation.everybody, frame=self)

    @property
    def past(self) -> Past:
        """As it is."""
        return self.computation.past

    def column(self, name: str) -> Value:
        """The rank as it might be, metrics made of it, and everything else as it is."""
        if name == self.ladder:
            return self.held
        if name in self.computation.plan.document.metrics:
            return self.computation.metric(name, self.everybody)
        return self.computation.column(name)

    def tree(self, name: str) -> Tree:
        """As it is."""
        return self.computation.tree(name)

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """Sums over other members go by the ranks they have."""
        formula = self.computation.remembered(key)
        return make(self) if formula is None else formula


def _spread(numbers: Numbers, count: int) -> Numbers:
    return Numbers(numbers.spread(count), numbers.places)
