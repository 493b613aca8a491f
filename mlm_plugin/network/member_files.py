"""A network as CSV: one row per member, read line by line, every fault with its line and reason.

Columns: `member` and `sponsor` (both numbers or codes; sponsor empty for a root) and, where a file
has them, `scheme`, `first_name`, `last_name`, `status`, `joined` (2026-01-31) and `pv`. PV is
checked and left aside: points come from sold order lines only. UTF-8, with or without the mark at
the beginning; comma, semicolon or tab between the cells.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils.translation import gettext as _

from mlm_plugin.conf import plan_time_zone
from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.models import Member
from mlm_plugin.plan.money import parse_points

REQUIRED = ("member", "sponsor")
KNOWN = (*REQUIRED, "scheme", "first_name", "last_name", "status", "joined", "pv")
LONGEST = {
    name: Member._meta.get_field(name).max_length or 0
    for name in ("scheme", "first_name", "last_name")
}


class MemberRow(NamedTuple):
    """One sound row. `sponsor` is "" for a root, `joined_at` None where the file does not say."""

    line: int
    code: str
    sponsor: str
    scheme: str
    first_name: str
    last_name: str
    status: str
    joined_at: datetime | None


class RowProblem(NamedTuple):
    """What is wrong in which line (1 is the heading)."""

    line: int
    reason: str


class MemberFile(NamedTuple):
    """All that could be read of a file; import it only when `problems` is empty."""

    rows: list[MemberRow]
    problems: list[RowProblem]


def read_member_file(*, lines: Iterable[bytes], prefix: str = "") -> MemberFile:
    """Read a file of members; `prefix` is put before every member's and sponsor's number."""
    problems: list[RowProblem] = []
    text = _decode(lines, problems)
    heading = next(text, "")
    cells = csv.reader(_with_first(heading, text), delimiter=_delimiter(heading), strict=True)
    rows: list[MemberRow] = []
    first_line: dict[str, int] = {}
    try:
        columns = [cell.strip().lower() for cell in next(cells, [])]
        problems += _check_heading(columns)
        if problems:
            return MemberFile([], problems)
        for values in cells:
            if not any(value.strip() for value in values):
                continue
            line = cells.line_num
            if problems and problems[-1].line == line:
                continue
            try:
                row = _read_row(line, columns, values, prefix)
                if row.code in first_line:
                    first = first_line[row.code]
                    raise ValueError(
                        _("member {code} is in line {line} already").format(
                            code=row.code, line=first
                        )
                    )
            except ValueError as error:
                problems.append(RowProblem(line, str(error)))
            else:
                first_line[row.code] = line
                rows.append(row)
    except csv.Error as error:
        # Nothing after a broken quotation mark can be trusted to be what it seems.
        reason = _("not readable as CSV from here on: {error}").format(error=error)
        problems.append(RowProblem(cells.line_num, reason))
    return MemberFile(rows, sorted(problems))


def _decode(lines: Iterable[bytes], problems: list[RowProblem]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            problems.append(RowProblem(number, _("not UTF-8: save the file in that encoding")))
            text = line.decode("utf-8", errors="replace")
        yield text


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(heading: str) -> str:
    return max(",;\t", key=heading.count)


def _check_heading(columns: list[str]) -> list[RowProblem]:
    reasons = [
        _("the column “{name}” is missing").format(name=name)
        for name in REQUIRED
        if name not in columns
    ]
    for name in dict.fromkeys(columns):
        if name not in KNOWN:
            reasons.append(
                _("no column “{name}” is known; known are {known}").format(
                    name=name[:40], known=", ".join(KNOWN)
                )
            )
        elif columns.count(name) > 1:
            reasons.append(_("the column “{name}” is there twice").format(name=name))
    return [RowProblem(1, reason) for reason in reasons]


def _read_row(line: int, columns: list[str], values: list[str], prefix: str) -> MemberRow:
    if len(values) != len(columns):
        raise ValueError(
            _("{found} cells where the heading has {wanted}").format(
                found=len(values), wanted=len(columns)
            )
        )
    cell = {name: value.strip() for name, value in zip(columns, values, strict=True)}
    code = _read_code(cell["member"], prefix)
    sponsor = _read_code(cell["sponsor"], prefix) if cell["sponsor"] else ""
    if code == sponsor:
        raise ValueError(_("member {code} is the own sponsor").format(code=code))
    for name, longest in LONGEST.items():
        value = cell.get(name, "")
        if len(value) > longest or "\0" in value:
            raise ValueError(
                _("“{name}” has more than {longest} characters, or some that are no text").format(
                    name=name, longest=longest
                )
            )
    if cell.get("pv"):
        parse_points(cell["pv"])
    return MemberRow(
        line=line,
        code=code,
        sponsor=sponsor,
        scheme=cell.get("scheme", ""),
        first_name=cell.get("first_name", ""),
        last_name=cell.get("last_name", ""),
        status=_read_status(cell.get("status", "")),
        joined_at=_read_day(cell.get("joined", "")),
    )


def _read_code(text: str, prefix: str) -> str:
    code = normalise_code(prefix + text) if text else ""
    if not code:
        raise ValueError(
            _("“{text}” is no member number: letters, digits, “-” and “_”, 32 at most").format(
                text=text[:40]
            )
        )
    return code


def _read_status(text: str) -> str:
    status = text.lower() or Member.Status.ACTIVE
    if status not in Member.Status.values:
        raise ValueError(
            _("“{text}” is no status; there are {known}").format(
                text=text[:40], known=", ".join(Member.Status.values)
            )
        )
    return str(status)


def _read_day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            _("“{text}” is no day such as 2026-01-31").format(text=text[:40])
        ) from None
    return datetime.combine(day, time.min, plan_time_zone())
