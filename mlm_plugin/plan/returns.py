"""Returns of what an earlier period paid on (plan catalogue, 1.15).

A refund in the period of its sale lowers the volume of that period, and nothing more is to be done. A
later one is late: with `reverse` each award on the volume of the line's member is taken back in
proportion to what was returned of that volume; with `average` a payee gives back his average rate on
it. What was returned of a line so far is carried, and each step takes back what the whole comes to
less what was taken before: parts add up to the whole, never to more than was given, and what is
returned and sold again comes to nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import NO_LINE, Awards, Reason, join_awards
from mlm_plugin.plan.calendars import EPOCH, Period, period_of_day
from mlm_plugin.plan.document.bonuses import Bonus, Differential, Matching
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.money import Column, Rounding, multiply_divide
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import PastFrame
from mlm_plugin.plan.snapshot import ELSEWHERE
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

RETURNED = "returned"
# Kinds that pay on volume line by line; a pool and what is paid once stay as they are, and the legs
# of a binary take the volume back.
TAKEN_BACK = frozenset({"unilevel", "differential", "generation", "infinity", "direct", "party"})


class UnknownSale(ValueError):
    """A refund of a line, or of a period's awards, that the inputs do not have."""


def late_refunds(computation: "Computation") -> Rows:
    """The rows of refunds in this period that are of lines of an earlier one."""
    lines = computation.snapshot.lines
    if lines.refund_of is None:
        return np.zeros(0, dtype=np.int64)
    first, last = computation.snapshot.period.days
    mine = (lines.day >= first) & (lines.day <= last)
    of = lines.refund_of
    late = (of == ELSEWHERE) | ((of >= 0) & (lines.day[np.maximum(of, 0)] < first))
    return np.flatnonzero(mine & late)


def kept_lines(computation: "Computation") -> Truths:
    """The lines that count as bought: no refunds, and none that was given back whole by now."""
    lines = computation.snapshot.lines
    kept = np.ones(lines.size, dtype=bool)
    of = lines.refund_of
    if of is None:
        return kept
    kept[of != NO_LINE] = False
    _first, last = computation.snapshot.period.days
    refunds = np.flatnonzero((of >= 0) & (lines.day <= last))
    returned = np.unique(of[refunds])
    gone = np.ones(len(returned), dtype=bool)
    for name in ("pv", "cv"):
        if name in lines.numbers:
            left = lines.numbers[name].values.copy()
            np.add.at(left, of[refunds], lines.numbers[name].values[refunds])
            gone &= left[returned] <= 0
    kept[returned[gone]] = False
    return kept


@dataclass(frozen=True)
class Returned:
    """What was returned of sold lines of one volume, before this period and with it.

    `sold` is what is left of each line at the end of its own period.
    """

    row: Rows
    sold: Column
    before: Column
    after: Column
    places: int


@dataclass(frozen=True)
class Change:
    """Awards of an earlier period, with how much of what each was paid on was returned.

    `before` and `after` (with this period) are parts of `whole`, all in one unit.
    """

    awards: OldAwards
    before: Column
    after: Column
    whole: Column
    places: int


def take_back(
    computation: "Computation", awards: Mapping[str, Awards]
) -> tuple[dict[str, Awards], dict[tuple[str, str], StateRows]]:
    """The awards with those that are taken back, and what was returned so far.

    Raises UnknownSale where a refund's sale, or the result of its period, is not given.
    """
    document, changed = computation.plan.document, dict(awards)
    state: dict[tuple[str, str], StateRows] = {}
    late = late_refunds(computation)
    if not computation.plan.takes_back or not len(late):
        return changed, state
    _refuse_unknown(computation, late)
    returned = {name: _returned(computation, name, late) for name in document.volumes}
    for name, each in returned.items():
        state[RETURNED, name] = _state_of(computation, name, each)
    for period in _periods(computation, late):
        # What was taken back of whom by which bonus, before and with this period, for matching.
        taken: dict[str, tuple[Column, Column]] = {}
        for name in awards:
            old = _old_awards(computation, period, name)
            if old is None:
                continue
            change = _change(computation, name, old, returned=returned, taken=taken)
            if change is None:
                continue
            lost, gone = _reversal(computation, change)
            changed[name] = join_awards(changed[name], lost)
            taken[name] = gone
    return changed, state


def _refuse_unknown(computation: "Computation", late: Rows) -> None:
    lines = computation.snapshot.lines
    assert lines.refund_of is not None
    unknown = late[lines.refund_of[late] == ELSEWHERE]
    if len(unknown):
        row = int(unknown[0])
        raise UnknownSale(
            f"line {lines.lines[row]} of order {lines.orders[row]} is a refund of a line that is not "
            "in the volumes' file; what it was paid on cannot be known without it"
        )
    given = {(each.calendar, each.id) for each in computation.snapshot.earlier.results}
    for row in late.tolist():
        period = _period_of(computation, int(lines.day[lines.refund_of[row]]))
        if period is None or (period.calendar, period.id) not in given:
            day = EPOCH + timedelta(days=int(lines.day[lines.refund_of[row]]))
            of = period.id if period else f"the period of {day}"
            raise UnknownSale(
                f"line {lines.lines[row]} of order {lines.orders[row]} is a refund of a line of "
                f"{of}; give the result of that period with --prior"
            )


def _period_of(computation: "Computation", day: int) -> Period | None:
    key = computation.snapshot.period.calendar
    return period_of_day(
        day=EPOCH + timedelta(days=day), key=key, calendar=computation.plan.calendars[key]
    )


def _periods(computation: "Computation", late: Rows) -> Iterator[Period]:
    """The periods in which what is returned now was sold, earliest first."""
    lines = computation.snapshot.lines
    assert lines.refund_of is not None
    found = {
        _period_of(computation, day) for day in np.unique(lines.day[lines.refund_of[late]]).tolist()
    }
    yield from sorted((each for each in found if each), key=lambda each: each.first)


def _returned(computation: "Computation", name: str, late: Rows) -> Returned:
    """What was returned of every line that was returned of before or is now."""
    lines, snapshot = computation.snapshot.lines, computation.snapshot
    assert lines.refund_of is not None
    places = computation.plan.document.volumes[name].places
    carried = snapshot.earlier.state.find(RETURNED, name)
    before = np.zeros(lines.size, dtype=np.int64)
    if carried is not None and carried.order is not None and carried.line is not None:
        known = np.char.add(np.char.add(lines.orders, "\0"), lines.lines)
        wanted = np.char.add(np.char.add(carried.order, "\0"), carried.line)
        place = np.minimum(np.searchsorted(known, wanted), max(lines.size - 1, 0))
        here = np.flatnonzero(known[place] == wanted) if lines.size else place[:0]
        before[place[here]] = carried.value.to_places(places).values[here]
    now = np.zeros(lines.size, dtype=np.int64)
    np.add.at(now, lines.refund_of[late], -_value_of_lines(computation, name, late))
    rows = np.union1d(np.flatnonzero(before), lines.refund_of[late])
    sold = _value_of_lines(computation, name, rows)
    # A refund in the line's own period had lowered what was paid on there already.
    early = np.flatnonzero(lines.refund_of >= 0)
    early = early[np.isin(lines.refund_of[early], rows)]
    ends = {row: _last_day(computation, int(lines.day[row])) for row in rows.tolist()}
    in_time = np.array(
        [lines.day[each] <= ends[int(lines.refund_of[each])] for each in early.tolist()],
        dtype=bool,
    )
    early = early[in_time] if len(early) else early
    whole = np.zeros(lines.size, dtype=np.int64)
    whole[rows] = sold
    np.add.at(whole, lines.refund_of[early], _value_of_lines(computation, name, early))
    sold = np.maximum(whole[rows], 0)
    after = np.clip(before[rows] + now[rows], 0, sold)
    return Returned(rows, sold, np.minimum(before[rows], sold), after, places)


def _last_day(computation: "Computation", day: int) -> int:
    period = _period_of(computation, day)
    return day if period is None else period.days[1]


def _value_of_lines(computation: "Computation", name: str, rows: Rows) -> Column:
    """What some lines bring to a volume, whatever period they are of."""
    plan = computation.plan
    env = computation.line_environment(rows)
    value = as_numbers(plan.formula(f"volumes.{name}.of"), env)
    places = plan.document.volumes[name].places
    values = Numbers(np.array(value.spread(len(rows))), value.places).to_places(places).values
    where = plan.optional(f"volumes.{name}.where")
    return values if where is None else np.where(as_truths(where, env), values, 0)


def _state_of(computation: "Computation", name: str, returned: Returned) -> StateRows:
    lines = computation.snapshot.lines
    carried = computation.snapshot.earlier.state.find(RETURNED, name)
    rows = returned.row
    here = StateRows.make(
        member=lines.member[rows], day=lines.day[rows], order=lines.orders[rows],
        line=lines.lines[rows], value=Numbers(returned.after, returned.places),
    )  # fmt: skip
    if carried is None or carried.order is None or carried.line is None:
        return here
    # Lines that this period's file does not have keep what was known of them.
    known = set(zip(lines.orders[rows].tolist(), lines.lines[rows].tolist(), strict=True))
    pairs = zip(carried.order.tolist(), carried.line.tolist(), strict=True)
    other = np.array([pair not in known for pair in pairs], dtype=bool)
    if not other.any():
        return here
    assert here.order is not None
    assert here.line is not None
    return StateRows.make(
        member=np.concatenate((here.member, carried.member[other])),
        day=np.concatenate((here.day, carried.day[other])),
        order=np.concatenate((here.order, carried.order[other])),
        line=np.concatenate((here.line, carried.line[other])),
        value=Numbers(
            np.concatenate(
                (here.value.values, carried.value.to_places(returned.places).values[other])
            ),
            returned.places,
        ),
    )


def _old_awards(computation: "Computation", period: Period, name: str) -> OldAwards | None:
    for old in computation.snapshot.earlier.awards:
        if old.bonus == name and old.period == period:
            return old
    return None


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
    if isinstance(bonus, Matching):
        return _change_of_matching(computation, bonus, old, taken)
    is_group = isinstance(bonus, Differential) and bonus.form != "source"
    formula = plan.optional(f"bonuses.{name}.{'group' if is_group else 'base'}")
    if formula is None or bonus.kind not in TAKEN_BACK:
        return None
    volume = volume_of(plan, formula.names)
    if volume is None:
        return None
    of = returned[volume]
    parts: tuple[Column, ...] = _of_members(computation, old, volume, of)
    if is_group:
        parts = tuple(_of_groups(computation, bonus, old, column) for column in parts)
    else:
        parts = tuple(column[old.source] for column in parts)
    before, after, whole = _of_lines(computation, old, of, parts)
    if plan.formula(f"bonuses.{name}.base").text.strip() == volume:
        whole = old.base.to_places(of.places).spread(len(old.payee))
    change = Change(old, before, after, whole, of.places)
    return _per_payee(change) if plan.document.returns.later_period == "average" else change


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
    before, after, whole = (
        added(column) for column in (change.before, change.after, change.whole)
    )
    return Change(awards, before, after, whole, change.places)


def _reversal(computation: "Computation", change: Change) -> tuple[Awards, tuple[Column, Column]]:
    """Awards below nothing, and what all steps so far have taken from each member."""
    old, head = change.awards, computation.plan.document.plan
    parts = [
        portion(old.amount, np.minimum(part, change.whole), change.whole, mode=head.rounding.mode)
        for part in (change.before, change.after)
    ]
    sums = []
    for part in parts:
        gone = np.zeros(computation.size, dtype=np.int64)
        np.add.at(gone, old.payee, part)
        sums.append(gone)
    rows = np.flatnonzero(parts[0] != parts[1])
    amount = (parts[0] - parts[1])[rows]
    base = Numbers((change.before - change.after)[rows], change.places)
    lost = Awards(
        old.bonus, old.payee[rows], old.source[rows], old.level[rows], base, old.rate.at(rows),
        Numbers(amount, head.places), amount, np.zeros(len(rows), dtype=np.int64),
        (Reason(RETURNED, old.period.id),),
    )  # fmt: skip
    return lost, (sums[0], sums[1])


def portion(amount: Column, part: Column, whole: Column, *, mode: Rounding) -> Column:
    """`amount` × `part` / `whole`, rounded; nothing of nothing."""
    signs = np.sign(amount)
    quotients, rests = multiply_divide(np.abs(amount), np.maximum(part, 0), np.maximum(whole, 1))
    missing = np.maximum(whole, 1) - rests
    up = np.zeros(len(amount), dtype=bool)
    if mode is Rounding.CEILING:
        up = rests > 0
    elif mode not in (Rounding.DOWN, Rounding.FLOOR):
        up = rests > missing
        if mode is Rounding.HALF_UP:
            up |= rests == missing
        elif mode is Rounding.HALF_EVEN:
            up |= (rests == missing) & (quotients % 2 == 1)
    return np.where(whole > 0, signs * (quotients + up), 0)
