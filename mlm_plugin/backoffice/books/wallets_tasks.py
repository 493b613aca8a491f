"""Jobs of the worker for wallets: the mail about an adjustment."""

from django_tasks import task


@task()
def mail_adjusted(*, adjustment_id: int) -> None:
    """Tell the member that the wallet was adjusted, and why."""
    from mlm_plugin.backoffice.books.wallets_mails import send_adjusted

    send_adjusted(adjustment_id=adjustment_id)
