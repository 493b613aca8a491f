"""The members of one run with all their columns, each made when it is first asked for.

The order of work follows from who needs what: volumes of lines, statuses, views, metrics, ranks. The
plan was checked to have no circles, so asking is enough.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from mlm_plugin.plan.calendars import Period, period_of_day
from mlm_plugin.plan.codes import coded_to
from mlm_plugin.plan.document.parts import CountOfLines, Volume
from mlm_plugin.plan.earlier import Known
from mlm_plugin.plan.encumbering import find_unencumbered
from mlm_plugin.plan.expressions import Compiled, Environment, Frame, Value, Words
from mlm_plugin.plan.expressions.compiling import as_numbers, as_truths
from mlm_plugin.plan.first_orders import first_order_lines
from mlm_plugin.plan.ladders import LadderResult, work_out_ladder
from mlm_plugin.plan.line_columns import LineColumns, UnknownColumn
from mlm_plugin.plan.numbers import Numbers, TooLarge, add_up
from mlm_plugin.plan.passing_up import tree_with_pass_up
from mlm_plugin.plan.past import Past
from mlm_plugin.plan.payable import Payable, make_payable
from mlm_plugin.plan.pegs import look_up_peg
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.registered import calculate
from mlm_plugin.plan.returns import kept_lines, late_refunds, values_of_lines
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.standing import career_before, rank_before
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.trees import Rows, Tree, Truths
from mlm_plugin.plan.views import Compressed, compress
from mlm_plugin.plan.windows import first_day_of_window


class Computation:
    """A plan over a snapshot: columns, trees and ranks by name."""

    def __init__(self, *, plan: Plan, snapshot: Snapshot) -> None:
        self.plan = plan
        self.snapshot = snapshot
        self._columns: dict[str, Value] = {}
        self._trees: dict[str, Tree] = {}
        self._views: dict[str, Compressed] = {}
        self._remembered: dict[str, Value] = {}
        self.ladders: dict[str, LadderResult] = {}
        self._of_periods: dict[Period, Computation] = {}
        # The part of the period that may be paid on, from a day until before another.
        self.days: tuple[int | None, int | None] | None = None

    @property
    def size(self) -> int:
        """How many positions there are."""
        return self.snapshot.positions.size

    @property
    def everybody(self) -> Environment:
        """All members, with the period."""
        return self.environment({"member": None}, self.size)

    @cached_property
    def known(self) -> Mapping[tuple[str, str, str], Known]:
        """What is known of earlier periods, by calendar, period and name."""
        return {
            (each.period.calendar, each.period.id, each.name): each
            for each in self.snapshot.earlier.known
        }

    @cached_property
    def known_periods(self) -> list[Period]:
        """Earlier periods of which anything is known, the earliest first."""
        earlier = self.snapshot.earlier
        periods = {
            (period.calendar, period.id): period
            for period in (*earlier.results, *(each.period for each in earlier.known))
        }
        return sorted(periods.values(), key=lambda each: (each.last, each.first, each.calendar))

    @property
    def past(self) -> Past:
        """The periods before this one."""
        return Past(self, self.snapshot.period)

    def in_period(self, period: Period) -> "Computation":
        """The same inputs as of another period, for what could be paid on then; made once."""
        if period not in self._of_periods:
            snapshot = replace(self.snapshot, period=period)
            self._of_periods[period] = Computation(plan=self.plan, snapshot=snapshot)
        return self._of_periods[period]

    def environment(
        self, rows: Mapping[str, Rows | None], size: int, given: Mapping[str, Value] | None = None
    ) -> Environment:
        """An environment for some roles; `given` are values of the rows themselves."""
        first, last = self.snapshot.period.days
        period: dict[str, Value] = {
            "period.start": Numbers(np.array(first, dtype=np.int64)),
            "period.end": Numbers(np.array(last, dtype=np.int64)),
        }
        return Environment(self, size, rows, ChainMap(period, given or {}))  # type: ignore[arg-type]

    def column(self, name: str) -> Value:
        """A column by name. Raises UnknownColumn for an attribute that no file has."""
        if name not in self._columns:
            try:
                self._columns[name] = self._make(name)
            except TooLarge as error:
                raise error.at(name) from None
        return self._columns[name]

    def numbers(self, name: str) -> Numbers:
        """A column that is known to be numbers."""
        value = self.column(name)
        assert isinstance(value, Numbers)
        return value

    def truths(self, formula: Compiled) -> Truths:
        """A condition for every member."""
        return as_truths(formula, self.everybody)

    def tree(self, name: str) -> Tree:
        """A tree or view. Raises UnknownColumn where the files have no such parents."""
        if name not in self._trees:
            self._trees[name] = self._make_tree(name)
        return self._trees[name]

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """A column without a name, made once."""
        if key not in self._remembered:
            self._remembered[key] = make(self)
        return self._remembered[key]

    def remembered(self, key: str) -> Value | None:
        """A column without a name, if it was made."""
        return self._remembered.get(key)

    def view(self, name: str) -> Compressed:
        """A view, made once."""
        if name not in self._views:
            self._views[name] = compress(self, name, self.plan.document.views[name])
        return self._views[name]

    def _make_tree(self, name: str) -> Tree:
        if name in self.plan.document.views:
            return self.view(name).tree
        if name in self.plan.document.codes:
            return Tree(coded_to(self, name))
        positions = self.snapshot.positions
        if name not in positions.parents:
            raise UnknownColumn(f"trees.{name}: the members' file has no such parents")
        part = self.plan.document.trees.get(name)
        if part is not None and part.pass_up:
            return tree_with_pass_up(self, name)
        return Tree(positions.parents[name], side=positions.sides.get(name))

    def _make(self, name: str) -> Value:  # noqa: C901, PLR0911 - one line per section of the document
        document = self.plan.document
        first, _dot, rest = name.partition(".")
        if first == "member":
            return self._attribute(rest)
        if first in document.volumes:
            return self._volume(first, rest)
        if first in document.counts:
            return self._count(first, document.counts[first])
        if first in document.metrics:
            return self.metric(first, self.everybody)
        if first in document.predicates:
            return self.truths(self.plan.formula(f"predicates.{first}.when"))
        if first in document.statuses:
            return self._status(first)
        if first in document.tables:
            looked_up = as_numbers(self.plan.formula(f"tables.{first}.on"), self.everybody)
            found = self.plan.tables[first].look_up(self.everybody, [looked_up], "member")
            return Numbers(np.array(found.spread(self.size)), found.places)
        if first in document.ladders:
            return self._rank(first, rest)
        if first in document.encumbrances:
            return self._encumbered(first, rest)
        if first in document.functions:
            return calculate(self.plan, first, document.functions[first], self.everybody)
        if first in document.pegs:
            return look_up_peg(self, first)
        if first in document.views:
            return self.view(first).kept if rest == "kept" else self.view(first).volume
        raise UnknownColumn(f"there is no column “{name}”")

    def metric(self, name: str, everybody: Environment) -> Numbers:
        """A metric for every member, worked from the columns of an environment."""
        value = as_numbers(self.plan.formula(f"metrics.{name}.value"), everybody)
        places = self.plan.document.metrics[name].places
        spread = Numbers(np.array(value.spread(everybody.size)), value.places)
        return spread if places is None else spread.to_places(places)

    def _encumbered(self, name: str, what: str) -> Numbers:
        found = find_unencumbered(self, name, self.everybody)
        self._columns[name], self._columns[f"{name}.used"] = found.free, found.used
        return found.used if what else found.free

    @cached_property
    def payable_and_returned(self) -> "Payable | Computation":
        """The same with late refunds, for legs that take the volume back."""
        return make_payable(self, with_refunds=True)

    @cached_property
    def payable(self) -> "Payable | Computation":
        """The members with the volume that bonuses may be paid on."""
        return make_payable(self)

    def _attribute(self, name: str) -> Value:
        columns = self.snapshot.positions.columns
        if name not in columns:
            raise UnknownColumn(f"the members' file has no column “{name}”, which the plan names")
        return columns[name]

    def _status(self, name: str) -> Truths:
        truths = self.truths(self.plan.formula(f"statuses.{name}.when"))
        days = self.plan.document.statuses[name].grace_days
        if not days:
            return truths
        joined = self._attribute("joined")
        assert isinstance(joined, Numbers)
        first, _last = self.snapshot.period.days
        is_new = (joined.values > NO_DATE) & (joined.values + days > first)
        return truths | is_new

    def _rank(self, name: str, what: str) -> Words:
        words = ("", *(rank.name for rank in self.plan.document.ladders[name].ranks))
        if what == "before":
            return Words(rank_before(self, name), words)
        if what == "career_before":
            return Words(career_before(self, name), words)
        ladder = self.ladder(name)
        return Words(ladder.career if what == "career" else ladder.paid_as, words)

    def ladder(self, name: str) -> LadderResult:
        """A ladder, worked out once."""
        if name not in self.ladders:
            self.ladders[name] = work_out_ladder(self, name)
        return self.ladders[name]

    def line_environment(self, rows: Rows) -> Environment:
        """Some order lines, with the member each is credited to."""
        lines = self.snapshot.lines
        made = {"line.first_order": lambda: first_order_lines(self)}
        given = LineColumns(lines=lines, rows=rows, made=made)
        return self.environment({"member": lines.member[rows]}, len(rows), given)

    def lines_of_volume(self, name: str) -> tuple[Rows, Numbers]:
        """The order lines that a volume counts in this period, and what each brings."""
        volume = self.plan.document.volumes[name]
        rows = self._lines_between(volume)
        if self.snapshot.lines.refund_of is not None:
            counts, brought = values_of_lines(self, name, rows)
            return rows[counts], brought.at(np.flatnonzero(counts))
        env = self.line_environment(rows)
        where = self.plan.optional(f"volumes.{name}.where")
        if where is not None:
            rows = rows[as_truths(where, env)]
            env = self.line_environment(rows)
        value = as_numbers(self.plan.formula(f"volumes.{name}.of"), env)
        brought = Numbers(np.array(value.spread(len(rows))), value.places)
        return rows, brought.to_places(volume.places)

    @cached_property
    def late_refunds(self) -> Rows:
        """The refunds in this period of what an earlier one sold."""
        return late_refunds(self)

    def _lines_between(self, volume: Volume) -> Rows:
        rows = self._lines_of_window(volume)
        # Where old periods are computed anew, a late refund counts in that of its sale.
        is_left_out = self.plan.document.returns.later_period in ("ignore", "recompute")
        if not is_left_out or not len(self.late_refunds):
            return rows
        return np.setdiff1d(rows, self.late_refunds, assume_unique=True)

    def _lines_of_window(self, volume: Volume) -> Rows:
        day = self.snapshot.lines.day
        _first, last = self.snapshot.period.days
        if volume.lifetime:
            return np.flatnonzero(day <= last)
        if volume.since is not None:
            return np.flatnonzero((day >= self._start_of(volume.since)) & (day <= last))
        first = first_day_of_window(
            period=self.snapshot.period, length=volume.window, calendars=self.plan.calendars
        )
        return np.flatnonzero((day >= first) & (day <= last))

    def _start_of(self, calendar: str) -> int:
        """The first day of the period of a calendar in which this one ends."""
        period = self.snapshot.period
        longer = period_of_day(
            day=period.last, key=calendar, calendar=self.plan.calendars[calendar]
        )
        return min(period.days[0] if longer is None else longer.days[0], period.days[0])

    def _volume(self, name: str, buyers: str) -> Numbers:
        return self.sum_of_lines(*self.lines_of_volume(name), buyers=buyers)

    def sum_of_lines(self, rows: Rows, brought: Numbers, *, buyers: str = "") -> Numbers:
        """What lines bring to each member; `buyers` chooses self, preferred, retail or customers."""
        if buyers:
            buyer = self.snapshot.lines.buyer[rows]
            kept = buyer != 0 if buyers == "customers" else buyer == BUYERS.index(buyers)
            rows, brought = rows[kept], brought.at(np.flatnonzero(kept))
        members = self.snapshot.lines.member[rows]
        return Numbers(add_up(brought.values, groups=members, count=self.size), brought.places)

    def _count(self, name: str, counted: CountOfLines) -> Numbers:
        lines = self.snapshot.lines
        first, last = self.snapshot.period.days
        inside = (lines.day >= first) & (lines.day <= last)
        rows = np.flatnonzero(inside & kept_lines(self))
        where = self.plan.optional(f"counts.{name}.where")
        if where is not None:
            rows = rows[as_truths(where, self.line_environment(rows))]
        if counted.distinct == "customer":
            words = lines.texts.get("customer")
            if words is None:
                raise UnknownColumn("the volumes' file has no column “customer”")
            values = words.codes[rows]
        elif counted.distinct == "date":
            values = lines.day[rows]
        elif counted.distinct == "order":
            values = np.unique(lines.orders[rows], return_inverse=True)[1]
        else:
            values = rows
        pairs = np.unique(np.stack([lines.member[rows], values]), axis=1)
        return Numbers(np.bincount(pairs[0], minlength=self.size).astype(np.int64))
