"""Binary: the volume of two legs matched against each other (plan catalogue, 1.8).

Each leg is what was carried in plus the period's volume of everybody on that side. What is matched
is paid by percent, by step or by cycle; what stays is carried to the next period as the plan says.
Positions stand where they stand: a binary is never compressed.
"""

from dataclasses import dataclass, replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.bonuses.cycles import FIRST_PAIR, find_cycles, had_first_pair
from mlm_plugin.plan.bonuses.lots import Lots
from mlm_plugin.plan.document.bonuses import LegMatch
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import NO_DATE, StateRows
from mlm_plugin.plan.tables import make_column
from mlm_plugin.plan.trees import Truths
from mlm_plugin.plan.windows import first_day_of_window

LEGS = 2
CARRY = "binary"
CAPPED = Reason("cap")
ZERO = Numbers.constant(0)
FIRST = Reason("first_pair")
IDLE = "idle"
NO_LEG_BALANCE = Reason("no_leg_balance")


@dataclass
class Matched:
    """What was matched per position: volume taken per leg, and what one unit of `base` brings.

    `first` says where a first pair is among the cycles of `base`, which brings `first_rate`. `over` is
    the number of cycles above the most there may be, and `over_taken` what those would take.
    """

    taken: Column
    base: Numbers
    rate: Numbers
    first: Truths
    first_rate: Numbers = ZERO
    over: Column | None = None
    over_taken: Column | None = None


def calculate(bench: Bench) -> Lines:
    """Lines of a binary bonus: source is the position itself, base the matched volume or cycles."""
    bonus = bench.bonus
    assert isinstance(bonus, LegMatch)
    places, lots = _lots(bench, bonus)
    legs = lots.per_leg(members=bench.computation.size, legs=LEGS)
    may = bench.conditions.hold(bench.all)
    matched = _match(bench, bonus, legs, places)
    if bonus.unqualified != "net":
        matched.taken[:, ~may] = 0
    matched.first &= may
    amount, paid = _bounded(bench, bonus, matched, may)
    taken, above = _above_bounds(bonus, matched, amount, paid, may)
    idle = _idle(bench, bonus)
    left = _after(bench, bonus, lots.used_up(taken), places, above=above, may=may, idle=idle)
    _write(bench, matched, may, amount, paid)
    _note_cycles_above(bench, matched, may)
    if bench.wants_skips:
        strong = Numbers(np.where(may, np.maximum(legs.max(axis=0), 0), 0), places)
        _note_unmatched(bench, bonus, strong, matched)
    rows = StateRows.make(
        member=left.member, leg=left.leg + 1, day=left.day, value=Numbers(left.value, places)
    )
    state = {(CARRY, bench.name): rows}
    if bonus.first_pair is not None:
        paired = had_first_pair(bench) | matched.first
        state[FIRST_PAIR, bench.name] = StateRows.of_members(paired)
    if bonus.flush_after > 1:
        everybody = np.arange(len(may))
        state[IDLE, bench.name] = StateRows.make(member=everybody, value=Numbers(idle))
    return bench.finish(state)


def _lots(bench: Bench, bonus: LegMatch) -> tuple[int, Lots]:
    """Carried lots, less those that expired, and this period's volume as the newest lot."""
    tree, volume = bench.tree, bench.numbers("volume")
    snapshot = bench.computation.snapshot
    _first, last = snapshot.period.days
    below = tree.sum_subtrees(volume.values)
    everybody = np.arange(tree.size)
    parts = []
    carried = snapshot.earlier.state.find(CARRY, bench.name)
    if carried is not None:
        value = carried.value.to_places(volume.places).values
        parts.append(Lots(carried.member, carried.leg - 1, carried.day, value))
    for leg in range(LEGS):
        child = tree.child_on(leg)
        there = np.flatnonzero(child >= 0)
        day = np.full(len(there), last, dtype=np.int64)
        parts.append(Lots(there, np.full(len(there), leg), day, below[child[there]]))
    lots = Lots.join(parts)
    if bonus.own_volume == "weaker":
        weaker = np.argmin(lots.per_leg(members=tree.size, legs=LEGS), axis=0)
        day = np.full(tree.size, last, dtype=np.int64)
        lots = Lots.join([lots, Lots(everybody, weaker, day, volume.values)])
    lots = lots.netted()
    if bonus.expires is not None:
        oldest = first_day_of_window(
            period=snapshot.period,
            length=bonus.expires + 1,
            calendars=bench.computation.plan.calendars,
        )
        lots = lots.kept((lots.day >= oldest) | (lots.day == NO_DATE) | (lots.value < 0))
    return volume.places, lots


def _match(bench: Bench, bonus: LegMatch, legs: Column, places: int) -> Matched:
    weaker = np.maximum(legs.min(axis=0), 0)
    no_pair = np.zeros(legs.shape[1], dtype=bool)
    if bonus.unit == "percent":
        rate = bench.numbers("rate")
        if bonus.by_ratio:
            rate = rate * (Numbers(weaker) / Numbers(np.maximum(legs.max(axis=0), 0)))
        return Matched(np.stack([weaker, weaker]), Numbers(weaker, places), rate, no_pair)
    if bonus.unit == "steps":
        steps = make_column(list(bonus.steps)).to_places(places).values
        step = np.concatenate(([0], steps))[np.searchsorted(steps, weaker, side="right")]
        rate = bench.numbers("rate")
        return Matched(np.stack([step, step]), Numbers(step, places), rate, no_pair)
    found = find_cycles(bench, bonus, legs, places)
    first_rate = ZERO if bonus.first_pay is None else bench.numbers("first_pay")
    return Matched(
        found.taken, Numbers(found.count), bench.numbers("pay"), found.first, first_rate,
        found.over, found.over_taken,
    )  # fmt: skip


def _bounded(bench: Bench, bonus: LegMatch, matched: Matched, may: Truths) -> tuple[Column, Column]:
    """Money before and after the bound per position, in the smallest unit."""
    head = bench.computation.plan.document.plan
    first = Numbers(matched.first.astype(np.int64))
    exact = (matched.base - first) * matched.rate + first * matched.first_rate
    exact = exact * bench.worked("peg", bench.all)
    amount = np.where(may, exact.to_places(head.places, head.rounding.mode).values, 0)
    most = bench.optional("most")
    if most is None:
        return amount, amount
    bound = as_numbers(most, bench.all).to_places(head.places).spread(len(amount))
    return amount, np.minimum(amount, np.maximum(bound, 0))


def _above_bounds(
    bonus: LegMatch, matched: Matched, amount: Column, paid: Column, may: Truths
) -> tuple[Column, Truths]:
    """What is taken from each leg (a row per leg), and who matched more than a bound lets him be paid."""
    above: Truths = paid < amount
    taken = matched.taken
    if bonus.above_most == "keep":
        taken = _paid_part(matched, amount, paid)
    if matched.over is not None and matched.over_taken is not None:
        above = above | (may & (matched.over > 0))
        if bonus.above_most == "consume":
            taken = taken + np.where(may, matched.over_taken, 0)
    return taken, above


def _paid_part(matched: Matched, amount: Column, paid: Column) -> Column:
    """The volume that was really paid, where what is above the bound stays in the legs."""
    share = Numbers(paid) / Numbers(np.maximum(amount, 1))
    part = np.where(amount > 0, (Numbers(matched.taken) * share).to_places(0).values, 0)
    return np.where(paid < amount, part, matched.taken)


def _after(
    bench: Bench,
    bonus: LegMatch,
    left: Lots,
    places: int,
    *,
    above: Truths,
    may: Truths,
    idle: Column,
) -> Lots:
    """What stays in the legs for the next period."""
    gone = np.zeros(len(may), dtype=bool)
    if bonus.above_most == "flush":
        gone |= above
    if bonus.after == "flush":
        gone |= may
    if bonus.unqualified == "flush":
        gone |= ~may
    gone |= idle >= bonus.flush_after
    left = left.kept(~gone[left.member])
    most = bench.optional("carry_most")
    if most is not None:
        left = left.bounded(as_numbers(most, bench.all).to_places(places).spread(len(may)))
    return left


def _idle(bench: Bench, bonus: LegMatch) -> Column:
    """How many periods in a row `flush_when` has held by now."""
    flushed = bench.truths("flush_when")
    idle = np.zeros(bench.computation.size, dtype=np.int64)
    if flushed is None:
        return idle
    before = bench.computation.snapshot.earlier.state.find(IDLE, bench.name)
    if before is not None:
        idle = before.per_member(len(idle), 0)
    return np.where(flushed, idle + 1, 0)


def _write(bench: Bench, matched: Matched, may: Truths, amount: Column, paid: Column) -> None:
    rows = np.flatnonzero(matched.base.values > 0)
    pairs = Pairs.make(payee=rows, source=rows, level=0, base=matched.base)
    may, amount, paid = may[rows], amount[rows], paid[rows]
    rate = Numbers(matched.rate.spread(len(matched.base.values))[rows], matched.rate.places)
    due = np.flatnonzero(may & (paid == amount) & (amount > 0))
    first = due[matched.first[rows[due]]]
    if len(first):
        _write_first_pairs(bench, pairs.at(first), matched)
        pairs = replace(pairs, base=pairs.base - Numbers(matched.first[rows].astype(np.int64)))
        due = due[pairs.base.values[due] > 0]
    bench.pay(pairs.at(due), rate.at(due))
    _write_capped(bench, pairs, rate, amount=amount, paid=np.where(may, paid, amount))
    failing = bench.conditions.first_failing(bench.environment(pairs))
    for number, reason in enumerate(bench.conditions.reasons):
        failed = np.flatnonzero(failing == number)
        bench.skip(pairs.at(failed), rate.at(failed), reason)


def _write_first_pairs(bench: Bench, pairs: Pairs, matched: Matched) -> None:
    """A line of its own for each first pair, which brings another amount."""
    one = Numbers(np.ones(pairs.size, dtype=np.int64))
    rate = Numbers(matched.first_rate.spread(len(matched.first)), matched.first_rate.places)
    bench.pay(replace(pairs, base=one), rate.at(pairs.payee), FIRST)


def _write_capped(
    bench: Bench, pairs: Pairs, rate: Numbers, *, amount: Column, paid: Column
) -> None:
    """Lines with what the bound leaves, and a skip of what it takes."""
    places = bench.computation.plan.document.plan.places
    cut = np.flatnonzero(paid < amount)
    pairs, rate = pairs.at(cut), rate.at(cut)
    left, taken = Numbers(paid[cut], places), Numbers((amount - paid)[cut], places)
    bench.pay(pairs, rate, CAPPED, exact=left)
    bench.skip(pairs, rate, CAPPED, exact=taken)


def _note_cycles_above(bench: Bench, matched: Matched, may: Truths) -> None:
    """Skips of the cycles that are more than a position may have."""
    if matched.over is None:
        return
    rows = np.flatnonzero(may & (matched.over > 0))
    pairs = Pairs.make(payee=rows, source=rows, level=0, base=Numbers(matched.over))
    rate = Numbers(matched.rate.spread(len(may))[rows], matched.rate.places)
    bench.skip(pairs, rate, CAPPED)


def _note_unmatched(bench: Bench, bonus: LegMatch, strong: Numbers, matched: Matched) -> None:
    """Skips of positions with volume on one side that found nothing to match on the other.

    What it would have been counts the stronger leg as matched, where a rate says what that is.
    """
    unmatched = (strong.values > 0) & (matched.base.values <= 0)
    if matched.over is not None:
        unmatched &= matched.over <= 0
    rows = np.flatnonzero(unmatched)
    pairs = Pairs.make(payee=rows, source=rows, level=0, base=strong)
    rate = Numbers(matched.rate.spread(len(strong.values))[rows], matched.rate.places)
    if bonus.unit in ("cycles", "pairs"):
        rate = Numbers.constant(0)
    bench.skip(pairs, rate, NO_LEG_BALANCE)
