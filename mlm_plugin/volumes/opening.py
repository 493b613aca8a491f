"""A network brought along from elsewhere: members, places, and the points and money they begin with.

Opening points and balances are entries of the books like everything else, against the company's
account for what was brought along; a member has one such entry, whatever file it came from.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day, period_start, plan_time_zone
from mlm_plugin.ledger import locks as books
from mlm_plugin.ledger import selectors as ledger
from mlm_plugin.ledger.bulk import Side, post_many
from mlm_plugin.ledger.models import COMPANY, Account, Posting
from mlm_plugin.network import locks as tree
from mlm_plugin.network.bulk_writing import chunks, without_collecting
from mlm_plugin.network.importing import (
    ImportRefused,
    ImportResult,
    Progress,
    check_members,
    import_members,
)
from mlm_plugin.network.member_rows import MemberRow, Opening
from mlm_plugin.network.member_tables import RowProblem
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.bulk_totals import Own, add_many
from mlm_plugin.volumes.feed import OPENING
from mlm_plugin.volumes.services import CV, PV

KIND = Account.Kind


@dataclass(frozen=True)
class NetworkCounts:
    """What an import does: how many members it adds, leaves as they are and gives places, levels of
    the deepest; opening entries, their points in 1/100 and money by currency."""

    added: int = 0
    unchanged: int = 0
    roots: int = 0
    deepest: int = 0
    placed: int = 0
    openings: int = 0
    pv: int = 0
    cv: int = 0
    money: Mapping[str, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """The same for a JSON column."""
        return asdict(self)


class DayClosed(ValueError):
    """Opening points cannot count for that day; the text says why."""


def check_network(
    *,
    rows: Sequence[MemberRow],
    at: datetime,
    opens_on: date | None = None,
    faulty: Collection[str] = (),
) -> tuple[NetworkCounts, list[RowProblem]]:
    """What `import_network` would do now, and everything it would refuse; writes nothing.

    `faulty` are members of rows that could not be read: others may name them. Raises DayClosed.
    """
    _opening_moment(opens_on, at)
    with without_collecting():
        result, problems = check_members(rows=rows, faulty=faulty)
        openings, differing = _find_openings(rows, result.keys)
    return _count(result, openings), sorted([*_joined_later(rows, at), *problems, *differing])


def import_network(
    *,
    rows: Sequence[MemberRow],
    imported_at: datetime,
    opens_on: date | None = None,
    author_id: int | None = None,
    source: str = "",
    progress: Progress = lambda done, total: None,
) -> NetworkCounts:
    """Add members, places, opening points and balances; all of them or nothing.

    Importing the same rows again changes nothing: members stay as they are, and a member's opening
    entry is written once. Opening points count for the period of `opens_on` (by default the day of
    the import) and are in all totals when this returns. `source` is kept as the entries' reason.

    Raises ImportRefused with every row that cannot be imported, and DayClosed.
    """
    with without_collecting(), transaction.atomic():
        tree.hold_tree()
        tree.hold_places()
        books.share_books()
        moment = _opening_moment(opens_on, imported_at)
        with_opening = [row for row in rows if row.opening]
        differing = [
            *_joined_later(rows, imported_at),
            *_find_openings(with_opening, _known_keys(with_opening))[1],
        ]
        try:
            result = import_members(rows=rows, joined_at=imported_at, progress=progress)
        except ImportRefused as refused:
            raise ImportRefused(sorted([*refused.problems, *differing])) from None
        if differing:
            raise ImportRefused(sorted(differing))
        openings, _differing = _find_openings(with_opening, result.keys)
        _post(openings, happened_at=moment, author_id=author_id, reason=source)
    return _count(result, openings)


def _opening_moment(day: date | None, now: datetime) -> datetime:
    """When opening points happened: on an open day that is not in the future."""
    if day is None or day == business_day(now):
        return now
    if day > business_day(now):
        raise DayClosed(_("{day} lies in the future.").format(day=day.isoformat()))
    closed = ledger.closed_through()
    if closed is not None and day <= closed:
        raise DayClosed(_("The books are closed through {day}.").format(day=closed.isoformat()))
    return datetime.combine(day, time(12), plan_time_zone())


def _joined_later(rows: Sequence[MemberRow], at: datetime) -> Iterator[RowProblem]:
    for row in rows:
        if row.joined_at is not None and row.joined_at > at:
            yield RowProblem(row.line, _("has not joined yet: the day lies in the future"))


def _known_keys(rows: Iterable[MemberRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(row.code for row in rows):
        found.update(Member.objects.filter(code__in=chunk).values_list("code", "pk"))
    return found


def _entry_key(member_id: int) -> str:
    return f"{OPENING}{member_id}"


def _find_openings(
    rows: Sequence[MemberRow], keys: Mapping[str, int]
) -> tuple[dict[str, tuple[int | None, Opening]], list[RowProblem]]:
    """Openings that are not in the books yet, by code with the member's key, and those that differ."""
    wanted = {row.code: row for row in rows if row.opening}
    booked = _read_booked([keys[code] for code in wanted if code in keys])
    fresh: dict[str, tuple[int | None, Opening]] = {}
    differing = []
    for code, row in wanted.items():
        assert row.opening is not None
        member_id = keys.get(code)
        before = None if member_id is None else booked.get(member_id)
        if before is None:
            fresh[code] = (member_id, row.opening)
        elif before != _amounts(row.opening):
            reason = _(
                "member {code} has other opening points or another balance already; book the"
                " difference instead"
            )
            differing.append(RowProblem(row.line, reason.format(code=code)))
    return fresh, differing


def _read_booked(members: list[int]) -> dict[int, dict[tuple[str, str], int]]:
    """What members' opening entries say: amounts by kind and unit."""
    booked: dict[int, dict[tuple[str, str], int]] = {}
    for chunk in chunks(members):
        postings = Posting.objects.filter(
            entry__key__in=[_entry_key(member) for member in chunk]
        ).exclude(account__owner=COMPANY)
        for owner, kind, unit, amount in postings.values_list(
            "account__owner", "account__kind", "account__unit", "amount"
        ):
            booked.setdefault(owner, {})[kind, unit] = amount
    return booked


def _amounts(opening: Opening) -> dict[tuple[str, str], int]:
    amounts = {
        (KIND.PERSONAL.value, PV): opening.pv,
        (KIND.PERSONAL.value, CV): opening.cv,
        (KIND.CUSTOMERS.value, PV): opening.customers_pv,
        (KIND.CUSTOMERS.value, CV): opening.customers_cv,
        (KIND.OPENING.value, opening.currency): opening.balance,
    }
    return {account: amount for account, amount in amounts.items() if amount}


def _post(
    openings: Mapping[str, tuple[int | None, Opening]],
    *,
    happened_at: datetime,
    author_id: int | None,
    reason: str,
) -> None:
    """Everybody waits who would import the same members, so nobody else writes these keys."""
    known = [(member_id, opening) for member_id, opening in openings.values() if member_id]
    day = post_many(
        keys=[_entry_key(member_id) for member_id, _opening in known],
        sides=(side for member_id, opening in known for side in _sides(member_id, opening)),
        happened_at=happened_at,
        reason=reason,
        author_id=author_id,
    )
    own: dict[int, Own] = {
        member_id: opening[:4] for member_id, opening in known if any(opening[:4])
    }
    if day is not None:
        add_many(period=period_start(day), own=own)


def _sides(member_id: int, opening: Opening) -> Iterator[Side]:
    key = _entry_key(member_id)
    for (kind, unit), amount in _amounts(opening).items():
        yield Side(key, member_id, kind, unit, amount)
        yield Side(key, COMPANY, KIND.OPENING.value, unit, -amount)


def _count(
    result: ImportResult, openings: Mapping[str, tuple[int | None, Opening]]
) -> NetworkCounts:
    money: dict[str, int] = {}
    pv = cv = 0
    for _member, opening in openings.values():
        pv += opening.pv + opening.customers_pv
        cv += opening.cv + opening.customers_cv
        if opening.balance:
            money[opening.currency] = money.get(opening.currency, 0) + opening.balance
    return NetworkCounts(
        added=result.added,
        unchanged=result.unchanged,
        roots=result.roots,
        deepest=result.deepest,
        placed=result.placed,
        openings=len(openings),
        pv=pv,
        cv=cv,
        money=money,
    )
