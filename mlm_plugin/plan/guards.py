"""Legal safeguards at work (plan/LEGAL): who may not be paid, and how much less is paid.

Guards on lines and on own purchases work on volume, in `payable`. Guards on payees are further
conditions of every bonus they stand before, so whoever fails one is passed over, loses a level or is
skipped exactly as with the plan's own conditions. What guards take off amounts is a skip of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason, join, join_awards, lowered
from mlm_plugin.plan.document.guards import LevelsGuard, OwnUseShareGuard, PayeePart, PayShareGuard
from mlm_plugin.plan.expressions import TRUTH, Compiled, Environment, Frame, Value
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column, Rounding, multiply_divide, share_out
from mlm_plugin.plan.numbers import Numbers, align
from mlm_plugin.plan.payable import customers_only, in_force
from mlm_plugin.plan.sold import needs_sales
from mlm_plugin.plan.trees import Rows, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.bonuses.base import Bench, Lines
    from mlm_plugin.plan.computing import Computation

GUARD = "guard"


def payee_conditions(computation: "Computation", bonus: str) -> list[tuple[Compiled, Reason]]:
    """What the guards before a bonus ask of its payees, each with the reason it gives."""
    parts = []
    for name, guard in computation.plan.document.guards.items():
        if not isinstance(guard, PayeePart) or not in_force(computation, guard):
            continue
        if guard.bonuses and bonus not in guard.bonuses:
            continue
        if guard.condition:
            parts.append((_condition(computation, name), _reason(name)))
        elif isinstance(guard, LevelsGuard):
            parts.append((_levels(computation, name, guard), _reason(name)))
    return parts


def _condition(computation: "Computation", name: str) -> Compiled:
    """Yes for whom the guard does not concern, otherwise what it asks."""
    formula = computation.plan.formula(f"guards.{name}.condition")

    def evaluate(env: Environment) -> Value:
        def make(_frame: Frame) -> Value:
            return computation.truths(formula) | ~concerned(computation, name)

        return env.pick(computation.remember(f"guard {name}", formula.names, make), "member")

    return Compiled(formula.text, TRUTH, evaluate, formula.names)


def _levels(computation: "Computation", name: str, guard: LevelsGuard) -> Compiled:
    def evaluate(env: Environment) -> Value:
        level = env.given.get("level")
        if not isinstance(level, Numbers):
            return np.ones(env.size, dtype=bool)
        whom = env.pick(concerned(computation, name), "member")
        assert isinstance(whom, np.ndarray)
        return (level.to_places(0).values <= guard.most) | ~whom

    return Compiled(f"level <= {guard.most}", TRUTH, evaluate)


def concerned(computation: "Computation", name: str) -> Truths:
    """Whom a guard concerns."""
    applies = computation.plan.optional(f"guards.{name}.applies")
    if applies is None:
        return np.ones(computation.size, dtype=bool)
    return computation.truths(applies)


def needs_awards(computation: "Computation", bonus: str) -> bool:
    """Whether what a bonus skips can only be told from what it awards."""
    return any(
        isinstance(guard, OwnUseShareGuard)
        and in_force(computation, guard)
        and (not guard.bonuses or bonus in guard.bonuses)
        for guard in computation.plan.document.guards.values()
    ) or not needs_sales(computation.plan, bonus)


def bound_own_use(worked: "Sequence[tuple[Bench, Lines]]") -> "list[Lines]":
    """Awards with members' own use cut down to its share of what customers bought, per payee.

    A payee with a base of C from customers and O from own use is paid on C + min(O, share × C). Where
    ranks rose within the period, `worked` are its parts: C and O are those of the whole period.
    """
    found = [lines for _bench, lines in worked]
    benches = [bench for bench, _lines in worked]
    computation = benches[0].computation
    for name, guard in computation.plan.document.guards.items():
        if not isinstance(guard, OwnUseShareGuard) or not in_force(computation, guard):
            continue
        if guard.bonuses and benches[0].name not in guard.bonuses:
            continue
        found = _bound_own_use(benches, found, name, guard)
    return found


def _bound_own_use(
    benches: "Sequence[Bench]", found: "list[Lines]", name: str, guard: OwnUseShareGuard
) -> "list[Lines]":
    customers = []
    for bench, lines in zip(benches, found, strict=True):
        numbers = _customers_base(bench, lines.awards)
        if numbers is None:
            return found
        customers.append(Numbers(numbers.spread(lines.awards.size), numbers.places))
    base, from_customers, places = align(
        join([each.awards.base for each in found]), join(customers)
    )
    own = np.maximum(base - from_customers, 0)
    computation = benches[0].computation
    whom = [
        concerned(bench.computation, name)[lines.awards.payee]
        for bench, lines in zip(benches, found, strict=True)
    ]
    kept = _own_kept(
        computation, np.concatenate([each.awards.payee for each in found]), own=own,
        customers=base - own, most_of=Numbers.constant(guard.most), whom=np.concatenate(whom),
    )  # fmt: skip
    ends = np.cumsum([each.awards.size for each in found])[:-1]
    return [
        _cut_base(bench, lines, Numbers(whole, places), gone, name)
        for bench, lines, whole, gone in zip(
            benches, found, np.split(base, ends), np.split(own - kept, ends), strict=True
        )
    ]


def _customers_base(bench: "Bench", awards: Awards) -> Numbers | None:
    """The part of each award's base that customers bought; None where a bonus has no such base."""
    plan, only = bench.computation.plan, customers_only(bench.computation)
    group = plan.optional(f"{bench.place}.group")
    if group is not None and getattr(bench.bonus, "form", "source") != "source":
        numbers = as_numbers(group, only.everybody)
        values = numbers.spread(only.size)
        own = values - bench.tree.sum_children(values)
        return Numbers(
            np.where(awards.level == 0, own[awards.source], values[awards.source]), numbers.places
        )
    formula = plan.optional(f"{bench.place}.base")
    if formula is None:
        return None
    numbers = as_numbers(formula, only.everybody)
    return Numbers(numbers.spread(only.size)[awards.source], numbers.places)


def _own_kept(
    computation: "Computation",
    payee: Rows,
    *,
    own: Column,
    customers: Column,
    most_of: Numbers,
    whom: Truths,
) -> Column:
    """The own use of each award that stays, shared to the last unit within one owner."""
    positions = computation.snapshot.positions
    owner = positions.owner[payee]
    sums = np.zeros((2, len(positions.owners)), dtype=np.int64)
    np.add.at(sums[0], owner, own)
    np.add.at(sums[1], owner, np.maximum(customers, 0))
    share = Numbers(sums[1]) * most_of
    most = Numbers(share.values // 10**share.places).values
    kept = own.copy()
    cut = np.flatnonzero((sums[0] > most)[owner] & whom)
    kept[cut] = share_out(own[cut], groups=owner[cut], totals=most)
    return kept


def _cut_base(bench: "Bench", lines: "Lines", base: Numbers, taken: Column, name: str) -> "Lines":
    awards = lines.awards
    less = np.flatnonzero(taken > 0)
    if not len(less):
        return lines
    exact = awards.exact.values
    size = np.abs(exact[less])
    parts, _rests = multiply_divide(size, taken[less], np.abs(base.values[less]))
    gone = np.zeros(awards.size, dtype=np.int64)
    gone[less] = parts * np.sign(exact[less])
    reasons = (*awards.reasons, _reason(name))
    reason = awards.reason.copy()
    reason[less] = len(awards.reasons)
    paid = replace(
        awards,
        base=Numbers(base.values - taken, base.places),
        exact=Numbers(exact - gone, awards.exact.places),
        reason=reason,
        reasons=reasons,
    )
    if not bench.wants_skips:
        return replace(lines, awards=paid)
    if bench.skips_of is not None:
        less = less[awards.payee[less] == bench.skips_of]
    lost = replace(
        awards,
        base=Numbers(taken, base.places),
        exact=Numbers(gone, awards.exact.places),
        reason=reason,
        reasons=reasons,
    ).chosen(less)
    return replace(lines, awards=paid, skips=join_awards(lines.skips, lost))


def bound_pay_shares(computation: "Computation", awards: dict[str, Awards]) -> dict[str, Awards]:
    """Awards bounded to a share of an own figure of the payee (China: 30 % of own sales)."""
    positions = computation.snapshot.positions
    places = computation.plan.document.plan.places
    for name, guard in computation.plan.document.guards.items():
        if not isinstance(guard, PayShareGuard) or not in_force(computation, guard):
            continue
        figure = as_numbers(computation.plan.formula(f"guards.{name}.of"), computation.everybody)
        share = (figure * Numbers.constant(guard.most)).to_places(places, Rounding.DOWN)
        most = np.zeros(len(positions.owners), dtype=np.int64)
        np.add.at(most, positions.owner, np.maximum(share.spread(computation.size), 0))
        whom = concerned(computation, name)
        for bonus in [each for each in (guard.bonuses or awards) if each in awards]:
            lines = awards[bonus]
            owner = positions.owner[lines.payee]
            counted = np.where(whom[lines.payee], np.maximum(lines.amount, 0), 0)
            sums = np.zeros(len(most), dtype=np.int64)
            np.add.at(sums, owner, counted)
            paid = np.minimum(sums, most)
            cut = np.flatnonzero((paid < sums)[owner] & (counted > 0))
            left = counted.copy()
            left[cut] = share_out(counted[cut], groups=owner[cut], totals=paid)
            awards = {**awards, bonus: lowered(lines, counted - left, _reason(name))}
            # What one bonus used of the share is gone for the next.
            most = most - paid
    return awards


def _reason(name: str) -> Reason:
    return Reason(GUARD, name, f"guards.{name}")
