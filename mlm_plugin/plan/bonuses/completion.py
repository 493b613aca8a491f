"""Completion: a fixed amount for each level of a matrix that is full (plan catalogue, 1.9).

Level n below a member is full when it has width to the power of n filled places. A place is filled by
somebody with volume: a sold line, not a name. A full level is paid once for ever unless it `repeats`.
"""

import numpy as np

from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.bonuses.base import Bench, Lines, Pairs
from mlm_plugin.plan.document.further import Completion, tree_under
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows

STATE = "completion"
PAID_BEFORE = Reason("paid_before")


def calculate(bench: Bench) -> Lines:
    """Lines of a completion bonus: `level` is the full one, base 1, the payee its own source."""
    bonus = bench.bonus
    assert isinstance(bonus, Completion)
    tree = bench.tree
    document = bench.computation.plan.document
    width = document.trees[tree_under(document, bonus.tree)].width or 1
    filled = bench.numbers("volume").values > 0
    counts = bench.truths("counts")
    layer = (filled if counts is None else filled & counts).astype(np.int64)
    once = np.zeros((bonus.levels + 1, tree.size), dtype=bool)
    before = bench.computation.snapshot.earlier.state.find(STATE, bench.name)
    if before is not None:
        known = before.leg <= bonus.levels
        once[before.leg[known], before.member[known]] = True
    one = Numbers(np.ones(tree.size, dtype=np.int64))
    for level in range(1, bonus.levels + 1):
        layer = tree.sum_children(layer)
        full = np.flatnonzero(layer >= width**level)
        if not len(full):
            break
        pairs = Pairs.make(payee=full, source=full, level=level, base=one)
        pay = bench.worked("pay", bench.environment(pairs))
        rates = Numbers(pay.spread(len(full)), pay.places)
        again = once[level, full] & (not bonus.repeats)
        bench.skip(pairs.at(np.flatnonzero(again)), rates.at(np.flatnonzero(again)), PAID_BEFORE)
        new = np.flatnonzero(~again)
        may = bench.conditions.hold(bench.environment(pairs.at(new)))
        bench.settle(pairs.at(new), rates.at(new))
        # Who may not be paid now may be paid later, while the level stays full.
        once[level, full[new][may]] = True
    legs, members = np.nonzero(once)
    value = Numbers(np.ones(len(legs), dtype=np.int64))
    return bench.finish(
        {(STATE, bench.name): StateRows.make(member=members, leg=legs, value=value)}
    )
