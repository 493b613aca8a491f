"""Counts the legs of the placement tree in the background: members, PV and CV of the open period.

The order path knows nothing of it: a leg 50,000 deep would have to be written at every order. What
rules and pages show is as of the last counting, and says so.
"""

from datetime import datetime

import numpy as np

from mlm_plugin.conf import business_day, period_start
from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.laying_lines import Rows, find_rows, read_columns, read_tree
from mlm_plugin.network.leg_writing import CountedLegs, write_leg_figures
from mlm_plugin.plan.trees import Tree
from mlm_plugin.volumes.models import PeriodTotal


def count_legs(*, at: datetime) -> int:
    """Count all legs of the period that is open at `at`; returns how many figures changed.

    Does nothing without a placement tree. Raises plan.trees.Loop for a tree with a circle.
    """
    if not get_placement_settings().is_used:
        return 0
    period = period_start(business_day(at))
    stored = read_tree()
    tree = Tree(stored.parent)
    own = _read_own_totals(period.isoformat())
    pv, cv = (np.zeros(len(stored.member), dtype=np.int64) for _unit in range(2))
    rows = find_rows(stored.member, own[:, 0])
    placed = rows >= 0
    pv[rows[placed]], cv[rows[placed]] = own[placed, 1], own[placed, 2]
    legs = np.flatnonzero(stored.parent >= 0)
    count = write_leg_figures(
        legs=CountedLegs(
            member=stored.member[stored.parent[legs]],
            slot=stored.slot[legs],
            members=tree.sizes[legs],
            pv=tree.gather(pv)[legs],
            cv=tree.gather(cv)[legs],
        ),
        counted_at=at,
        period=period,
    )
    return count.written


def _read_own_totals(period: str) -> Rows:
    """Member, own and customers' PV and CV: what each member brings into the legs above."""
    table = PeriodTotal._meta.db_table
    return read_columns(
        "SELECT member_id, personal_pv + customers_pv, personal_cv + customers_cv"  # noqa: S608
        f" FROM {table} WHERE period = '{period}'",
        width=3,
    )
