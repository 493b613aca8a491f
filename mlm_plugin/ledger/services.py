"""Writes of the books: entries are posted, days are closed. Nothing is ever changed or taken out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from mlm_plugin.conf import business_day
from mlm_plugin.ledger import locks, selectors
from mlm_plugin.ledger.models import COMPANY, Account, BooksClosing, Entry

BATCH_SIZE = 5_000


class NotBalanced(ValueError):
    """The postings of an entry do not sum to zero in every unit, or there are none."""


class CannotClose(ValueError):
    """The books cannot be closed through that day; the text says why."""


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A signed amount, in the smallest unit, for the account of an owner."""

    owner: int
    kind: str
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What happened, under the key that makes it happen once, with its postings."""

    key: str
    happened_at: datetime
    postings: tuple[NewPosting, ...]
    reason: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where an entry was written: its number, and the day it is booked on and counts for."""

    entry_id: int
    booked_on: date
    counts_for: date


def issue(*, owner: int, kind: str, unit: str, amount: int) -> tuple[NewPosting, ...]:
    """The two sides of points going from the company to a member (or back, if below zero)."""
    if amount == 0:
        return ()
    return (
        NewPosting(owner=owner, kind=kind, unit=unit, amount=amount),
        NewPosting(owner=COMPANY, kind=Account.Kind.ISSUED, unit=unit, amount=-amount),
    )


def post_entries(*, entries: Sequence[NewEntry]) -> dict[str, Posted]:
    """Write the entries whose key is new, in one transaction; the others are left as they are.

    Each is booked on, and counts for, its business day in the plan's time zone, or the first open
    day where that one is closed (design, section 5). Returns what was written, by key: a key that
    was there already is not in it. Raises NotBalanced before anything is written.
    """
    for entry in entries:
        _check_balance(entry)
    with transaction.atomic(savepoint=False):
        locks.share_books()
        closed_through = selectors.closed_through()
        while True:
            known = selectors.known_keys(keys=[entry.key for entry in entries])
            fresh = {entry.key: entry for entry in entries if entry.key not in known}
            try:
                with transaction.atomic():
                    return _write(list(fresh.values()), closed_through=closed_through)
            except IntegrityError:
                # Somebody else committed one of these keys meanwhile: leave it out and write the
                # rest. Any other broken constraint shows again and is raised.
                if selectors.known_keys(keys=list(fresh)) <= known:
                    raise


def close_books(
    *, through: date, author: AbstractBaseUser | None, closed_at: datetime
) -> BooksClosing:
    """Close the books through a day: from then on no entry is booked on it or before.

    Waits until every posting under way is committed and keeps later ones out until it is done.
    Raises CannotClose for a day that is not over yet or lies in the closed part already.
    """
    with transaction.atomic():
        locks.hold_books()
        last = selectors.closed_through()
        if last is not None and through <= last:
            raise CannotClose(_("The books are already closed through %s.") % last.isoformat())
        if through >= business_day(closed_at):
            raise CannotClose(_("%s is not over yet.") % through.isoformat())
        return BooksClosing.objects.create(
            through=through, author_id=author.pk if author else None, closed_at=closed_at
        )


def _check_balance(entry: NewEntry) -> None:
    sums: dict[str, int] = {}
    for posting in entry.postings:
        sums[posting.unit] = sums.get(posting.unit, 0) + posting.amount
    if not sums:
        raise NotBalanced(f"entry {entry.key} has no postings")
    off = {unit: total for unit, total in sums.items() if total}
    if off:
        raise NotBalanced(f"entry {entry.key} does not balance: {off}")


def _write(entries: list[NewEntry], *, closed_through: date | None) -> dict[str, Posted]:
    if not entries:
        return {}
    accounts = _accounts_for(posting for entry in entries for posting in entry.postings)
    numbers = _entry_numbers(len(entries))
    rows: list[Entry] = []
    postings: list[tuple[int, int, int]] = []
    written: dict[str, Posted] = {}
    for number, entry in zip(numbers, entries, strict=True):
        day = selectors.first_open_day(
            day=business_day(entry.happened_at), closed_through=closed_through
        )
        written[entry.key] = Posted(entry_id=number, booked_on=day, counts_for=day)
        rows.append(
            Entry(
                id=number,
                key=entry.key,
                booked_on=day,
                counts_for=day,
                happened_at=entry.happened_at,
                reason=entry.reason,
                author_id=entry.author_id,
            )
        )
        postings += [
            (number, accounts[posting.owner, posting.kind, posting.unit], posting.amount)
            for posting in entry.postings
        ]
    # Postings first: inserting the entry checks their sum and seals it.
    _insert_postings(postings)
    Entry.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    return written


def _insert_postings(rows: list[tuple[int, int, int]]) -> None:
    """(entry, account, amount) each, without a model object for every one of so many rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO mlm_plugin_posting (entry_id, account_id, amount)"
                " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            cursor.executemany(
                "INSERT INTO mlm_plugin_posting (entry_id, account_id, amount) VALUES (%s, %s, %s)",
                rows,
            )


def _accounts_for(postings: Iterable[NewPosting]) -> dict[tuple[int, str, str], int]:
    wanted = {(posting.owner, posting.kind, posting.unit) for posting in postings}
    found = selectors.account_numbers(owners={owner for owner, _kind, _unit in wanted})
    missing = sorted(wanted - found.keys())
    if missing:
        Account.objects.bulk_create(
            [Account(owner=owner, kind=kind, unit=unit) for owner, kind, unit in missing],
            ignore_conflicts=True,
        )
        found = selectors.account_numbers(owners={owner for owner, _kind, _unit in wanted})
    return found


def _entry_numbers(count: int) -> list[int]:
    """Numbers for new entries, taken before the postings that name them are inserted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval('mlm_plugin_entry_number') FROM generate_series(1, %s)", [count]
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer at a time, so nobody else can take the same numbers.
        cursor.execute("SELECT coalesce(max(id), 0) FROM mlm_plugin_entry")
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))
