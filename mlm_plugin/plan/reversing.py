"""Awards taken back for late refunds (plan catalogue, 1.15).

With `reverse` each award on the volume of the line's member is taken back in proportion to what was
returned of that volume; with `average` a payee gives back his average rate on it, in the period of the
sale or in a longer one (`averaging`). Each step takes back what the whole comes to less what was taken
before: parts add up to the whole, never to more than was given, and what is returned and sold again comes
to nothing.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.averaging import (
    join_changes,
    join_old,
    state_of_averages,
    take_average,
    together_in,
)
from mlm_plugin.plan.awards import Awards, join_awards
from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.changes import Change, reversal
from mlm_plugin.plan.document.bonuses import Matching
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.matched_elsewhere import taken_elsewhere
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.replacing import lines_that_wait, replace_returned
from mlm_plugin.plan.resting import change_of_resting, rests_on_volume
from mlm_plugin.plan.resting_once import (
    TakenOnce,
    is_paid_once,
    state_of_grants,
    take_back_once,
    taken_by_period,
)
from mlm_plugin.plan.returned_bases import change_of_base, change_of_matching
from mlm_plugin.plan.returns import (
    RETURNED,
    Returned,
    find_returned,
    late_refunds,
    periods_of_sales,
    refuse_unknown_sales,
    state_of_returned,
)
from mlm_plugin.plan.settlement import stand_ins
from mlm_plugin.plan.state import AVERAGED, StateRows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

# What was taken back of whom by which bonus, before and with this period, for matching.
Matched = dict[Period, dict[str, tuple[Column, Column]]]


def take_back(
    computation: "Computation",
    awards: Mapping[str, Awards],
    state: Mapping[tuple[str, str], StateRows],
) -> tuple[dict[str, Awards], dict[tuple[str, str], StateRows]]:
    """The awards with those that are taken back, and what changes of the state that bonuses left.

    Raises UnknownSale where a refund's sale, or the result of its period, is not given.
    """
    document, changed = computation.plan.document, dict(awards)
    late = late_refunds(computation)
    if not computation.plan.takes_back:
        return changed, {}
    state = {**state, **state_of_grants(computation, awards)}
    waiting = lines_that_wait(computation)
    elsewhere = taken_elsewhere(computation, awards)
    if not len(late) and not len(waiting) and not elsewhere:
        return changed, state
    refuse_unknown_sales(computation, late)
    returned = {name: find_returned(computation, name, late) for name in document.volumes}
    for name, each in returned.items():
        state[RETURNED, name] = state_of_returned(computation, name, each)
    returned, kept = replace_returned(computation, returned)
    state |= kept
    refund_of = computation.snapshot.lines.refund_of
    sales = waiting if refund_of is None else np.union1d(refund_of[late], waiting)
    periods = list(periods_of_sales(computation, sales))
    once = [each for each in awards if _takes_back_once(computation.plan, each)]
    matched: Matched = {**{each: {} for each in periods}, **elsewhere}
    for name in once:
        for period in periods:
            lost, gone_once = take_back_once(
                computation, name, period, returned=returned, state=state
            )
            changed[name] = join_awards(changed[name], lost)
            _note_matched(computation, name, gone_once, matched, awards)
    if document.returns.average_within is None:
        _take_back_by_period(
            computation, awards, once, returned=returned, matched=matched, changed=changed
        )
        return changed, state
    averages = _take_back_averages(
        computation, awards, once, returned=returned, matched=matched, changed=changed
    )
    # What this run pays itself is of no average yet.
    own = {each: sums for each, sums in matched.items() if each == computation.snapshot.period}
    _take_back_by_period(computation, awards, once, returned=returned, matched=own, changed=changed)
    return changed, {**state, **averages}


def _take_back_averages(
    computation: "Computation",
    awards: Mapping[str, Awards],
    once: Container[str],
    *,
    returned: Mapping[str, Returned],
    matched: Matched,
    changed: dict[str, Awards],
) -> dict[tuple[str, str], StateRows]:
    """The same at the average rates of longer periods; what was taken so far is state."""
    so_far: dict[str, dict[Period, Column]] = {}
    for longer, periods in together_in(computation, matched):
        taken = _added(matched[each] for each in periods if each in matched)
        for name in awards:
            parts = [
                old
                for period in periods
                if (old := _old_awards(computation, period, name, awards)) is not None
            ]
            if name in once or not parts:
                continue
            if rests_on_volume(computation.plan, name):
                gone = _take_back_resting(computation, name, parts, returned, changed)
                taken = _added([taken, *gone])
                continue
            change = _change_within(
                computation, name, longer, parts, returned=returned, taken=taken
            )
            if change is not None:
                lost, taken[name] = take_average(computation, change)
                changed[name] = join_awards(changed[name], lost)
                so_far.setdefault(name, {})[longer] = taken[name][1]
    return {
        (AVERAGED, name): state_of_averages(computation, name, money)
        for name, money in so_far.items()
    }


def _added(
    parts: Iterable[Mapping[str, tuple[Column, Column]]],
) -> dict[str, tuple[Column, Column]]:
    """What was taken back by bonus, of several periods together."""
    sums: dict[str, tuple[Column, Column]] = {}
    for part in parts:
        for name, (before, after) in part.items():
            there = sums.get(name)
            sums[name] = (before, after) if there is None else (there[0] + before, there[1] + after)
    return sums


def _take_back_resting(
    computation: "Computation",
    name: str,
    parts: Iterable[OldAwards],
    returned: Mapping[str, Returned],
    changed: dict[str, Awards],
) -> Iterator[dict[str, tuple[Column, Column]]]:
    """Take back of each period by itself what rests on volume as a whole."""
    for old in parts:
        lost, gone = reversal(computation, change_of_resting(computation, name, old, returned))
        changed[name] = join_awards(changed[name], lost)
        yield {name: gone}


def _change_within(
    computation: "Computation",
    name: str,
    longer: Period,
    parts: Sequence[OldAwards],
    *,
    returned: Mapping[str, Returned],
    taken: Mapping[str, tuple[Column, Column]],
) -> Change | None:
    """How much was returned of what a bonus paid on in several periods; None where it stays as it is."""
    bonus = computation.plan.document.bonuses[name]
    if isinstance(bonus, Matching):
        return change_of_matching(computation, bonus, join_old(longer, parts), taken)
    changes = [change_of_base(computation, name, old, returned) for old in parts]
    found = [each for each in changes if each is not None]
    return join_changes(longer, found) if found else None


def _take_back_by_period(
    computation: "Computation",
    awards: Mapping[str, Awards],
    once: Container[str],
    *,
    returned: Mapping[str, Returned],
    matched: Matched,
    changed: dict[str, Awards],
) -> None:
    """Take back what all other bonuses paid in each period, with what matched what is taken back there."""
    for period in sorted(matched, key=lambda each: each.first):
        taken = matched[period]
        for name in awards:
            if name in once:
                continue
            old = _old_awards(computation, period, name, awards)
            if old is None:
                continue
            change = _change(computation, name, old, returned=returned, taken=taken)
            if change is None:
                continue
            lost, gone = reversal(computation, change)
            changed[name] = join_awards(changed[name], lost)
            taken[name] = gone


def _takes_back_once(plan: "Plan", name: str) -> bool:
    return rests_on_volume(plan, name) and is_paid_once(plan, name)


def _note_matched(
    computation: "Computation",
    name: str,
    gone: Iterable[TakenOnce],
    matched: Matched,
    awards: Mapping[str, Awards],
) -> None:
    """Note in which periods a match may have been paid on what a one-time bonus takes back."""
    bonuses = computation.plan.document.bonuses
    if not any(name in getattr(bonuses[each], "of", ()) for each in awards):
        return
    paid = [old for old in computation.snapshot.earlier.awards if old.bonus == name]
    paid = sorted(paid, key=lambda each: each.period.first)
    paid.append(_awards_of_now(computation, awards[name]))
    for each in gone:
        for period, before, after in taken_by_period(computation, each, paid):
            if after.any():
                sums = matched.setdefault(period, {}).get(name, (0, 0))
                matched[period][name] = (sums[0] + before, sums[1] + after)


def _old_awards(
    computation: "Computation", period: Period, name: str, awards: Mapping[str, Awards]
) -> OldAwards | None:
    if period == computation.snapshot.period:
        return _awards_of_now(computation, awards[name])
    for old in computation.snapshot.earlier.awards:
        if old.bonus == name and old.period == period:
            return old
    return None


def _awards_of_now(computation: "Computation", awards: Awards) -> OldAwards:
    """What this run pays itself, where goods come back before all of it is matched."""
    none = np.full(awards.size, "", dtype="U1")
    payee = stand_ins(computation, computation.snapshot.positions.owner[awards.payee])
    return OldAwards(
        computation.snapshot.period, awards.bonus, payee, awards.source, awards.level, awards.base,
        awards.rate, awards.amount, none, none,
    )  # fmt: skip


def _change(
    computation: "Computation",
    name: str,
    old: OldAwards,
    *,
    returned: Mapping[str, Returned],
    taken: Mapping[str, tuple[Column, Column]],
) -> Change | None:
    """How much of what each award was paid on was returned; None where a bonus stays as it is."""
    plan = computation.plan
    bonus = plan.document.bonuses[name]
    if rests_on_volume(plan, name):
        return change_of_resting(computation, name, old, returned)
    if isinstance(bonus, Matching):
        return change_of_matching(computation, bonus, old, taken)
    change = change_of_base(computation, name, old, returned)
    is_average = plan.document.returns.later_period == "average"
    return change if change is None or not is_average else _per_payee(change)


def _per_payee(change: Change) -> Change:
    """All awards of a payee as one: his average rate on what was returned."""
    old = change.awards
    payees, groups = np.unique(old.payee, return_inverse=True)

    def added(column: Column) -> Column:
        sums = np.zeros(len(payees), dtype=np.int64)
        np.add.at(sums, groups, column)
        return sums

    base = Numbers(added(old.base.spread(len(old.payee))), old.base.places)
    nothing, none = np.zeros(len(payees), dtype=np.int64), np.zeros(len(payees), dtype="U1")
    rate = Numbers(added(old.amount)) / base
    awards = OldAwards(
        old.period, old.bonus, payees, payees, nothing, base, rate, added(old.amount), none, none
    )
    before, after, whole = (added(column) for column in (change.before, change.after, change.whole))
    return Change(awards, before, after, whole, change.places)
