"""Jobs of the worker: copies of personal data."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

# A copy whose job broke off is taken up again after this.
LEFT_BEHIND = timedelta(minutes=5)


@task()
def make_export(*, export_id: int) -> None:
    """Write the copy of a person's data."""
    from storefront.privacy import services

    services.make_export(export_id=export_id, at=timezone.now())


@task()
def mail_export_ready(*, export_id: int) -> None:
    """Tell the person that the copy can be downloaded."""
    from storefront.privacy import services

    services.send_export_ready(export_id=export_id)


def look_after_exports(*, at: datetime) -> None:
    """Remove copies that expired and make those whose job broke off; see `PERIODIC`."""
    from storefront.privacy import services
    from storefront.privacy.models import DataExport

    services.remove_exports(at=at)
    waiting = DataExport.objects.filter(
        state=DataExport.State.ASKED, asked_at__lt=at - LEFT_BEHIND
    ).values_list("pk", flat=True)
    for export_id in waiting:
        services.make_export(export_id=export_id, at=at)
