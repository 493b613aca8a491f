"""The part of an order that its buyer pays from the own wallet.

The share is agreed on when the attempt is frozen, reserved together with the pieces, settled when the
order is paid, released with the pieces when nothing comes of it. Refunds go back to the wallet first,
until all that it had paid is there again, and only then to card or bank account: in one sentence on
the page, without fractions of a cent, and no money of a card ever ends in a wallet.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mlm_plugin.shop import wallet as wallets
from storefront.shop.payments.models import CheckoutAttempt, RefundRequest
from storefront.shop.payments.stock import Unavailable


class WalletChanged(Unavailable):
    """The wallet holds less than the order is to take from it; the text may be shown."""


@dataclass(frozen=True)
class Share:
    """What of a total is paid from whose wallet; `owner` is None where nothing is."""

    owner: int | None
    amount: int


NOTHING = Share(owner=None, amount=0)


def agree_on_share(*, user: Any, currency: str, total: int, wanted: int) -> Share:
    """As much of `wanted` as the wallet has and the order costs; nobody's money moves yet."""
    if wanted <= 0:
        return NOTHING
    payer = wallets.get_payer(user=user)
    amount = min(wanted, total, wallets.get_spendable(user=user, currency=currency))
    return Share(owner=payer.pk, amount=amount) if payer and amount > 0 else NOTHING


def reserve_share(*, attempt: CheckoutAttempt, at: datetime) -> None:
    """Keep the share of a locked attempt in the wallet. Raises WalletChanged; the caller saves."""
    if not attempt.wallet_amount or attempt.wallet_key:
        return
    # What was released stays released: a bank that says yes after all reserves under another key.
    key = f"{attempt.number}:{attempt.wallet_tries + 1}"
    try:
        wallets.reserve_for_order(
            key=key,
            owner=attempt.wallet_owner or 0,
            currency=attempt.currency,
            amount=attempt.wallet_amount,
            at=at,
        )
    except wallets.NotEnough as error:
        raise WalletChanged(
            _("Your wallet has less than this order was to take from it. You were not charged.")
        ) from error
    attempt.wallet_key = key
    attempt.wallet_tries += 1


def release_share(*, attempt: CheckoutAttempt, at: datetime) -> None:
    """Make the reserved share of a locked attempt available again; the caller saves."""
    if attempt.wallet_key:
        wallets.release_for_order(key=attempt.wallet_key, at=at)
        attempt.wallet_key = ""


def settle_share(*, attempt: CheckoutAttempt, at: datetime) -> None:
    """The order of a locked attempt is paid: its share is spent, once."""
    if attempt.wallet_amount:
        wallets.settle_for_order(key=attempt.wallet_key, amount=attempt.wallet_amount, at=at)


def wallet_part(*, attempt: CheckoutAttempt | None, amount: int) -> int:
    """What of a refund goes to the wallet: all of it until the wallet has back what it had paid.

    Ask under the order's lock: two refunds at once must not give the same share back twice.
    """
    if attempt is None or not attempt.wallet_amount or amount <= 0:
        return 0
    given = attempt.refunds.exclude(state=RefundRequest.State.FAILED)
    back = sum(given.values_list("wallet_amount", flat=True))
    return min(amount, attempt.wallet_amount - back)


def return_part(*, refund: RefundRequest, at: datetime) -> None:
    """Post what of a refund belongs to the wallet, once."""
    attempt = refund.attempt
    if refund.wallet_amount and attempt is not None:
        wallets.return_for_order(
            key=attempt.wallet_key,
            refund=refund.pk,
            owner=attempt.wallet_owner or 0,
            currency=attempt.currency,
            amount=refund.wallet_amount,
            at=at,
        )
