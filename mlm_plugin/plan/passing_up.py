"""X-up: a member's first enrolees go to the member's own upline (plan catalogue, 1.9).

Of those a member enrolled, the first `pass_up` by the day of their first sold line are passed up: their
upline is the one of the member, who may have been passed up too. Who has no upline passes up nobody.
Who was passed up stays so; later periods learn it from the state.
"""

from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.document.parts import TreePart
from mlm_plugin.plan.state import StateRows
from mlm_plugin.plan.trees import Rows, Tree, Truths

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

STATE = "pass_up"


def passed_up(computation: "Computation", name: str) -> Truths:
    """Who of all members is passed up in a tree."""
    part = computation.plan.document.trees[name]
    parent = computation.snapshot.positions.parents[name]
    passed = np.zeros(computation.size, dtype=bool)
    before = computation.snapshot.earlier.state.find(STATE, name)
    if before is not None:
        passed[before.member] = True
    given = np.zeros(computation.size, dtype=np.int64)
    np.add.at(given, parent[passed & (parent >= 0)], 1)
    new = _by_first_sale(computation, parent, passed)
    sponsor = parent[new]
    turn = np.arange(len(new)) - np.searchsorted(sponsor, sponsor)
    passed[new[turn + given[sponsor] < (part.pass_up or 0)]] = True
    return passed


def _by_first_sale(computation: "Computation", parent: Rows, passed: Truths) -> Rows:
    """Who may be passed up now, by enroller and then by day, order and line of the first sale."""
    lines = computation.snapshot.lines
    _first, last = computation.snapshot.period.days
    cv = lines.numbers.get("cv")
    if cv is None:
        return np.empty(0, dtype=np.int64)
    sold = np.flatnonzero((cv.values > 0) & (lines.day <= last))
    sold = sold[np.lexsort((sold, lines.day[sold]))]
    members, first = np.unique(lines.member[sold], return_index=True)
    enroller = parent[members]
    has_upline = (enroller >= 0) & (parent[np.maximum(enroller, 0)] >= 0)
    chosen = np.flatnonzero(has_upline & ~passed[members])
    chosen = chosen[np.lexsort((first[chosen], enroller[chosen]))]
    return members[chosen]


def tree_with_pass_up(computation: "Computation", name: str) -> Tree:
    """The tree as it is paid by: enrolees who are passed up hang below the upline of the enroller."""
    tree = Tree(computation.snapshot.positions.parents[name])
    stays = tree.head_of_group(~passed_up(computation, name))
    return Tree(tree.parent[stays])


def state_of_passing_up(
    computation: "Computation", trees: dict[str, TreePart]
) -> dict[tuple[str, str], StateRows]:
    """Who is passed up, for the periods to come."""
    return {
        (STATE, name): StateRows.of_members(passed_up(computation, name))
        for name, part in trees.items()
        if part.pass_up and name in computation.snapshot.positions.parents
    }
