"""Tables of a plan, looked up for whole columns at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np

from mlm_plugin.plan.document.parts import Table, TableVariant
from mlm_plugin.plan.expressions import NUMBER, TEXT, Compiled, Environment, Kind, Value, Words
from mlm_plugin.plan.expressions.compiling import as_truths
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers

Rows = Mapping[str, Decimal | tuple[Decimal, ...]]


def make_column(numbers: Sequence[Decimal]) -> Numbers:
    """Decimals as one column with the places the longest of them needs."""
    exact = [Numbers.constant(number) for number in numbers]
    places = max((number.places for number in exact), default=0)
    values = [int(number.to_places(places).values) for number in exact]
    return Numbers(np.array(values, dtype=np.int64), places)


@dataclass(frozen=True)
class Form:
    """One set of numbers: of a table, or of one of its variants."""

    steps: Sequence[tuple[Decimal, Decimal]] | None
    levels: Sequence[Decimal] | None
    rows: Rows | None

    @classmethod
    def of(cls, part: Table | TableVariant) -> "Form":
        """The numbers of a part of the document."""
        return cls(part.steps, part.levels, part.rows)


class TableLookup:
    """A table with its variants: the first variant whose condition holds for a member counts."""

    def __init__(
        self, *, table: Table, words: Kind | None, variants: Sequence[tuple[Compiled, Form]]
    ) -> None:
        self.table = table
        self.words = words
        self.forms = [Form.of(table), *(form for _when, form in variants)]
        self.conditions = [when for when, _form in variants]

    @property
    def takes(self) -> tuple[Kind, ...]:
        """What stands in the brackets behind its name."""
        if self.words is None:
            return (NUMBER,)
        has_levels = any(
            isinstance(row, tuple) for form in self.forms for row in (form.rows or {}).values()
        )
        return (self.words, NUMBER) if has_levels else (self.words,)

    @property
    def names(self) -> frozenset[str]:
        """What its variants ask of a member."""
        return frozenset().union(*(when.names for when in self.conditions))

    def look_up(self, environment: Environment, arguments: list[Value], role: str) -> Numbers:
        """The table's number for each row of the arguments."""
        found = [self._look_up(form, arguments) for form in self.forms]
        if len(found) == 1:
            return found[0]
        places = max(numbers.places for numbers in found)
        values = [numbers.to_places(places).values for numbers in found]
        members = Environment.of_members(environment.frame)
        applies = [environment.pick(as_truths(when, members), role) for when in self.conditions]
        return Numbers(np.select(cast("list[np.ndarray]", applies), values[1:], values[0]), places)

    def _look_up(self, form: Form, arguments: list[Value]) -> Numbers:
        if form.steps is not None:
            numbers = arguments[0]
            assert isinstance(numbers, Numbers)
            return (
                self._marginal(form.steps, numbers)
                if self.table.marginal
                else self._step(form.steps, numbers)
            )
        if form.levels is not None:
            return self._level(form.levels, arguments[0])
        return self._row(form.rows or {}, arguments)

    def _step(self, steps: Sequence[tuple[Decimal, Decimal]], numbers: Numbers) -> Numbers:
        thresholds = make_column([threshold for threshold, _value in steps])
        places = max(thresholds.places, numbers.places)
        place = np.searchsorted(
            thresholds.to_places(places).values, numbers.to_places(places).values, side="right"
        )
        values = make_column([self.table.default, *(value for _threshold, value in steps)])
        return Numbers(values.values[place], values.places)

    def _marginal(self, steps: Sequence[tuple[Decimal, Decimal]], numbers: Numbers) -> Numbers:
        total = Numbers.constant(0)
        ends = [threshold for threshold, _value in steps[1:]]
        for place, (threshold, value) in enumerate(steps):
            above = numbers - Numbers.constant(threshold)
            part = Numbers(np.maximum(above.values, 0), above.places)
            if place < len(ends):
                width = Numbers.constant(ends[place] - threshold).to_places(part.places)
                part = Numbers(np.minimum(part.values, width.values), part.places)
            total = total + part * Numbers.constant(value)
        return total

    def _level(self, levels: Sequence[Decimal], level: Value) -> Numbers:
        values = make_column([*levels, self.table.default])
        return Numbers(values.values[_places_of(level, len(levels))], values.places)

    def _row(self, rows: Rows, arguments: list[Value]) -> Numbers:
        words = arguments[0]
        assert isinstance(words, Words)
        width = max((len(row) for row in rows.values() if isinstance(row, tuple)), default=1)
        grid = [self._spread(self._row_of(rows, word, words.words), width) for word in words.words]
        values = make_column([number for row in grid for number in row])
        table = values.values.reshape(len(grid), width + 1)
        if len(arguments) == 1:
            return Numbers(table[words.codes, 0], values.places)
        return Numbers(table[words.codes, _places_of(arguments[1], width)], values.places)

    def _row_of(
        self, rows: Rows, word: str, words: tuple[str, ...]
    ) -> Decimal | tuple[Decimal, ...] | None:
        if word in rows or not self.table.or_lower:
            return rows.get(word)
        lower = [each for each in words[: words.index(word)] if each in rows]
        return rows[lower[-1]] if lower else None

    def _spread(self, row: Decimal | tuple[Decimal, ...] | None, width: int) -> tuple[Decimal, ...]:
        """A row with one value per level and, last, the one for levels beyond."""
        default = self.table.default
        if row is None:
            return (default,) * (width + 1)
        if isinstance(row, tuple):
            return (*row, *(default,) * (width + 1 - len(row)))
        return (*(row,) * width, default)


def kind_of_words(kind: Kind) -> Kind:
    """What a table with rows takes: a choice as it is, anything written as a text."""
    return kind if kind.name == "choice" else TEXT


def _places_of(level: Value, count: int) -> Column:
    """The place of each level in a row of `count` values; `count` for levels beyond or below 1."""
    assert isinstance(level, Numbers)
    places = level.to_places(0).values - 1
    return np.where((places < 0) | (places >= count), count, places)
