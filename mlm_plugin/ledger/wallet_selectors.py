"""Reads of wallets: what somebody has, what of it waits, and what moved.

A balance is the sum of its postings and nothing else. No second figure is kept beside it: every
order and every commission would have to write it too, and it could be wrong. The index of the
postings' accounts makes the sum cheap (docs/books.md says what was measured).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from mlm_plugin.ledger.models import COMPANY, Account, Entry, Posting

Kind = Account.Kind
OF_MEMBERS = (Kind.WALLET, Kind.HELD, Kind.RESERVED)

# How the keys of entries begin that move a wallet; what follows is told by whoever posts them.
RESERVE, RELEASE, SETTLE, RETURN = "reserve:", "release:", "settle:", "return:"
ADJUST = "wallet-adjustment:"


@dataclass(frozen=True, slots=True)
class Wallet:
    """A member's money in one unit (a currency), in its smallest unit.

    `available` may be spent or paid out, and is below zero where returns took back more than there
    was. `held` waits for the end of its return window, `reserved` is kept for a payout or an order
    that is under way; neither is part of `available`.
    """

    owner: int
    unit: str
    available: int = 0
    held: int = 0
    reserved: int = 0

    @property
    def total(self) -> int:
        """Everything that belongs to the member, spendable or not."""
        return self.available + self.held + self.reserved


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry that changed what is available: its key, day, signed amount, and what there was then."""

    entry_id: int
    key: str
    booked_on: date
    happened_at: datetime
    amount: int
    balance: int
    reason: str


@dataclass(frozen=True, slots=True)
class MovementPage:
    """A page of movements, newest first; `next_cursor` is empty on the last one."""

    movements: tuple[Movement, ...]
    next_cursor: str


def get_wallet(*, owner: int, unit: str) -> Wallet:
    """What an owner has in one unit; nothing at all for somebody who never had any."""
    return next(iter(_read(Q(owner=owner, unit=unit))), Wallet(owner=owner, unit=unit))


def get_wallets(*, owner: int) -> list[Wallet]:
    """The wallets of one owner, by unit."""
    return _read(Q(owner=owner))


def get_wallets_of(*, owners: Iterable[int], unit: str) -> dict[int, Wallet]:
    """The wallets of several owners in one unit; who has none is left out."""
    found = _read(Q(owner__in=list(owners), unit=unit))
    return {wallet.owner: wallet for wallet in found}


def list_wallets(
    *, unit: str, at_least: int | None = None, at_most: int | None = None, after: int = 0,
    limit: int | None = None,
) -> list[Wallet]:  # fmt: skip
    """Wallets in the order of their owners, with so much available; `after` continues behind an owner.

    Reads every posting of wallets: for batches and reports, not for pages a member waits for.
    """
    return _read(Q(unit=unit, owner__gt=after), at_least=at_least, at_most=at_most, limit=limit)


def list_movements(
    *,
    owner: int,
    unit: str,
    first: date | None = None,
    last: date | None = None,
    before: str = "",
    limit: int | None = None,
) -> MovementPage:
    """What changed the available money of an owner, newest first, with the balance after each.

    `first` and `last` are days of booking; `before` is the cursor of the page before (one that cannot
    be read starts at the top).
    """
    account = Q(account__owner=owner, account__unit=unit, account__kind=Kind.WALLET)
    found = Posting.objects.filter(account).order_by("-entry_id")
    if before.isascii() and before.isdigit():
        found = found.filter(entry_id__lt=min(int(before), 2**63 - 1))
    if first is not None:
        found = found.filter(entry__booked_on__gte=first)
    if last is not None:
        found = found.filter(entry__booked_on__lte=last)
    # An entry may touch an account twice; it is one movement all the same. Entries are read for
    # those that are shown only: joining them all is what would take long.
    sums = found.values("entry_id").annotate(moved=Sum("amount")).values_list("entry_id", "moved")
    rows = list(sums[: None if limit is None else limit + 1])
    more = limit is not None and len(rows) > limit
    rows = rows[:limit]
    if not rows:
        return MovementPage((), "")
    entries = Entry.objects.in_bulk([number for number, _amount in rows])
    balances = _balances_after(account, lowest=rows[-1][0], highest=rows[0][0])
    movements = tuple(
        Movement(
            entry_id=number,
            key=entries[number].key,
            booked_on=entries[number].booked_on,
            happened_at=entries[number].happened_at,
            amount=amount,
            balance=balances[number],
            reason=entries[number].reason,
        )
        for number, amount in rows
    )
    return MovementPage(movements, str(rows[-1][0]) if more else "")


def _balances_after(account: Q, *, lowest: int, highest: int) -> dict[int, int]:
    """What was available after each entry of a stretch; what a filter leaves out counts as well."""
    postings = Posting.objects.filter(account)
    balance = postings.filter(entry_id__lt=lowest).aggregate(total=Sum("amount"))["total"] or 0
    after = {}
    stretch = postings.filter(entry_id__gte=lowest, entry_id__lte=highest).order_by("entry_id")
    for number, amount in stretch.values_list("entry_id", "amount"):
        balance += amount
        after[number] = balance
    return after


def months_of_movements(*, owner: int, unit: str) -> list[date]:
    """The months from the first movement to the last one, newest first, each by its first day."""
    account = Q(account__owner=owner, account__unit=unit, account__kind=Kind.WALLET)
    ends = Posting.objects.filter(account).aggregate(first=Min("entry_id"), last=Max("entry_id"))
    days = Entry.objects.filter(pk__in=[number for number in ends.values() if number])
    months = sorted({day.replace(day=1) for day in days.values_list("booked_on", flat=True)})
    if not months:
        return []
    found = [months[-1]]
    while found[-1] > months[0]:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def list_units() -> list[str]:
    """The units that wallets are kept in."""
    accounts = Account.objects.filter(kind=Kind.WALLET).order_by("unit")
    return list(accounts.values_list("unit", flat=True).distinct())


def find_wallet_problems() -> list[str]:
    """Wallets from which more was released or settled than was ever reserved, in words."""
    return [
        f"owner {wallet.owner} has {wallet.reserved} {wallet.unit} reserved, which is below zero"
        for wallet in _read(Q())
        if wallet.reserved < 0
    ]


def _read(
    whose: Q, *, at_least: int | None = None, at_most: int | None = None, limit: int | None = None
) -> list[Wallet]:
    """The three accounts of each owner and unit, side by side."""
    rows = (
        Account.objects.filter(whose, owner__gt=COMPANY, kind__in=OF_MEMBERS)
        .values("owner", "unit")
        .annotate(
            available=_sum_of(Kind.WALLET), held=_sum_of(Kind.HELD), reserved=_sum_of(Kind.RESERVED)
        )
        .order_by("owner", "unit")
    )
    if at_least is not None:
        rows = rows.filter(available__gte=at_least)
    if at_most is not None:
        rows = rows.filter(available__lte=at_most)
    return [Wallet(**row) for row in rows[:limit]]


def _sum_of(kind: str) -> Any:
    return Coalesce(Sum("postings__amount", filter=Q(kind=kind)), 0)
