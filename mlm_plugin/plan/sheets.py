"""CSV files by column, and what is said of one that cannot be used."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

csv.field_size_limit(1_000_000)


class BadInput(ValueError):
    """A file that cannot be used; the text names file, line and what would be right."""


@dataclass(frozen=True)
class Sheet:
    """A CSV file by column, with the line each row stands on."""

    name: str
    columns: dict[str, list[str]]
    size: int
    lines: dict[int, int] = field(default_factory=dict)
    """Rows that follow a value with line breaks, and the line each stands on."""

    def need(self, *wanted: str) -> None:
        """Raises BadInput where a column is missing."""
        for column in wanted:
            if column not in self.columns:
                there = ", ".join(self.columns)
                raise BadInput(f"{self.name}: there is no column “{column}”; there is: {there}")

    def bad(self, row: int, message: str) -> BadInput:
        """An error with the line in the file; the headings are line 1."""
        return BadInput(f"{self.name}, line {self.lines.get(row, row + 2)}: {message}")


def read_sheet(path: Path) -> Sheet:
    """A CSV file in UTF-8 with headings. Raises BadInput."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file, strict=True)
            headings = [heading.strip() for heading in next(rows, [])]
            if not headings or "" in headings or len(set(headings)) != len(headings):
                raise BadInput(f"{path.name}, line 1: a heading is missing or stands there twice")
            lists: list[list[str]] = [[] for _heading in headings]
            lines: dict[int, int] = {}
            for number, row in enumerate(rows):
                if rows.line_num != number + 2:
                    lines[number] = rows.line_num
                if len(row) != len(headings):
                    raise BadInput(
                        f"{path.name}, line {rows.line_num}: {len(headings)} values are needed, "
                        f"{len(row)} are there"
                    )
                for values, value in zip(lists, row, strict=True):
                    # Columns of texts end at one, so an id with it would be taken for another.
                    if "\0" in value:
                        raise BadInput(f"{path.name}, line {rows.line_num}: a character 0 is in it")
                    values.append(value.strip())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from None
    return Sheet(path.name, dict(zip(headings, lists, strict=True)), len(lists[0]), lines)
