"""Jobs of the worker about returns."""

from django_tasks import task


@task()
def mail_return(*, return_id: int, state: str) -> None:
    """Tell the buyer what became of the return."""
    from storefront.shop.returns.mails import send_return

    send_return(return_id=return_id, state=state)
