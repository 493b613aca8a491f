"""Tables, requirements of ranks, and rates of a document as grids of fields, and written back into it.

A field is known by its pointer, much like those of RFC 6901, with numbers of lists marked:
`/tables/level_rates/rows/Leader/#0`. Writing changes those values alone; comments, order and spelling of
everything else stay as they are.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import tomlkit
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mlm_plugin.commissions.plan_places import UNREADABLE

Pointer = str
Steps = tuple[str | int, ...]
NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?")
PERCENTAGE = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\s*%")
WITH_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+\s*%?")
LONGEST = 2_000
NOT_WRITTEN = gettext_lazy("This cannot be written into the document; edit it as text.")
# Rates and other values of bonuses and limits; what is not here says how, not how much.
VALUES = (
    "rate", "start", "most", "least", "pay", "amount", "fund", "share", "levels", "first_level",
    "generations", "cycle", "reserve", "most_cycles", "most_per_leg", "carry_most", "peg", "items",
    "item_price", "booking", "exclusive_price", "instalments", "grace_periods", "expires", "buyers",
)  # fmt: skip


class WrongValue(ValueError):
    """Values that cannot be written; `problems` says by pointer what is wrong with each."""

    def __init__(self, problems: Mapping[Pointer, str]) -> None:
        super().__init__("; ".join(f"{pointer}: {text}" for pointer, text in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Cell:
    """One value: where it is and how it is written; empty where there is room for one more."""

    pointer: Pointer
    text: str
    is_number: bool = True


@dataclass(frozen=True)
class Row:
    """Values beside each other under one name; None where a column has none."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Grid:
    """A table, a ladder, or the values of a section. `place` is where it stands in the document."""

    place: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def cells(self) -> Iterator[Cell]:
        """All fields, row by row."""
        return (cell for row in self.rows for cell in row.cells if cell is not None)


def read_grids(*, document: str) -> list[Grid]:
    """All grids of a document, which must be a plan."""
    data = tomllib.loads(document, parse_float=Decimal)
    return [*_tables(data), *_ladders(data), *_values(data, "bonuses"), *_values(data, "limits")]


def write_values(*, document: str, values: Mapping[Pointer, str]) -> str:
    """The document with these values; an empty one takes the end of a list away, or a whole step.

    Pointers that no grid of the document has are refused like wrong values. Raises WrongValue.
    """
    grids = read_grids(document=document)
    cells = {cell.pointer: cell for grid in grids for cell in grid.cells}
    problems = dict.fromkeys(
        values.keys() - cells.keys(), _("There is no such value in the document.")
    )
    texts = {pointer: _tidy(text, cells.get(pointer)) for pointer, text in values.items()}
    changed = {
        pointer: text
        for pointer, text in texts.items()
        if pointer in cells and text != cells[pointer].text
    }
    for pointer, text in changed.items():
        if len(text) > LONGEST:
            problems[pointer] = _("At most %s characters.") % LONGEST
        elif cells[pointer].is_number and text and not _is_number(text):
            problems[pointer] = _("“%s” is no number; write one like 5, 0.05 or 5%%.") % text
    if problems:
        raise WrongValue(problems)
    if not changed:
        return document
    try:
        return _Writer(document).write(changed)
    except WrongValue:
        raise
    except UNREADABLE:
        raise WrongValue({"": str(NOT_WRITTEN)}) from None


def steps_of(pointer: Pointer) -> Steps:
    """A pointer as keys and numbers."""
    return tuple(_step(word) for word in pointer.split("/")[1:])


def pointer_of(steps: Sequence[str | int]) -> Pointer:
    """Keys and numbers as a pointer; numbers of lists are marked with `#`, for rows may be called 1."""
    words = [f"#{step}" if isinstance(step, int) else _escape(step) for step in steps]
    return "".join(f"/{word}" for word in words)


class _Writer:
    """Puts values into a parsed document, lists from their end on so that numbers stay right."""

    def __init__(self, document: str) -> None:
        self.before = document
        self.parsed: Any = tomlkit.parse(document)
        self.plain: Any = tomllib.loads(document, parse_float=Decimal)

    def write(self, changed: Mapping[Pointer, str]) -> str:
        problems: dict[Pointer, str] = {}
        sets = {steps_of(pointer): text for pointer, text in changed.items()}
        for steps in sorted(sets, key=_backwards, reverse=True):
            if sets[steps]:
                problems |= self._set(steps, sets[steps])
        gone = [steps for steps, text in sets.items() if not text]
        for steps in sorted(gone, key=_backwards):
            problems |= self._take_away(steps, sets)
        if problems:
            raise WrongValue(problems)
        text = tomlkit.dumps(self.parsed)
        # The document is written by one library and read by another: they must agree.
        if tomllib.loads(text, parse_float=Decimal) != self.plain:
            raise WrongValue({"": str(NOT_WRITTEN)})
        return text

    def _set(self, steps: Steps, text: str) -> dict[Pointer, str]:
        parsed, plain = self._holder(steps)
        key = steps[-1]
        if isinstance(key, int) and key > len(plain):
            return {pointer_of(steps): _("The value before it is missing.")}
        literal, value = _as_written(text, _like(plain, key))
        if isinstance(key, int) and key == len(plain):
            parsed.append(literal)
            plain.append(value)
        else:
            parsed[key] = literal
            plain[key] = value
        return {}

    def _holder(self, steps: Steps) -> tuple[Any, Any]:
        """What holds the value; a step of a table that is new is begun here."""
        parsed, plain = self.parsed, self.plain
        for step in steps[:-1]:
            if isinstance(step, int) and step == len(plain):
                parsed.append(tomlkit.array())
                plain.append([])
            parsed, plain = parsed[step], plain[step]
        return parsed, plain

    def _take_away(self, steps: Steps, sets: Mapping[Steps, str]) -> dict[Pointer, str]:
        parsed, plain = self._holder(steps)
        key = steps[-1]
        if "steps" in steps and isinstance(key, int) and isinstance(steps[-2], int):
            both = [(*steps[:-1], 0), (*steps[:-1], 1)]
            if any(sets.get(each) != "" for each in both):
                return {pointer_of(steps): _("Empty both fields to take the step away.")}
            if key == 0:
                del self._holder(steps[:-1])[0][steps[-2]]
                del self._holder(steps[:-1])[1][steps[-2]]
            return {}
        if not isinstance(key, int):
            return {pointer_of(steps): _("A value is needed here.")}
        is_requirement = steps[-2] == "requires"
        if key < len(plain) - 1 and not is_requirement:
            return {pointer_of(steps): _("Only the end of a row can be left empty.")}
        if len(plain) == 1 and not is_requirement:
            return {pointer_of(steps): _("A row needs one value at least.")}
        del parsed[key]
        del plain[key]
        return {}


def _tables(data: Mapping[str, Any]) -> Iterator[Grid]:
    for name, table in data.get("tables", {}).items():
        yield from _forms(("tables", name), table)
        for number, variant in enumerate(table.get("variants", [])):
            yield from _forms(("tables", name, "variants", number), variant)


def _forms(at: Steps, form: Mapping[str, Any]) -> Iterator[Grid]:
    place, note = ".".join(map(str, at)), str(form.get("when", ""))
    if "steps" in form:
        steps = (*at, "steps")
        rows = [
            Row("", tuple(_cell((*steps, number, side), row[side]) for side in (0, 1)))
            for number, row in enumerate(form["steps"])
        ]
        end = len(rows)
        rows.append(Row("", tuple(Cell(pointer_of((*steps, end, side)), "") for side in (0, 1))))
        yield Grid(place, "steps", (), tuple(rows), note)
    if "levels" in form:
        yield Grid(place, "levels", (), (_list_row("", (*at, "levels"), form["levels"]),), note)
    if "rows" in form:
        rows = [
            _list_row(word, (*at, "rows", word), value)
            if isinstance(value, list)
            else Row(word, (_cell((*at, "rows", word), value),))
            for word, value in form["rows"].items()
        ]
        yield Grid(place, "rows", (), tuple(rows), note)


def _list_row(name: str, at: Steps, values: Sequence[Any]) -> Row:
    cells = [_cell((*at, number), value) for number, value in enumerate(values)]
    return Row(name, (*cells, Cell(pointer_of((*at, len(values))), "")))


def _ladders(data: Mapping[str, Any]) -> Iterator[Grid]:
    for name, ladder in data.get("ladders", {}).items():
        yield _ranks(("ladders", name), ladder)
        for number, variant in enumerate(ladder.get("variants", [])):
            yield _ranks(("ladders", name, "variants", number), variant)


def _ranks(at: Steps, ladder: Mapping[str, Any]) -> Grid:
    rows = []
    for number, rank in enumerate(ladder.get("ranks", [])):
        steps = (*at, "ranks", number, "requires")
        # A rank without any requirement is given one in the text.
        if "requires" not in rank:
            continue
        cells = [
            _cell((*steps, which), text, is_number=False)
            for which, text in enumerate(rank["requires"])
        ]
        end = Cell(pointer_of((*steps, len(cells))), "", is_number=False)
        rows.append(Row(str(rank["name"]), (*cells, end)))
    place = ".".join(map(str, at))
    return Grid(place, "ranks", (), tuple(rows), str(ladder.get("when", "")))


def _values(data: Mapping[str, Any], section: str) -> Iterator[Grid]:
    parts = {
        name: [each for each in VALUES if _is_scalar(part.get(each))]
        for name, part in data.get(section, {}).items()
    }
    columns = tuple(each for each in VALUES if any(each in known for known in parts.values()))
    if not columns:
        return
    rows = []
    for name, part in data[section].items():
        if parts[name]:
            rows.append(_row_of_values((section, name), name, part, columns))
        for number, variant in enumerate(part.get("variants", [])):
            if any(_is_scalar(variant.get(each)) for each in columns):
                at = (section, name, "variants", number)
                title = f"{name}: {variant.get('when', '')}"
                rows.append(_row_of_values(at, title, variant, columns))
    yield Grid(section, "values", columns, tuple(rows))


def _row_of_values(at: Steps, name: str, part: Mapping[str, Any], columns: Sequence[str]) -> Row:
    cells = (
        _cell((*at, each), part[each], is_number=False) if _is_scalar(part.get(each)) else None
        for each in columns
    )
    return Row(name, tuple(cells))


def _cell(steps: Steps, value: Any, *, is_number: bool = True) -> Cell:
    return Cell(pointer_of(steps), value if isinstance(value, str) else str(value), is_number)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, Decimal)) and not isinstance(value, bool)


def _is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text) or PERCENTAGE.fullmatch(text))


def _tidy(text: str, cell: Cell | None) -> str:
    """Without spaces around; a decimal comma, as people write it, is a point in a document."""
    text = text.strip()
    if cell is not None and cell.is_number and WITH_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return text


def _like(plain: Any, key: str | int) -> Any:
    """A value of the same list or place, whose spelling the new one follows."""
    if isinstance(key, int):
        if key < len(plain):
            return plain[key]
        return plain[-1] if plain else Decimal(0)
    return plain.get(key)


def _as_written(text: str, like: Any) -> tuple[Any, Any]:
    """The value for the document and what reading it gives: a number where the one before was one."""
    if not isinstance(like, str) and NUMBER.fullmatch(text):
        return tomlkit.value(text), (Decimal(text) if "." in text else int(text))
    return tomlkit.string(text), text


def _backwards(steps: Steps) -> tuple[Any, ...]:
    return tuple((0, -step) if isinstance(step, int) else (1, step) for step in steps)


def _escape(word: str) -> str:
    return word.replace("~", "~0").replace("/", "~1").replace("#", "~2")


def _step(word: str) -> str | int:
    if word.startswith("#") and word[1:].isdecimal():
        return int(word[1:])
    return word.replace("~2", "#").replace("~1", "/").replace("~0", "~")
