"""`python -m mlm_plugin.plan simulate`: arguments in, report.json, members.csv and page.html out."""

import argparse
import csv
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mlm_plugin.plan.calendars import find_period
from mlm_plugin.plan.explaining.texts import LANGUAGES
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.reading import read_members, read_volumes
from mlm_plugin.plan.sheets import BadInput, read_sheet
from mlm_plugin.plan.simulation.columns import written_lines
from mlm_plugin.plan.simulation.page import make_page
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.simulation.simulating import RealNetwork, simulate
from mlm_plugin.plan.snapshot import Lines, Snapshot

HELP = "try a plan on a synthetic or a real network over several periods"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `simulate` understands."""
    parser.add_argument("plan", type=Path)
    parser.add_argument("--members", type=int, default=10_000, help="of a synthetic network")
    parser.add_argument("--periods", type=int, default=12)
    parser.add_argument("--first", default="2026-01", help="the first period (2026-01)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same network")
    parser.add_argument("--shape", type=Path, help="a TOML file with branching, churn, orders, …")
    parser.add_argument("--network", type=Path, help="members.csv of a real network instead")
    parser.add_argument("--volumes", type=Path, help="its order lines; made up where left out")
    parser.add_argument("--against", type=Path, help="a second plan: who loses, who wins")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="en", help="of page.html")
    parser.add_argument("--out", type=Path, required=True)
    parser.set_defaults(work=run)


def run(options: argparse.Namespace) -> None:
    """Simulate and write. Raises BadInput, PlanError, UnknownPeriod, CannotGrow."""
    if options.periods < 1 or options.members < 1 or options.seed < 0:
        raise BadInput("--periods and --members must be at least 1, and --seed at least 0")
    if options.volumes and not options.network:
        raise BadInput("--volumes needs --network: order lines belong to the members of a file")
    plan = load_plan(options.plan)
    against = load_plan(options.against) if options.against else None
    shape = read_shape(options.shape) if options.shape else Shape()
    report = simulate(
        plan=plan,
        first=options.first,
        periods=options.periods,
        members=options.members,
        seed=options.seed,
        shape=shape,
        network=_real(plan, options, shape),
        against=against,
        against_network=_real(against, options, shape) if against else None,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.json").write_text(
        json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    write_table(options.out / "ranks.csv", _rank_rows(report))
    write_table(options.out / "periods.csv", _period_rows(report))
    (options.out / "page.html").write_text(
        make_page(report, language=options.lang), encoding="utf-8"
    )


def read_shape(path: Path) -> Shape:
    """A shape from TOML. Raises BadInput that names the field."""
    try:
        return Shape.model_validate(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from None
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(str(step) for step in found["loc"])
        raise BadInput(f"{path.name}, {place}: {found['msg']}") from None


def _real(plan: Plan, options: argparse.Namespace, shape: Shape) -> RealNetwork | None:
    if not options.network:
        return None
    positions = read_members(plan=plan, sheet=read_sheet(options.network))
    period = find_period(
        name=options.first, calendars=plan.calendars, preferred=plan.document.plan.calendar
    )
    if options.volumes:
        lines = read_volumes(plan=plan, sheet=read_sheet(options.volumes), positions=positions)
        return RealNetwork(frozen=Snapshot(period, positions, lines))
    frozen = Snapshot(period, positions, Lines.nothing())
    return RealNetwork(
        frozen=frozen, shape=shape, seed=options.seed, written=written_lines(plan, shape)
    )


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Rows with the same keys as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["nothing"])
        writer.writeheader()
        writer.writerows(rows)


def _results(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = [(report["plan"], report["result"])]
    if "against" in report:
        found.append((report["against"]["plan"], report["against"]["result"]))
    return found


def _rank_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"plan": name, "ladder": ladder, **row}
        for name, result in _results(report)
        for ladder, rows in result["ranks"].items()
        for row in rows
    ]


def _period_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"plan": name, **{key: value for key, value in row.items() if key != "bonuses"}}
        for name, result in _results(report)
        for row in result["periods"]
    ]
