"""Matching: a share of what members below earned by named bonuses (plan catalogue, 1.10).

Generation n is the n-th upline of the earner, passing over who fails `compress`. What the matched
bonuses count is their rounded amounts, before the limits or after those that bind no later bonus, as
the plan says. Of a bonus of another calendar its periods that end in this one count, as paid.
"""

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines
from mlm_plugin.plan.bonuses.unilevel import walk_levels
from mlm_plugin.plan.document.bonuses import Matching
from mlm_plugin.plan.limits import apply_limits
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers


def calculate(bench: Bench) -> Lines:
    """Lines of a matching bonus; the source is the member whose earnings are matched."""
    bonus = bench.bonus
    assert isinstance(bonus, Matching)
    computation = bench.computation
    earned = np.zeros(computation.size, dtype=np.int64)
    matched = bench.earned
    if bonus.after_limits:
        matched = apply_limits(computation, dict(bench.earned), [], is_early=True)
    for name in bonus.of:
        if name in matched:
            np.add.at(earned, matched[name].payee, matched[name].amount)
        else:
            earned += _earned_within(bench, name)
    base = Numbers(earned, computation.plan.document.plan.places)
    walk_levels(bench, base=base, first=1, last=bonus.generations)
    return bench.finish()


def _earned_within(bench: Bench, name: str) -> Column:
    """What a bonus of another calendar paid in its periods that end in this one."""
    plan = bench.computation.plan
    earned = np.zeros(bench.computation.size, dtype=np.int64)
    for frame in bench.computation.past.inside(plan.calendar_of(name)):
        paid = frame.column(f"paid.{name}")
        assert isinstance(paid, Numbers)
        earned += paid.to_places(plan.document.plan.places).values
    return earned
