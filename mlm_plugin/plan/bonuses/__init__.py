"""One file per kind of bonus: a pure function from the computed members to lines.

`BONUSES` is the list a reader searches: kind in the document, function that works it.
"""

from collections.abc import Callable

from mlm_plugin.plan.bonuses import (
    allowance,
    board,
    completion,
    differential,
    direct,
    generation,
    guarantee,
    infinity,
    leg_match,
    matching,
    one_time,
    party,
    pay_legs,
    points,
    pool,
    unilevel,
)
from mlm_plugin.plan.bonuses.base import Bench, Lines

BONUSES: dict[str, Callable[[Bench], Lines]] = {
    "unilevel": unilevel.calculate,
    "differential": differential.calculate,
    "generation": generation.calculate,
    "infinity": infinity.calculate,
    "binary": leg_match.calculate,
    "matching": matching.calculate,
    "pool": pool.calculate,
    "direct": direct.calculate,
    "one_time": one_time.calculate,
    "guarantee": guarantee.calculate,
    "party": party.calculate,
    "allowance": allowance.calculate,
    "board": board.calculate,
    "completion": completion.calculate,
    "pay_legs": pay_legs.calculate,
    "points": points.calculate,
}
