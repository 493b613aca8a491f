"""Pay legs: all legs but the strongest are paid on (plan catalogue, 1.8, n-leg balance).

A leg is what was carried in it plus the period's volume of everybody in it. The `excluded` strongest
are power legs; the others are paid on, each up to `most_per_leg`. With `smallest_of` the strongest legs
are matched instead: the smallest of them is paid on, and as much is used up in each. What is not used
up is carried by the leg's head. Who may not be paid uses nothing up.
"""

from dataclasses import dataclass

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.further import PayLegs
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Truths

STATE = "pay_leg"
CAPPED = Reason("cap")


@dataclass(frozen=True)
class Legs:
    """A row per leg: its head, whose leg it is, its volume, and how much of that is used for pay.

    `base` has a row per member: the volume that is paid on.
    """

    head: Rows
    parent: Rows
    volume: Column
    is_power: Truths
    used: Column
    base: Column
    places: int


def calculate(bench: Bench) -> Lines:
    """Lines of a leg bonus: the source is the payee, the base the volume of its pay legs."""
    bonus = bench.bonus
    assert isinstance(bonus, PayLegs)
    legs = _legs(bench, bonus)
    paying = bench.conditions.hold(bench.all) & (legs.base > 0)
    _pay(bench, Numbers(legs.base, legs.places))
    used = legs.used
    if bonus.uses == "balance":
        used = np.where(legs.is_power, np.minimum(legs.volume, legs.base[legs.parent]), used)
    elif bonus.uses == "all":
        used = legs.volume
    left = legs.volume - np.where(paying[legs.parent], used, 0)
    rows = StateRows.make(member=legs.head, value=Numbers(left, legs.places))
    return bench.finish({(STATE, bench.name): rows})


def _legs(bench: Bench, bonus: PayLegs) -> Legs:
    tree, volume = bench.tree, bench.numbers("volume")
    whole = tree.sum_subtrees(volume.values)
    carried = bench.computation.snapshot.earlier.state.find(STATE, bench.name)
    if carried is not None:
        whole[carried.member] += carried.value.to_places(volume.places).values
    below = np.flatnonzero(tree.parent >= 0)
    head = below[np.lexsort((below, -whole[below], tree.parent[below]))]
    parent = tree.parent[head]
    rank = np.arange(len(head)) - np.searchsorted(parent, parent)
    most = bench.optional("most_per_leg")
    counted = np.maximum(whole[head], 0)
    if most is not None:
        bound = as_numbers(most, bench.all).to_places(volume.places).spread(tree.size)
        counted = np.minimum(counted, np.maximum(bound[parent], 0))
    base = np.zeros(tree.size, dtype=np.int64)
    if bonus.smallest_of is None:
        is_power = rank < bonus.excluded
        used = np.where(is_power, 0, counted)
        np.add.at(base, parent, used)
    else:
        is_power = np.zeros(len(head), dtype=bool)
        last = rank == bonus.smallest_of - 1
        base[parent[last]] = counted[last]
        used = np.where(rank < bonus.smallest_of, base[parent], 0)
    return Legs(head, parent, whole[head], is_power, used, base, volume.places)


def _pay(bench: Bench, base: Numbers) -> None:
    """A line per member with pay legs; above the bound in money the bound itself."""
    members = np.flatnonzero(base.values > 0)
    pairs = Pairs.make(payee=members, source=members, level=0, base=base)
    rates = bench.numbers("rate").at(members)
    most = bench.optional("most")
    if most is None:
        bench.settle(pairs, rates)
        return
    bound = as_numbers(most, bench.all)
    bounds = Numbers(bound.spread(bench.tree.size)[members], bound.places)
    over = (pairs.base * rates * bench.pegs(pairs)).compare(bounds, np.greater)
    over &= bench.conditions.hold(bench.environment(pairs))
    within, above = np.flatnonzero(~over), np.flatnonzero(over)
    bench.settle(pairs.at(within), rates.at(within))
    capped = Pairs(pairs.payee, pairs.source, pairs.level, bounds)
    bench.pay(capped.at(above), Numbers.constant(1), CAPPED, exact=bounds.at(above))
