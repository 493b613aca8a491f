"""How much of what earlier awards were paid on came back: of a volume, a group, what others earned."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.changes import Change
from mlm_plugin.plan.document.bonuses import Bonus, Differential, Matching
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.document.guards import OwnUseShareGuard
from mlm_plugin.plan.drilldown import is_own_volume
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, add_up
from mlm_plugin.plan.past import PastFrame
from mlm_plugin.plan.payable import Payable
from mlm_plugin.plan.resting import change_of_sums
from mlm_plugin.plan.returned_parties import change_of_parties
from mlm_plugin.plan.returns import Returned
from mlm_plugin.plan.scopes import BUYERS

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

# Kinds that pay on volume line by line; a pool and what is paid once stay as they are, and the legs
# of a binary take the volume back.
TAKEN_BACK = frozenset(
    {"unilevel", "differential", "generation", "infinity", "direct", "party", "guarantee"}
)


def change_of_base(
    computation: "Computation", name: str, old: OldAwards, returned: Mapping[str, Returned]
) -> Change | None:
    """How much was returned of the base of each award."""
    plan = computation.plan
    bonus = plan.document.bonuses[name]
    if isinstance(bonus, Party):
        return change_of_parties(computation, name, old, returned)
    is_group = isinstance(bonus, Differential) and bonus.form != "source"
    formula = plan.optional(f"bonuses.{name}.{'group' if is_group else 'base'}")
    if formula is None or bonus.kind not in TAKEN_BACK:
        return None
    volume = volume_of(plan, formula.names)
    if volume is None:
        return None
    if not is_group and not is_own_volume(plan, formula.node):
        parts_paid = {
            each: _of_what_was_paid_on(computation, old.period, each, of)[0]
            for each, of in returned.items()
        }
        return change_of_sums(computation, name, old, parts_paid)
    of, unpaid = _of_what_was_paid_on(computation, old.period, volume, returned[volume])
    # A base such as `cv.retail` is lowered by the returns of those buyers alone.
    base = plan.formula(f"bonuses.{name}.base").text.strip()
    buyers = base.removeprefix(f"{volume}.") if base.startswith(f"{volume}.") else ""
    if buyers:
        of = _of_buyers(computation, of, buyers)
    parts: tuple[Column, ...] = _of_members(computation, old, volume, of, unpaid=unpaid)
    if is_group:
        parts = tuple(_of_groups(computation, bonus, old, column) for column in parts)
    else:
        parts = tuple(column[old.source] for column in parts)
    before, after, whole = _of_lines(computation, old, of, parts)
    if base == volume or buyers:
        paid_on = _of_all_parts(old, old.base.to_places(of.places).spread(len(old.payee)))
        # Where own use was cut down as a whole, each line bore its part of that.
        whole = np.maximum(whole, paid_on) if _cuts_own_use(plan, name) else paid_on
    return Change(old, before, after, whole, of.places)


def _cuts_own_use(plan: "Plan", name: str) -> bool:
    """Whether a guard takes own use off the bases of a bonus, payee by payee."""
    return any(
        isinstance(guard, OwnUseShareGuard) and (not guard.bonuses or name in guard.bonuses)
        for guard in plan.document.guards.values()
    )


def _of_what_was_paid_on(
    computation: "Computation", period: Period, volume: str, of: Returned
) -> tuple[Returned, Column]:
    """What came back of the part of each line that a period paid on, and what of a volume it did not.

    A line without CV was never paid on, nor what a guard left out of it, nor a late refund.
    """
    then, unpaid = computation.in_period(period), np.zeros(computation.size, dtype=np.int64)
    if not isinstance(then.payable, Payable):
        return of, unpaid
    parts = then.payable.parts
    rows, brought = then.lines_of_volume(volume)
    left_out = brought.to_places(of.places).values - parts.of(rows, brought).values
    np.add.at(unpaid, computation.snapshot.lines.member[rows], left_out)
    sold, before, after = (
        parts.of(of.row, Numbers(column, of.places)).values
        for column in (of.sold, of.before, of.after)
    )
    return Returned(of.row, sold, before, after, of.places), unpaid


def _of_all_parts(old: OldAwards, base: Column) -> Column:
    """The base of each award; of several on one source, whose ranks rose in between, all together.

    Awards of single orders or lines are of their own ones alone.
    """
    keys = np.stack([old.payee, old.source, old.level])
    _keys, groups = np.unique(keys, axis=1, return_inverse=True)
    sums = add_up(base, groups=groups.ravel(), count=int(groups.max(initial=-1)) + 1)
    return np.where(old.order == "", sums[groups.ravel()], base)


def volume_of(plan: "Plan", names: Iterable[str]) -> str | None:
    """The volume that a formula comes down to: the first of the document that it needs."""
    needed, waiting = set[str](), [name.partition(".")[0] for name in names]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        view = plan.document.views.get(name)
        if view is not None and view.volume is not None:
            waiting.append(view.volume)
        metric = plan.optional(f"metrics.{name}.value")
        waiting += [] if metric is None else [each.partition(".")[0] for each in metric.names]
    return next((name for name in plan.document.volumes if name in needed), None)


def _of_members(
    computation: "Computation", old: OldAwards, volume: str, of: Returned, *, unpaid: Column
) -> tuple[Column, Column, Column]:
    """What was returned of each member's volume of the period, and what of that volume was paid on."""
    first, last = old.period.days
    lines = computation.snapshot.lines
    inside = (lines.day[of.row] >= first) & (lines.day[of.row] <= last)
    before, after = np.zeros((2, computation.size), dtype=np.int64)
    np.add.at(before, lines.member[of.row[inside]], of.before[inside])
    np.add.at(after, lines.member[of.row[inside]], of.after[inside])
    then = PastFrame(computation, old.period).column(volume)
    assert isinstance(then, Numbers)
    return before, after, then.to_places(of.places).values - unpaid


def _of_buyers(computation: "Computation", of: Returned, buyers: str) -> Returned:
    """What was returned of lines that some kind of buyer bought."""
    buyer = computation.snapshot.lines.buyer[of.row]
    kept = buyer != 0 if buyers == "customers" else buyer == BUYERS.index(buyers)
    return Returned(of.row[kept], of.sold[kept], of.before[kept], of.after[kept], of.places)


def _of_groups(computation: "Computation", bonus: Bonus, old: OldAwards, column: Column) -> Column:
    """For awards on a leg the sum of the leg; for those on own volume the member's own."""
    tree = computation.tree(getattr(bonus, "tree", None) or computation.plan.scope.default_tree)
    return np.where(old.level > 0, tree.sum_subtrees(column)[old.source], column[old.source])


def _of_lines(
    computation: "Computation",
    old: OldAwards,
    of: Returned,
    parts: tuple[Column, ...],
) -> tuple[Column, Column, Column]:
    """The same for awards of an order or a line: what was returned of that."""
    before, after, whole = (column.copy() for column in parts)
    fine = np.flatnonzero(old.order != "")
    if not len(fine):
        return before, after, whole
    lines = computation.snapshot.lines
    sums: dict[tuple[str, str], list[int]] = {}
    for row, *numbers in zip(
        of.row.tolist(), of.before.tolist(), of.after.tolist(), of.sold.tolist(), strict=True
    ):
        for line in ("", str(lines.lines[row])):
            there = sums.setdefault((str(lines.orders[row]), line), [0, 0, 0])
            for place, number in enumerate(numbers):
                there[place] += number
    for row in fine.tolist():
        key = (str(old.order[row]), str(old.line[row]))
        before[row], after[row], whole[row] = sums.get(key, (0, 0, 0))
    return before, after, whole


def change_of_matching(
    computation: "Computation",
    bonus: Matching,
    old: OldAwards,
    taken: Mapping[str, tuple[Column, Column]],
) -> Change | None:
    """What was taken back of the earnings that were matched."""
    before, after = np.zeros((2, computation.size), dtype=np.int64)
    for name in bonus.of:
        if name in taken:
            before, after = before + taken[name][0], after + taken[name][1]
    places = computation.plan.document.plan.places
    whole = old.base.to_places(places).spread(len(old.payee))
    return Change(old, before[old.source], after[old.source], whole, places)
