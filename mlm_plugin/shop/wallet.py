"""Paying own orders from the wallet: reserved while the order is paid, settled once, given back.

Amounts are in the currency's smallest unit, which is the same for the shop and the books.
"""

from datetime import datetime
from typing import Any

from mlm_plugin.ledger import wallets
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.wallets import NotEnough
from mlm_plugin.network.models import Member
from mlm_plugin.shop.selectors import get_member_for

__all__ = [
    "NotEnough",
    "get_payer",
    "get_spendable",
    "release_for_order",
    "reserve_for_order",
    "return_for_order",
    "settle_for_order",
]


def get_payer(*, user: Any) -> Member | None:
    """The member whose wallet this user may pay from: an active one, the own one."""
    member = get_member_for(user=user)
    return member if member is not None and member.status == Member.Status.ACTIVE else None


def get_spendable(*, user: Any, currency: str) -> int:
    """How much this user can pay from the wallet in this currency; nothing for everybody else."""
    member = get_payer(user=user)
    if member is None:
        return 0
    return max(wallets.get_wallet(owner=member.pk, unit=currency).available, 0)


def reserve_for_order(*, key: str, owner: int, currency: str, amount: int, at: datetime) -> None:
    """Keep the amount for an order that is being paid. Raises NotEnough."""
    wallets.reserve(key=_key(key), owner=owner, unit=currency, amount=amount, at=at)


def settle_for_order(*, key: str, amount: int, at: datetime) -> None:
    """The order is there and the reserved amount is spent; repeating changes nothing."""
    wallets.settle(key=_key(key), into={Account.Kind.PURCHASES: amount}, at=at)


def release_for_order(*, key: str, at: datetime) -> None:
    """Nothing comes of the order: the reserved amount is available again."""
    wallets.release(key=_key(key), at=at)


def return_for_order(
    *, key: str, refund: int, owner: int, currency: str, amount: int, at: datetime
) -> None:
    """A refund: so much of what the order had taken is in the wallet again; once per `refund`."""
    wallets.give_back(
        key=f"{_key(key)}:{refund}",
        owner=owner,
        unit=currency,
        parts={Account.Kind.PURCHASES: amount},
        at=at,
    )


def _key(number: str) -> str:
    return f"order:{number}"
