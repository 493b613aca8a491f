"""Matching: a share of what members below earned by named bonuses (plan catalogue, 1.10).

Generation n is the n-th upline of the earner, passing over who fails `compress`. What the matched
bonuses count is their rounded amounts, before the limits or after those that bind no later bonus, as
the plan says. Of a bonus of another calendar its periods that end in this one count, as paid; what
they took back of what an earlier period matched does not (`matched_elsewhere`).
"""

import numpy as np

from mlm_plugin.plan.bonuses.base import Bench, Lines
from mlm_plugin.plan.bonuses.unilevel import walk_levels
from mlm_plugin.plan.document.bonuses import Matching
from mlm_plugin.plan.limits import apply_limits
from mlm_plugin.plan.matched_elsewhere import earned_within
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
            earned += earned_within(computation, name)
    base = Numbers(earned, computation.plan.document.plan.places)
    walk_levels(bench, base=base, first=1, last=bonus.generations)
    return bench.finish()
