"""Bounds on what is paid, in the order the plan declares them (plan catalogue, 1.14).

A bound never makes a line vanish: it lowers the amounts, and each line keeps what it would have been.
One of a longer calendar than the run's, such as the month of weekly runs, binds what is left of it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason, lowered
from mlm_plugin.plan.calendars import period_of_day
from mlm_plugin.plan.document.parts import Limit
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.money import Column, share_out
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import PastFrame
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

Bonuses = dict[str, Awards]
# Awards of one bonus before and after something was taken off.
Cuts = list[tuple[Awards, Awards]]


def apply_limits(
    computation: "Computation", awards: Bonuses, cuts: Cuts, *, is_early: bool = False
) -> Bonuses:
    """All limits of the plan, one after the other; what each takes is added to `cuts`.

    With `is_early` further bonuses are still to be worked: only limits that bind none of them.
    """
    document = computation.plan.document
    for name, limit in document.limits.items():
        together = limit.scope in ("payee", "company")
        if is_early and together and not set(limit.bonuses or document.bonuses) <= awards.keys():
            continue
        if limit.mode == "report":
            continue
        before = awards
        bound = [each for each in (limit.bonuses or awards) if each in awards]
        if not bound:
            # All of them are paid by another calendar.
            continue
        exempt = {each: _left_alone(computation, name, awards[each]) for each in bound}
        if limit.scope == "company":
            awards = _bound_company(
                computation, name=name, awards=awards, bound=bound, exempt=exempt
            )
        elif limit.scope == "payee":
            awards = _bound_payees(
                computation, name=name, awards=awards, bound=bound, exempt=exempt
            )
        else:
            by_line = limit.scope == "award"
            for each in bound:
                awards = _bound_payees(
                    computation, name=name, awards=awards, bound=[each], exempt=exempt,
                    by_line=by_line,
                )  # fmt: skip
        cuts += find_cuts(before, awards)
    return awards


def find_cuts(before: Bonuses, after: Bonuses) -> Cuts:
    """The bonuses that changed."""
    return [(lines, after[name]) for name, lines in before.items() if after[name] is not lines]


def _left_alone(computation: "Computation", name: str, awards: Awards) -> Column:
    """What a limit leaves alone of each award: all of it, a part, or, as everywhere else, nothing."""
    paid = np.maximum(awards.amount, 0)
    exempt = computation.plan.optional(f"limits.{name}.exempt")
    part = computation.plan.optional(f"limits.{name}.exempt_part")
    if exempt is None and part is None:
        return np.zeros(awards.size, dtype=np.int64)
    level = Numbers(awards.level.astype(np.int64))
    base = Numbers(awards.base.spread(awards.size), awards.base.places)
    env = computation.environment(
        {"payee": awards.payee, "source": awards.source}, awards.size,
        {"level": level, "generation": level, "base": base},
    )  # fmt: skip
    left: Column = np.zeros(awards.size, dtype=np.int64)
    if part is not None:
        places = computation.plan.document.plan.places
        left = np.clip(as_numbers(part, env).to_places(places).spread(awards.size), 0, paid)
    return left if exempt is None else np.where(as_truths(exempt, env), awards.amount, left)


def most_of(computation: "Computation", name: str) -> Column:
    """The bound of a limit for every member, in the smallest unit."""
    places = computation.plan.document.plan.places
    most = as_numbers(computation.plan.formula(f"limits.{name}.most"), computation.everybody)
    return np.maximum(most.to_places(places).spread(computation.size), 0)


def most_of_company(computation: "Computation", name: str) -> int:
    """The bound of a company limit, less what was paid before where it is of a longer calendar."""
    document = computation.plan.document
    bonuses = document.limits[name].bonuses or document.bonuses
    most = int(most_of(computation, name).max(initial=0))
    return max(most - int(paid_within(computation, name, bonuses).sum()), 0)


def paid_within(computation: "Computation", name: str, bonuses: Iterable[str]) -> Column:
    """What periods before this one paid of what a limit binds over a longer calendar, per owner."""
    positions, head = computation.snapshot.positions, computation.plan.document.plan
    paid = np.zeros(len(positions.owners), dtype=np.int64)
    within = computation.plan.document.limits[name].within
    if within is None:
        return paid
    own = computation.snapshot.period
    longer = period_of_day(day=own.last, key=within, calendar=computation.plan.calendars[within])
    if longer is None:
        return paid
    for period in computation.known_periods:
        is_same = period.calendar == own.calendar
        if not longer.first <= period.last <= own.last or (is_same and period.first >= own.first):
            continue
        for bonus in bonuses:
            if computation.plan.calendar_of(bonus) != period.calendar:
                continue
            there = PastFrame(computation, period).column(f"paid.{bonus}")
            assert isinstance(there, Numbers)
            np.add.at(paid, positions.owner, there.to_places(head.places).values)
    return paid


def _bound_payees(
    computation: "Computation",
    *,
    name: str,
    awards: Bonuses,
    bound: list[str],
    exempt: dict[str, Column],
    by_line: bool = False,
) -> Bonuses:
    """At most so much per owner or position over the bound bonuses, or per line."""
    most = most_of(computation, name)
    owner = computation.snapshot.positions.owner
    if computation.plan.document.limits[name].per == "position":
        owner = np.arange(computation.size)
    amounts, groups, bounds = [], [], np.zeros(int(owner.max(initial=-1)) + 1, dtype=np.int64)
    # Several positions of one owner share the bound of the position that has the most.
    np.maximum.at(bounds, owner, most)
    limit = computation.plan.document.limits[name]
    if limit.within is not None:
        named = (
            bound if limit.scope == "bonus" else limit.bonuses or computation.plan.document.bonuses
        )
        bounds = np.maximum(bounds - paid_within(computation, name, named), 0)
    for each in bound:
        lines = awards[each]
        amounts.append(np.maximum(lines.amount - exempt[each], 0))
        groups.append(owner[lines.payee])
    amount, group = np.concatenate(amounts), np.concatenate(groups)
    if by_line:
        lowered = np.minimum(amount, bounds[group])
    else:
        sums = np.zeros(len(bounds), dtype=np.int64)
        np.add.at(sums, group, amount)
        paid = np.minimum(sums, bounds)
        lowered = amount.copy()
        cut = (paid < sums)[group]
        shared = share_out(amount[cut], groups=group[cut], totals=np.where(paid < sums, paid, 0))
        lowered[cut] = shared
    return _lowered(awards, bound, amount - lowered, name)


def _bound_company(
    computation: "Computation",
    *,
    name: str,
    awards: Bonuses,
    bound: list[str],
    exempt: dict[str, Column],
) -> Bonuses:
    """At most so much over all: in proportion to the cent, by rank, or nothing at all."""
    limit = computation.plan.document.limits[name]
    most = most_of_company(computation, name)
    amount = np.concatenate(
        [np.maximum(awards[each].amount - exempt[each], 0) for each in bound]
        or [np.empty(0, dtype=np.int64)]
    )
    untouched = sum(int(exempt[each].sum()) for each in bound)
    left, total = max(most - untouched, 0), int(amount.sum())
    if total <= left:
        return awards
    if limit.mode == "hard_stop":
        lowered = np.zeros(len(amount), dtype=np.int64)
    elif limit.mode == "priority":
        payee = np.concatenate([awards[each].payee for each in bound])
        lowered = _by_rank(computation, limit, payee, amount, left)
    else:
        lowered = _shared(amount, left)
    return _lowered(awards, bound, amount - lowered, name)


def _shared(amount: Column, left: int) -> Column:
    groups = np.zeros(len(amount), dtype=np.int64)
    return share_out(amount, groups=groups, totals=np.array([left], dtype=np.int64))


def _by_rank(
    computation: "Computation", limit: Limit, payee: Rows, amount: Column, left: int
) -> Column:
    """Higher ranks are paid whole first; the rank the money ends in shares what is left."""
    ranks = computation.ladder(limit.priority).paid_as[payee] if limit.priority else 0 * payee
    lowered = np.zeros(len(amount), dtype=np.int64)
    for rank in np.unique(ranks)[::-1].tolist():
        here = ranks == rank
        due = int(amount[here].sum())
        lowered[here] = amount[here] if due <= left else _shared(amount[here], left)
        left = max(left - due, 0)
    return lowered


def _lowered(awards: Bonuses, bound: list[str], taken: Column, name: str) -> Bonuses:
    """The awards with what a limit takes taken off; lines that lost something say so."""
    changed, start = dict(awards), 0
    for each in bound:
        lines = awards[each]
        loss = taken[start : start + lines.size]
        start += lines.size
        if not loss.any():
            continue
        changed[each] = lowered(lines, loss, Reason("limit", name, f"limits.{name}"))
    return changed
