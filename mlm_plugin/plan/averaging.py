"""Awards taken back at the average rate of a longer period (plan catalogue, 1.15: weekly runs in a month).

A payee gives back, of what a bonus paid in all weeks of the month of the sale, the part of its base that
was returned. While the month goes on its weeks before the run make the average. What was taken back so far
is carried, so that every step makes up the difference to what the whole comes to by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason, join
from mlm_plugin.plan.calendars import Period, period_of_day
from mlm_plugin.plan.changes import Change, portion
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, add_up
from mlm_plugin.plan.returns import RETURNED, UnknownSale
from mlm_plugin.plan.state import AVERAGED, StateRows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan


def longer_period(plan: "Plan", period: Period) -> Period:
    """The period whose average counts for what was sold in one: the longer one it ends in, or itself."""
    within = plan.document.returns.average_within
    if within is None:
        return period
    longer = period_of_day(day=period.last, key=within, calendar=plan.calendars[within])
    return longer or period


def together_in(
    computation: "Computation", periods: Iterable[Period]
) -> Iterator[tuple[Period, list[Period]]]:
    """The longer periods of some, each with all periods in it that came before this run.

    Raises UnknownSale for one whose result is not given.
    """
    plan, own = computation.plan, computation.snapshot.period
    longer = {longer_period(plan, each) for each in periods if each != own}
    given = [each for each in computation.snapshot.earlier.results if each.calendar == own.calendar]
    for each in sorted(longer, key=lambda one: one.first):
        inside = [period for period in given if longer_period(plan, period) == each]
        _refuse_gaps(computation, each, given, inside)
        yield each, inside


def _refuse_gaps(
    computation: "Computation", longer: Period, given: Sequence[Period], inside: Sequence[Period]
) -> None:
    """An average wants every period: from the first there is a result of, to the one before the run."""
    plan, own = computation.plan, computation.snapshot.period
    first = min(each.first for each in given)
    day = max(first, longer.first)
    while day <= min(longer.last, own.first - timedelta(days=1)):
        period = period_of_day(day=day, key=own.calendar, calendar=plan.calendars[own.calendar])
        if period is None:
            return
        if period not in inside and longer_period(plan, period) == longer and period != own:
            raise UnknownSale(
                f"what came back is taken back at the average of {longer.id}; give the result of "
                f"{period.id} with --prior"
            )
        day = period.last + timedelta(days=1)


def join_old(longer: Period, parts: Sequence[OldAwards]) -> OldAwards:
    """What a bonus paid in several periods as one: a row for each payee, source and level."""
    keys = np.concatenate(
        [np.stack([each.payee, each.source, each.level]) for each in parts], axis=1
    )
    (payee, source, level), groups = np.unique(keys, axis=1, return_inverse=True)
    count = len(payee)
    base = join([Numbers(each.base.spread(len(each.payee)), each.base.places) for each in parts])
    amount = np.concatenate([each.amount for each in parts])
    sums = [add_up(each, groups=groups.ravel(), count=count) for each in (base.values, amount)]
    whole = Numbers(sums[0], base.places)
    rate = Numbers(sums[1]) / whole
    none = np.full(count, "", dtype="U1")
    return OldAwards(
        longer, parts[0].bonus, payee, source, level, whole, rate, sums[1], none, none
    )  # fmt: skip


def join_changes(longer: Period, changes: Sequence[Change]) -> Change:
    """How much was returned of each payee's base in several periods, and what that payee was paid."""
    places = max(each.places for each in changes)
    payee = np.concatenate([each.awards.payee for each in changes])
    payees, groups = np.unique(payee, return_inverse=True)

    def added(columns: Iterable[Column]) -> Column:
        return add_up(np.concatenate(list(columns)), groups=groups, count=len(payees))

    before, after, whole = (
        added(Numbers(column, each.places).to_places(places).values for each, column in listed)
        for listed in (
            [(each, each.before) for each in changes],
            [(each, each.after) for each in changes],
            [(each, each.whole) for each in changes],
        )
    )
    amount = added(each.awards.amount for each in changes)
    base, none = Numbers(whole, places), np.zeros(len(payees), dtype="U1")
    level = np.zeros(len(payees), dtype=np.int64)
    old = OldAwards(
        longer, changes[0].awards.bonus, payees, payees, level, base, Numbers(amount) / base,
        amount, none, none,
    )  # fmt: skip
    return Change(old, before, after, whole, places)


def take_average(
    computation: "Computation", change: Change
) -> tuple[Awards, tuple[Column, Column]]:
    """Awards below nothing, one per payee, and what was taken of each member before and with them."""
    old, head, size = change.awards, computation.plan.document.plan, computation.size
    part = np.minimum(change.after, change.whole)
    taken = portion(old.amount, part, change.whole, mode=head.rounding.mode)

    def per_payee(column: Column) -> Column:
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, old.payee, column)
        return sums

    due, before = per_payee(taken), taken_before(computation, old.bonus, old.period)
    rows = np.flatnonzero(due != before)
    base = Numbers(per_payee(change.before - change.after)[rows], change.places)
    rate = Numbers(per_payee(old.amount)[rows], head.places) / Numbers(
        per_payee(change.whole)[rows], change.places
    )
    amount = (before - due)[rows]
    lost = Awards(
        old.bonus, rows, rows, np.zeros(len(rows), dtype=np.int64), base, rate,
        Numbers(amount, head.places), amount, np.zeros(len(rows), dtype=np.int64),
        (Reason(RETURNED, old.period.id),),
    )  # fmt: skip
    return lost, (before, due)


def taken_before(computation: "Computation", bonus: str, longer: Period) -> Column:
    """What earlier runs took of each member at the average of a period, in the smallest unit."""
    money = np.zeros(computation.size, dtype=np.int64)
    rows = computation.snapshot.earlier.state.find(AVERAGED, bonus)
    if rows is not None:
        there = rows.day == longer.days[1]
        places = computation.plan.document.plan.places
        money[rows.member[there]] = rows.value.to_places(places).values[there]
    return money


def state_of_averages(
    computation: "Computation", bonus: str, taken: dict[Period, Column]
) -> StateRows:
    """What was taken of a bonus so far, by the period whose average it was."""
    places = computation.plan.document.plan.places
    member, day, value = [], [], []
    before = computation.snapshot.earlier.state.find(AVERAGED, bonus)
    if before is not None:
        other = ~np.isin(before.day, [each.days[1] for each in taken])
        member.append(before.member[other])
        day.append(before.day[other])
        value.append(before.value.to_places(places).values[other])
    for longer, money in taken.items():
        rows = np.flatnonzero(money)
        member.append(rows)
        day.append(np.full(len(rows), longer.days[1]))
        value.append(money[rows])
    return StateRows.make(
        member=np.concatenate(member), day=np.concatenate(day),
        value=Numbers(np.concatenate(value), places),
    )  # fmt: skip
