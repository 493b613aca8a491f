"""Writes of wallets: money is reserved, then released or settled, and comes back. Each once.

What the others call (all keyword-only, amounts above zero in the unit's smallest part, `at` aware):

- `get_wallet(owner, unit)`: `available`, `held`, `reserved` (more reads in `wallet_selectors`).
- `reserve(key, owner, unit, amount, at)`: out of what is available; NotEnough if there is less.
- `release(key, at)`: the reservation ends and the money is available again.
- `settle(key, at, into)`: the reserved money leaves for the company's accounts, for example
  `{Kind.PAID: 9_000, Kind.FEES: 100, Kind.TAXES: 900}`, which come to what was reserved.
- `give_back(key, owner, unit, parts, at)`: money that had left comes back to the wallet, for example a
  payout that bounced, `{Kind.PAID: 9_000}`.
- `reserve_all`, `release_all`, `settle_all`: the same for many at once, in a number of queries that
  does not depend on how many.

`key` names what the money is for (`payout:57`, `order:100023`) and makes each step happen once; a
reservation is either released or settled. What is to be reserved again after a release takes
another key.

Who takes money out of a wallet locks the row of its account first, so that of several who want the
same money at the same moment one gets it. The books are shared before that and rows are locked in the
order of their keys; whoever takes from several wallets in one transaction does so by one call of
`..._all`. Only a commission run takes without asking: it may bring a wallet below zero.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.ledger import locks
from mlm_plugin.ledger.models import COMPANY, Account, Posting
from mlm_plugin.ledger.selectors import known_keys
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.ledger.wallet_selectors import (
    RELEASE,
    RESERVE,
    RETURN,
    SETTLE,
    Wallet,
    get_wallet,
    get_wallets_of,
)

__all__ = [
    "NotEnough",
    "NotReserved",
    "Reservation",
    "Settlement",
    "Wallet",
    "get_wallet",
    "give_back",
    "lock_wallets",
    "release",
    "release_all",
    "reserve",
    "reserve_all",
    "settle",
    "settle_all",
]

Kind = Account.Kind


class NotEnough(Exception):
    """Less is available in the wallet than is asked for; the text may be shown."""

    def __init__(self, available: int) -> None:
        self.available = available
        super().__init__(_("There is not enough money in the wallet."))


class NotReserved(ValueError):
    """Nothing is reserved under this key, or it ended in another way; the text names the key."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """So much of a wallet is kept for what `key` names."""

    key: str
    owner: int
    unit: str
    amount: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where the money reserved under `key` goes: amounts by kinds of the company's accounts."""

    key: str
    into: Mapping[str, int]
    reason: str = field(default="")


def reserve(
    *,
    key: str,
    owner: int,
    unit: str,
    amount: int,
    at: datetime,
    reason: str = "",
    author_id: int | None = None,
) -> bool:
    """Keep money of a wallet for something; False when it was reserved under this key before.

    Raises NotEnough, and then nothing is written.
    """
    asked = Reservation(key=key, owner=owner, unit=unit, amount=amount, reason=reason)
    with transaction.atomic():
        before = _lock_and_read([asked])
        if known_keys(keys=[RESERVE + key]):
            return False
        available = before.get((owner, unit), 0)
        if available < amount:
            raise NotEnough(available)
        _post_reservations([asked], at=at, author_id=author_id)
    return True


def reserve_all(
    *, reservations: Sequence[Reservation], at: datetime, author_id: int | None = None
) -> set[str]:
    """Reserve what can be had, in the order given; returns the keys for which there was not enough."""
    if not reservations:
        return set()
    with transaction.atomic():
        available = _lock_and_read(reservations)
        known = known_keys(keys=[RESERVE + each.key for each in reservations])
        granted, refused = [], set()
        for each in reservations:
            if RESERVE + each.key in known:
                continue
            left = available.get((each.owner, each.unit), 0) - each.amount
            if left < 0:
                refused.add(each.key)
                continue
            available[each.owner, each.unit] = left
            granted.append(each)
        _post_reservations(granted, at=at, author_id=author_id)
    return refused


def release(*, key: str, at: datetime, author_id: int | None = None) -> bool:
    """Make reserved money available again; False when it was released before.

    Raises NotReserved for a key that nothing was reserved under, or that is settled.
    """
    return bool(release_all(keys=[key], at=at, author_id=author_id))


def release_all(*, keys: Collection[str], at: datetime, author_id: int | None = None) -> set[str]:
    """Release several reservations, all or none; returns the keys that were not released before."""
    with transaction.atomic():
        found = _lock_reservations(keys)
        _refuse_ended(found, in_another_way=SETTLE)
        written = post_entries(
            entries=[
                NewEntry(
                    key=RELEASE + each.key,
                    happened_at=at,
                    postings=(
                        NewPosting(each.owner, Kind.RESERVED, each.unit, -each.amount),
                        NewPosting(each.owner, Kind.WALLET, each.unit, each.amount),
                    ),
                    reason=each.reason,
                    author_id=author_id,
                )
                for each in found.values()
            ]
        )
    return {key.removeprefix(RELEASE) for key in written}


def settle(
    *,
    key: str,
    at: datetime,
    into: Mapping[str, int],
    reason: str = "",
    author_id: int | None = None,
) -> bool:
    """Let reserved money leave for accounts of the company; False when it was settled before.

    Raises NotReserved for a key that nothing was reserved under, or that is released, and ValueError
    when `into` does not come to what was reserved.
    """
    settlement = Settlement(key=key, into=into, reason=reason)
    return bool(settle_all(settlements=[settlement], at=at, author_id=author_id))


def settle_all(
    *, settlements: Sequence[Settlement], at: datetime, author_id: int | None = None
) -> set[str]:
    """Settle several reservations, all or none; returns the keys that were not settled before."""
    with transaction.atomic():
        found = _lock_reservations([each.key for each in settlements])
        _refuse_ended(found, in_another_way=RELEASE)
        entries = []
        for each in settlements:
            reserved = found[each.key]
            if sum(each.into.values()) != reserved.amount or min(each.into.values()) < 0:
                raise ValueError(
                    f"{each.key}: {reserved.amount} are reserved, not {dict(each.into)}"
                )
            entries.append(
                NewEntry(
                    key=SETTLE + each.key,
                    happened_at=at,
                    postings=(
                        NewPosting(reserved.owner, Kind.RESERVED, reserved.unit, -reserved.amount),
                        *_sides_of_company(each.into, reserved.unit),
                    ),
                    reason=each.reason,
                    author_id=author_id,
                )
            )
        written = post_entries(entries=entries)
    return {key.removeprefix(SETTLE) for key in written}


def give_back(
    *,
    key: str,
    owner: int,
    unit: str,
    parts: Mapping[str, int],
    at: datetime,
    reason: str = "",
    author_id: int | None = None,
) -> bool:
    """Bring money back that had left the wallet; False when that was done under this key before.

    `parts` says from which of the company's accounts, as it was settled. Whether so much had left is
    for the caller to know, under a lock of its own.
    """
    amount = sum(parts.values())
    if amount <= 0 or min(parts.values()) < 0:
        raise ValueError(f"{key}: {dict(parts)} is nothing to give back")
    taken = {kind: -part for kind, part in parts.items()}
    entry = NewEntry(
        key=RETURN + key,
        happened_at=at,
        postings=(NewPosting(owner, Kind.WALLET, unit, amount), *_sides_of_company(taken, unit)),
        reason=reason,
        author_id=author_id,
    )
    return bool(post_entries(entries=[entry]))


def lock_wallets(*, owners: Iterable[int], unit: str) -> None:
    """Keep everybody else from taking money out of these wallets until the transaction ends.

    Commissions and refunds can still come in. A wallet that has no account yet is not locked: there
    is nothing to take.
    """
    locks.share_books()
    _lock_accounts({(owner, unit) for owner in owners})


def _lock_and_read(reservations: Sequence[Reservation]) -> dict[tuple[int, str], int]:
    """What is available in each of the wallets, which nobody else takes from any more."""
    wrong = [each.key for each in reservations if each.amount <= 0]
    if wrong:
        raise ValueError(f"{wrong}: only an amount above zero can be reserved")
    locks.share_books()
    _lock_accounts({(each.owner, each.unit) for each in reservations})
    return {
        (owner, unit): wallet.available
        for unit in {each.unit for each in reservations}
        for owner, wallet in get_wallets_of(
            owners={each.owner for each in reservations if each.unit == unit}, unit=unit
        ).items()
    }


def _lock_accounts(wallets: set[tuple[int, str]]) -> None:
    """The rows of the wallets' accounts, in the order of their keys.

    FOR NO KEY UPDATE: a posting refers to the row and must not wait for it.
    """
    for unit in sorted({unit for _owner, unit in wallets}):
        owners = [owner for owner, of in wallets if of == unit]
        rows = Account.objects.filter(owner__in=owners, kind=Kind.WALLET, unit=unit)
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _post_reservations(
    reservations: Sequence[Reservation], *, at: datetime, author_id: int | None
) -> None:
    post_entries(
        entries=[
            NewEntry(
                key=RESERVE + each.key,
                happened_at=at,
                postings=(
                    NewPosting(each.owner, Kind.WALLET, each.unit, -each.amount),
                    NewPosting(each.owner, Kind.RESERVED, each.unit, each.amount),
                ),
                reason=each.reason,
                author_id=author_id,
            )
            for each in reservations
        ]
    )


def _lock_reservations(keys: Collection[str]) -> dict[str, Reservation]:
    """What is reserved under these keys, by key, with the wallets locked. Raises NotReserved."""
    sides = Posting.objects.filter(
        entry__key__in=[RESERVE + key for key in keys], account__kind=Kind.RESERVED
    ).values_list(
        "entry__key", "account__owner", "account__unit", "amount", "entry__reason"
    )  # fmt: skip
    found = {}
    for long_key, owner, unit, amount, reason in sides:
        key = long_key.removeprefix(RESERVE)
        found[key] = Reservation(key=key, owner=owner, unit=unit, amount=amount, reason=reason)
    missing = sorted(set(keys) - found.keys())
    if missing:
        raise NotReserved(f"nothing is reserved for {', '.join(missing)}")
    locks.share_books()
    _lock_accounts({(each.owner, each.unit) for each in found.values()})
    return found


def _refuse_ended(found: Collection[str], *, in_another_way: str) -> None:
    ended = known_keys(keys=[in_another_way + key for key in found])
    if ended:
        raise NotReserved(f"ended already: {', '.join(sorted(ended))}")


def _sides_of_company(parts: Mapping[str, int], unit: str) -> list[NewPosting]:
    return [NewPosting(COMPANY, kind, unit, part) for kind, part in parts.items() if part]
