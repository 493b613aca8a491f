"""Volume in the legs of a binary as dated lots, used up oldest first."""

from dataclasses import dataclass

import numpy as np

from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import add_up
from mlm_plugin.plan.state import NO_DATE
from mlm_plugin.plan.trees import Rows


@dataclass(frozen=True)
class Lots:
    """A row per lot, sorted by member, leg (0, 1) and day; `value` may be negative after returns."""

    member: Rows
    leg: Rows
    day: Rows
    value: Column

    @classmethod
    def join(cls, parts: "list[Lots]") -> "Lots":
        """Several lists of lots as one, in order; those of nothing left out."""
        member, leg, day, value = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("member", "leg", "day", "value")
        )
        order = np.lexsort((day, leg, member))
        order = order[value[order] != 0]
        return cls(member[order], leg[order], day[order], value[order])

    def per_leg(self, *, members: int, legs: int) -> Column:
        """The sum of each leg, one row per leg."""
        sums = np.zeros((legs, members), dtype=np.int64)
        for leg in range(legs):
            here = self.leg == leg
            sums[leg] = add_up(self.value[here], groups=self.member[here], count=members)
        return sums

    def used_up(self, taken: Column) -> "Lots":
        """What is left after `taken` (a row per leg) was taken, oldest lots first."""
        size = len(self.member)
        starts = np.ones(size, dtype=bool)
        same = (self.member[1:] == self.member[:-1]) & (self.leg[1:] == self.leg[:-1])
        starts[1:] = ~same
        first = np.maximum.accumulate(np.where(starts, np.arange(size), 0))
        running = np.cumsum(self.value)
        before = running - self.value
        reached = running - before[first]
        left = np.clip(reached - taken[self.leg, self.member], 0, None)
        # Where older lots already cover what was taken, a lot is whole.
        value = np.where(self.value > 0, np.minimum(left, self.value), self.value)
        return Lots(self.member, self.leg, self.day, value)

    def netted(self) -> "Lots":
        """Volume below nothing taken off the oldest lots of its leg; what they do not cover stays.

        Returned volume comes as such a lot, and so does what a leg still owes from before.
        """
        below = self.value < 0
        if not below.any():
            return self
        members = int(self.member.max()) + 1
        owed = np.zeros((int(self.leg.max()) + 1, members), dtype=np.int64)
        np.add.at(owed, (self.leg[below], self.member[below]), -self.value[below])
        above = self.kept(~below)
        there = above.per_leg(members=members, legs=len(owed))
        leg, member = np.nonzero(owed > there)
        uncovered = Lots(member, leg, np.full(len(member), NO_DATE), -(owed - there)[leg, member])
        return Lots.join([above.used_up(np.minimum(owed, there)), uncovered])

    def kept(self, rows: np.ndarray) -> "Lots":
        """Some of the lots."""
        return Lots(self.member[rows], self.leg[rows], self.day[rows], self.value[rows])

    def bounded(self, most: Column) -> "Lots":
        """At most so much per leg (one bound per member); the newest volume is kept."""
        newest = Lots(self.member[::-1], self.leg[::-1], self.day[::-1], self.value[::-1])
        size = len(newest.member)
        starts = np.ones(size, dtype=bool)
        same = (newest.member[1:] == newest.member[:-1]) & (newest.leg[1:] == newest.leg[:-1])
        starts[1:] = ~same
        first = np.maximum.accumulate(np.where(starts, np.arange(size), 0))
        before = np.cumsum(newest.value) - newest.value
        newer = before - before[first]
        value = np.clip(np.minimum(newest.value, most[newest.member] - newer), 0, None)
        value = np.where(newest.value < 0, newest.value, value)
        return Lots(newest.member[::-1], newest.leg[::-1], newest.day[::-1], value[::-1])
