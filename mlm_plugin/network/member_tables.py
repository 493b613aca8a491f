"""Tables as files: CSV and XLSX row by row as text, however large, with where each row stands.

CSV: UTF-8, with or without the mark at the beginning; comma, semicolon or tab between the cells.
XLSX: the first sheet; numbers and days as a person would type them, formulas by their last value.
"""

import csv
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

CSV, XLSX = KINDS = ("csv", "xlsx")
# An archive is refused before it is unpacked: a few kilobytes can unfold to gigabytes.
MOST_UNPACKED = 2_000_000_000
# All different texts of a book, which are held in memory; a million members have some 50 MB.
MOST_STRINGS = 300_000_000
SHOWN = 40
# What a damaged or hostile archive makes its readers raise.
BROKEN = (
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class RowProblem(NamedTuple):
    """What is wrong in which line (1 is the heading)."""

    line: int
    reason: str


class TableRow(NamedTuple):
    """The cells of one line, or what is wrong with it."""

    line: int
    cells: list[str]
    problem: str = ""


class Unreadable(Exception):
    """Nothing from `line` on can be read as a table; the text says why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.problem = RowProblem(line, reason)


def kind_of(name: str) -> str:
    """The kind of a file by its name, "" for one that is neither CSV nor XLSX."""
    ending = name.rsplit(".", 1)[-1].lower()
    return {"csv": CSV, "txt": CSV, "tsv": CSV, "xlsx": XLSX}.get(ending, "")


def read_table(*, file: IO[bytes], kind: str) -> Iterator[TableRow]:
    """The rows of a file, the heading first; a broken one ends with Unreadable."""
    return read_xlsx(file=file) if kind == XLSX else read_csv(lines=file)


def read_csv(*, lines: Iterable[bytes]) -> Iterator[TableRow]:
    """The rows of a CSV file. Raises Unreadable where quotation marks are broken."""
    undecodable: set[int] = set()
    text = _decode(lines, undecodable)
    heading = next(text, "")
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(_with_first(heading, text), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in rows:
            line = rows.line_num
            if undecodable and undecodable.intersection(range(before + 1, line + 1)):
                yield TableRow(line, cells, _("not UTF-8: save the file in that encoding"))
            elif line == 1 or any(map(str.strip, cells)):
                yield TableRow(line, cells)
            before = line
    except csv.Error as error:
        # Nothing after a broken quotation mark can be trusted to be what it seems.
        reason = _("not readable as CSV from here on: {error}").format(error=error)
        raise Unreadable(rows.line_num, reason) from None


def _decode(lines: Iterable[bytes], undecodable: set[int]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            undecodable.add(number)
            text = line.decode("utf-8", errors="replace")
        yield text


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def read_xlsx(*, file: IO[bytes]) -> Iterator[TableRow]:
    """The rows of the first sheet, as wide as the heading. Raises Unreadable for anything else."""
    from openpyxl import load_workbook

    _check_archive(file)
    width = 0
    line = 1
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # What a file says of its own size is often wrong, and openpyxl would believe it.
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_as_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if line == 1:
                width = len(cells)
            cells += [""] * (width - len(cells))
            if line == 1 or any(map(str.strip, cells)):
                yield TableRow(line, cells)
    except BROKEN as error:
        reason = _("not readable as XLSX from here on: {error}").format(error=str(error)[:SHOWN])
        raise Unreadable(line, reason) from None


def _check_archive(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except BROKEN:
        raise Unreadable(1, _("This is no XLSX file.")) from None
    strings = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    if strings > MOST_STRINGS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(1, _("This XLSX file is too large; save it as CSV."))
    file.seek(0)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
