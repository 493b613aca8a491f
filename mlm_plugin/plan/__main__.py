"""The command line of the engine: check, run, schema (`python -m mlm_plugin.plan --help`).

Ends with 0, or with 2 and a message that says where and what would be right.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mlm_plugin.plan.analysis import command as checking
from mlm_plugin.plan.calendars import UnknownPeriod, find_period
from mlm_plugin.plan.differing import FILE as DIFFERENCES
from mlm_plugin.plan.differing import (
    difference,
    read_paid_lines,
    with_returns_in_their_period,
    write_differences,
)
from mlm_plugin.plan.document import PlanError, make_schema
from mlm_plugin.plan.document.reference import make_reference
from mlm_plugin.plan.explaining import command as explanation
from mlm_plugin.plan.freezing import INPUTS, freeze, thaw
from mlm_plugin.plan.library import command as library
from mlm_plugin.plan.line_columns import UnknownColumn
from mlm_plugin.plan.numbers import TooLarge
from mlm_plugin.plan.placing import command as placing
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.reading import read_snapshot
from mlm_plugin.plan.registered import read_functions
from mlm_plugin.plan.returns import UnknownSale
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.sheets import BadInput
from mlm_plugin.plan.simulation import CannotGrow
from mlm_plugin.plan.simulation import command as simulation
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.trees import NoSides
from mlm_plugin.plan.writing import write_result

WRONG = 2
MISTAKES = (
    UnknownSale, PlanError, BadInput, UnknownColumn, UnknownPeriod, TooLarge, NoSides, CannotGrow,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; the number is the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.functions:
            read_functions(options.functions)
        options.work(options)
    except MISTAKES as mistake:
        print(mistake, file=sys.stderr)  # noqa: T201 - a command line speaks
        return WRONG
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return WRONG
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlm_plugin.plan", description=__doc__)
    parser.add_argument("--functions", type=Path, help="a Python file that registers functions")
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("check", help="read a plan and say what can be said before a run")
    checking.add_arguments(check)
    run = commands.add_parser("run", help="compute a period from files")
    run.add_argument("plan", type=Path)
    run.add_argument("--members", type=Path)
    run.add_argument("--volumes", type=Path)
    run.add_argument("--period")
    run.add_argument("--snapshot", type=Path, help="frozen inputs instead of the files")
    run.add_argument("--freeze", type=Path, help="write the inputs into one frozen file")
    run.add_argument("--history", type=Path)
    run.add_argument("--prior", type=Path, action="append", default=[])
    run.add_argument(
        "--against", type=Path,
        help="an earlier result of the same period; differences.csv says what changes",
    )  # fmt: skip
    run.add_argument("--skips", action="store_true")
    run.add_argument("--out", type=Path, required=True)
    run.set_defaults(work=_run)
    place = commands.add_parser("place", help=placing.HELP)
    placing.add_arguments(place)
    library.add_arguments(commands.add_parser("library", help=library.HELP))
    simulate = commands.add_parser("simulate", help=simulation.HELP)
    simulation.add_arguments(simulate)
    explanation.add_command(commands)
    schema = commands.add_parser("schema", help="print the JSON Schema of plan documents")
    schema.add_argument("--page", action="store_true", help="as a page to read (Markdown)")
    schema.set_defaults(work=_schema)
    return parser


def _schema(options: argparse.Namespace) -> None:
    if options.page:
        _say(make_reference().rstrip("\n"))
        return
    _say(json.dumps(make_schema(), indent=2, ensure_ascii=False))


def _run(options: argparse.Namespace) -> None:
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    plan = load_plan(options.plan)
    snapshot = _frozen(options, plan) if options.snapshot else _read(options, plan)
    paid = None
    if options.against is not None:
        if options.against.resolve() == options.out.resolve():
            raise BadInput("--against and --out are the same folder; the earlier result must stay")
        paid = read_paid_lines(plan=plan, period=snapshot.period, folder=options.against)
        snapshot = with_returns_in_their_period(plan=plan, frozen=snapshot)
    seconds["read"] = time.perf_counter() - started
    started = time.perf_counter()
    result = run_plan(plan=plan, snapshot=snapshot, wants_skips=options.skips)
    seconds["compute"] = time.perf_counter() - started
    text = options.plan.read_text(encoding="utf-8-sig")
    if options.freeze is not None:
        freeze(plan_text=text, frozen=snapshot, path=options.freeze)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / DIFFERENCES).unlink(missing_ok=True)
    write_result(result=result, folder=options.out, skips=options.skips, seconds=seconds)
    if paid is not None:
        found = difference(before=paid, after=result)
        write_differences(found=found, places=plan.document.plan.places, folder=options.out)
    # `explain` works on from the very inputs of the result, so they lie beside it.
    freeze(plan_text=text, frozen=snapshot, path=options.out / INPUTS)


def _read(options: argparse.Namespace, plan: Plan) -> Snapshot:
    for name in ("members", "volumes", "period"):
        if getattr(options, name) is None:
            raise BadInput(f"--{name} is needed where no --snapshot is given")
    period = find_period(
        name=options.period, calendars=plan.calendars, preferred=plan.document.plan.calendar
    )
    return read_snapshot(
        plan=plan,
        period=period,
        members=options.members,
        volumes=options.volumes,
        history=options.history,
        prior=options.prior,
    )


def _frozen(options: argparse.Namespace, plan: Plan) -> Snapshot:
    for name in ("members", "volumes", "history", "prior"):
        if getattr(options, name):
            raise BadInput(f"--{name} is part of the frozen file and not given with --snapshot")
    frozen_plan, snapshot = thaw(options.snapshot)
    if frozen_plan.document != plan.document:
        raise BadInput(
            f"{options.snapshot.name} was frozen for another plan than {options.plan.name}"
        )
    if options.period not in (None, snapshot.period.id):
        raise BadInput(f"{options.snapshot.name} holds the period {snapshot.period.id}")
    return snapshot


def _say(text: str) -> None:
    print(text)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
