"""Members as a file with the columns that an import reads, so that an export can be imported elsewhere.

Opening points are the own points of the running period, as they would be brought along.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet, Sum

from mlm_plugin.conf import business_day, period_start, plan_time_zone
from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.network.bulk_writing import chunks
from mlm_plugin.network.member_rows import KNOWN, TOP_WORD, currency_places
from mlm_plugin.network.models import Member, Placement
from mlm_plugin.network.past import BEHIND_ALL
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.plan.money import format_points, from_minor
from mlm_plugin.volumes.models import PeriodTotal

COLUMNS = tuple(name for name in KNOWN if name != "pv")
CHUNK = 2_000
# What a request can write while somebody waits, and far below what a sheet can hold.
MOST_XLSX_ROWS = 50_000


class TooManyRows(ValueError):
    """An XLSX file would be too large: CSV has no limit."""


def get_branch(*, head: Member) -> QuerySet[Member]:
    """A member and everybody below."""
    return Member.objects.filter(path__gte=head.path, path__lte=head.path + BEHIND_ALL)


def export_members(
    *, members: QuerySet[Member], at: datetime, head: Member | None = None
) -> Iterator[list[str]]:
    """The heading and a row per member, those above first; four queries per chunk.

    With `head` the file is of that member's branch and stands alone: the head has no sponsor in it,
    and a parent outside the branch is the top.
    """
    yield list(COLUMNS)
    period = period_start(business_day(at))
    rows = members.order_by("path").values(
        "pk", "path", "code", "sponsor__code", "scheme", "first_name", "last_name", "rank",
        "status", "joined_at",
    )  # fmt: skip
    for chunk in chunks(rows.iterator(chunk_size=CHUNK), CHUNK):
        keys = [row["pk"] for row in chunk]
        places = _read_places(keys, head)
        points = _read_points(keys, period)
        money = _read_money(keys)
        for row in chunk:
            is_head = head is not None and row["pk"] == head.pk
            yield [
                row["code"],
                "" if is_head else row["sponsor__code"] or "",
                *(
                    harmless_cell(row[name])
                    for name in ("scheme", "first_name", "last_name", "rank")
                ),
                row["status"],
                _write_moment(row["joined_at"]),
                *places.get(row["pk"], ("", "")),
                *points.get(row["pk"], ("", "", "", "")),
                *money.get(row["pk"], ("", "")),
            ]


def write_csv(*, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows as CSV, piece by piece, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)


def write_xlsx(*, rows: Iterable[Sequence[str]], file: IO[bytes]) -> None:
    """The rows as XLSX. Raises TooManyRows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("members")
    for number, row in enumerate(rows):
        if number > MOST_XLSX_ROWS:
            raise TooManyRows
        sheet.append([_printable(cell) for cell in row])
    book.save(file)


class _Echo:
    """Gives back what is written, so that `csv` makes lines without a file."""

    def write(self, text: str) -> str:
        return text


def _printable(cell: str) -> str:
    """XML knows no control characters."""
    return "".join(letter for letter in cell if letter >= " " or letter in "\t\n")


def _read_places(keys: list[int], head: Member | None) -> dict[int, tuple[str, str]]:
    rows = Placement.objects.filter(pk__in=keys).values_list(
        "pk", "parent__code", "slot", "parent__path"
    )
    found = {}
    for key, parent, slot, path in rows:
        is_inside = path is not None and (head is None or path.startswith(head.path))
        found[key] = (parent, str(slot + 1)) if is_inside else ("", TOP_WORD)
    return found


def _read_points(keys: list[int], period: date) -> dict[int, tuple[str, ...]]:
    rows = PeriodTotal.objects.filter(member_id__in=keys, period=period).values_list(
        "member_id", "personal_pv", "personal_cv", "customers_pv", "customers_cv"
    )
    return {
        key: tuple(format_points(amount) if amount > 0 else "" for amount in amounts)
        for key, *amounts in rows
    }


def _read_money(keys: list[int]) -> dict[int, tuple[str, str]]:
    """Balances brought along, by member; a member has one currency."""
    rows: Any = (
        Posting.objects.filter(account__owner__in=keys, account__kind=Account.Kind.OPENING)
        .values_list("account__owner", "account__unit")
        .annotate(total=Sum("amount"))
    )
    return {owner: (_write_money(total, unit), unit) for owner, unit, total in rows if total}


def _write_money(amount: int, currency: str) -> str:
    value: Decimal = from_minor(amount, places=currency_places(currency))
    return f"{value:f}"


def _write_moment(moment: datetime) -> str:
    """A day where the member joined at its beginning, as imports write it; else the moment."""
    local = moment.astimezone(plan_time_zone())
    return local.date().isoformat() if local.time() == time.min else local.isoformat()
