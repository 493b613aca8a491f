"""The columns of some order lines, each picked when an expression asks for it."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mlm_plugin.plan.expressions import Value, Words
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.scopes import BUYERS
from mlm_plugin.plan.snapshot import Lines
from mlm_plugin.plan.trees import Rows


class UnknownColumn(ValueError):
    """The plan names a column that the files do not have."""


class LineColumns(Mapping[str, Value]):
    """`line.pv`, `line.date`, `line.buyer` and the rest for `rows` of the order lines.

    Millions of lines have many columns of which a plan names few.
    """

    def __init__(
        self, *, lines: Lines, rows: Rows, made: Mapping[str, Callable[[], Value]] | None = None
    ) -> None:
        # Columns that no file has, each made of all lines when it is asked for.
        self._made = made or {}
        self._columns: dict[str, Value] = {
            **{f"line.{name}": numbers for name, numbers in lines.numbers.items()},
            **{f"line.{name}": words for name, words in lines.texts.items()},
            "line.date": Numbers(lines.day),
            "line.buyer": Words(lines.buyer, BUYERS),
        }
        # Rows are in order and never twice: as many as there are lines are all of them.
        self._rows = None if len(rows) == lines.size else rows
        self._picked: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._picked:
            if name.startswith("line.") and name not in self._made and name not in self._columns:
                raise UnknownColumn(
                    f"the volumes' file has no column “{name.removeprefix('line.')}”, which the "
                    "plan names"
                )
            column = self._made[name]() if name in self._made else self._columns[name]
            if self._rows is not None:
                rows = self._rows
                column = column[rows] if isinstance(column, np.ndarray) else column.at(rows)
            self._picked[name] = column
        return self._picked[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._columns, *self._made])

    def __len__(self) -> int:
        return len(self._columns) + len(self._made)
