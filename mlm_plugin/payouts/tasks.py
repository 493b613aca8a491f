"""Jobs of the worker for payouts: mails, and the requests that the schedule makes."""

from datetime import datetime

from django_tasks import task


@task()
def mail_payout(*, payout_id: int, state: str) -> None:
    """Tell a member what became of a payout."""
    from mlm_plugin.payouts.mails import send_mail

    send_mail(payout_id=payout_id, state=state)


def request_due(*, at: datetime) -> None:
    """Payouts of everybody who has the minimum, from the day of the month on; see `PERIODIC`."""
    from mlm_plugin.payouts.requests import request_by_schedule

    request_by_schedule(at=at)
