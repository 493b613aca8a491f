"""CSV files by column, and what is said of one that cannot be used."""

import csv
from dataclasses import dataclass
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

    def need(self, *wanted: str) -> None:
        """Raises BadInput where a column is missing."""
        for column in wanted:
            if column not in self.columns:
                there = ", ".join(self.columns)
                raise BadInput(f"{self.name}: there is no column “{column}”; there is: {there}")

    def bad(self, row: int, message: str) -> BadInput:
        """An error with the line in the file; the headings are line 1."""
        return BadInput(f"{self.name}, line {row + 2}: {message}")


def read_sheet(path: Path) -> Sheet:
    """A CSV file in UTF-8 with headings. Raises BadInput."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file, strict=True)
            headings = [heading.strip() for heading in next(rows, [])]
            if not headings or len(set(headings)) != len(headings):
                raise BadInput(f"{path.name}, line 1: a heading is missing or stands there twice")
            lists: list[list[str]] = [[] for _heading in headings]
            for row in rows:
                if len(row) != len(headings):
                    raise BadInput(
                        f"{path.name}, line {rows.line_num}: {len(headings)} values are needed, "
                        f"{len(row)} are there"
                    )
                for values, value in zip(lists, row, strict=True):
                    values.append(value.strip())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from None
    return Sheet(path.name, dict(zip(headings, lists, strict=True)), len(lists[0]))
