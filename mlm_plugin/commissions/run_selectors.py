"""Reads of periods and runs for the staff: lists, figures, differences, what came too late."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO

from django.core.files.storage import storages
from django.db.models import Count, Prefetch, QuerySet

from mlm_plugin.commissions.differences import late_movements
from mlm_plugin.commissions.estimate_models import PeriodEstimate
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.periods import NoPlan, find_version
from mlm_plugin.network.models import Member
from mlm_plugin.plan.money import POINT_PLACES, from_minor
from mlm_plugin.plan.plans import load_plan

DIFFERENCES = "differences.csv"
RUNS_SHOWN, LATE_SHOWN, DIFFERENCES_SHOWN = 50, 20, 50
# Beyond this nobody reads a list from front to end; the file has all of it.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class DifferenceRow:
    """One award that a run pays otherwise; money as decimals."""

    payee: str
    bonus: str
    source: str
    order: str
    level: str
    before: Decimal
    after: Decimal
    amount: Decimal


@dataclass(frozen=True)
class BonusRow:
    """What one bonus pays in all; money in the smallest unit, `percent` of the run's total."""

    name: str
    amount: int
    awards: int
    percent: Decimal | None


@dataclass(frozen=True)
class Payee:
    """One of those who have most of a run."""

    code: str
    name: str
    amount: int


@dataclass(frozen=True)
class LateEvent:
    """What happened on a period's days and counts later; points in 1/100."""

    order: str
    member: str
    happened_at: datetime
    counts_for: date
    pv: int
    cv: int


def find_periods(*, calendar: str = "", state: str = "") -> QuerySet[Period]:
    """Periods, latest first, with the runs that count and how many there are in all."""
    periods = Period.objects.select_related("plan_version", "closed_by", "estimate")
    if calendar:
        periods = periods.filter(calendar=calendar)
    if state:
        periods = periods.filter(state=state)
    counting = Run.objects.filter(state__in=[Run.State.LOCKED, Run.State.COMMITTED])
    return (
        periods.annotate(run_count=Count("runs"))
        .prefetch_related(Prefetch("runs", counting.order_by("number"), to_attr="counting"))
        .order_by("-first", "calendar")
    )


def list_calendars() -> list[str]:
    """The calendars that have periods."""
    return list(Period.objects.order_by("calendar").values_list("calendar", flat=True).distinct())


def get_period(*, period_id: int) -> Period:
    """One period with what its page names. Raises Period.DoesNotExist."""
    return Period.objects.select_related("plan_version", "closed_by").get(pk=period_id)


def get_estimate_of(*, period_id: int) -> PeriodEstimate | None:
    """The latest estimate of an open period, or None."""
    return PeriodEstimate.objects.filter(period_id=period_id).first()


def get_runs(*, period_id: int) -> list[Run]:
    """The latest runs of a period, newest first."""
    runs = Run.objects.filter(period_id=period_id).select_related(
        "author", "locked_by", "committed_by", "plan_version", "compared_with"
    )
    return list(runs.order_by("-number")[:RUNS_SHOWN])


def get_run(*, run_id: int) -> Run:
    """One run with what its page names. Raises Run.DoesNotExist."""
    return Run.objects.select_related(
        "period", "author", "locked_by", "committed_by", "plan_version", "compared_with"
    ).get(pk=run_id)


def get_latest_jobs(*, period_id: int) -> list[Job]:
    """What was asked for last of a period: at most three, newest first."""
    jobs = Job.objects.filter(period_id=period_id).select_related("author", "run")
    return list(jobs.order_by("-asked_at", "-pk")[:3])


def get_overrides(*, period_id: int) -> list[Override]:
    """All overrides of a period, newest first."""
    overrides = Override.objects.filter(period_id=period_id).select_related(
        "member", "proposed_by", "decided_by"
    )
    return list(overrides.order_by("-proposed_at", "-pk")[:MOST_COUNTED])


def get_override(*, override_id: int) -> Override:
    """One override with what its page names. Raises Override.DoesNotExist."""
    return Override.objects.select_related("period", "member", "proposed_by", "decided_by").get(
        pk=override_id
    )


def count_late_events(*, period: Period) -> int:
    """How many things of the period's days count later; no more than `MOST_COUNTED`."""
    return late_movements(period=period).order_by()[:MOST_COUNTED].count()


def get_late_events(*, period: Period) -> list[LateEvent]:
    """The first of them, in the order in which they happened."""
    rows = (
        late_movements(period=period)
        .order_by("happened_at", "pk")
        .values_list("line__order__number", "member__code", "happened_at", "counts_for", "pv", "cv")
    )
    return [LateEvent(*row) for row in rows[:LATE_SHOWN]]


def currency_of(*, period: Period) -> tuple[str, int]:
    """The currency a period is paid in, and its decimals; a plain guess where no plan counts."""
    try:
        version = period.plan_version or find_version(day=period.first)
    except NoPlan:
        return "", 2
    head = load_plan(version.document).document.plan
    return head.currency, head.places


def ratio_to_cv(*, total: int, places: int, cv: int) -> Decimal | None:
    """What is paid per point of CV sold, in percent; None where nothing was sold."""
    if cv <= 0:
        return None
    return 100 * from_minor(total, places=places) / from_minor(cv, places=POINT_PLACES)


def by_bonus(*, run: Run) -> list[BonusRow]:
    """What each bonus of a run pays, by name."""
    return [
        BonusRow(
            name,
            each["amount"],
            each["awards"],
            Decimal(100 * each["amount"]) / run.total if run.total else None,
        )
        for name, each in sorted(run.bonuses.items())
    ]


def top_payees(*, run: Run) -> list[Payee]:
    """Who has most of a run, most first; one query."""
    names = {
        member.code: member.full_name
        for member in Member.objects.filter(code__in=list(run.top_payees))
    }
    most = sorted(run.top_payees.items(), key=lambda each: (-each[1], each[0]))
    return [Payee(code, names.get(code, ""), amount) for code, amount in most]


def first_differences(*, run: Run) -> list[DifferenceRow]:
    """The first differences from the run before, as the file lists them."""
    if run.compared_with_id is None or not run.difference_count:
        return []
    with open_result(run=run, name=DIFFERENCES) as file:
        rows = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
        return [
            DifferenceRow(
                payee=row["payee"],
                bonus=row["bonus"],
                source=row["source"],
                order=row["order"],
                level=row["level"],
                before=Decimal(row["before"]),
                after=Decimal(row["after"]),
                amount=Decimal(row["amount"]),
            )
            for row in islice(rows, DIFFERENCES_SHOWN)
        ]


def has_differences_file(*, run: Run) -> bool:
    """Whether there was a run before to differ from."""
    return run.compared_with_id is not None


def stream_differences(*, run: Run) -> Iterator[bytes]:
    """The whole list of differences, piece by piece."""
    with open_result(run=run, name=DIFFERENCES) as file:
        while piece := file.read(65_536):
            yield piece


@contextmanager
def open_result(*, run: Run, name: str) -> Iterator[IO[bytes]]:
    """One file of a run's result, read where it lies."""
    with (
        storages["private"].open(run.result) as stored,
        zipfile.ZipFile(stored) as archive,
        archive.open(name) as file,
    ):
        yield file
