"""Jobs of the worker: reminders of baskets."""

from datetime import datetime

from django_tasks import task


@task()
def mail_abandoned_basket(*, basket_id: int) -> None:
    """Remind the owner of what was left in the basket."""
    from storefront.mails.reminders import send_abandoned_basket

    send_abandoned_basket(basket_id=basket_id)


def remind_of_baskets(*, at: datetime) -> None:
    """Called again and again by the worker; see `PERIODIC` in the settings."""
    from storefront.mails import reminders

    reminders.remind_of_baskets(at=at)
