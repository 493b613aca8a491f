"""Columns that expressions work on, and where they get them from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.trees import Rows, Tree, Truths


@dataclass(frozen=True)
class Words:
    """Texts by number: `codes` point into `words`; for a choice the words stand in rising order."""

    codes: NDArray[np.int64]
    words: tuple[str, ...]

    def at(self, rows: Rows) -> "Words":
        """The texts of some rows."""
        return self if self.codes.ndim == 0 else Words(self.codes[rows], self.words)

    def is_equal(self, other: "Words") -> Truths:
        """Row by row, also where the two lists of words differ."""
        if self.words == other.words:
            return np.asarray(self.codes == other.codes)
        ours = {word: code for code, word in enumerate(self.words)}
        translated = np.array([ours.get(word, -1) for word in other.words] or [-1], dtype=np.int64)
        return np.asarray(self.codes == translated[other.codes])


Value = Numbers | Words | Truths


class Past(Protocol):
    """The periods before that of a frame, each as a frame of its own."""

    def back(self, count: int) -> "Sequence[Frame]":
        """So many periods of the same calendar, the nearest first."""
        ...

    def every(self) -> "Sequence[Frame]":
        """All earlier periods of the same calendar that are known."""
        ...

    def inside(self, calendar: str) -> "Sequence[Frame]":
        """The known periods of another calendar that end in this one."""
        ...

    def latest(self, calendar: str) -> "Frame | None":
        """The last known period of another calendar that has ended."""
        ...


class Frame(Protocol):
    """The members of a computation: named columns, made when they are first asked for."""

    @property
    def size(self) -> int:
        """How many members there are."""
        ...

    def column(self, name: str) -> Value:
        """A named column, one row per member."""
        ...

    def tree(self, name: str) -> Tree:
        """A tree or view by name."""
        ...

    @property
    def everybody(self) -> "Environment":
        """All members, with the period."""
        ...

    @property
    def past(self) -> "Past":
        """The periods before."""
        ...

    def remember(self, key: str, names: frozenset[str], make: "Callable[[Frame], Value]") -> Value:
        """A column without a name of its own, made once of the members of a frame.

        `names` are what it depends on.
        """
        ...


@dataclass(frozen=True)
class Environment:
    """Whose rows an expression is worked for.

    `rows` maps a role (`member`, or `payee` and `source`) to the members it stands for, None for
    all of them in order; `given` holds what belongs to the row itself, such as `level`.
    """

    frame: Frame
    size: int
    rows: Mapping[str, Rows | None]
    given: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of_members(cls, frame: Frame) -> "Environment":
        """All members of a frame."""
        return frame.everybody

    def column(self, name: str, role: str) -> Value:
        """A member column for the members of a role."""
        return self.pick(self.frame.column(name), role)

    def pick(self, value: Value, role: str) -> Value:
        """The rows of a role from a column with one row per member."""
        rows = self.rows[role]
        if rows is None:
            return value
        if isinstance(value, np.ndarray):
            return value if value.ndim == 0 else value[rows]
        return value.at(rows)
