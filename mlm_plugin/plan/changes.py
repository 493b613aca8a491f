"""What becomes of earlier awards when a part of what they rest on is returned."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards, Reason
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.money import Column, Rounding, multiply_divide
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.returns import RETURNED

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


@dataclass(frozen=True)
class Change:
    """Awards of an earlier period, with how much of what each was paid on was returned.

    `before` and `after` (with this period) are parts of `whole`, all in one unit.
    """

    awards: OldAwards
    before: Column
    after: Column
    whole: Column
    places: int


def reversal(computation: "Computation", change: Change) -> tuple[Awards, tuple[Column, Column]]:
    """Awards below nothing, and what all steps so far have taken from each member."""
    old, head = change.awards, computation.plan.document.plan
    parts = [
        portion(old.amount, np.minimum(part, change.whole), change.whole, mode=head.rounding.mode)
        for part in (change.before, change.after)
    ]
    sums = []
    for part in parts:
        gone = np.zeros(computation.size, dtype=np.int64)
        np.add.at(gone, old.payee, part)
        sums.append(gone)
    rows = np.flatnonzero(parts[0] != parts[1])
    amount = (parts[0] - parts[1])[rows]
    base = Numbers((change.before - change.after)[rows], change.places)
    lost = Awards(
        old.bonus, old.payee[rows], old.source[rows], old.level[rows], base, old.rate.at(rows),
        Numbers(amount, head.places), amount, np.zeros(len(rows), dtype=np.int64),
        (Reason(RETURNED, old.period.id),),
    )  # fmt: skip
    return lost, (sums[0], sums[1])


def portion(amount: Column, part: Column, whole: Column, *, mode: Rounding) -> Column:
    """`amount` × `part` / `whole`, rounded; nothing of nothing."""
    signs = np.sign(amount)
    quotients, rests = multiply_divide(np.abs(amount), np.maximum(part, 0), np.maximum(whole, 1))
    missing = np.maximum(whole, 1) - rests
    up = np.zeros(len(amount), dtype=bool)
    if mode is Rounding.CEILING:
        up = rests > 0
    elif mode not in (Rounding.DOWN, Rounding.FLOOR):
        up = rests > missing
        if mode is Rounding.HALF_UP:
            up |= rests == missing
        elif mode is Rounding.HALF_EVEN:
            up |= (rests == missing) & (quotients % 2 == 1)
    return np.where(whole > 0, signs * (quotients + up), 0)
