"""Codes: who somebody is coded to for life, as a tree of its own (plan catalogue, 1.11).

A new member is coded to the first upline that may have the code: one whose own code reaches the
member's pack, or, where the first enrolees are passed on, the enroller of the first on the way up who
is not one of those. Once given a code stays, whatever becomes of the tree; it is carried. Who finds
nobody is asked for again in the next period.
"""

from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import NOBODY, Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

CODE = "code"


def coded_to(computation: "Computation", name: str) -> Rows:
    """The row of the member each is coded to, -1 for nobody."""
    part, plan = computation.plan.document.codes[name], computation.plan
    tree = computation.tree(part.tree or plan.scope.default_tree)
    coded = np.full(computation.size, NOBODY, dtype=np.int64)
    carried = computation.snapshot.earlier.state.find(CODE, name)
    if carried is not None:
        coded[carried.member] = carried.value.values - 1
    open_for = (coded == NOBODY) & (tree.parent >= 0)
    when = plan.optional(f"codes.{name}.when")
    if when is not None:
        open_for &= computation.truths(when)
    source = np.flatnonzero(open_for)
    below, above = source, tree.parent[source]
    receiver = plan.formula(f"codes.{name}.receiver")
    while len(source):
        roles: dict[str, Rows | None] = {"payee": above, "source": source, "below": below}
        may = as_truths(receiver, computation.environment(roles, len(source)))
        coded[source[may]] = above[may]
        further = ~may & (tree.parent[above] >= 0)
        source, below = source[further], above[further]
        above = tree.parent[below]
    return coded


def state_of_codes(computation: "Computation") -> dict[tuple[str, str], StateRows]:
    """Who is coded to whom, for the periods to come."""
    state = {}
    for name in computation.plan.document.codes:
        coded = computation.tree(name).parent
        member = np.flatnonzero(coded >= 0)
        state[CODE, name] = StateRows.make(member=member, value=Numbers(coded[member] + 1))
    return state
