"""Earlier periods as frames of members: an expression about the past is worked in one of these.

What nobody told of a member in a period is nothing: 0, no, or no word.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.calendars import Period, period_before
from mlm_plugin.plan.earlier import Known
from mlm_plugin.plan.expressions import DATE, TRUTH, Environment, Frame, Value, Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.trees import Tree

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


class Past:
    """The periods before the one of a frame."""

    def __init__(self, computation: "Computation", period: Period) -> None:
        self.computation = computation
        self.period = period

    def back(self, count: int) -> list["PastFrame"]:
        """So many periods of the same calendar, the nearest first; fewer where a list begins."""
        frames: list[PastFrame] = []
        period: Period | None = self.period
        while len(frames) < count:
            assert period is not None
            period = period_before(period=period, calendars=self.computation.plan.calendars)
            if period is None:
                break
            frames.append(PastFrame(self.computation, period))
        return frames

    def every(self) -> list["PastFrame"]:
        """All earlier periods of the same calendar of which anything is known, earliest first."""
        return [
            PastFrame(self.computation, period)
            for period in self.computation.known_periods
            if period.calendar == self.period.calendar and period.first < self.period.first
        ]

    def inside(self, calendar: str) -> list["PastFrame"]:
        """The periods of another calendar that end within this one, as far as they are known."""
        return [
            PastFrame(self.computation, period)
            for period in self.computation.known_periods
            if period.calendar == calendar and self.period.first <= period.last <= self.period.last
        ]

    def latest(self, calendar: str) -> "PastFrame | None":
        """The last known period of another calendar that ended by the end of this one."""
        frames = [
            period
            for period in self.computation.known_periods
            if period.calendar == calendar
            and period.last <= self.period.last
            and (calendar, period.id) != (self.period.calendar, self.period.id)
        ]
        return PastFrame(self.computation, frames[-1]) if frames else None


class PastFrame:
    """The members with what is known of them in one earlier period; attributes are as of now."""

    def __init__(self, computation: "Computation", period: Period) -> None:
        self.computation = computation
        self.period = period

    @property
    def size(self) -> int:
        """How many members there are."""
        return self.computation.size

    @property
    def past(self) -> Past:
        """The periods before this one."""
        return Past(self.computation, self.period)

    @property
    def everybody(self) -> Environment:
        """All members in that period."""
        first, last = self.period.days
        period: dict[str, Value] = {
            "period.start": Numbers(np.array(first, dtype=np.int64)),
            "period.end": Numbers(np.array(last, dtype=np.int64)),
        }
        return Environment(self, self.size, {"member": None}, period)

    def column(self, name: str) -> Value:
        """What is known under a name, nothing for all others."""
        if name.startswith("member."):
            return self.computation.column(name)
        kind = self.computation.plan.kind_of_known(name)
        known = self.computation.known.get((self.period.calendar, self.period.id, name))
        if kind is not None and kind.name in ("choice", "text"):
            return self._words(known, kind.words or ("",))
        if kind == TRUTH:
            return np.asarray(self._numbers(known, 0).values != 0)
        return self._numbers(known, NO_DATE if kind == DATE else 0)

    def tree(self, name: str) -> Tree:
        """Never asked for: the plan was checked to look at no earlier trees."""
        raise LookupError(f"the tree “{name}” of an earlier period is not known")

    def remember(self, key: str, names: frozenset[str], make: Callable[[Frame], Value]) -> Value:
        """Nothing is kept."""
        return make(self)

    def _numbers(self, known: Known | None, nothing: int) -> Numbers:
        values = np.full(self.size, nothing, dtype=np.int64)
        if known is None:
            return Numbers(values)
        assert isinstance(known.value, Numbers)
        values[known.member] = known.value.values
        return Numbers(values, known.value.places)

    def _words(self, known: Known | None, words: tuple[str, ...]) -> Words:
        codes = np.zeros(self.size, dtype=np.int64)
        if known is None:
            return Words(codes, words)
        assert isinstance(known.value, Words)
        codes[known.member] = known.value.codes
        return Words(codes, known.value.words)
