"""`python -m mlm_plugin.plan library`: the plans that come with the engine, or one of them."""

import argparse

from mlm_plugin.plan.document import PlanError, read_document
from mlm_plugin.plan.library import find_plan, list_plans

HELP = "list the plans that come with the engine, or print one of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `library` understands."""
    parser.add_argument("name", nargs="?", help="print this plan instead of the list")
    parser.set_defaults(work=run)


def run(options: argparse.Namespace) -> None:
    """Print. Raises PlanError for a name that the library does not have."""
    if options.name is None:
        for name, path in list_plans():
            print(f"{name:<22}{read_document(path).plan.title}")  # noqa: T201 - a command line speaks
        return
    try:
        path = find_plan(options.name)
    except KeyError:
        known = ", ".join(name for name, _path in list_plans())
        raise PlanError(f"the library has no plan “{options.name}”; it has: {known}") from None
    print(path.read_text(encoding="utf-8"), end="")  # noqa: T201
