"""Pool: a fund shared among all who qualify, by their shares (plan catalogue, 1.12).

Normalised, the fund is handed out exactly: each gets the part of its shares rounded down, and what
is missing goes to the largest remainders. Not normalised, a share is a part of the whole fund, and
the sum may be more or less than it. With `by` there is a fund for each market, or whatever the
attribute says, which its own members share.

`most` bounds what one member gets; what is above it stays with the company or goes to the others.
Where nobody qualifies, the fund stays with the company or is added to the next period's.

With `unpaid_of` the fund is what is left of it by other bonuses: commission that nobody earned.
"""

from dataclasses import replace

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.bonuses import Pool
from mlm_plugin.plan.expressions import Words
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column, Rounding, multiply_divide, share_out
from mlm_plugin.plan.numbers import Numbers, check_sum
from mlm_plugin.plan.state import NO_DATE, NOBODY, StateRows
from mlm_plugin.plan.trees import Rows

STATE = "pool"
CAPPED = Reason("cap")
ONE = Numbers.constant(1)


def calculate(bench: Bench) -> Lines:
    """Lines of a pool: the source is the payee, the base what its shares are worth."""
    bonus = bench.bonus
    assert isinstance(bonus, Pool)
    shares, fund = bench.numbers("share"), bench.numbers("fund")
    may = bench.conditions.hold(bench.all)
    members = np.flatnonzero(may & (shares.values > 0))
    state = {}
    for key, rows in _groups(bench, bonus):
        inside = np.intersect1d(members, rows, assume_unique=True)
        money = _fund(bench, bonus, fund, rows, key)
        if len(inside):
            _share_out(bench, bonus, inside, shares.at(inside), money)
        elif bonus.unclaimed == "carry":
            state[STATE, key] = _carried(money)
        if bench.wants_skips:
            _note_skips(bench, bonus, rows, shares, money, total=int(shares.values[inside].sum()))
    return bench.finish(state)


def _groups(bench: Bench, bonus: Pool) -> list[tuple[str, Rows]]:
    """Under which name a fund is carried, and whose it is."""
    everybody = np.arange(bench.computation.size)
    if bonus.by is None:
        return [(bench.name, everybody)]
    words = bench.computation.column(bonus.by)
    assert isinstance(words, Words)
    return [
        (f"{bench.name}.{word}", rows)
        for code, word in enumerate(words.words)
        if word and len(rows := np.flatnonzero(words.codes == code))
    ]


def _fund(bench: Bench, bonus: Pool, fund: Numbers, rows: Rows, key: str) -> Numbers:
    """The fund of one group, with what earlier periods left in it, in units the plan pays in."""
    own = fund.at(rows[:1])
    if bonus.unpaid_of:
        left = own - _paid_on(bench, bonus, rows)
        own = Numbers(np.maximum(left.values, 0), left.places)
    carried = bench.computation.snapshot.earlier.state.find(STATE, key)
    if carried is not None:
        own = own + Numbers(carried.value.values[:1], carried.value.places)
    return own


def _paid_on(bench: Bench, bonus: Pool, sources: Rows) -> Numbers:
    """What the bonuses of `unpaid_of` paid on the volume of some members."""
    is_source = np.zeros(bench.computation.size, dtype=bool)
    is_source[sources] = True
    paid = [bench.earned[name] for name in bonus.unpaid_of]
    total = sum(int(each.amount[is_source[each.source]].sum()) for each in paid)
    return Numbers(np.array(total), bench.computation.plan.document.plan.places)


def _carried(money: Numbers) -> StateRows:
    nobody, no_date = np.array([NOBODY]), np.array([NO_DATE])
    return StateRows.make(member=nobody, leg=np.zeros(1, dtype=np.int64), day=no_date, value=money)


def _share_out(bench: Bench, bonus: Pool, members: Rows, shares: Numbers, money: Numbers) -> None:
    """One fund over its members."""
    if not bonus.normalise:
        alike = Numbers(np.broadcast_to(money.values, (bench.computation.size,)), money.places)
        bench.pay(Pairs.make(payee=members, source=members, level=0, base=alike), shares)
        return
    places = bench.computation.plan.document.plan.places
    fund = np.maximum(money.to_places(places).values, 0)
    most, bound = _bounds(bench, members, places)
    amounts = _parts(bonus, shares.values, fund)
    capped = np.zeros(len(members), dtype=bool)
    while (over := ~capped & (amounts > bound)).any():
        capped |= over
        amounts = np.where(capped, bound, amounts)
        rest = np.maximum(fund - bound[capped].sum(), 0)
        if bonus.above_most == "company" or capped.all():
            break
        amounts[~capped] = _parts(bonus, shares.values[~capped], rest)
    pairs = Pairs(
        members, members, np.zeros(len(members), dtype=np.int64), Numbers(amounts, places)
    )
    whole = np.flatnonzero(~capped & (amounts > 0))
    bench.pay(pairs.at(whole), ONE)
    cut = np.flatnonzero(capped & (amounts > 0))
    bench.pay(pairs.at(cut), ONE, CAPPED, exact=Numbers(most[cut], places))


def _bounds(bench: Bench, members: Rows, places: int) -> tuple[Column, Column]:
    """The most money of each member, and how much of the fund that is."""
    formula = bench.optional("most")
    if formula is None:
        endless = np.full(len(members), 2**62, dtype=np.int64)
        return endless, endless
    bound = as_numbers(formula, bench.all).to_places(places)
    most = np.maximum(bound.spread(bench.computation.size)[members], 0)
    nothing = Numbers(np.zeros(bench.computation.size, dtype=np.int64))
    peg = bench.pegs(Pairs.make(payee=members, source=members, level=0, base=nothing))
    of_fund = (Numbers(most, places) / peg).to_places(places, Rounding.DOWN).values
    return most, np.where(peg.values > 0, of_fund, 2**62)


def _parts(bonus: Pool, shares: Column, fund: Column) -> Column:
    """A fund in proportion to shares: rounded down, or handed out to the last unit."""
    if bonus.residue == "keep":
        count = len(shares)
        amounts, _rests = multiply_divide(
            np.broadcast_to(fund, (count,)),
            shares,
            np.broadcast_to(check_sum(shares).sum(), (count,)),
        )
        return amounts
    groups = np.zeros(len(shares), dtype=np.int64)
    return share_out(shares, groups=groups, totals=np.atleast_1d(fund))


def _note_skips(
    bench: Bench, bonus: Pool, rows: Rows, shares: Numbers, money: Numbers, *, total: int
) -> None:
    """Who has shares and may not be paid: with one more to share, the part would have been this."""
    everybody = np.arange(bench.computation.size)
    pairs = Pairs.make(payee=everybody, source=everybody, level=0, base=shares).at(rows)
    pairs = pairs.at(np.flatnonzero(pairs.base.values > 0))
    places = bench.computation.plan.document.plan.places
    part = pairs.base.values
    whole = total + part if bonus.normalise else np.full(pairs.size, 10**shares.places)
    fund = np.maximum(money.to_places(places).values, 0)
    worth, _rests = multiply_divide(np.broadcast_to(fund, (pairs.size,)), part, whole)
    pairs = replace(pairs, base=Numbers(worth, places))
    failing = bench.conditions.first_failing(bench.environment(pairs))
    for number, reason in enumerate(bench.conditions.reasons):
        bench.skip(pairs.at(np.flatnonzero(failing == number)), Numbers.constant(1), reason)
