"""Jobs of the worker: mails to people who asked something, and telling what is back."""

from datetime import datetime

from django_tasks import task


@task()
def mail_confirm_question(*, question_id: int) -> None:
    """Ask whether the address is the asker's."""
    from storefront.shop.questions.mails import send_confirm_question

    send_confirm_question(question_id=question_id)


@task()
def mail_question_answered(*, question_id: int) -> None:
    """Send the answer."""
    from storefront.shop.questions.mails import send_question_answered

    send_question_answered(question_id=question_id)


@task()
def mail_confirm_alert(*, alert_id: int) -> None:
    """Ask whether the address belongs to who wants to be told."""
    from storefront.shop.questions.mails import send_confirm_alert

    send_confirm_alert(alert_id=alert_id)


@task()
def mail_back_in_stock(*, alert_id: int) -> None:
    """Tell that the product is back."""
    from storefront.shop.questions.mails import send_back_in_stock

    send_back_in_stock(alert_id=alert_id)


def tell_what_is_back(*, at: datetime) -> None:
    """Called every minute by the worker; see `PERIODIC` in the settings."""
    from storefront.shop.questions.alerts import close_due_alerts

    close_due_alerts(at=at)
