"""What two plan documents say differently: value by value, and line by line."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

# What lists of parts are told apart by, so that a rank that is put in does not change all after it.
NAMES = ("name", "id", "when")
PERCENTAGE = re.compile(r"\s*([+-]?[0-9.]+)\s*%\s*")
CONTEXT = 3

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Change:
    """One value at a place (`bonuses.levels.rate`), as both documents write it; None where it is not."""

    place: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> Kind:
        """Added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Line:
    """One line of the comparison of texts; a number is None where that text does not have the line."""

    kind: Literal["same", "added", "removed"]
    before: int | None
    after: int | None
    text: str


def compare_documents(*, before: str, after: str) -> list[Change]:
    """The values that differ, in the order of the documents; both must be TOML.

    Numbers are compared and not their spelling: "5%" is 0.05.
    """
    old, new = _values_of(before), _values_of(after)
    # In the order of the first document, each new value after what it stands behind in the second.
    found = [
        Change(place, _write(old.get(place)), _write(new.get(place)))
        for place in _merge(list(old), list(new))
        if _meaning(old.get(place)) != _meaning(new.get(place))
    ]
    return [each for each in found if each.before is not None or each.after is not None]


def compare_lines(*, before: str, after: str) -> list[list[Line]]:
    """The parts of the texts around what differs, each with a few lines that are the same."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [list(_part(group, old, new)) for group in matcher.get_grouped_opcodes(CONTEXT)]


def _part(group: list[Any], old: list[str], new: list[str]) -> Iterator[Line]:
    for tag, first, last, second, end in group:
        if tag == "equal":
            for offset in range(last - first):
                text = old[first + offset]
                yield Line("same", first + offset + 1, second + offset + 1, text)
            continue
        for number in range(first, last):
            yield Line("removed", number + 1, None, old[number])
        for number in range(second, end):
            yield Line("added", None, number + 1, new[number])


def _values_of(document: str) -> dict[str, Any]:
    return dict(_walk("", tomllib.loads(document, parse_float=Decimal)))


def _walk(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _walk(f"{place}.{key}" if place else key, inner)
        return
    if isinstance(value, list) and value:
        for key, inner in zip(_names_in(value), value, strict=True):
            yield from _walk(f"{place}.{key}", inner)
        return
    yield place, value


def _names_in(parts: list[Any]) -> list[str]:
    """What each part of a list is called: its name where all have one of their own, else its number."""
    for name in NAMES:
        names = [part.get(name) if isinstance(part, Mapping) else None for part in parts]
        if all(isinstance(each, str) for each in names) and len(set(names)) == len(names):
            return [str(each) for each in names]
    return [str(number) for number in range(1, len(parts) + 1)]


def _meaning(value: Any) -> Any:
    """A number, however it is written; anything else as it is."""
    if isinstance(value, str):
        found = PERCENTAGE.fullmatch(value)
        try:
            number = Decimal(found[1]).scaleb(-2) if found else Decimal(value)
        except InvalidOperation:
            return value
        return number if number.is_finite() else value
    if isinstance(value, bool):
        return str(value)
    return Decimal(value) if isinstance(value, int) else value


def _write(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _merge(old: list[str], new: list[str]) -> list[str]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    merged: dict[str, None] = {}
    for _tag, first, last, second, end in matcher.get_opcodes():
        merged |= dict.fromkeys([*old[first:last], *new[second:end]])
    return list(merged)
