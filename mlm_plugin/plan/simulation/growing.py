"""A synthetic network that grows from period to period, the same for the same seed."""

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.calendars import Period
from mlm_plugin.plan.earlier import Earlier
from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.simulation.buying import Buying
from mlm_plugin.plan.simulation.columns import CannotGrow, draw, words_of_members, written_lines
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.snapshot import Positions, Snapshot
from mlm_plugin.plan.trees import NOBODY, Rows


class Growth:
    """A network of `members` positions after `periods`, of which each period shows a part.

    The same seed and shape give the same people and purchases under any plan.
    """

    def __init__(self, *, plan: Plan, shape: Shape, members: int, periods: int, seed: int) -> None:
        self.plan = plan
        self.shape = shape
        self.members = members
        self.chance = np.random.Generator(np.random.PCG64([seed, 0]))
        self._ids = np.char.mod(f"m%0{len(str(members))}d", np.arange(members))
        written = written_lines(plan, shape)
        self.buying = Buying(
            shape=shape, members=members, seed=seed, written=written, ids=self._ids
        )
        self._words = words_of_members(plan, shape)
        self._here = self._arrivals(periods)
        self.sponsor = self._sponsors()
        self._joined = np.zeros(members, dtype=np.int64)
        self._trees = self._fill_trees()

    def snapshot(self, *, number: int, period: Period, earlier: Earlier) -> Snapshot:
        """The inputs of period `number`, counted from 0; to be asked for in order."""
        here, before = self._here[number + 1], self._here[number]
        first, last = period.days
        if number == 0:
            self._joined[:before] = first - 1
        else:
            self.buying.lose(before)
        self._joined[before:here] = np.sort(
            self.chance.integers(first, last + 1, size=here - before)
        )
        lines = self.buying.lines(here=here, period=period, number=number)
        return Snapshot(period, self._positions(here), lines, earlier)

    def _arrivals(self, periods: int) -> list[int]:
        """How many are there when each period begins, and at the end of the last."""
        start = max(1, int(self.members * self.shape.start))
        return [start + (self.members - start) * each // periods for each in range(periods + 1)]

    def _sponsors(self) -> Rows:
        """A parent of lower row for everybody but the first, out of those who sponsor at all."""
        sponsors_any = self.chance.random(self.members) < 1 / float(self.shape.branching)
        sponsors_any[0] = True
        choice = np.flatnonzero(sponsors_any)
        known = np.searchsorted(choice, np.arange(self.members))
        known[0] = 1
        place = (self._leaning(self.members) * known).astype(np.int64)
        sponsor = choice[np.minimum(place, known - 1)]
        sponsor[0] = NOBODY
        return sponsor

    def _leaning(self, size: int) -> NDArray[np.float64]:
        """Numbers from 0 to 1 that lean to 0 by how much early members are favoured."""
        drawn = self.chance.random(size)
        early = float(self.shape.early)
        if early == 1:
            return drawn
        # A rounded table of the power, read between its rows: the same on every machine.
        steps = np.linspace(0, 1, 1025)
        return np.asarray(np.interp(drawn, steps, np.round(steps**early, 9)))

    def _fill_trees(self) -> dict[str, tuple[Rows, Rows | None]]:
        """Every tree of the plan: those with places filled, the others as people sponsored."""
        trees: dict[str, tuple[Rows, Rows | None]] = {}
        for name, tree in self.plan.document.trees.items():
            if tree.side is None and tree.width is None:
                trees[name] = self.sponsor, None
            else:
                trees[name] = fill_places(width=tree.width or 2, sponsor=self.sponsor)
        return trees

    def _positions(self, here: int) -> Positions:
        parents = {name: parent[:here] for name, (parent, _side) in self._trees.items()}
        sides = {
            name: side[:here] for name, (_parent, side) in self._trees.items() if side is not None
        }
        columns: dict[str, Value] = {
            **self._attributes(here),
            "joined": Numbers(self._joined[:here].copy()),
            "status": Words(self.buying.left(here).astype(np.int64), ("active", "left")),
        }
        ids = self._ids[:here]
        return Positions(ids, ids, np.arange(here), parents, sides, columns)

    def _attributes(self, here: int) -> dict[str, Value]:
        """Choices drawn evenly, texts by weight, the same in every period; numbers are 0."""
        columns: dict[str, Value] = {}
        for number, (name, weights) in enumerate(self._words.items()):
            chance = np.random.Generator(np.random.PCG64([number, self.members, 1]))
            columns[name] = Words(draw(weights, chance, self.members)[:here], tuple(weights))
        for number, (name, part) in enumerate(sorted(self.plan.document.attributes.items())):
            chance = np.random.Generator(np.random.PCG64([number, self.members]))
            if name in columns or name.startswith("line."):
                continue
            if part.kind == "choice":
                codes = chance.integers(0, len(part.words), size=self.members)
                # Words of a choice are counted from the empty one, as files are read.
                columns[name] = Words(codes[:here] + 1, ("", *part.words))
            elif part.kind == "number":
                columns[name] = Numbers(np.zeros(here, dtype=np.int64), part.places)
            else:
                raise CannotGrow(
                    f"attributes.{name}: a synthetic network has no dates but “joined”; "
                    "simulate on a real one with --network"
                )
        return columns


def fill_places(*, width: int, sponsor: Rows) -> tuple[Rows, Rows]:
    """Parents and sides of a tree with `width` places below everybody, filled without a loop.

    A sponsor's first recruits take all places but the last; each further one goes to the last place
    of the recruit `width` - 1 before, so that nobody stands in a place twice.
    """
    size = len(sponsor)
    order = np.lexsort((np.arange(size), sponsor))
    order = order[sponsor[order] >= 0]
    above = sponsor[order]
    number = np.arange(len(order)) - np.searchsorted(above, above)
    parent = np.full(size, NOBODY, dtype=np.int64)
    side = np.zeros(size, dtype=np.int64)
    direct = number < width - 1
    parent[order[direct]], side[order[direct]] = above[direct], number[direct]
    further = np.flatnonzero(~direct)
    parent[order[further]], side[order[further]] = order[further - (width - 1)], width - 1
    return parent, side
