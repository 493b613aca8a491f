"""The grids of a plan as fields of a page: what stands in each, what was typed, what is wrong with it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from mlm_plugin.commissions.plan_grids import Cell, Grid, Row, pointer_of, read_grids
from mlm_plugin.commissions.plan_places import Problem, resolve


@dataclass
class Field:
    """One input; `label` is for who listens instead of looking."""

    name: str
    value: str
    label: str
    is_number: bool
    problem: str = ""


@dataclass
class FieldRow:
    """Inputs beside each other; None where a column has none."""

    name: str
    fields: list[Field | None]


@dataclass
class FieldGrid:
    """A grid on a page, with what is wrong with it as a whole."""

    grid: Grid
    columns: list[str]
    rows: list[FieldRow]
    problems: list[str] = field(default_factory=list)


@dataclass
class Fields:
    """All grids of a document. `typed` holds the values by pointer as they were sent."""

    grids: list[FieldGrid]
    typed: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put each problem beside its field; what belongs to none stands above all."""
        for pointer, text in problems.items():
            found = self._find(pointer)
            if found is None:
                self.problems.append(text)
            else:
                found.problem = text

    def tell_problems(self, problems: Iterable[Problem], *, document: str) -> None:
        """The same for what the engine says of the new document, by place: field, grid, or above all."""
        data = tomllib.loads(document, parse_float=Decimal)
        for problem in problems:
            found = self._find(pointer_of(resolve(document=data, place=problem.place)))
            if found is not None:
                found.problem = problem.text
                continue
            for each in self.grids:
                if problem.place and f"{problem.place}.".startswith(f"{each.grid.place}."):
                    each.problems.append(f"{problem.place}: {problem.text}")
                    break
            else:
                place = f"{problem.place}: " if problem.place else ""
                self.problems.append(f"{place}{problem.text}")

    def _find(self, pointer: str) -> Field | None:
        for each in self.grids:
            for row in each.rows:
                for one in row.fields:
                    if one is not None and one.name == pointer:
                        return one
        return None


def read_fields(*, document: str, typed: Mapping[str, str]) -> Fields:
    """The fields of a document, with what was typed where something was."""
    grids = read_grids(document=document)
    known = {cell.pointer for grid in grids for cell in grid.cells}
    sent = {pointer: typed[pointer] for pointer in sorted(known) if pointer in typed}
    return Fields(grids=[_field_grid(grid, sent) for grid in grids], typed=sent)


def _field_grid(grid: Grid, typed: Mapping[str, str]) -> FieldGrid:
    columns = _columns(grid)
    rows = [_field_row(grid, row, columns, typed) for row in grid.rows]
    return FieldGrid(grid, columns, rows)


def _field_row(grid: Grid, row: Row, columns: list[str], typed: Mapping[str, str]) -> FieldRow:
    fields: list[Field | None] = [
        None if cell is None else _field(cell, [grid.place, row.name, column], typed)
        for cell, column in zip(row.cells, columns, strict=False)
    ]
    if grid.kind != "ranks":
        fields += [None] * (len(columns) - len(fields))
    return FieldRow(row.name, fields)


def _field(cell: Cell, words: list[str], typed: Mapping[str, str]) -> Field:
    value = typed.get(cell.pointer, cell.text)
    return Field(cell.pointer, value, " ".join(filter(None, words)), cell.is_number)


def _columns(grid: Grid) -> list[str]:
    """What stands above the values."""
    widest = max((len(row.cells) for row in grid.rows), default=0)
    match grid.kind:
        case "steps":
            return [_("Threshold"), _("Value")]
        case "values":
            return list(grid.columns)
        case "ranks":
            return [_("Requirement %s") % number for number in range(1, widest + 1)]
        case _:
            return [_("Level %s") % number for number in range(1, widest + 1)]
