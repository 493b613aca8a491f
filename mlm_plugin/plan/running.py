"""One run: a plan over frozen inputs, from volumes to what each payee is due.

Order: volumes, statuses, views, metrics, ranks (each when it is asked for), bonuses in the order
they need each other, rounding, limits in the order of the document, deductions and payout minimum.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.bonuses import BONUSES
from mlm_plugin.plan.bonuses.base import Bench
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.document.bonuses import Matching
from mlm_plugin.plan.document.parts import RoundingRule
from mlm_plugin.plan.drilldown import to_grain
from mlm_plugin.plan.guards import bound_own_use, bound_pay_shares
from mlm_plugin.plan.limits import apply_limits
from mlm_plugin.plan.money import Column, round_column, share_out
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.state import NOTHING, State, StateRows


@dataclass
class Result:
    """What a run gives. Awards and skips by bonus, in the order of the document."""

    computation: Computation
    awards: dict[str, Awards] = field(default_factory=dict)
    skips: dict[str, Awards] = field(default_factory=dict)
    state: State = NOTHING

    def totals(self) -> dict[str, Column]:
        """Per bonus the money of each owner, in the smallest unit."""
        positions = self.computation.snapshot.positions
        sums = {}
        for name, awards in self.awards.items():
            total = np.zeros(len(positions.owners), dtype=np.int64)
            np.add.at(total, positions.owner[awards.payee], awards.amount)
            sums[name] = total
        return sums

    def digest(self) -> str:
        """SHA-256 over awards and carried state; the same for the same inputs and plan."""
        total = hashlib.sha256()
        for name in sorted(self.awards):
            awards = self.awards[name]
            total.update(f"{name} {awards.size}\n".encode())
            for column in (awards.payee, awards.source, awards.level, awards.amount):
                total.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
            if awards.line is not None:
                total.update(np.ascontiguousarray(awards.line, dtype="<i8").tobytes())
            for numbers in (awards.base, awards.rate):
                total.update(f"{numbers.places}".encode())
                total.update(np.ascontiguousarray(numbers.values, dtype="<i8").tobytes())
        for line in self.state.lines(self.computation.snapshot.positions.ids):
            total.update("\0".join(line).encode())
        return total.hexdigest()


def run_plan(
    *, plan: Plan, snapshot: Snapshot, wants_skips: bool = False, skips_of: int | None = None
) -> Result:
    """Compute a period. `skips_of` asks for the skips of one position (its row) alone."""
    computation = Computation(plan=plan, snapshot=snapshot)
    result = Result(computation)
    state: dict[tuple[str, str], StateRows] = {}
    for name in bonuses_in_order(plan, snapshot.period.calendar):
        bonus = plan.document.bonuses[name]
        bench = Bench(
            name, bonus, computation, earned=result.awards,
            wants_skips=wants_skips, skips_of=skips_of,
        )  # fmt: skip
        lines = BONUSES[getattr(bonus, "kind", "")](bench)
        lines = to_grain(bench, bound_own_use(bench, lines))
        result.awards[name] = round_awards(
            lines.awards, rule=plan.document.plan.rounding, places=plan.document.plan.places
        )
        result.skips[name] = lines.skips
        state.update(lines.state)
    result.state = State(state)
    unbound = result.awards
    result.awards = apply_limits(computation, bound_pay_shares(computation, unbound))
    return result


def bonuses_in_order(plan: Plan, calendar: str) -> Iterator[str]:
    """The bonuses of a calendar; matched ones before those that match them."""
    document = plan.document
    waiting = [
        name
        for name, bonus in document.bonuses.items()
        if (bonus.calendar or document.plan.calendar) == calendar
    ]
    done: set[str] = set()
    while waiting:
        ready = [name for name in waiting if _matched_by(plan, name) & set(waiting) <= {name}]
        for name in ready or waiting:
            yield name
            done.add(name)
        waiting = [name for name in waiting if name not in done]


def _matched_by(plan: Plan, name: str) -> set[str]:
    bonus = plan.document.bonuses[name]
    return set(bonus.of) if isinstance(bonus, Matching) else set()


def round_awards(awards: Awards, *, rule: RoundingRule, places: int) -> Awards:
    """Round where the plan says. A rounded sum is shared over its lines by largest remainder."""
    exact = awards.exact
    if exact.places <= places:
        return replace(awards, amount=exact.to_places(places).values.copy())
    divisor = 10 ** (exact.places - places)
    if rule.at == "award" or not awards.size:
        amount = round_column(exact.values, divisor=divisor, mode=rule.mode)
        return replace(awards, amount=amount)
    payees, groups = np.unique(awards.payee, return_inverse=True)
    sums = np.zeros(len(payees), dtype=np.int64)
    np.add.at(sums, groups, exact.values)
    totals = round_column(sums, divisor=divisor, mode=rule.mode)
    return replace(awards, amount=share_out(np.abs(exact.values), groups=groups, totals=totals))
