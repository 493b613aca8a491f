"""A voucher for one use is used once, even by two buyers who pay at the same moment."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.stock import Unavailable

Voucher = get_model("voucher", "Voucher")
State = CheckoutAttempt.State


class VoucherUsed(Unavailable):
    """Somebody else was faster; the text names the voucher."""


def lock_vouchers(*, attempt: CheckoutAttempt) -> list[Voucher]:
    """Lock the frozen vouchers: before stock and offers, wherever an order needs several of them.

    In any other order two orders with the same voucher could wait for each other.
    """
    vouchers = Voucher.objects.select_for_update().filter(pk__in=attempt.snapshot["vouchers"])
    return list(vouchers.order_by("pk"))


def claim_vouchers(*, attempt: CheckoutAttempt) -> None:
    """Check under lock that the frozen vouchers are free. Call it before money moves.

    Taken is what an order used, and what another attempt is paying with right now. Raises
    VoucherUsed.
    """
    for voucher in lock_vouchers(attempt=attempt):
        available, reason = voucher.is_available_to_user(user=attempt.user or AnonymousUser())
        if not available:
            raise VoucherUsed(f"{voucher.code}: {reason}")
        if _is_being_used(voucher, attempt):
            raise VoucherUsed(
                _("The voucher %(code)s is being used for another order.") % {"code": voucher.code}
            )


def _is_being_used(voucher: Voucher, attempt: CheckoutAttempt) -> bool:
    if voucher.usage == Voucher.MULTI_USE:
        return False
    paying = CheckoutAttempt.objects.filter(
        state__in=[State.PAYING, State.REQUIRES_ACTION, State.PAID]
    ).exclude(pk=attempt.pk)
    if voucher.usage == Voucher.ONCE_PER_CUSTOMER:
        paying = paying.filter(user=attempt.user)
    return any(voucher.pk in other.snapshot["vouchers"] for other in paying)
