"""One mail about a basket that was left behind, to people who asked for it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import translation
from oscar.core.loading import get_model

from storefront.mails import tasks
from storefront.mails.links import basket_url, unsubscribe_url
from storefront.mails.models import BasketReminder
from storefront.mails.services import send_mail
from storefront.privacy.selectors import get_consent, latest_answer
from storefront.shop.listing.naming import name_lines
from storefront.shop.payments.models import CheckoutAttempt

PURPOSE = "abandoned_basket"
# Switching reminders on must not bring back what people forgot long ago.
FORGOTTEN_AFTER = timedelta(days=14)
BATCH = 200


def find_left_behind(*, at: datetime) -> QuerySet[Any]:
    """Baskets to remind of: untouched for a while, their owner agrees, none was reminded of yet."""
    Basket = get_model("basket", "Basket")
    touched_before = at - timedelta(hours=settings.ABANDONED_BASKET_HOURS)
    # A payment that is under way, or failed a moment ago, is not a basket left behind.
    paying = CheckoutAttempt.objects.filter(basket=OuterRef("pk"), updated_at__gt=touched_before)
    live = CheckoutAttempt.objects.filter(
        basket=OuterRef("pk"), state__in=[*CheckoutAttempt.LIVE, CheckoutAttempt.State.PAID]
    )
    return (
        Basket.open.filter(owner__is_active=True, reminder=None)
        .alias(
            touched_at=Max("lines__date_updated"),
            agrees=latest_answer(purpose=PURPOSE, user="owner"),
        )
        .filter(touched_at__lte=touched_before, touched_at__gt=at - FORGOTTEN_AFTER, agrees=True)
        .exclude(Exists(paying))
        .exclude(Exists(live))
        .order_by("pk")
    )


def remind_of_baskets(*, at: datetime) -> int:
    """Have a mail sent for each basket left behind, once per basket; see `PERIODIC`.

    The reminder's row and the job that sends the mail are written together, so two workers at once,
    or one that breaks off, send one mail. Returns how many are sent.
    """
    count = 0
    for basket in find_left_behind(at=at)[:BATCH]:
        with transaction.atomic():
            _, is_new = BasketReminder.objects.get_or_create(
                basket=basket, defaults={"reminded_at": at}
            )
            if is_new:
                tasks.mail_abandoned_basket.enqueue(basket_id=basket.pk)
                count += 1
    return count


def send_abandoned_basket(*, basket_id: int) -> None:
    """The mail itself; nothing if the basket was bought or emptied meanwhile, or consent withdrawn."""
    Basket = get_model("basket", "Basket")
    basket = Basket.open.select_related("owner").filter(pk=basket_id).first()
    consent = get_consent(user=basket.owner, purpose=PURPOSE) if basket else None
    if basket is None or consent is None or not basket.owner.is_active:
        return
    with translation.override(consent.language):
        lines = name_lines(lines=basket.lines.select_related("product", "product__parent"))
    if not lines:
        return
    stop = unsubscribe_url(user_id=basket.owner_id, purpose=PURPOSE)
    send_mail(
        kind="abandoned_basket",
        to=basket.owner.email,
        language=consent.language,
        context={
            "name": basket.owner.first_name,
            "lines": [(line.quantity, line.description_here) for line in lines],
            "basket_url": basket_url(basket_id=basket.pk),
            "unsubscribe_url": stop,
        },
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
