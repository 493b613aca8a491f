"""Reads of the books: what is closed, who has what, and whether everything is in order."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import F, Max, Q, Sum

from mlm_plugin.ledger.models import Account, BooksClosing, Entry, Posting


def closed_through() -> date | None:
    """The last day on which nothing is booked any more, or None while nothing is closed."""
    last: date | None = BooksClosing.objects.aggregate(last=Max("through"))["last"]
    return last


def first_open_day(*, day: date, closed_through: date | None) -> date:
    """The day itself, or the first one after the closed part of the books."""
    if closed_through is None or day > closed_through:
        return day
    return closed_through + timedelta(days=1)


def known_keys(*, keys: Collection[str]) -> set[str]:
    """Which of these keys have an entry already."""
    return set(Entry.objects.filter(key__in=keys).values_list("key", flat=True))


def account_numbers(*, owners: Iterable[int]) -> dict[tuple[int, str, str], int]:
    """The accounts of these owners: (owner, kind, unit) to primary key."""
    rows = Account.objects.filter(owner__in=list(owners)).values_list("owner", "kind", "unit", "pk")
    return {(owner, kind, unit): number for owner, kind, unit, number in rows}


def get_balance(*, owner: int, kind: str, unit: str) -> int:
    """The sum of all postings of one account, in the smallest unit."""
    postings = Posting.objects.filter(account__owner=owner, account__kind=kind, account__unit=unit)
    return postings.aggregate(total=Sum("amount"))["total"] or 0


def find_problems() -> list[str]:
    """What is wrong with the books, in words: entries that do not balance or have no postings."""
    problems = []
    off = (
        Posting.objects.values("entry__key", unit=F("account__unit"))
        .annotate(total=Sum("amount"))
        .filter(~Q(total=0))
    )
    problems += [f"entry {row['entry__key']} is off by {row['total']} {row['unit']}" for row in off]
    empty = Entry.objects.filter(postings__isnull=True).values_list("key", flat=True)
    problems += [f"entry {key} has no postings" for key in empty]
    return problems
