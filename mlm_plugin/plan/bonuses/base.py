"""What every kind of bonus works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from mlm_plugin.plan.awards import PAID, AwardList, Awards, Reason
from mlm_plugin.plan.bonuses.skipping import skip_unpaid
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.conditions import Conditions
from mlm_plugin.plan.document.bonuses import Bonus
from mlm_plugin.plan.expressions import Compiled, Environment, Value
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.expressions.values import Frame
from mlm_plugin.plan.guards import payee_conditions
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import OF_PAIRS
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Tree, Truths

# What these fields say is paid on, so it is made of sold lines alone.
PAID_ON = frozenset({"base", "volume", "group", "fund"})


@dataclass(frozen=True)
class Lines:
    """What a bonus gives: lines that are paid, lines that are not, and state for the next period."""

    awards: Awards
    skips: Awards
    state: Mapping[tuple[str, str], StateRows] = field(default_factory=dict)


@dataclass(frozen=True)
class Pairs:
    """Payees with the sources they may be paid on: a row each, with level and base."""

    payee: Rows
    source: Rows
    level: Rows
    base: Numbers

    @classmethod
    def make(cls, *, payee: Rows, source: Rows, level: int | Rows, base: Numbers) -> "Pairs":
        """Pairs from rows; `base` has one row per member, and is read for the sources."""
        levels = np.broadcast_to(np.asarray(level, dtype=np.int64), (len(payee),))
        return cls(payee, source, levels, base.at(source))

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return len(self.payee)

    def at(self, rows: Rows) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.payee[rows], self.source[rows], self.level[rows], self.base.at(rows))


@dataclass
class Bench:
    """One bonus at work.

    `earned` gives what members earned by bonuses before this one, in money. `skips_of` is the one
    payee whose skips are wanted, None for all; without `wants_skips` none are collected. Without
    `pays` the skips alone are wanted, and no awards are collected.
    """

    name: str
    bonus: Bonus
    computation: Computation
    earned: Mapping[str, Awards] = field(default_factory=dict)
    wants_skips: bool = False
    skips_of: int | None = None
    pays: bool = True

    def __post_init__(self) -> None:
        self.awards = AwardList(self.name)
        self.skips = AwardList(self.name)

    @property
    def place(self) -> str:
        """Where the bonus stands in the document."""
        return f"bonuses.{self.name}"

    @cached_property
    def tree(self) -> Tree:
        """The tree or view it walks."""
        name = getattr(self.bonus, "tree", None) or self.computation.plan.scope.default_tree
        return self.computation.tree(name)

    @cached_property
    def conditions(self) -> Conditions:
        """Who may be paid."""
        conditions = self.conditions_of("payee")
        for part, reason in payee_conditions(self.computation, self.name):
            conditions.add(part, reason)
        return conditions

    def conditions_of(self, field_name: str) -> Conditions:
        """The condition of a field by its parts."""
        plan = self.computation.plan
        of_pairs = field_name in OF_PAIRS.get(getattr(self.bonus, "kind", ""), ())
        scope = plan.scope.for_pairs() if of_pairs else plan.scope
        return Conditions(plan=plan, place=f"{self.place}.{field_name}", scope=scope)

    def formula(self, field_name: str) -> Compiled:
        """The formula of a field that has one."""
        return self.computation.plan.formula(f"{self.place}.{field_name}")

    def optional(self, field_name: str) -> Compiled | None:
        """The formula of a field."""
        return self.computation.plan.optional(f"{self.place}.{field_name}")

    def numbers(self, field_name: str) -> Numbers:
        """The formula of a field for every member; bases are worked from volume that may be paid."""
        value = self.worked(field_name, self.all)
        return Numbers(value.spread(self.computation.size), value.places)

    def truths(self, field_name: str) -> Truths | None:
        """The condition of a field for every member, None where it is left out."""
        formula = self.optional(field_name)
        return None if formula is None else self.computation.truths(formula)

    @property
    def all(self) -> Environment:
        """Every member."""
        return self.computation.everybody

    def environment(self, pairs: Pairs) -> Environment:
        """Payees with sources at a level."""
        given: dict[str, Value] = {
            "level": Numbers(pairs.level),
            "generation": Numbers(pairs.level),
            "base": pairs.base,
        }
        rows: dict[str, Rows | None] = {
            "payee": pairs.payee, "source": pairs.source, "member": pairs.payee,
        }  # fmt: skip
        return self.computation.environment(rows, pairs.size, given)

    def pegs(self, pairs: Pairs) -> Numbers:
        """What a unit of base is worth in money for each pair; bounds in money ask for it."""
        peg = self.worked("peg", self.environment(pairs))
        return Numbers(peg.spread(pairs.size), peg.places)

    def worked(self, field_name: str, env: Environment) -> Numbers:
        """The formula of a field in an environment of pairs or members."""
        if field_name in PAID_ON and env.frame is self.computation:
            env = replace(env, frame=self._payable(field_name))
        return as_numbers(self.computation.plan.formula(f"{self.place}.{field_name}"), env)

    def _payable(self, field_name: str) -> Frame:
        """The members with what may be paid on; legs, whose volume is used up once, take returns."""
        if field_name == "volume" and self.computation.plan.takes_back:
            return self.computation.payable_and_returned
        return self.computation.payable

    def sources(self, base: Numbers) -> Rows:
        """The members whose volume is paid on: some volume, and the condition for sources."""
        wanted = base.values != 0
        chosen = self.truths("source")
        rows = np.flatnonzero(wanted if chosen is None else wanted & chosen)
        if self.pays or self.skips_of is None:
            return rows
        # Money goes up alone, so one member's skips come from below it.
        return rows[self.tree.is_inside(rows, self.skips_of)]

    def settle(self, pairs: Pairs, rate: Numbers, reason: Reason = PAID) -> None:
        """Pay where the conditions hold and there is a rate, and note why not elsewhere."""
        rates = Numbers(rate.spread(pairs.size), rate.places)
        if self.pays:
            may = self.conditions.hold(self.environment(pairs))
            kept = np.flatnonzero(may & (rates.values != 0))
            self.pay(pairs.at(kept), rates.at(kept), reason)
        if self.wants_skips:
            skip_unpaid(self, pairs, rates)

    def wanted(self, pairs: Pairs) -> Pairs:
        """The pairs that have to be looked at: where only one member's skips are wanted, its own."""
        own = None if self.pays else self.own_rows(pairs)
        return pairs if own is None else pairs.at(own)

    def own_rows(self, pairs: Pairs) -> Rows | None:
        """The pairs of the one member whose skips are wanted; None where all pairs are wanted."""
        if self.skips_of is None:
            return None
        own = pairs.payee == self.skips_of
        return None if own.all() else np.flatnonzero(own)

    def pay(
        self, pairs: Pairs, rate: Numbers, reason: Reason = PAID, *, exact: Numbers | None = None
    ) -> None:
        """Lines that are paid, without asking any condition; `exact` is the money where it is not
        base × rate × peg."""
        if self.pays:
            self._note(self.awards, pairs, rate, reason, exact)

    def skip(
        self, pairs: Pairs, rate: Numbers, reason: Reason, *, exact: Numbers | None = None
    ) -> None:
        """Lines that are not paid, if anybody asked for them."""
        if not self.wants_skips:
            return
        own = self.own_rows(pairs)
        if own is not None:
            pairs, rate = pairs.at(own), rate.at(own)
            exact = None if exact is None else exact.at(own)
        self._note(self.skips, pairs, rate, reason, exact)

    def _note(
        self, lines: AwardList, pairs: Pairs, rate: Numbers, reason: Reason, exact: Numbers | None
    ) -> None:
        lines.add(
            payee=pairs.payee,
            source=pairs.source,
            level=pairs.level,
            base=pairs.base,
            rate=rate,
            peg=self.worked("peg", self.environment(pairs)),
            reason=reason,
            exact=exact,
        )

    def finish(self, state: Mapping[tuple[str, str], StateRows] | None = None) -> Lines:
        """Everything collected, and the state that the next period goes on from."""
        return Lines(self.awards.finish(), self.skips.finish(), state or {})
