"""Jobs of the worker: mails about orders, and finding payments that were left behind."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task


@task()
def mail_order_placed(*, order_id: int) -> None:
    """Tell the buyer that the order is here, with the link to its status."""
    from storefront.shop.payments.mails import send_order_placed

    send_order_placed(order_id=order_id)


@task()
def mail_payment_received(*, order_id: int) -> None:
    """Tell the buyer that the transfer arrived."""
    from storefront.shop.payments.mails import send_payment_received

    send_payment_received(order_id=order_id)


@task()
def mail_refunded(*, refund_id: int) -> None:
    """Tell the buyer what goes back."""
    from storefront.shop.payments.mails import send_refunded

    send_refunded(refund_id=refund_id)


@task()
def mail_not_placed(*, attempt_id: int) -> None:
    """Tell the buyer that the order could not be placed and the money goes back."""
    from storefront.shop.payments.mails import send_not_placed

    send_not_placed(attempt_id=attempt_id)


@task()
def keep_card(*, attempt_id: int) -> None:
    """Let the buyer find the card of this attempt again."""
    from storefront.shop.payments import cards

    cards.keep_card(attempt_id=attempt_id, at=timezone.now())


@task()
def forget_customer(*, provider_id: str) -> None:
    """Have the payment provider forget somebody; what fails is asked again by `reconcile`."""
    from storefront.shop.payments import cards

    cards.forget_customer(provider_id=provider_id)


def reconcile(*, at: datetime) -> None:
    """Called every minute by the worker; see `PERIODIC` in the settings."""
    from storefront.shop.payments import cards
    from storefront.shop.payments.reconcile import reconcile_payments

    reconcile_payments(at=at)
    cards.forget_left_behind(at=at)
