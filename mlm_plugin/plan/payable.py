"""The volume that may be paid on: sold lines, less what guards take out of them.

Qualifying and being paid differ. A line without CV, or one that a guard blocks, still counts for
ranks and statuses; but the bases of bonuses are worked from what this module leaves. Where every
line may be paid on in full, the members' ordinary columns are used and nothing is worked twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.document.guards import AnyGuard, LineGuard, OwnUseLimitGuard
from mlm_plugin.plan.encumbering import find_unencumbered
from mlm_plugin.plan.expressions import Environment, Frame, Value
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.money import Column, multiply_divide
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import Past
from mlm_plugin.plan.registered import calculate
from mlm_plugin.plan.returns import refunds_in_time
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.trees import Rows, Tree, Truths
from mlm_plugin.plan.views import move_volume

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.snapshot import Lines

SELF = BUYERS.index("self")


@dataclass(frozen=True)
class LineParts:
    """How much of each order line may be paid on: `paid` of `whole`, and the guard that took most.

    `guard` is the place of the guard's name in the document, -1 where nothing was taken.
    """

    paid: Column
    whole: Column
    guard: Rows

    def of(self, rows: Rows, brought: Numbers) -> Numbers:
        """The payable part of what lines bring; exact where a line is whole or nothing."""
        paid, whole = self.paid[rows], self.whole[rows]
        cut = np.flatnonzero(paid < whole)
        values = brought.values.copy()
        parts, rests = multiply_divide(np.abs(values[cut]), paid[cut], whole[cut])
        parts += 2 * rests >= whole[cut]
        values[cut] = parts * np.sign(values[cut])
        return Numbers(values, brought.places)


class Payable:
    """The members of a computation with only the volume that may be paid on.

    `lines` chooses among the lines once more: the customers' alone, for guards on own use.
    """

    def __init__(
        self, computation: "Computation", parts: LineParts, lines: Truths | None = None
    ) -> None:
        self.computation = computation
        self.parts = parts
        self.lines = lines
        self._columns: dict[str, Value] = {}
        self._remembered: dict[str, Value] = {}

    @property
    def size(self) -> int:
        """How many members there are."""
        return self.computation.size

    @property
    def everybody(self) -> Environment:
        """All members, with the period."""
        return replace(self.computation.everybody, frame=self)

    @property
    def past(self) -> Past:
        """As it is."""
        return self.computation.past

    def tree(self, name: str) -> Tree:
        """As it is: what is blocked from pay moves nobody."""
        return self.computation.tree(name)

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """A column without a name, made once from payable volume."""
        if key not in self._remembered:
            self._remembered[key] = make(self)
        return self._remembered[key]

    def column(self, name: str) -> Value:
        """A volume or what is made of volumes; everything else as it is."""
        if name not in self._columns:
            self._columns[name] = self._make(name)
        return self._columns[name]

    def _make(self, name: str) -> Value:
        document = self.computation.plan.document
        first, _dot, rest = name.partition(".")
        if first in document.volumes:
            rows, brought = self.lines_of_volume(first)
            return self.computation.sum_of_lines(rows, brought, buyers=rest)
        if first in document.metrics:
            return self.computation.metric(first, self.everybody)
        if first in document.encumbrances:
            found = find_unencumbered(self.computation, first, self.everybody)
            return found.used if rest else found.free
        if first in document.functions:
            plan = self.computation.plan
            return calculate(plan, first, document.functions[first], self.everybody)
        if first in document.views and rest != "kept":
            view = document.views[first]
            assert view.volume is not None
            return move_volume(self.computation, first, self.column(view.volume))
        return self.computation.column(name)

    def lines_of_volume(self, name: str) -> tuple[Rows, Numbers]:
        """The lines of a volume that may be paid on, and what is payable of each."""
        rows, brought = self.computation.lines_of_volume(name)
        brought = self.parts.of(rows, brought)
        kept = brought.values != 0
        if self.lines is not None:
            kept &= self.lines[rows]
        return rows[kept], brought.at(np.flatnonzero(kept))


def make_payable(
    computation: "Computation", *, with_refunds: bool = False
) -> "Payable | Computation":
    """What the bases of bonuses are worked from: the computation itself where nothing is taken."""
    parts = line_parts(computation, with_refunds=with_refunds)
    return computation if parts is None else Payable(computation, parts)


def customers_only(computation: "Computation") -> Payable:
    """The payable volume that customers bought."""
    lines = computation.snapshot.lines
    parts = line_parts(computation)
    if parts is None:
        parts = _whole(lines.size)
    return Payable(computation, parts, lines.buyer != SELF)


def line_parts(computation: "Computation", *, with_refunds: bool = False) -> LineParts | None:
    """What may be paid on of each line, None where it is all of every line.

    Where awards are taken back for a late refund, its volume lowers no base a second time.
    """
    lines = computation.snapshot.lines
    sold = lines.numbers.get("cv")
    unsold = np.flatnonzero(sold.values == 0) if sold is not None else np.arange(lines.size)
    guards = [
        (number, name, guard)
        for number, (name, guard) in enumerate(computation.plan.document.guards.items())
        if isinstance(guard, (LineGuard, OwnUseLimitGuard)) and in_force(computation, guard)
    ]
    takes_back = computation.plan.takes_back and not with_refunds
    refunds = computation.late_refunds if takes_back else unsold[:0]
    if not len(unsold) and not guards and not len(refunds) and computation.days is None:
        return None
    parts = _whole(lines.size)
    parts.paid[unsold] = 0
    parts.paid[refunds] = 0
    for number, name, guard in guards:
        before = parts.paid.copy()
        if isinstance(guard, LineGuard):
            _block_lines(computation, name, parts)
        else:
            parts = _limit_own_use(computation, name, guard, parts)
        changed = (parts.paid < parts.whole) & ((before > 0) | (parts.guard >= 0))
        parts.guard[changed & (parts.guard < 0)] = number
    if computation.days is not None:
        parts.paid[_outside(lines, computation.days)] = 0
    return None if bool((parts.paid == parts.whole).all()) else parts


def _outside(lines: "Lines", days: tuple[int | None, int | None]) -> Truths:
    """The lines that are not of a part of the period; a refund is of the part of its sale."""
    day = lines.day
    if lines.refund_of is not None:
        day = np.where(lines.refund_of >= 0, day[lines.refund_of], day)
    first, until = days
    outside = np.zeros(lines.size, dtype=bool)
    if first is not None:
        outside |= day < first
    if until is not None:
        outside |= day >= until
    return outside


def in_force(computation: "Computation", guard: AnyGuard) -> bool:
    """Whether a guard holds on any day of the period."""
    period = computation.snapshot.period
    begun = guard.first is None or guard.first <= period.last
    return begun and (guard.until is None or guard.until >= period.first)


def _whole(size: int) -> LineParts:
    return LineParts(
        np.ones(size, dtype=np.int64), np.ones(size, dtype=np.int64), np.full(size, -1)
    )


def _block_lines(computation: "Computation", name: str, parts: LineParts) -> None:
    every = np.arange(len(parts.paid))
    env = computation.line_environment(every)
    holds = as_truths(computation.plan.formula(f"guards.{name}.when"), env)
    blocked = _concerned(computation, name, env) & ~holds
    refund_of = computation.snapshot.lines.refund_of
    if refund_of is not None:
        # A refund counts if what it gives back does, whatever its own line says.
        blocked = blocked[np.where(refund_of >= 0, refund_of, every)]
    parts.paid[blocked] = 0


def _limit_own_use(
    computation: "Computation", name: str, guard: OwnUseLimitGuard, parts: LineParts
) -> LineParts:
    """Own purchases up to the limit, first come first; the line that crosses it counts in part.

    What came back within the period was not bought, so of its line so much less is own use.
    """
    lines = computation.snapshot.lines
    first, last = computation.snapshot.period.days
    env = computation.line_environment(np.arange(lines.size))
    own = (lines.buyer == SELF) & (lines.day >= first) & (lines.day <= last)
    own &= _concerned(computation, name, env) & (parts.paid > 0)
    refunds = refunds_in_time(computation)
    own[refunds] = False
    rows = np.flatnonzero(own)
    if not len(rows):
        return parts
    value = as_numbers(computation.plan.formula(f"guards.{name}.of"), env)
    most = Numbers.constant(guard.most)
    places = max(value.places, most.places)
    every = value.to_places(places).spread(lines.size)
    bound = int(most.to_places(places).values)
    returned = np.zeros(lines.size, dtype=np.int64)
    if lines.refund_of is not None:
        np.add.at(returned, lines.refund_of[refunds], np.maximum(-every[refunds], 0))
    rows = rows[np.lexsort((rows, lines.day[rows], lines.member[rows]))]
    values = np.maximum(every[rows], 0)
    back = np.minimum(returned[rows], values)
    used = values - back
    running = np.cumsum(used)
    starts = np.flatnonzero(np.diff(lines.member[rows], prepend=-1))
    families = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    before = running - used - (running - used)[starts][families]
    allowed = np.clip(bound - before, 0, used)
    paid, whole = parts.paid.copy(), parts.whole.copy()
    # The lines that give back take what came back off again.
    left = allowed + back
    cut = np.flatnonzero(allowed < used)
    # What an earlier guard left less of keeps that, in whole numbers of any size.
    cut = cut[
        left[cut].astype(object) * whole[rows[cut]] < paid[rows[cut]].astype(object) * values[cut]
    ]
    paid[rows[cut]], whole[rows[cut]] = left[cut], values[cut]
    return LineParts(paid, whole, parts.guard)


def _concerned(computation: "Computation", name: str, env: Environment) -> Truths:
    applies = computation.plan.optional(f"guards.{name}.applies")
    return np.ones(env.size, dtype=bool) if applies is None else as_truths(applies, env)
