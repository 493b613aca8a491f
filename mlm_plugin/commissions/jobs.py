"""Steps of a period that take a while: asked for on a page or by the schedule, done by the worker."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mlm_plugin.commissions import tasks
from mlm_plugin.commissions.differences import NothingCommitted, latest_committed, run_difference
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.periods import (
    MISTAKES,
    CannotClosePeriod,
    NoPlan,
    check_closing,
    close_period,
    find_version,
)
from mlm_plugin.commissions.runs import NotClosed, run_period
from mlm_plugin.commissions.services import CannotCommit, commit_run
from mlm_plugin.commissions.stored_files import ChangedFile
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.plan.document import PlanError

# Longer than the largest close takes; a job that is still working then has been killed.
BROKEN_OFF = timedelta(minutes=30)
REFUSALS = (
    CannotClosePeriod, NoPlan, NotClosed, NothingCommitted, CannotCommit, ChangedFile, PlanError,
    *MISTAKES,
)  # fmt: skip


class Busy(ValueError):
    """Something else is being done with the period; the text says what."""


def ask_for_close(*, period_id: int, actor: Actor, at: datetime) -> Job:
    """Let the worker close a period. Raises CannotClosePeriod, NoPlan and Busy."""
    period = Period.objects.get(pk=period_id)
    if period.state != Period.State.OPEN:
        raise CannotClosePeriod(_("%s is closed already.") % period.name)
    check_closing(period=period, at=at)
    find_version(day=period.first)
    return _ask(period_id, Job.Kind.CLOSE, actor, at)


def ask_for_run(*, period_id: int, actor: Actor, at: datetime) -> Job:
    """Let the worker run a closed period. Raises NotClosed and Busy."""
    period = Period.objects.get(pk=period_id)
    if period.state != Period.State.CLOSED:
        raise NotClosed(_("%s is open: close it first, or preview it.") % period.name)
    return _ask(period_id, Job.Kind.RUN, actor, at)


def ask_for_difference(*, period_id: int, actor: Actor, at: datetime) -> Job:
    """Let the worker compute what a committed period lacks. Raises NothingCommitted and Busy."""
    if latest_committed(period_id=period_id) is None:
        raise NothingCommitted(_("Nothing of this period is committed yet: run it again instead."))
    return _ask(period_id, Job.Kind.DIFFERENCE, actor, at)


def ask_for_commit(*, run_id: int, total: int, actor: Actor, at: datetime) -> Job:
    """Let the worker post a locked run; `total` is the sum that was confirmed, in the smallest unit.

    Raises CannotCommit and Busy.
    """
    run = Run.objects.get(pk=run_id)
    if run.state != Run.State.LOCKED:
        raise CannotCommit(_("A run is locked by a second person before it is committed."))
    if run.total != total:
        raise CannotCommit(_("That is not the sum of this run."))
    return _ask(run.period_id, Job.Kind.COMMIT, actor, at, run=run)


def do_job(*, job_id: int, clock: Callable[[], datetime]) -> Job:
    """Do what was asked for, once, and write down what became of it; `clock` tells the time."""
    at = clock()
    mine = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    begun = mine.update(state=Job.State.WORKING, started_at=at)
    job = Job.objects.select_related("author").get(pk=job_id)
    if not begun:
        return job
    user = get_user_model().objects.get(pk=job.author_id) if job.author_id else None
    actor = Actor(user=user, address=job.address)
    try:
        with translation.override(job.language):
            run = _do(job, actor, at)
    except REFUSALS as refusal:
        return _finish(job, Job.State.FAILED, clock(), failure=str(refusal))
    except Exception:
        with translation.override(job.language):
            words = _("An error stopped it; the log has the details. Nothing is half done.")
        _finish(job, Job.State.FAILED, clock(), failure=words)
        raise
    return _finish(job, Job.State.DONE, clock(), run=run)


def find_broken_off(*, at: datetime) -> int:
    """Say of jobs whose worker was killed that they broke off; returns how many."""
    old = Job.objects.filter(state=Job.State.WORKING, started_at__lte=at - BROKEN_OFF)
    return old.update(
        state=Job.State.FAILED,
        finished_at=at,
        failure=_("It broke off. Ask for it again: nothing is half done."),
    )


def _ask(period_id: int, kind: str, actor: Actor, at: datetime, *, run: Run | None = None) -> Job:
    with transaction.atomic():
        # Of two who ask at once the second is told.
        period = Period.objects.select_for_update().get(pk=period_id)
        find_broken_off(at=at)
        busy = Job.objects.filter(
            period_id=period_id, state__in=[Job.State.WAITING, Job.State.WORKING]
        ).first()
        if busy is not None:
            raise Busy(
                _("%(period)s is busy: %(step)s.")
                % {"period": period.name, "step": busy.get_kind_display()}
            )
        job = Job.objects.create(
            period=period,
            run=run,
            kind=kind,
            author_id=actor.user_id,
            address=actor.address,
            language=translation.get_language() or "en",
            asked_at=at,
        )
        tasks.do_job.enqueue(job_id=job.pk)
    return job


def _do(job: Job, actor: Actor, at: datetime) -> Run | None:
    match job.kind:
        case Job.Kind.CLOSE:
            close_period(period_id=job.period_id, actor=actor, at=at)
        case Job.Kind.RUN:
            return run_period(period_id=job.period_id, actor=actor, started_at=at)
        case Job.Kind.DIFFERENCE:
            return run_difference(period_id=job.period_id, actor=actor, started_at=at)
        case Job.Kind.COMMIT:
            assert job.run_id is not None
            commit_run(run_id=job.run_id, actor=actor, at=at)
    return job.run


def _finish(
    job: Job, state: str, at: datetime, *, failure: str = "", run: Run | None = None
) -> Job:
    job.state, job.finished_at, job.failure = state, at, failure
    job.run = run or job.run
    job.save(update_fields=["state", "finished_at", "failure", "run"])
    return job
