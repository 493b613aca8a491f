"""Ranks: who reaches what, and what is missing (plan catalogue, 1.3).

Ranks are worked from the lowest up over all members at once. A requirement may count ranks further
down the tree, of the same period and even of the same ladder: each rank is worked until nobody more
reaches it, which ends, since every round only adds members.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.expressions import TRUTH, Compiled, Environment, Frame, Value, Words
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import Past
from mlm_plugin.plan.standing import career_before, read_standing, remembered
from mlm_plugin.plan.state import NO_DATE, StateRows
from mlm_plugin.plan.trees import Rows, Tree, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

NEVER = Compiled("False", TRUTH, lambda env: np.zeros(env.size, dtype=bool))


@dataclass(frozen=True)
class LadderResult:
    """Ranks by number, 0 for none.

    `reached` is what the requirements give, `paid_as` what counts after promotion, grace and force,
    `career` the highest ever. `forced` and `kept` are the ranks a member had without reaching them.
    """

    words: tuple[str, ...]
    paid_as: Rows
    career: Rows
    reached: Rows
    forced: Rows
    kept: Rows


class Unfinished:
    """A computation while one ladder is being worked: its ranks are those found so far."""

    def __init__(self, computation: "Computation", name: str, words: tuple[str, ...]) -> None:
        self.computation = computation
        self.name = name
        self.ranks = Words(np.zeros(computation.size, dtype=np.int64), words)

    @property
    def size(self) -> int:
        """How many members there are."""
        return self.computation.size

    @property
    def everybody(self) -> Environment:
        """All members, with the period and the ranks so far."""
        return Environment(self, self.size, {"member": None}, self.computation.everybody.given)

    @property
    def past(self) -> Past:
        """As it is."""
        return self.computation.past

    def column(self, name: str) -> Value:
        """The ladder's ranks so far; every other column as it is."""
        if name == f"{self.name}.career":
            career = np.maximum(career_before(self.computation, self.name), self.ranks.codes)
            return Words(career, self.ranks.words)
        return self.ranks if name == self.name else self.computation.column(name)

    def tree(self, name: str) -> Tree:
        """As it is."""
        return self.computation.tree(name)

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """What depends on the ladder changes with it and is not kept."""
        return make(self) if self.name in names else self.computation.remember(key, names, make)


def work_out_ladder(computation: "Computation", name: str) -> LadderResult:
    """The ladder of this name for every member."""
    ladder = computation.plan.document.ladders[name]
    words = ("", *(rank.name for rank in ladder.ranks))
    if ladder.calendar not in (None, computation.snapshot.period.calendar):
        return _of_last_period(computation, name, words)
    frame = Unfinished(computation, name, words)
    env = frame.everybody
    nobody = np.zeros(frame.size, dtype=np.int64)
    forced = _forced(computation, words) if ladder.forced else nobody
    standing = read_standing(computation, name)
    given = np.maximum(forced, standing.least)
    reached = nobody
    eligible = np.ones(frame.size, dtype=bool)
    for number, word in enumerate(words[1:], start=1):
        requirements = Requirements(computation, name, word, env)
        while True:
            met = requirements.all_met() & eligible
            reached = np.where(met & (reached < number), number, reached)
            meets = met & (standing.most >= number) | (given >= number)
            gained = meets & (frame.ranks.codes < number)
            if not gained.any():
                break
            frame.ranks = Words(np.where(gained, number, frame.ranks.codes), words)
            if name not in requirements.names:
                break
        if ladder.cumulative:
            eligible = np.maximum(frame.ranks.codes, reached) >= number
    paid_as = frame.ranks.codes
    career = np.maximum(standing.career, paid_as)
    return LadderResult(words, paid_as, career, reached, forced, standing.least)


def _of_last_period(computation: "Computation", name: str, words: tuple[str, ...]) -> LadderResult:
    """The ranks that the last period of the ladder's own calendar left, in a run of another one."""
    calendar = computation.plan.document.ladders[name].calendar
    assert calendar is not None
    frame = computation.past.latest(calendar)
    nobody = np.zeros(computation.size, dtype=np.int64)
    paid_as = nobody
    if frame is not None:
        last = frame.column(name)
        assert isinstance(last, Words)
        paid_as = last.codes
    career = np.maximum(career_before(computation, name), paid_as)
    return LadderResult(words, paid_as, career, paid_as, nobody, nobody)


def ladder_state(computation: "Computation") -> dict[tuple[str, str], StateRows]:
    """What all ladders worked in this run leave for the next period."""
    state: dict[tuple[str, str], StateRows] = {}
    for name, ladder in computation.plan.document.ladders.items():
        if ladder.calendar in (None, computation.snapshot.period.calendar):
            result = computation.ladder(name)
            state.update(
                remembered(
                    computation, name,
                    paid_as=result.paid_as, career=result.career, reached=result.reached,
                )
            )  # fmt: skip
    return state


class Requirements:
    """What one rank asks, with the variants for whom they hold."""

    def __init__(
        self, computation: "Computation", ladder: str, word: str, env: Environment
    ) -> None:
        self.env = env
        self.sets = list(_sets(computation, ladder, word))
        self.names = frozenset().union(
            *(formula.names for _when, formulas in self.sets for formula in formulas)
        )

    def all_met(self) -> Truths:
        """Who meets them all now."""
        chosen = np.zeros(self.env.size, dtype=bool)
        decided = np.zeros(self.env.size, dtype=bool)
        for when, formulas in self.sets:
            applies = ~decided if when is None else as_truths(when, self.env) & ~decided
            met = applies.copy()
            for formula in formulas:
                met &= as_truths(formula, self.env)
            chosen |= met
            decided |= applies
        return chosen


def _sets(
    computation: "Computation", ladder: str, word: str
) -> list[tuple[Compiled | None, list[Compiled]]]:
    """Per variant its condition and requirements, the ladder's own last."""
    part, plan = computation.plan.document.ladders[ladder], computation.plan
    sets: list[tuple[Compiled | None, list[Compiled]]] = []
    for which, variant in enumerate(part.variants):
        place = f"ladders.{ladder}.variants.{which}"
        for rank in variant.ranks:
            if rank.name == word:
                formulas = [
                    plan.formula(f"{place}.{word}.{each}") for each in range(len(rank.requires))
                ]
                sets.append((plan.formula(f"{place}.when"), formulas))
                break
        else:
            # A rank that the variant leaves out cannot be reached under it.
            sets.append((plan.formula(f"{place}.when"), [NEVER]))
    rank = next(each for each in part.ranks if each.name == word)
    own = [plan.formula(f"ladders.{ladder}.{word}.{each}") for each in range(len(rank.requires))]
    return [*sets, (None, own)]


def _forced(computation: "Computation", words: tuple[str, ...]) -> Rows:
    column = computation.snapshot.positions.columns.get("forced_rank")
    if not isinstance(column, Words):
        return np.zeros(computation.size, dtype=np.int64)
    number = np.array([words.index(word) if word in words else 0 for word in column.words])
    forced = np.asarray(number[column.codes], dtype=np.int64)
    _first, last = computation.snapshot.period.days
    for name, is_from in (("forced_from", True), ("forced_until", False)):
        days = computation.snapshot.positions.columns.get(name)
        if isinstance(days, Numbers):
            inside = days.values <= last if is_from else days.values >= last
            forced = np.where(inside | (days.values == NO_DATE), forced, 0)
    return forced
