"""Python functions that a plan may name, as the last resort (section `functions` of a plan).

A function is given columns, one row per member, and gives one back. It must be pure: no clock, no
files, no chance, nothing kept between calls. What it is given cannot be written to.

    @register("encumbered")
    def encumbered(given: Given) -> Column:
        volume, used = given.columns
        return volume - used

`python -m mlm_plugin.plan --functions mine.py run …` reads a file of functions first.
"""

import runpy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.document.figures import Calculated
from mlm_plugin.plan.document.model import PlanDocument
from mlm_plugin.plan.expressions import Environment
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.sheets import BadInput
from mlm_plugin.plan.trees import Tree

if TYPE_CHECKING:
    from mlm_plugin.plan.plans import Plan


@dataclass(frozen=True)
class Given:
    """What a function is given: its inputs in units of the declared places, and a tree if it asks."""

    columns: tuple[Column, ...]
    places: int
    tree: Tree | None = None


Function = Callable[[Given], Column]
_functions: dict[str, Function] = {}


def register(name: str) -> Callable[[Function], Function]:
    """Let plans name a function. Raises ValueError for a name that is taken by another one."""

    def take(function: Function) -> Function:
        known = _functions.setdefault(name, function)
        if known.__code__ != function.__code__:
            raise ValueError(f"there is another function “{name}”")
        return function

    return take


def registered() -> tuple[str, ...]:
    """The names that plans may use."""
    return tuple(sorted(_functions))


def wrong_functions(document: PlanDocument) -> Iterator[str]:
    """What a document's functions name and there is not, each with its place."""
    for name, part in document.functions.items():
        if part.function not in _functions:
            listed = ", ".join(registered()) or "none"
            yield (
                f"functions.{name}.function: no function “{part.function}” is registered; there is: "
                f"{listed}"
            )
        if part.tree is not None and part.tree not in {**document.trees, **document.views}:
            yield f"functions.{name}.tree: there is no tree or view “{part.tree}”"


def read_functions(path: Path) -> None:
    """Run a file that registers functions. Raises BadInput where that fails."""
    try:
        runpy.run_path(str(path))
    except Exception as error:
        raise BadInput(f"{path.name} cannot be used: {error}") from error


def calculate(plan: "Plan", name: str, part: Calculated, everybody: Environment) -> Numbers:
    """The column of a part. Raises BadInput where the function gives something else."""
    columns = []
    for number in range(len(part.inputs)):
        value = as_numbers(plan.formula(f"functions.{name}.{number}"), everybody)
        column = value.to_places(part.places).spread(everybody.size).copy()
        column.setflags(write=False)
        columns.append(column)
    tree = everybody.frame.tree(part.tree) if part.tree else None
    found = _functions[part.function](Given(tuple(columns), part.places, tree))
    if not isinstance(found, np.ndarray) or found.dtype != np.int64:
        raise BadInput(f"functions.{name}: “{part.function}” must give whole numbers (int64)")
    if found.shape != (everybody.size,):
        raise BadInput(f"functions.{name}: “{part.function}” must give one number per member")
    return Numbers(found, part.places)
