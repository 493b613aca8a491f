"""Difference runs: a committed period computed anew on corrected facts, and only what differs is paid.

Corrected facts are what became known too late: orders and refunds of the period's days that were booked
on a later open day, refunds of its sales where the plan computes old periods anew for them, and trees
and statuses whose history says something else by now. What a committed difference run took up counts
in the old period and in no other.
"""

import csv
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, Run, TakenUp
from mlm_plugin.commissions.overrides import apply_overrides, approved_overrides
from mlm_plugin.commissions.periods import span_of
from mlm_plugin.commissions.runs import compare, compute, keep_inputs, keep_run, read_rows
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.commissions.stored_files import unpack_folder
from mlm_plugin.conf import business_day, plan_time_zone
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import BooksClosing
from mlm_plugin.plan.differing import with_returns_in_their_period
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.volumes.models import LineMovement

TAKEN_FILE = "taken_up.csv"


class NothingCommitted(ValueError):
    """Only a committed period has differences; before that it is run again."""


class Outdated(ValueError):
    """Something happened since the difference was computed; the text says what."""


def latest_committed(*, period_id: int) -> Run | None:
    """The run that says all that was paid for a period by now."""
    return (
        Run.objects.filter(period_id=period_id, state=Run.State.COMMITTED).order_by("number").last()
    )


def late_movements(*, period: Period) -> QuerySet[LineMovement]:
    """What happened on the period's days and counts later, and no difference run took up.

    What comes late is booked on the day after the last closed one, so only those few days are looked at.
    """
    closings = BooksClosing.objects.filter(through__gte=period.last)
    first_open = [
        through + timedelta(days=1) for through in closings.values_list("through", flat=True)
    ]
    return LineMovement.objects.filter(
        entry__counts_for__in=first_open,
        happened_at__gte=_midnight(period.first),
        happened_at__lt=_midnight(period.last + timedelta(days=1)),
        counts_for__gt=period.last,
        taken_up__isnull=True,
    )


def find_corrections(*, plan: Plan, period: Period) -> dict[int, date]:
    """Movements that a difference run of the period takes up, and the day each counts on there.

    What lies in a period that is closed too was computed there: it is left where it is, unless the plan
    leaves refunds of old sales out of it.
    """
    closed_elsewhere = Period.objects.filter(
        state=Period.State.CLOSED,
        first__lte=OuterRef("counts_for"),
        last__gte=OuterRef("counts_for"),
    )
    late = late_movements(period=period).exclude(Exists(closed_elsewhere))
    found = {
        number: business_day(happened_at)
        for number, happened_at in late.values_list("pk", "happened_at")
    }
    if plan.document.returns.later_period == "recompute":
        found |= _refunds_of_sales(period)
    return found


def run_difference(*, period_id: int, actor: Actor, started_at: datetime) -> Run:
    """Compute a committed period anew on what is known by now and keep what differs as a run.

    Compared with all that was committed for the period before. Locked by a second person and committed
    like any run. Raises NothingCommitted, and BadInput or PlanError where facts and plan do not fit.
    """
    period = Period.objects.select_related("plan_version").get(pk=period_id)
    before = latest_committed(period_id=period_id)
    if before is None:
        raise NothingCommitted(
            _("Nothing of %s is committed yet: run it again instead.") % period.name
        )
    assert period.plan_version is not None
    begun = time.perf_counter()
    plan = load_plan(period.plan_version.document)
    taken = find_corrections(plan=plan, period=period)
    snapshot = take_snapshot(plan=plan, period=span_of(period), taken_up=taken)
    snapshot = with_returns_in_their_period(plan=plan, frozen=snapshot)
    if overrides := approved_overrides(period_id=period_id):
        snapshot = apply_overrides(
            snapshot=snapshot, overrides=overrides, places=plan.document.plan.places
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = keep_inputs(period=period, snapshot=snapshot, folder=folder)
        computed = compute(plan=plan, snapshot=snapshot, folder=folder)
        compare(computed=computed, period=period, before=before)
        with (computed.out / TAKEN_FILE).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("movement", "counts_for"))
            writer.writerows((number, day.isoformat()) for number, day in sorted(taken.items()))
        return keep_run(
            period=period,
            kind=Run.Kind.DIFFERENCE,
            computed=computed,
            inputs=inputs,
            before=before,
            actor=actor,
            started_at=started_at,
            begun=begun,
        )


def take_up(*, run: Run) -> int:
    """Let the corrections of a difference run count in its period from now on; returns how many.

    Inside the transaction that commits the run, in which no period is closed. Raises Outdated where
    another difference was committed since, or a correction lies in a period that was closed meanwhile.
    """
    latest = latest_committed(period_id=run.period_id)
    if latest is None or latest.pk != run.compared_with_id:
        raise Outdated(
            _("Another difference was committed since this one was computed; compute it again.")
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "result"
        unpack_folder(name=run.result, digest=run.file_digest, folder=folder)
        taken = {int(row[0]): date.fromisoformat(row[1]) for row in read_rows(folder / TAKEN_FILE)}
    still = find_corrections(plan=load_plan(run.plan_version.document), period=run.period)
    if not taken.keys() <= still.keys():
        raise Outdated(
            _("What this difference takes up counts in a closed period by now; compute it again.")
        )
    TakenUp.objects.bulk_create(
        [
            TakenUp(run=run, movement_id=number, counts_for=day)
            for number, day in sorted(taken.items())
        ]
    )
    return len(taken)


def _refunds_of_sales(period: Period) -> dict[int, date]:
    """Refunds, booked later, of what was sold in the period, on the day of the sale."""
    sales = LineMovement.objects.filter(line_id=OuterRef("line_id"), quantity__gt=0)
    sold_then = Q(counts_for__range=(period.first, period.last), taken_up__isnull=True) | Q(
        taken_up__counts_for__range=(period.first, period.last)
    )
    refunds = LineMovement.objects.filter(
        Exists(sales.filter(sold_then)),
        quantity__lt=0,
        counts_for__gt=period.last,
        taken_up__isnull=True,
    )
    lines = LineMovement.objects.filter(
        line_id__in=refunds.values("line_id"), quantity__gt=0
    ).values_list("line_id", "counts_for", "taken_up__counts_for")
    day_of = {line: taken or day for line, day, taken in lines}
    return {number: day_of[line] for number, line in refunds.values_list("pk", "line_id")}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time_of_day.min, tzinfo=plan_time_zone())
