"""Jobs of the worker: papers are issued after the money has moved, outside its transaction."""

from django.utils import timezone
from django_tasks import task


@task()
def issue_invoice(*, order_id: int) -> None:
    """Give a paid order its invoice."""
    from storefront.shop.accounting import services

    services.issue_invoice(order_id=order_id, at=timezone.now())


@task()
def issue_credit_note(*, refund_id: int) -> None:
    """Give a refund its credit note."""
    from storefront.shop.accounting import services

    services.issue_credit_note(refund_id=refund_id, at=timezone.now())
