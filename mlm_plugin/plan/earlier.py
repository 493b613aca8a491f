"""What earlier periods left: state that goes on, facts to look back at, awards that may be taken back.

All of it is columns over the members of the snapshot it belongs to.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.expressions.values import Words
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import NOTHING, State
from mlm_plugin.plan.trees import Rows


@dataclass(frozen=True)
class Known:
    """One name in one earlier period, a row for each member it is known of, in the members' order.

    Yes and no are 1 and 0. `told` says that history.csv has it, not an earlier result.
    """

    period: Period
    name: str
    member: Rows
    value: Numbers | Words
    told: bool = False


@dataclass(frozen=True)
class OldAwards:
    """What one bonus paid in one earlier period, a row per line of its awards.csv.

    `amount` is money in the smallest unit; `order` and `line` are empty where an award is no finer
    than its source. What was taken back since is not among them.
    """

    period: Period
    bonus: str
    payee: Rows
    source: Rows
    level: Rows
    base: Numbers
    rate: Numbers
    amount: Column
    order: NDArray[np.str_]
    line: NDArray[np.str_]


@dataclass(frozen=True)
class Earlier:
    """What a run goes on from. `known` and `awards` stand by period and name."""

    state: State = NOTHING
    known: tuple[Known, ...] = ()
    awards: tuple[OldAwards, ...] = ()
    results: tuple[Period, ...] = ()
    """The periods of the earlier results that were given."""


NOTHING_EARLIER = Earlier()
