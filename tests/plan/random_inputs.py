"""Random members and order lines for any plan document: every column that a plan may name."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mlm_plugin.plan.calendars import Period, find_period
from mlm_plugin.plan.document.parts import Attribute
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.reading import read_members, read_volumes
from mlm_plugin.plan.sheets import Sheet
from mlm_plugin.plan.snapshot import Snapshot

NAMED = re.compile(r"\b(?:member|payee|source)\.([a-z_]+)")
NAMED_OF_LINES = re.compile(r"\bline\.([a-z_]+)")
PERIODS = {"week": "2026-W02", "month": "2026-01", "day": "2026-01-05", "half_month": "2026-01a"}
PERIODS |= {"quarter": "2026-Q1", "year": "2026"}
SIZES = ["0", "5", "20", "40", "55", "100", "150", "260", "1000", "5000"]


@dataclass(frozen=True)
class Inputs:
    """Rows as they would stand in the files, by column."""

    plan: Plan
    members: Mapping[str, list[str]]
    lines: Mapping[str, list[str]]

    @property
    def period(self) -> Period:
        """The first period of the plan's own calendar in 2026."""
        plan = self.plan
        name = plan.document.plan.calendar
        kind = plan.calendars[name].kind
        found = PERIODS.get(kind) or plan.calendars[name].periods[0].id
        return find_period(name=found, calendars=plan.calendars, preferred=name)

    def snapshot(self) -> Snapshot:
        """The inputs as a run takes them."""
        positions = read_members(plan=self.plan, sheet=_sheet("members.csv", self.members))
        lines = read_volumes(
            plan=self.plan, sheet=_sheet("volumes.csv", self.lines), positions=positions
        )
        return Snapshot(self.period, positions, lines)

    def shuffled(self, seed: int) -> "Inputs":
        """The same rows in another order."""
        chance = random.Random(seed)
        return replace(
            self, members=_shuffled(self.members, chance), lines=_shuffled(self.lines, chance)
        )

    def without_lines(self) -> "Inputs":
        """The same members, who sell and buy nothing."""
        return replace(self, lines={column: [] for column in self.lines})

    def branch(self, head: str) -> "Inputs":
        """A member as the root, with everybody below by `sponsor`, and their order lines."""
        inside = {head}
        names = self.members["member"]
        # Sponsors stand before those they sponsor.
        for member, sponsor in zip(names, self.members["sponsor"], strict=True):
            if sponsor in inside:
                inside.add(member)
        members = _only(self.members, inside)
        members["sponsor"][members["member"].index(head)] = ""
        return replace(self, members=members, lines=_only(self.lines, inside))

    def renamed(self, names: Mapping[str, str]) -> "Inputs":
        """The same members under other names."""

        def rename(columns: Mapping[str, list[str]]) -> dict[str, list[str]]:
            return {
                column: [names.get(value, value) for value in values]
                for column, values in columns.items()
            }

        return replace(self, members=rename(self.members), lines=rename(self.lines))


def make_inputs(path: Path, *, size: int, seed: int) -> Inputs:
    """Members and lines for a plan; the same seed gives the same ones."""
    chance = random.Random(seed)
    plan = load_plan(path)
    text = path.read_text(encoding="utf-8")
    names = [f"m{number:02d}" for number in range(size)]
    sponsor = ["", *(names[chance.randrange(number)] for number in range(1, size))]
    members: dict[str, list[str]] = {"member": names, "sponsor": sponsor}
    for tree in plan.document.trees.values():
        if tree.side or tree.width:
            parents, sides = _places(names, tree.width or 2, chance)
            members[tree.parent] = parents
            if tree.side:
                members[tree.side] = sides
        else:
            members.setdefault(tree.parent, sponsor)
    members["joined"] = [f"2025-{chance.randint(1, 12):02d}-15" for _name in names]
    known = {*plan.document.trees, *plan.document.ladders, *plan.document.metrics}
    known |= {*plan.document.statuses, *plan.document.predicates, *plan.document.volumes}
    known |= {*plan.document.views, *plan.document.tables, *plan.document.counts}
    for name in sorted({*NAMED.findall(text), *plan.document.attributes} - known - {*members}):
        part = plan.document.attributes.get(name)
        members[name] = [_value(part, name, chance) for _member in names]
    return Inputs(plan, members, _lines(text, names, chance))


def _places(names: list[str], width: int, chance: random.Random) -> tuple[list[str], list[str]]:
    """Everybody but the first at a free place below somebody earlier."""
    free = [(names[0], side) for side in range(1, width + 1)]
    parents, sides = [""], [""]
    for name in names[1:]:
        parent, side = free.pop(chance.randrange(len(free)))
        free += [(name, each) for each in range(1, width + 1)]
        parents.append(parent)
        sides.append(str(side))
    return parents, sides


def _value(part: Attribute | None, name: str, chance: random.Random) -> str:
    if part is None:
        # A forced rank must be one of the ladder; a market, one with a rate of exchange.
        fixed = {"forced_rank": "", "market": "GB"}
        return fixed[name] if name in fixed else chance.choice(["yes", "no"])
    if part.kind == "choice":
        return chance.choice(part.words)
    if part.kind == "number":
        return str(chance.randint(0, 3))
    return "2025-06-01" if part.kind == "date" else chance.choice(["yes", "no"])


def _lines(text: str, names: list[str], chance: random.Random) -> dict[str, list[str]]:
    count = len(names) * 2
    volumes = [chance.choice(SIZES) for _line in range(count)]
    columns = {
        "order": [f"o{number:03d}" for number in range(count)],
        "line": ["1"] * count,
        "member": [chance.choice(names) for _line in range(count)],
        "buyer": [chance.choice(["self", "self", "preferred", "retail"]) for _line in range(count)],
        "date": ["2026-01-05"] * count,
        "pv": volumes,
        "cv": volumes,
        "amount": volumes,
        "customer": [f"c{chance.randrange(9)}" for _line in range(count)],
        "market": ["EU"] * count,
        "party": [f"p{chance.randrange(4)}" for _line in range(count)],
        "host": [chance.choice(names) for _line in range(count)],
    }
    for name in sorted({*NAMED_OF_LINES.findall(text)} - {*columns, "first_order"}):
        columns[name] = [chance.choice(["yes", "no"]) for _line in range(count)]
    return columns


def _sheet(name: str, columns: Mapping[str, list[str]]) -> Sheet:
    return Sheet(name, dict(columns), len(next(iter(columns.values()))))


def _only(columns: Mapping[str, list[str]], wanted: set[str]) -> dict[str, list[str]]:
    rows = [row for row, member in enumerate(columns["member"]) if member in wanted]
    return {column: [values[row] for row in rows] for column, values in columns.items()}


def _shuffled(columns: Mapping[str, list[str]], chance: random.Random) -> dict[str, list[str]]:
    order = list(range(len(next(iter(columns.values())))))
    chance.shuffle(order)
    return {column: [values[row] for row in order] for column, values in columns.items()}
