"""Awards that rest on volume as a whole, taken back where that volume is returned (catalogue, 1.15).

Pools, cars, levels of a matrix and single payments are no share of single lines. A plan says on which
volume one of them rests (`rests_on`): of the award the part is taken back that was returned of it, or
all of it once less is left than was needed (`least_left`). Ranks stay what they were.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.changes import Change
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.expressions import Compiled, Environment, Value
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.expressions.values import Frame
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.past import Past, PastFrame
from mlm_plugin.plan.returns import Returned
from mlm_plugin.plan.trees import Tree
from mlm_plugin.plan.views import move_volume

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation
    from mlm_plugin.plan.plans import Plan

# What was sold, what of it was returned before this period, and what with it.
Parts = tuple[Numbers, Numbers, Numbers]


def rests_on_volume(plan: "Plan", bonus: str) -> bool:
    """Whether a bonus says on which volume its awards rest."""
    return plan.optional(f"bonuses.{bonus}.rests_on") is not None


class SoldFrame:
    """The members with other volumes, those of an earlier period or what was returned of them.

    Trees, views and attributes are as of now.
    """

    def __init__(self, computation: "Computation", volumes: Mapping[str, Numbers]) -> None:
        self.computation = computation
        self.volumes = volumes
        self._remembered: dict[str, Value] = {}

    @property
    def size(self) -> int:
        """How many members there are."""
        return self.computation.size

    @property
    def everybody(self) -> Environment:
        """All members."""
        own = self.computation.everybody
        return Environment(self, own.size, own.rows, own.given)

    @property
    def past(self) -> Past:
        """As it is."""
        return self.computation.past

    def tree(self, name: str) -> Tree:
        """As it is now."""
        return self.computation.tree(name)

    def column(self, name: str) -> Value:
        """A volume or what is made of volumes; everything else as it is."""
        document = self.computation.plan.document
        first, _dot, rest = name.partition(".")
        if first in document.volumes:
            return self.volumes[first]
        if first in document.metrics:
            return self.computation.metric(first, self.everybody)
        if first in document.views and rest != "kept":
            view = document.views[first]
            assert view.volume is not None
            return move_volume(self.computation, first, self.volumes[view.volume])
        return self.computation.column(name)

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """A column without a name, made once."""
        if key not in self._remembered:
            self._remembered[key] = make(self)
        return self._remembered[key]


def change_of_resting(
    computation: "Computation", name: str, old: OldAwards, returned: Mapping[str, Returned]
) -> Change:
    """How much of what each award rests on was returned."""
    parts = parts_returned(computation, f"bonuses.{name}.rests_on", old.period, returned)
    whole, before, after = (each.at(old.payee) for each in parts)
    env = computation.environment({"member": old.payee}, len(old.payee))
    bounded = all_or_nothing(computation, name, (whole, before, after), env)
    whole, before, after = bounded
    return Change(old, before.values, after.values, whole.values, whole.places)


def change_of_sums(
    computation: "Computation", name: str, old: OldAwards, returned: Mapping[str, Returned]
) -> Change:
    """The same for awards on a sum over several members, such as a leader's group."""
    parts = parts_returned(computation, f"bonuses.{name}.base", old.period, returned)
    _whole, before, after = (each.at(old.source) for each in parts)
    places = max(before.places, old.base.places)
    whole = old.base.to_places(places).spread(len(old.payee))
    return Change(
        old, before.to_places(places).values, after.to_places(places).values, whole, places
    )


def parts_returned(
    computation: "Computation", place: str, period: Period, returned: Mapping[str, Returned]
) -> Parts:
    """Per member what a formula over volumes was in an earlier period, and what came back of it."""
    formula = computation.plan.formula(place)
    first, last = period.days
    past = PastFrame(computation, period)
    volumes: list[dict[str, Numbers]] = [{}, {}, {}]
    for volume, of in returned.items():
        then = past.column(volume)
        assert isinstance(then, Numbers)
        lines = computation.snapshot.lines
        inside = (lines.day[of.row] >= first) & (lines.day[of.row] <= last)
        member = lines.member[of.row[inside]]
        for which, column in ((1, of.before), (2, of.after)):
            sums: Column = np.zeros(computation.size, dtype=np.int64)
            np.add.at(sums, member, column[inside])
            volumes[which][volume] = Numbers(sums, of.places)
        volumes[0][volume] = then
    found = [_worked(computation, formula, each) for each in volumes]
    places = max(each.places for each in found)
    whole, before, after = (each.to_places(places) for each in found)
    return whole, before, after


def _worked(
    computation: "Computation", formula: Compiled, volumes: Mapping[str, Numbers]
) -> Numbers:
    env = SoldFrame(computation, volumes).everybody
    value = as_numbers(formula, env)
    return Numbers(np.array(value.spread(env.size)), value.places)


def all_or_nothing(computation: "Computation", name: str, parts: Parts, env: Environment) -> Parts:
    """Where a plan says how much must be left: everything or nothing in place of a part.

    `env` is whom each row of the parts is about.
    """
    formula = computation.plan.optional(f"bonuses.{name}.least_left")
    if formula is None:
        return parts
    whole, before, after = parts
    least = as_numbers(formula, env)

    def lost(gone: Numbers) -> Numbers:
        is_less = (whole - gone).compare(least, np.less) & (gone.values > 0)
        return Numbers(np.where(is_less, whole.values, 0), whole.places)

    return whole, lost(before), lost(after)
