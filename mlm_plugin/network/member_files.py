"""Files of members, read row by row; every fault with its line and reason.

What the columns may say stands in `member_rows`, what files there are in `member_tables`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from mlm_plugin.network.bulk_writing import without_collecting
from mlm_plugin.network.member_rows import MemberRow, RowReader, check_columns
from mlm_plugin.network.member_tables import (
    RowProblem,
    TableRow,
    Unreadable,
    read_csv,
    read_table,
)

__all__ = ["MemberFile", "MemberRow", "RowProblem", "open_member_file", "read_member_file"]

Progress = Callable[[int, int], None]
BATCH = 5_000


class MemberFile(NamedTuple):
    """All that could be read of a file; import it only when `problems` is empty.

    `faulty` are members of rows that could not be read: others may name them nevertheless.
    """

    rows: list[MemberRow]
    problems: list[RowProblem]
    faulty: frozenset[str] = frozenset()


def read_member_file(*, lines: Iterable[bytes], prefix: str = "") -> MemberFile:
    """Read CSV whose heading has our names; `prefix` is put before every member's number."""
    return _read(read_csv(lines=lines), columns=None, prefix=prefix)


def open_member_file(
    *,
    file: IO[bytes],
    kind: str,
    columns: Sequence[str] | None = None,
    prefix: str = "",
    progress: Progress = lambda done, total: None,
) -> MemberFile:
    """Read CSV or XLSX. `columns` says our name of each of the file's columns, "" for one to be left
    out; without it the heading must have our names. `progress` gets the rows read so far, and 0."""
    return _read(
        read_table(file=file, kind=kind), columns=columns, prefix=prefix, progress=progress
    )


def _read(
    table: Iterator[TableRow],
    *,
    columns: Sequence[str] | None,
    prefix: str,
    progress: Progress = lambda done, total: None,
) -> MemberFile:
    problems: list[RowProblem] = []
    rows: list[MemberRow] = []
    faulty: set[str] = set()
    first_line: dict[str, int] = {}
    try:
        heading = next(table, TableRow(1, []))
        names = [cell.strip().lower() for cell in heading.cells] if columns is None else columns
        problems += [RowProblem(1, reason) for reason in check_columns(names)]
        if len(names) != len(heading.cells):
            problems.append(RowProblem(1, _("the heading is another one than was matched")))
        if heading.problem:
            problems.append(RowProblem(1, heading.problem))
        if problems:
            return MemberFile([], problems)
        reader = RowReader(columns=names, prefix=prefix)
        with without_collecting():
            for number, row in enumerate(table, start=1):
                if number % BATCH == 0:
                    progress(number, 0)
                try:
                    rows.append(_take(reader, row, first_line))
                except ValueError as error:
                    problems.append(RowProblem(row.line, str(error)))
                    faulty.add(reader.code_of(row.cells))
    except Unreadable as error:
        problems.append(error.problem)
    return MemberFile(rows, sorted(problems), frozenset(faulty))


def _take(reader: RowReader, row: TableRow, first_line: dict[str, int]) -> MemberRow:
    if row.problem:
        raise ValueError(row.problem)
    try:
        member = reader.read(row.line, row.cells)
    except ValueError as error:
        code = reader.code_of(row.cells)
        if code and (first := first_line.setdefault(code, row.line)) != row.line:
            raise ValueError(f"{error}; {_told_twice(code, first)}") from None
        raise
    first = first_line.setdefault(member.code, row.line)
    if first != row.line:
        raise ValueError(_told_twice(member.code, first))
    return member


def _told_twice(code: str, line: int) -> str:
    return _("member {code} is in line {line} already").format(code=code, line=line)
