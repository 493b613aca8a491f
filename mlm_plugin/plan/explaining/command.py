"""`explain DIR --member ID`: a member's result in sentences."""

import argparse
import json
import sys
from pathlib import Path

from mlm_plugin.plan.explaining.sentences import UnknownMember, explain
from mlm_plugin.plan.explaining.texts import LANGUAGES
from mlm_plugin.plan.freezing import INPUTS, thaw
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.sheets import BadInput


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its options."""
    parser = commands.add_parser("explain", help="say in sentences what a member earned and why")
    parser.add_argument("folder", type=Path, help="the folder of a result")
    parser.add_argument("--member", required=True, help="a member, or an owner of positions")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="en")
    parser.add_argument("--all", action="store_true", help="do not shorten long lists")
    parser.set_defaults(work=work)


def work(options: argparse.Namespace) -> None:
    """Compute the result again from the inputs beside it, check that it is the same, and explain.

    Raises BadInput.
    """
    plan, snapshot = thaw(options.folder / INPUTS)
    result = run_plan(plan=plan, snapshot=snapshot)
    if result.digest() != _digest(options.folder / "summary.json"):
        raise BadInput(
            f"{options.folder.name} was written by another version of the engine: its inputs give "
            "another result now; run the plan again"
        )
    try:
        text = explain(
            result=result, member=options.member, language=options.lang,
            most=None if options.all else 20,
        )  # fmt: skip
    except UnknownMember as error:
        raise BadInput(str(error)) from None
    sys.stdout.write(f"{text}\n")


def _digest(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["digests"]["results"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from None
