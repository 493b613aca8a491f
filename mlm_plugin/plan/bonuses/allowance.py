"""Allowance: a fixed amount for each period in which a condition holds (plan catalogue, 1.11).

A car, a lifestyle bonus. A table by rank in `amount` pays the highest tier alone. For `grace_periods`
after the last period that qualified the amount of then is still paid. Nothing is paid to anybody whose
`volume` is zero: an amount that no sold line stands behind does not exist. An amount below nothing is a
co-payment, which asks for no volume and has no grace.
"""

import numpy as np

from mlm_plugin.plan.awards import PAID, Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.further import Allowance
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import NO_DATE, StateRows

STATE = "allowance"
GRACE = Reason("grace")
NO_VOLUME = Reason("no_volume")


def calculate(bench: Bench) -> Lines:
    """Lines of an allowance: base 1, rate the amount; state says how many periods of grace are left."""
    bonus = bench.bonus
    assert isinstance(bonus, Allowance)
    everybody = np.arange(bench.computation.size)
    may = bench.conditions.hold(bench.all)
    amount = bench.numbers("amount")
    sells = (bench.numbers("volume").values > 0) | (amount.values < 0)
    earned = may & (amount.values != 0)
    held, left = _held(bench, amount.places)
    graced = ~earned & (left > 0)
    rate = Numbers(np.where(earned, amount.values, held), amount.places)
    pairs = Pairs.make(payee=everybody, source=everybody, level=0, base=Numbers(np.ones_like(held)))
    for rows, reason in ((earned & sells, PAID), (graced & sells, GRACE)):
        chosen = np.flatnonzero(rows)
        bench.pay(pairs.at(chosen), rate.at(chosen), reason)
    _note_skips(bench, pairs, amount, earned=earned, unpaid=~sells & (earned | graced))
    left = np.where(earned, bonus.grace_periods, np.maximum(left - 1, 0))
    keeps = np.flatnonzero((left > 0) & (rate.values > 0))
    # The leg column holds the periods that are left, the value the amount they are worth.
    rows_of_state = StateRows.make(
        member=keeps, leg=left[keeps], day=np.full(len(keeps), NO_DATE), value=rate.at(keeps)
    )
    return bench.finish({(STATE, bench.name): rows_of_state})


def _held(bench: Bench, places: int) -> tuple[np.ndarray, np.ndarray]:
    """Per member the amount and the number of periods of grace that earlier periods left."""
    held = np.zeros(bench.computation.size, dtype=np.int64)
    left = np.zeros(bench.computation.size, dtype=np.int64)
    before = bench.computation.snapshot.earlier.state.find(STATE, bench.name)
    if before is not None:
        held[before.member] = before.value.to_places(places).values
        left[before.member] = before.leg
    return held, left


def _note_skips(
    bench: Bench, pairs: Pairs, amount: Numbers, *, earned: np.ndarray, unpaid: np.ndarray
) -> None:
    failing = bench.conditions.first_failing(bench.all)
    for number, reason in enumerate(bench.conditions.reasons):
        failed = np.flatnonzero((failing == number) & (amount.values > 0) & ~earned)
        bench.skip(pairs.at(failed), amount.at(failed), reason)
    without = np.flatnonzero(unpaid)
    bench.skip(pairs.at(without), amount.at(without), NO_VOLUME)
