"""Jobs of the worker for what-ifs."""

from django.utils import timezone
from django_tasks import task


@task()
def work_out(*, what_if_id: int) -> None:
    """Answer one question."""
    from mlm_plugin.commissions import what_if

    what_if.work_out(what_if_id=what_if_id, at=timezone.now())
