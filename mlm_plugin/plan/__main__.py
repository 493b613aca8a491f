"""The command line of the engine: check, run, schema (`python -m mlm_plugin.plan --help`).

Ends with 0, or with 2 and a message that says where and what would be right.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mlm_plugin.plan.calendars import UnknownPeriod, find_period
from mlm_plugin.plan.computing import UnknownColumn
from mlm_plugin.plan.document import PlanError, make_schema
from mlm_plugin.plan.numbers import TooLarge
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.reading import BadInput, read_snapshot
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.writing import write_result

WRONG = 2
MISTAKES = (PlanError, BadInput, UnknownColumn, UnknownPeriod, TooLarge)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; the number is the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.work(options)
    except MISTAKES as mistake:
        print(mistake, file=sys.stderr)  # noqa: T201 - a command line speaks
        return WRONG
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlm_plugin.plan", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("check", help="read a plan and say what is wrong with it")
    check.add_argument("plan", type=Path)
    check.set_defaults(work=_check)
    run = commands.add_parser("run", help="compute a period from files")
    run.add_argument("plan", type=Path)
    run.add_argument("--members", type=Path, required=True)
    run.add_argument("--volumes", type=Path, required=True)
    run.add_argument("--period", required=True)
    run.add_argument("--history", type=Path)
    run.add_argument("--prior", type=Path, action="append", default=[])
    run.add_argument("--skips", action="store_true")
    run.add_argument("--out", type=Path, required=True)
    run.set_defaults(work=_run)
    schema = commands.add_parser("schema", help="print the JSON Schema of plan documents")
    schema.set_defaults(work=_schema)
    return parser


def _check(options: argparse.Namespace) -> None:
    plan = load_plan(options.plan)
    _say(f"{plan.document.plan.id}: {len(plan.document.bonuses)} bonuses, nothing is wrong")


def _schema(_options: argparse.Namespace) -> None:
    _say(json.dumps(make_schema(), indent=2, ensure_ascii=False))


def _run(options: argparse.Namespace) -> None:
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    plan = load_plan(options.plan)
    period = find_period(
        name=options.period, calendars=plan.calendars, preferred=plan.document.plan.calendar
    )
    snapshot = read_snapshot(
        plan=plan,
        period=period,
        members=options.members,
        volumes=options.volumes,
        history=options.history,
        prior=options.prior,
    )
    seconds["read"] = time.perf_counter() - started
    started = time.perf_counter()
    result = run_plan(plan=plan, snapshot=snapshot, wants_skips=options.skips)
    seconds["compute"] = time.perf_counter() - started
    write_result(result=result, folder=options.out, skips=options.skips, seconds=seconds)


def _say(text: str) -> None:
    print(text)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
