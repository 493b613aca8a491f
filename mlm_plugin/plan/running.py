"""One run: a plan over frozen inputs, from volumes to what each payee is due.

Order: volumes, statuses, views, metrics, ranks (each when it is asked for), bonuses in the order
they need each other, rounding, limits in the order of the document, deductions and payout minimum.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason, join_awards, taken_between
from mlm_plugin.plan.bonuses import BONUSES
from mlm_plugin.plan.bonuses.base import Bench, Lines
from mlm_plugin.plan.bonuses.forms import work_forms
from mlm_plugin.plan.codes import state_of_codes
from mlm_plugin.plan.computing import Computation
from mlm_plugin.plan.document.further import builds_on
from mlm_plugin.plan.document.parts import RoundingRule
from mlm_plugin.plan.drilldown import to_grain
from mlm_plugin.plan.first_orders import state_of_first_orders
from mlm_plugin.plan.guards import bound_own_use, bound_pay_shares, needs_awards
from mlm_plugin.plan.ladders import ladder_state
from mlm_plugin.plan.limits import Cuts, apply_limits, find_cuts
from mlm_plugin.plan.money import Column, round_column, share_signed
from mlm_plugin.plan.numbers import LARGEST, Numbers, TooLarge, check_sum, largest
from mlm_plugin.plan.passing_up import state_of_passing_up
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.promoted import in_parts, join_parts
from mlm_plugin.plan.reversing import take_back
from mlm_plugin.plan.settlement import Settlement, settle
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.sold import require_sale
from mlm_plugin.plan.state import NOTHING, State, StateRows
from mlm_plugin.plan.trees import Rows

REPORTED = Reason("reported")


@dataclass
class Result:
    """What a run gives. Awards and skips by bonus, in the order of the document."""

    computation: Computation
    awards: dict[str, Awards] = field(default_factory=dict)
    skips: dict[str, Awards] = field(default_factory=dict)
    state: State = NOTHING
    unbound: dict[str, Awards] = field(default_factory=dict)
    """The awards before limits."""
    cuts: Cuts = field(default_factory=list)
    """The awards of a bonus before and after each limit that took something."""
    settlement: Settlement | None = None
    reported: dict[str, int] = field(default_factory=dict)
    """Money of the bonuses that are only reported, in the smallest unit."""

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
        if self.settlement is not None:
            for name, column in self.settlement.lines():
                total.update(f"{name}\n".encode())
                total.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
        self.state.add_to(total)
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
        try:
            lines = _work_out(bench)
        except TooLarge as error:
            raise error.at(f"bonuses.{name}") from None
        awards = round_awards(
            lines.awards, rule=plan.document.plan.rounding, places=plan.document.plan.places
        )
        skips = lines.skips
        if bonus.reported:
            result.reported[name] = int(check_sum(awards.amount).sum())
            awards, skips = _only_reported(bench, awards, skips)
        result.awards[name], result.skips[name] = awards, skips
        _check_total(result.awards)
        state.update(lines.state)
    result.awards = round_payees(
        result.awards, rule=plan.document.plan.rounding, places=plan.document.plan.places,
        owner=snapshot.positions.owner,
    )  # fmt: skip
    result.unbound = result.awards
    shared = bound_pay_shares(computation, result.awards)
    result.cuts = find_cuts(result.awards, shared)
    result.awards = apply_limits(computation, shared, result.cuts)
    if wants_skips:
        result.skips = {
            name: join_awards(skips, _taken(result, name, skips_of))
            for name, skips in result.skips.items()
        }
    result.awards, returned = take_back(computation, result.awards, state)
    result.settlement = settle(computation, result.awards)
    state |= state_of_passing_up(computation, plan.document.trees)
    state |= {
        **ladder_state(computation),
        **returned,
        **state_of_first_orders(computation),
        **state_of_codes(computation),
        **result.settlement.state,
    }
    # What a bonus of this run did not leave again is gone; what belongs to others goes on.
    result.state = snapshot.earlier.state.without(result.awards).with_rows(state)
    return result


def find_skips(*, result: Result, member: int) -> dict[str, Awards]:
    """What one member (its row) was not paid and why, by bonus, after a run without skips."""
    computation = result.computation
    document = computation.plan.document
    head = document.plan
    found = {}
    # As in the run, a bonus knows what was earned by those that were worked before it.
    earned: dict[str, Awards] = {}
    for name, awards in result.unbound.items():
        bench = Bench(
            name, document.bonuses[name], computation, earned=earned,
            wants_skips=True, skips_of=member,
            pays=needs_awards(computation, name) or document.bonuses[name].reported,
        )  # fmt: skip
        lines = _work_out(bench)
        if bench.bonus.reported:
            rounded = round_awards(lines.awards, rule=head.rounding, places=head.places)
            own = rounded.chosen(rounded.payee == member)
            lines = replace(lines, skips=_only_reported(bench, own, lines.skips)[1])
        found[name] = join_awards(lines.skips, _taken(result, name, member))
        earned[name] = awards
    return found


def _check_total(awards: Mapping[str, Awards]) -> None:
    """All money of a run together fits into 64 bits, and so does every sum of some of it."""
    if sum(largest(each.amount) * each.size for each in awards.values()) <= LARGEST:
        return
    total = sum(float(np.abs(each.amount.astype(np.float64)).sum()) for each in awards.values())
    if total > LARGEST:
        raise TooLarge("the money of all bonuses together is too large for 64 bits")


def _work_out(bench: Bench) -> Lines:
    """The lines of one bonus with everything that acts before limits."""
    calculate = BONUSES[getattr(bench.bonus, "kind", "")]
    parts = in_parts(bench)
    worked = [(part, require_sale(part, work_forms(part, calculate))) for part in parts]
    bound = bound_own_use(worked)
    return join_parts([to_grain(part, lines) for part, lines in zip(parts, bound, strict=True)])


def _only_reported(bench: Bench, awards: Awards, skips: Awards) -> tuple[Awards, Awards]:
    """No awards, and a skip in place of each with the rounded money that it would be."""
    places = bench.computation.plan.document.plan.places
    told = replace(
        awards, exact=Numbers(awards.amount, places), amount=np.zeros_like(awards.amount),
        reason=np.zeros(awards.size, dtype=np.int64), reasons=(REPORTED,),
    )  # fmt: skip
    nothing = awards.chosen(np.zeros(awards.size, dtype=bool))
    return nothing, join_awards(told, skips) if bench.wants_skips else skips


def _taken(result: Result, name: str, member: int | None) -> Awards:
    """What limits took from a bonus, as skips."""
    places = result.computation.plan.document.plan.places
    taken = result.unbound[name].chosen(np.zeros(result.unbound[name].size, dtype=bool))
    for before, after in result.cuts:
        if after.bonus == name:
            lost = taken_between(before, after, places=places)
            lost = lost if member is None else lost.chosen(lost.payee == member)
            taken = join_awards(taken, lost)
    return taken


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
    return set(builds_on(plan.document.bonuses[name]))


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
    return replace(awards, amount=share_signed(totals, weights=exact.values, groups=groups))


def round_payees(
    awards: dict[str, Awards], *, rule: RoundingRule, places: int, owner: Rows
) -> dict[str, Awards]:
    """Where the plan rounds the sum per payee: one sum over all bonuses, shared over their lines.

    Bonuses that build on others in the same run see those rounded per bonus, since the sum is only
    there when all are worked.
    """
    lists = [lines for lines in awards.values() if lines.size]
    if rule.at != "payee" or not lists:
        return awards
    most = max(lines.exact.places for lines in lists)
    exact = np.concatenate([lines.exact.to_places(most).values for lines in lists])
    owners, groups = np.unique(
        np.concatenate([owner[lines.payee] for lines in lists]), return_inverse=True
    )
    sums = np.zeros(len(owners), dtype=np.int64)
    np.add.at(sums, groups, exact)
    totals = Numbers(sums, most).to_places(places, rule.mode).values
    amounts = share_signed(totals, weights=exact, groups=groups)
    ends = np.cumsum([lines.size for lines in lists])
    shared = dict(zip([lines.bonus for lines in lists], np.split(amounts, ends[:-1]), strict=True))
    return {
        name: replace(lines, amount=shared[name]) if lines.size else lines
        for name, lines in awards.items()
    }
