"""`python -m mlm_plugin.plan place`: members in, positions.csv by the fill rules of the plan out."""

import argparse
import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.placing.filling import place_members
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.sheets import BadInput, read_sheet

HELP = "find positions by the fill rules of the plan's trees, in joining order"
HEADINGS = ("member", "tree", "parent", "side")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `place` understands."""
    parser.add_argument("plan", type=Path)
    parser.add_argument("--members", type=Path, required=True)
    parser.add_argument("--on", help="the day for holding tanks (2026-01-31); nobody waits without")
    parser.add_argument("--out", type=Path, required=True)
    parser.set_defaults(work=run)


def run(options: argparse.Namespace) -> None:
    """Place everybody and write positions.csv and waiting.csv. Raises BadInput, PlanError."""
    plan = load_plan(options.plan)
    trees = {name: tree for name, tree in plan.document.trees.items() if tree.fill is not None}
    if not trees:
        raise PlanError("no tree of the plan has a fill rule, such as fill = “breadth_first”")
    sheet = read_sheet(options.members)
    members = sheet.columns.get("member", [])
    _refuse_twins(sheet.columns.get("member", []), options.members.name)
    day = _read_day(options.on)
    rows: list[Sequence[object]] = []
    waiting: list[Sequence[object]] = []
    for name, tree in trees.items():
        placed = place_members(sheet=sheet, name=name, tree=tree, on=day)
        left = set(placed.waiting)
        waiting += sorted((members[row], name) for row in left)
        parents, sides = placed.parent.tolist(), placed.side.tolist()
        for row in sorted(range(sheet.size), key=members.__getitem__):
            if row not in left:
                parent, side = parents[row], sides[row]
                below = (members[parent], side + 1) if parent >= 0 else ("", "")
                rows.append((members[row], name, *below))
    options.out.mkdir(parents=True, exist_ok=True)
    _write(options.out / "positions.csv", HEADINGS, rows)
    _write(options.out / "waiting.csv", ("member", "tree"), waiting)


def _refuse_twins(members: Sequence[str], name: str) -> None:
    seen: set[str] = set()
    for row, member in enumerate(members):
        if not member or member in seen:
            what = f"member {member} is there already" if member else "the member has no id"
            raise BadInput(f"{name}, line {row + 2}: {what}")
        seen.add(member)


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"--on: “{text}” is no day, such as 2026-01-31") from None


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    unfinished = path.with_suffix(".csv.part")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)
    unfinished.replace(path)
