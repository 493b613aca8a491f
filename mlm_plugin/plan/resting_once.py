"""One-time bonuses taken back, with the instalments that are still to be paid (catalogue, 1.15).

What is returned of the volume of the period in which a key was earned takes back the same part of all
that the key brings. It comes off instalments not yet paid first; what they do not cover is taken back.
The key stays used, since the rank that was reached stays reached.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import AwardList, Awards, Reason
from mlm_plugin.plan.bonuses.one_time import LEFT, ONE, SUM
from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.changes import portion
from mlm_plugin.plan.document.bonuses import OneTime
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.resting import all_or_nothing, parts_returned, rests_on_volume
from mlm_plugin.plan.returns import RETURNED, Returned
from mlm_plugin.plan.state import NO_DATE, StateRows
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

GRANTED, CUT = "granted", "granted_cut"
States = dict[tuple[str, str], StateRows]


def is_paid_once(plan: "Plan", bonus: str) -> bool:
    """Whether a bonus pays once per key."""
    return isinstance(plan.document.bonuses[bonus], OneTime)


def state_of_grants(computation: "Computation", awards: Mapping[str, Awards]) -> States:
    """What each key of one-time bonuses has brought so far, for returns in periods to come."""
    plan, places = computation.plan, computation.plan.document.plan.places
    before, state = computation.snapshot.earlier.state, States()
    _first, last = computation.snapshot.period.days
    for name, lines in awards.items():
        if not (is_paid_once(plan, name) and rests_on_volume(plan, name)):
            continue
        for number, key in _keys(computation, name):
            now = lines.chosen(lines.level == number)
            money, day = _money_and_day(computation, GRANTED, key)
            day[now.payee[day[now.payee] == NO_DATE]] = last
            np.add.at(money, now.payee, now.amount)
            rows = np.flatnonzero(money)
            state[GRANTED, key] = StateRows.make(
                member=rows, day=day[rows], value=Numbers(money[rows], places)
            )
            cut = before.find(CUT, key)
            if cut is not None:
                state[CUT, key] = cut
    return state


def _keys(computation: "Computation", name: str) -> Iterator[tuple[int, str]]:
    """The number of each key, and under which name its state is kept."""
    bonus = computation.plan.document.bonuses[name]
    assert isinstance(bonus, OneTime)
    if bonus.key is None:
        yield 0, name
        return
    column = computation.column(bonus.key)
    assert isinstance(column, Words)
    yield from ((number, f"{name}.{word}") for number, word in enumerate(column.words) if word)


def _money_and_day(computation: "Computation", kind: str, key: str) -> tuple[Column, Column]:
    rows = computation.snapshot.earlier.state.find(kind, key)
    return _columns(computation, rows)


def _columns(computation: "Computation", rows: StateRows | None) -> tuple[Column, Column]:
    """Values, in money, and days per member."""
    money = np.zeros(computation.size, dtype=np.int64)
    day = np.full(computation.size, NO_DATE, dtype=np.int64)
    if rows is not None:
        money[rows.member] = rows.value.to_places(computation.plan.document.plan.places).values
        day[rows.member] = rows.day
    return money, day


def take_back_once(
    computation: "Computation",
    name: str,
    period: Period,
    *,
    returned: Mapping[str, Returned],
    state: States,
) -> tuple[Awards, list["TakenOnce"]]:
    """Awards below nothing for what was earned in a period, and what that took of each key so far.

    `state` is changed with what is cut.
    """
    parts = parts_returned(computation, f"bonuses.{name}.rests_on", period, returned)
    lost, all_taken = AwardList(name), []
    for number, key in _keys(computation, name):
        granted, day = _columns(computation, state.get((GRANTED, key)))
        first, last = period.days
        rows = np.flatnonzero((granted != 0) & (day >= first) & (day <= last))
        if not len(rows):
            continue
        whole, before, after = (each.at(rows) for each in parts)
        env = computation.environment({"member": rows}, len(rows), _key(computation, name, number))
        whole, before, after = all_or_nothing(computation, name, (whole, before, after), env)
        waiting, _day = _columns(computation, state.get((SUM, key)))
        cut, _day = _columns(computation, state.get((CUT, key)))
        cut_before = cut[rows]
        total = (granted + waiting + cut)[rows]
        mode = computation.plan.document.plan.rounding.mode
        taken = [
            portion(total, np.minimum(part.values, whole.values), whole.values, mode=mode)
            for part in (before, after)
        ]
        due = taken[1] - taken[0]
        of_waiting = np.clip(due, 0, waiting[rows])
        of_paid = taken[0] - cut_before, taken[1] - cut_before - of_waiting
        all_taken.append(TakenOnce(period, number, rows, *of_paid))
        _cut(computation, key, rows, of_waiting, waiting=waiting, cut=cut, state=state)
        _note(computation, lost, rows, number, money=of_waiting - due,
              base=Numbers(before.values - after.values, whole.places), period=period)  # fmt: skip
    found, places = lost.finish(), computation.plan.document.plan.places
    return replace(found, amount=found.exact.to_places(places).values), all_taken


@dataclass(frozen=True)
class TakenOnce:
    """What returns took of money that was paid for a key, before this period and with it.

    `period` is the one the key was earned in, `number` that of the key.
    """

    period: Period
    number: int
    rows: Rows
    before: Column
    after: Column


def taken_by_period(
    computation: "Computation", taken: TakenOnce, paid: Iterable[OldAwards]
) -> Iterator[tuple[Period, Column, Column]]:
    """In which periods the money was paid that is taken back, for bonuses that matched it there.

    The first instalments go first, so what was taken before stays where it was. `paid` is what the
    bonus paid, the earliest period first.
    """
    left = np.zeros((2, computation.size), dtype=np.int64)
    left[:, taken.rows] = np.maximum((taken.before, taken.after), 0)
    for old in paid:
        if old.period.first < taken.period.first:
            continue
        there = np.zeros(computation.size, dtype=np.int64)
        of_key = np.flatnonzero(old.level == taken.number)
        np.add.at(there, old.source[of_key], old.amount[of_key])
        part = np.minimum(left, np.maximum(there, 0))
        left -= part
        yield old.period, part[0], part[1]


def _key(computation: "Computation", name: str, number: int) -> dict[str, Value]:
    bonus = computation.plan.document.bonuses[name]
    assert isinstance(bonus, OneTime)
    if bonus.key is None:
        return {}
    column = computation.column(bonus.key)
    assert isinstance(column, Words)
    return {"key": Words(np.array(number, dtype=np.int64), column.words)}


def _cut(
    computation: "Computation", key: str, rows: Rows, money: Column, *, waiting: Column,
    cut: Column, state: States,
) -> None:  # fmt: skip
    """Take money off instalments that are still to be paid."""
    if not money.any():
        return
    places = computation.plan.document.plan.places
    waiting[rows] -= money
    cut[rows] += money
    left, _day = _columns(computation, None)
    counts = state.get((LEFT, key))
    if counts is not None:
        left[counts.member] = counts.value.to_places(0).values
    everybody = np.arange(computation.size)
    left[waiting == 0] = 0
    state[LEFT, key] = StateRows.make(member=everybody, value=Numbers(left))
    state[SUM, key] = StateRows.make(member=everybody, value=Numbers(waiting, places))
    state[CUT, key] = StateRows.make(member=everybody, value=Numbers(cut, places))


def _note(
    computation: "Computation", lost: AwardList, rows: Rows, number: int, *, money: Column,
    base: Numbers, period: Period,
) -> None:  # fmt: skip
    places = computation.plan.document.plan.places
    some = np.flatnonzero(money)
    lost.add(
        payee=rows[some], source=rows[some], level=number, base=base.at(some), rate=ONE, peg=ONE,
        reason=Reason(RETURNED, period.id), exact=Numbers(money[some], places),
    )  # fmt: skip
