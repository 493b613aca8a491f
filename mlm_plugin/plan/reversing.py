"""Awards taken back for late refunds (plan catalogue, 1.15).

With `reverse` each award on the volume of the line's member is taken back in proportion to what was
returned of that volume; with `average` a payee gives back his average rate on it. Each step takes back
what the whole comes to less what was taken before: parts add up to the whole, never to more than was
given, and what is returned and sold again comes to nothing.
"""

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, join_awards
from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.changes import Change, reversal
from mlm_plugin.plan.document.bonuses import Bonus, Differential, Matching
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.drilldown import is_own_volume
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import PastFrame
from mlm_plugin.plan.replacing import lines_that_wait, replace_returned
from mlm_plugin.plan.resting import change_of_resting, change_of_sums, rests_on_volume
from mlm_plugin.plan.resting_once import (
    TakenOnce,
    is_paid_once,
    state_of_grants,
    take_back_once,
    taken_by_period,
)
from mlm_plugin.plan.returned_parties import change_of_parties
from mlm_plugin.plan.returns import (
    RETURNED,
    Returned,
    find_returned,
    late_refunds,
    periods_of_sales,
    refuse_unknown_sales,
    state_of_returned,
)
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.settlement import stand_ins
from mlm_plugin.plan.state import StateRows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

# Kinds that pay on volume line by line; a pool and what is paid once stay as they are, and the legs
# of a binary take the volume back.
TAKEN_BACK = frozenset(
    {"unilevel", "differential", "generation", "infinity", "direct", "party", "guarantee"}
)

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
    if not len(late) and not len(waiting):
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
    matched: Matched = {each: {} for each in periods}
    for name in once:
        for period in periods:
            lost, gone_once = take_back_once(
                computation, name, period, returned=returned, state=state
            )
            changed[name] = join_awards(changed[name], lost)
            _note_matched(computation, name, gone_once, matched, awards)
    _take_back_by_period(
        computation, awards, once, returned=returned, matched=matched, changed=changed
    )
    return changed, state


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
        return _change_of_matching(computation, bonus, old, taken)
    change = _change_of_base(computation, name, old, returned)
    is_average = plan.document.returns.later_period == "average"
    return change if change is None or not is_average else _per_payee(change)


def _change_of_base(
    computation: "Computation", name: str, old: OldAwards, returned: Mapping[str, Returned]
) -> Change | None:
    """How much was returned of the base of each award."""
    plan = computation.plan
    bonus = plan.document.bonuses[name]
    if isinstance(bonus, Party):
        return change_of_parties(computation, name, old, returned)
    is_group = isinstance(bonus, Differential) and bonus.form != "source"
    formula = plan.optional(f"bonuses.{name}.{'group' if is_group else 'base'}")
    if formula is None or bonus.kind not in TAKEN_BACK:
        return None
    volume = volume_of(plan, formula.names)
    if volume is None:
        return None
    if not is_group and not is_own_volume(plan, formula.node):
        return change_of_sums(computation, name, old, returned)
    of = returned[volume]
    # A base such as `cv.retail` is lowered by the returns of those buyers alone.
    base = plan.formula(f"bonuses.{name}.base").text.strip()
    buyers = base.removeprefix(f"{volume}.") if base.startswith(f"{volume}.") else ""
    if buyers:
        of = _of_buyers(computation, of, buyers)
    parts: tuple[Column, ...] = _of_members(computation, old, volume, of)
    if is_group:
        parts = tuple(_of_groups(computation, bonus, old, column) for column in parts)
    else:
        parts = tuple(column[old.source] for column in parts)
    before, after, whole = _of_lines(computation, old, of, parts)
    if base == volume or buyers:
        whole = old.base.to_places(of.places).spread(len(old.payee))
    return Change(old, before, after, whole, of.places)


def volume_of(plan: "Plan", names: Iterable[str]) -> str | None:
    """The volume that a formula comes down to: the first of the document that it needs."""
    needed, waiting = set[str](), [name.partition(".")[0] for name in names]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        view = plan.document.views.get(name)
        if view is not None and view.volume is not None:
            waiting.append(view.volume)
        metric = plan.optional(f"metrics.{name}.value")
        waiting += [] if metric is None else [each.partition(".")[0] for each in metric.names]
    return next((name for name in plan.document.volumes if name in needed), None)


def _of_members(
    computation: "Computation", old: OldAwards, volume: str, of: Returned
) -> tuple[Column, Column, Column]:
    """What was returned of each member's volume of the period, and that volume."""
    first, last = old.period.days
    lines = computation.snapshot.lines
    inside = (lines.day[of.row] >= first) & (lines.day[of.row] <= last)
    before, after = np.zeros((2, computation.size), dtype=np.int64)
    np.add.at(before, lines.member[of.row[inside]], of.before[inside])
    np.add.at(after, lines.member[of.row[inside]], of.after[inside])
    then = PastFrame(computation, old.period).column(volume)
    assert isinstance(then, Numbers)
    return before, after, then.to_places(of.places).values


def _of_buyers(computation: "Computation", of: Returned, buyers: str) -> Returned:
    """What was returned of lines that some kind of buyer bought."""
    buyer = computation.snapshot.lines.buyer[of.row]
    kept = buyer != 0 if buyers == "customers" else buyer == BUYERS.index(buyers)
    return Returned(of.row[kept], of.sold[kept], of.before[kept], of.after[kept], of.places)


def _of_groups(computation: "Computation", bonus: Bonus, old: OldAwards, column: Column) -> Column:
    """For awards on a leg the sum of the leg; for those on own volume the member's own."""
    tree = computation.tree(getattr(bonus, "tree", None) or computation.plan.scope.default_tree)
    return np.where(old.level > 0, tree.sum_subtrees(column)[old.source], column[old.source])


def _of_lines(
    computation: "Computation",
    old: OldAwards,
    of: Returned,
    parts: tuple[Column, ...],
) -> tuple[Column, Column, Column]:
    """The same for awards of an order or a line: what was returned of that."""
    before, after, whole = (column.copy() for column in parts)
    fine = np.flatnonzero(old.order != "")
    if not len(fine):
        return before, after, whole
    lines = computation.snapshot.lines
    sums: dict[tuple[str, str], list[int]] = {}
    for row, *numbers in zip(
        of.row.tolist(), of.before.tolist(), of.after.tolist(), of.sold.tolist(), strict=True
    ):
        for line in ("", str(lines.lines[row])):
            there = sums.setdefault((str(lines.orders[row]), line), [0, 0, 0])
            for place, number in enumerate(numbers):
                there[place] += number
    for row in fine.tolist():
        key = (str(old.order[row]), str(old.line[row]))
        before[row], after[row], whole[row] = sums.get(key, (0, 0, 0))
    return before, after, whole


def _change_of_matching(
    computation: "Computation",
    bonus: Matching,
    old: OldAwards,
    taken: Mapping[str, tuple[Column, Column]],
) -> Change | None:
    """What was taken back of the earnings that were matched."""
    before, after = np.zeros((2, computation.size), dtype=np.int64)
    for name in bonus.of:
        if name in taken:
            before, after = before + taken[name][0], after + taken[name][1]
    places = computation.plan.document.plan.places
    whole = old.base.to_places(places).spread(len(old.payee))
    return Change(old, before[old.source], after[old.source], whole, places)


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
