"""Points: loyalty points that are collected, spent on goods, and expire (plan catalogue, 1.13).

Points are kept as dated lots, the oldest spent first. They are paid when they are spent: an award is
what goods were paid with. More than there is cannot be spent. Returned volume takes points away; what
were spent already is owed, and taken off points to come.
"""

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.lots import Lots
from mlm_plugin.plan.document.further import Points
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.windows import first_day_of_window

STATE = "points"
TOO_FEW = Reason("too_few_points")
EXPIRED = Reason("expired")
ONE = Numbers.constant(1)


def calculate(bench: Bench) -> Lines:
    """Lines of loyalty points: payee and source are the same member, the base is what was spent."""
    bonus, computation = bench.bonus, bench.computation
    assert isinstance(bonus, Points)
    head = computation.plan.document.plan
    wanted = as_numbers(bench.formula("spent"), bench.all).to_places(head.places)
    spent = np.maximum(wanted.spread(computation.size), 0)
    lots, expired = _lots(bench, bonus, _collected(bench))
    there = np.maximum(lots.per_leg(members=computation.size, legs=1), 0)
    used = np.minimum(spent, there[0])
    left = lots.used_up(used[np.newaxis])
    for amount, reason in ((used, None), (spent - used, TOO_FEW), (expired, EXPIRED)):
        rows = np.flatnonzero(amount)
        base = Numbers(amount, head.places)
        pairs = Pairs.make(payee=rows, source=rows, level=0, base=base)
        if reason is None:
            bench.pay(pairs, ONE)
        else:
            bench.skip(pairs, ONE, reason)
    rows_of_state = StateRows.make(
        member=left.member, day=left.day, value=Numbers(left.value, head.places)
    )
    return bench.finish({(STATE, bench.name): rows_of_state})


def _collected(bench: Bench) -> Column:
    """The points of the period, of those who may collect any; returned volume counts for everybody."""
    head = bench.computation.plan.document.plan
    volume, rate = bench.numbers("volume"), bench.numbers("rate")
    points = (volume * rate).to_places(head.places, head.rounding.mode).values
    failing = bench.conditions.first_failing(bench.all)
    lost = (failing >= 0) & (points > 0)
    for number, reason in enumerate(bench.conditions.reasons):
        rows = np.flatnonzero(lost & (failing == number))
        bench.skip(Pairs.make(payee=rows, source=rows, level=0, base=volume), rate.at(rows), reason)
    return np.where(lost, 0, points)


def _lots(bench: Bench, bonus: Points, collected: Column) -> tuple[Lots, Column]:
    """The lots that can be spent, with those of the period, and what has expired of each member's."""
    snapshot, places = bench.computation.snapshot, bench.computation.plan.document.plan.places
    _first, last = snapshot.period.days
    everybody = np.arange(len(collected))
    none = np.zeros_like(everybody)
    parts = [Lots(everybody, none, np.full(len(collected), last), collected)]
    carried = snapshot.earlier.state.find(STATE, bench.name)
    if carried is not None:
        value = carried.value.to_places(places).values
        parts.append(Lots(carried.member, np.zeros_like(carried.member), carried.day, value))
    lots = Lots.join(parts).netted()
    expired = np.zeros_like(collected)
    if bonus.expires is not None:
        oldest = first_day_of_window(
            period=snapshot.period,
            length=bonus.expires + 1,
            calendars=bench.computation.plan.calendars,
        )
        # What is owed has no date, and does not expire.
        is_old = (lots.day < oldest) & (lots.value > 0)
        np.add.at(expired, lots.member[is_old], lots.value[is_old])
        lots = lots.kept(~is_old)
    return lots, expired
