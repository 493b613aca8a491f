"""One-time: paid once per member and key, at once or in instalments (plan catalogue, 1.11).

With a ladder as key each rank is paid once: all ranks that were passed, or the highest alone, which
uses up those below it. With an attribute as key each of its words is paid once, without a key the
member once. A key is used up when it is paid for, not when a condition kept it from being paid; ranks
that history.csv says were held count as paid. Instalments split the money evenly, the last takes what
division left over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.bonuses import OneTime
from mlm_plugin.plan.expressions import Environment, Value, Words
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.sold import NO_SALE, needs_sales, sold_below
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths

ONCE, LEFT, SUM = "once", "instalments", "instalment_sum"
PAID_BEFORE = Reason("paid_before")
ONE = Numbers.constant(1)


@dataclass(frozen=True)
class Key:
    """One key: its word and number, who has it now, and who was paid for it."""

    word: str
    number: int
    has: Truths
    used: Truths


def calculate(bench: Bench) -> Lines:
    """Lines of a one-time bonus: payee and source are the same member, the level is the rank."""
    bonus = bench.bonus
    assert isinstance(bonus, OneTime)
    state: dict[tuple[str, str], StateRows] = {}
    behind = np.ones(bench.computation.size, dtype=bool)
    if not needs_sales(bench.computation.plan, bench.name):
        # A key must not be used up by an award that no sold line stands behind.
        behind = sold_below(bench.computation)
    later: Truths = np.zeros(bench.computation.size, dtype=bool)
    # From the highest key down, so that one that is paid can use up those below it.
    for key in sorted(_keys(bench, bonus), key=lambda each: -each.number):
        env = _environment(bench, bonus, key)
        left, money = _continue(bench, bonus, key, env)
        due = key.has & ~later & as_truths(bench.formula("when"), env)
        _skip(bench, due & key.used, key=key, env=env, reason=PAID_BEFORE)
        due &= ~key.used
        _skip(bench, due & ~behind, key=key, env=env, reason=NO_SALE)
        due &= behind
        paid = _pay(bench, np.flatnonzero(due), key=key, env=env, left=left, money=money)
        used = key.used.copy()
        used[paid] = True
        if bonus.skipped == "highest" and bonus.key in bench.computation.plan.document.ladders:
            used |= later
            later = later | used
        name = f"{bench.name}.{key.word}" if key.word else bench.name
        state[ONCE, name] = StateRows.of_members(used)
        everybody = np.arange(len(left))
        state[LEFT, name] = StateRows.make(member=everybody, value=Numbers(left))
        places = bench.computation.plan.document.plan.places
        state[SUM, name] = StateRows.make(member=everybody, value=Numbers(money, places))
    return bench.finish(state)


def _keys(bench: Bench, bonus: OneTime) -> Iterator[Key]:
    computation = bench.computation
    if bonus.key is None:
        yield Key("", 0, np.ones(computation.size, dtype=bool), _used(bench, ""))
        return
    column = computation.column(bonus.key)
    assert isinstance(column, Words)
    is_ladder = bonus.key in computation.plan.document.ladders
    for number, word in enumerate(column.words):
        if not word:
            continue
        has = column.codes >= number if is_ladder else column.codes == number
        if is_ladder and bonus.skipped == "highest":
            has = column.codes == number
        used = _used(bench, word)
        if is_ladder:
            used |= _told_rank(bench, bonus.key) >= number
        yield Key(word, number, np.asarray(has), used)


def _used(bench: Bench, word: str) -> Truths:
    used = np.zeros(bench.computation.size, dtype=bool)
    name = f"{bench.name}.{word}" if word else bench.name
    rows = bench.computation.snapshot.earlier.state.find(ONCE, name)
    if rows is not None:
        used[rows.member] = True
    return used


def _told_rank(bench: Bench, ladder: str) -> Rows:
    """The highest rank that history.csv says was held: it was paid for before there was a carry."""
    computation = bench.computation
    told = np.zeros(computation.size, dtype=np.int64)
    for known in computation.snapshot.earlier.known:
        if known.told and known.name in (ladder, f"{ladder}.career"):
            assert isinstance(known.value, Words)
            np.maximum.at(told, known.member, known.value.codes)
    return told


def _environment(bench: Bench, bonus: OneTime, key: Key) -> Environment:
    """Everybody, with the key that is asked about."""
    given: dict[str, Value] = {}
    if bonus.key is not None:
        column = bench.computation.column(bonus.key)
        assert isinstance(column, Words)
        given["key"] = Words(np.array(key.number, dtype=np.int64), column.words)
    return bench.computation.environment({"member": None}, bench.computation.size, given)


def _pay(
    bench: Bench, due: Rows, *, key: Key, env: Environment, left: Column, money: Column
) -> Rows:
    """Pay who is due, whole or a first instalment; the rows of those who may be paid."""
    bonus = bench.bonus
    assert isinstance(bonus, OneTime)
    if not len(due):
        return due
    pairs, rates = _worth(bench, due, key, env)
    held = bench.conditions.hold(bench.environment(pairs)) & (rates.values != 0)
    paid: Rows = due[held & (pairs.base.spread(len(due)) != 0)]
    if bonus.instalments == 1:
        bench.settle(pairs, rates)
        return paid
    head = bench.computation.plan.document.plan
    peg = bench.worked("peg", bench.environment(pairs))
    exact = Numbers((pairs.base * rates * peg).spread(len(due)), (pairs.base * rates * peg).places)
    money[due[held]] = exact.to_places(head.places, head.rounding.mode).values[held]
    left[due[held]] = bonus.instalments
    _pay_instalments(bench, due[held], key, left, money)
    return paid


def _worth(bench: Bench, rows: Rows, key: Key, env: Environment) -> tuple[Pairs, Numbers]:
    """What a key brings to some members: pairs with themselves, and rates."""
    bonus = bench.bonus
    assert isinstance(bonus, OneTime)
    if bonus.amount is not None:
        base, rate = bench.worked("amount", env), ONE
    else:
        base, rate = bench.worked("base", env), bench.worked("rate", env)
    spread = Numbers(base.spread(env.size), base.places)
    pairs = Pairs.make(payee=rows, source=rows, level=key.number, base=spread)
    return pairs, Numbers(rate.spread(env.size)[rows], rate.places)


def _skip(bench: Bench, members: Truths, *, key: Key, env: Environment, reason: Reason) -> None:
    if bench.wants_skips and members.any():
        bench.skip(*_worth(bench, np.flatnonzero(members), key, env), reason)


def _continue(bench: Bench, bonus: OneTime, key: Key, env: Environment) -> tuple[Column, Column]:
    """Pay what is due of earlier instalments; per member how many are left, and how much."""
    computation = bench.computation
    state, places = computation.snapshot.earlier.state, computation.plan.document.plan.places
    name = f"{bench.name}.{key.word}" if key.word else bench.name
    left, money = (np.zeros(computation.size, dtype=np.int64) for _column in range(2))
    counts, sums = state.find(LEFT, name), state.find(SUM, name)
    if counts is None or sums is None:
        return left, money
    left = counts.per_member(computation.size, 0)
    money = sums.per_member(computation.size, places)
    held = left > 0
    formula = bench.optional("while_held")
    if formula is not None:
        held &= as_truths(formula, env)
    held &= bench.conditions.hold(bench.all)
    if bonus.on_break == "end":
        left, money = np.where(held, left, 0), np.where(held, money, 0)
    _pay_instalments(bench, np.flatnonzero(held), key, left, money)
    return left, money


def _pay_instalments(bench: Bench, rows: Rows, key: Key, left: Column, money: Column) -> None:
    """One instalment to each of some members, taken off what is left."""
    bonus = bench.bonus
    assert isinstance(bonus, OneTime)
    places = bench.computation.plan.document.plan.places
    amount = money[rows] // np.maximum(left[rows], 1)
    for count in np.unique(left[rows]).tolist() if bench.pays else []:
        now = np.flatnonzero(left[rows] == count)
        bench.awards.add(
            payee=rows[now], source=rows[now], level=key.number, base=Numbers(amount[now], places),
            rate=ONE, peg=ONE,
            reason=Reason("instalment", f"{bonus.instalments - count + 1}/{bonus.instalments}"),
        )  # fmt: skip
    money[rows] -= amount
    left[rows] -= 1
    money[rows[left[rows] == 0]] = 0
