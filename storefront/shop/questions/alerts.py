"""Writes of stock alerts: asked for, confirmed, cancelled, and closed when the product is back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from storefront.shop.questions import tasks
from storefront.shop.questions.models import AlertLanguage
from storefront.shop.questions.selectors import get_due_alerts

ProductAlert = get_model("customer", "ProductAlert")
BATCH = 500


@transaction.atomic
def ask_for_alert(*, product_id: int, user: Any, email: str, language: str) -> Any:
    """Remember who wants to know that a product is back.

    An address without an account is written to first, to be confirmed. Asking again for the same
    product changes nothing and sends nothing: the product's row is locked, so that of a form sent
    twice at once the second finds the first.
    """
    get_model("catalogue", "Product").objects.select_for_update(no_key=True).get(pk=product_id)
    known = user is not None and user.is_authenticated
    asker = {"user": user} if known else {"user": None, "email": email.lower()}
    waiting = ProductAlert.objects.filter(
        product_id=product_id,
        status__in=[ProductAlert.ACTIVE, ProductAlert.UNCONFIRMED],
        **asker,
    )
    alert = waiting.first()
    if alert is None:
        alert = ProductAlert.objects.create(product_id=product_id, **asker)
        AlertLanguage.objects.create(alert=alert, language=language)
        if not known:
            tasks.mail_confirm_alert.enqueue(alert_id=alert.pk)
    return alert


def confirm_alert(*, alert_id: int, at: datetime) -> bool:
    """The address belongs to who asked; False where there was nothing to confirm."""
    waiting = ProductAlert.objects.filter(pk=alert_id, status=ProductAlert.UNCONFIRMED)
    return waiting.update(status=ProductAlert.ACTIVE, date_confirmed=at) == 1


def cancel_alert(*, alert_id: int, at: datetime) -> bool:
    """Send nothing after all; False where that was so already."""
    waiting = ProductAlert.objects.filter(
        pk=alert_id, status__in=[ProductAlert.ACTIVE, ProductAlert.UNCONFIRMED]
    )
    return waiting.update(status=ProductAlert.CANCELLED, date_cancelled=at) == 1


def close_due_alerts(*, at: datetime) -> int:
    """Write to everybody whose product is back, once; returns to how many.

    Two workers may run this at once: who closes an alert sends its mail, in one transaction.
    """
    told = 0
    for alert_id in list(get_due_alerts().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            active = ProductAlert.objects.filter(pk=alert_id, status=ProductAlert.ACTIVE)
            if active.update(status=ProductAlert.CLOSED, date_closed=at):
                tasks.mail_back_in_stock.enqueue(alert_id=alert_id)
                told += 1
    return told
