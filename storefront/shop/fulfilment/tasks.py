"""Jobs of the worker about parcels."""

from django_tasks import task


@task()
def mail_parcel_sent(*, parcel_id: int) -> None:
    """Tell the buyer that a parcel is on its way."""
    from storefront.shop.fulfilment.mails import send_parcel_sent

    send_parcel_sent(parcel_id=parcel_id)
