"""Jobs of the worker for the books."""

from django.utils import timezone
from django_tasks import task


@task()
def do_job(*, job_id: int) -> None:
    """A step of a period that somebody, or the schedule, asked for."""
    from mlm_plugin.commissions import jobs

    jobs.do_job(job_id=job_id, clock=timezone.now)


@task()
def estimate_period(*, period_id: int) -> None:
    """Everybody's estimate of an open period."""
    from mlm_plugin.commissions import estimates

    estimates.estimate_period(period_id=period_id, at=timezone.now())
