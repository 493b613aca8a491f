"""Writes of periods: opened ahead by the plan's calendars, closed in order with their inputs frozen."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from mlm_plugin.commissions import locks
from mlm_plugin.commissions.models import Period, PlanVersion, Run
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.commissions.stored_files import keep_file
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.ledger.selectors import closed_through
from mlm_plugin.ledger.services import CannotClose, close_books
from mlm_plugin.network.locks import share_tree
from mlm_plugin.plan import calendars
from mlm_plugin.plan.freezing import freeze
from mlm_plugin.plan.line_columns import UnknownColumn
from mlm_plugin.plan.numbers import TooLarge
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.returns import UnknownSale
from mlm_plugin.plan.running import run_plan
from mlm_plugin.plan.sheets import BadInput
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.trees import NoSides

MISTAKES = (BadInput, UnknownColumn, UnknownSale, NoSides, TooLarge)


class NoPlan(ValueError):
    """No approved plan counts for that day."""


class CannotOpen(ValueError):
    """Periods cannot be opened like that; the text says why."""


class UnknownPeriod(ValueError):
    """No period has this name, or several calendars have one; the text says which."""


class CannotClosePeriod(ValueError):
    """The period cannot be closed now; the text says why and what comes first."""


def find_version(*, day: date) -> PlanVersion:
    """The approved version that counts for a period which begins on that day. Raises NoPlan."""
    version = (
        PlanVersion.objects.filter(state=PlanVersion.State.APPROVED, effective_from__lte=day)
        .order_by("effective_from", "approved_at", "pk")
        .last()
    )
    if version is None:
        raise NoPlan(_("No approved plan counts for %s.") % day.isoformat())
    return version


def open_periods(*, through: date, actor: Actor, at: datetime) -> list[Period]:
    """Open every period, of each calendar the plan uses, that begins by that day and is not there yet.

    The first ones begin with the first approved plan. Returns those that are new. Raises NoPlan, and
    CannotOpen where a plan cuts time so that a new period would overlap one that is there.
    """
    with transaction.atomic():
        locks.hold_plans()
        versions = PlanVersion.objects.filter(state=PlanVersion.State.APPROVED)
        begin = versions.aggregate(first=Min("effective_from"))["first"]
        if begin is None:
            raise NoPlan(_("No plan is approved yet."))
        opened = list(Period.objects.bulk_create(_new_periods(begin, through)))
        if opened:
            record_action(
                actor=actor,
                at=at,
                name="period.open",
                subject="periods",
                after={"opened": [str(period) for period in opened]},
            )
    return opened


def _new_periods(begin: date, through: date) -> Iterator[Period]:
    plans: dict[int, Plan] = {}
    ends = dict(
        Period.objects.values_list("calendar").annotate(last=Max("last")).values_list(
            "calendar", "last"
        )
    )  # fmt: skip
    names = set(Period.objects.values_list("calendar", "name"))
    changes = PlanVersion.objects.filter(
        state=PlanVersion.State.APPROVED, effective_from__gt=begin, effective_from__lte=through
    ).values_list("effective_from", flat=True)
    # Between two plans' days nothing changes, so each stretch asks one plan for its calendars.
    days = sorted({begin, *(day for day in changes if day is not None)})
    for first, until in zip(days, [*(day - timedelta(days=1) for day in days[1:]), through],
                            strict=True):  # fmt: skip
        version = find_version(day=first)
        plan = plans.setdefault(version.pk, load_plan(version.document))
        for calendar in sorted(calendars_of(plan)):
            day = max(first, ends[calendar] + timedelta(days=1)) if calendar in ends else first
            while day <= until:
                found = calendars.period_of_day(
                    day=day, key=calendar, calendar=plan.calendars[calendar]
                )
                if found is None:
                    day += timedelta(days=1)
                    continue
                if (calendar, found.id) in names or (
                    calendar in ends and found.first <= ends[calendar]
                ):
                    raise CannotOpen(
                        _("%(period)s would begin on %(day)s and overlap what is there already.")
                        % {"period": found.id, "day": found.first.isoformat()}
                    )
                # A period that began before its plan did belongs to no plan: it is left out.
                if found.first >= begin:
                    yield Period(
                        calendar=calendar, name=found.id, first=found.first, last=found.last
                    )
                    ends[calendar] = found.last
                    names.add((calendar, found.id))
                day = found.last + timedelta(days=1)


def calendars_of(plan: Plan) -> set[str]:
    """The calendars whose periods a plan pays by."""
    document = plan.document
    return {document.plan.calendar, *(plan.calendar_of(name) for name in document.bonuses)}


def close_period(*, period_id: int, actor: Actor, at: datetime) -> Period:
    """Close the books through the period's last day, then freeze what it is computed from.

    Earlier periods of its calendar come first, and the last of them must be committed: its carry-over
    is among the inputs. Killed in between and repeated, the same file comes out; a period that is
    closed already stays as it is. Raises NoPlan, and CannotClosePeriod also where facts and plan do not
    fit: then the books are closed and the period is not, and a corrected plan may still begin with it.
    """
    period = Period.objects.get(pk=period_id)
    if period.state == Period.State.CLOSED:
        return period
    check_closing(period=period, at=at)
    find_version(day=period.first)
    _close_books(period, actor, at)
    with transaction.atomic():
        # From here on no order, refund or correction can come into the period any more.
        locks.hold_plans()
        share_tree()
        period = Period.objects.select_for_update().get(pk=period_id)
        if period.state == Period.State.CLOSED:
            return period
        check_closing(period=period, at=at)
        version = find_version(day=period.first)
        _freeze_inputs(period, version)
        period.plan_version = version
        period.state = Period.State.CLOSED
        period.closed_by_id = actor.user_id
        period.closed_at = at
        period.save()
        record_action(
            actor=actor,
            at=at,
            name="period.close",
            subject=f"period:{period.pk}",
            before={"state": Period.State.OPEN.value},
            after={
                "state": Period.State.CLOSED.value,
                "plan_version": version.number,
                "inputs_digest": period.inputs_digest,
            },
        )
    return period


def find_period_by_name(*, name: str, calendar: str = "") -> Period:
    """The period of this name, of a calendar where one is named. Raises UnknownPeriod."""
    periods = list(Period.objects.filter(name=name).order_by("calendar"))
    found = [period for period in periods if calendar in ("", period.calendar)]
    if len(found) > 1:
        calendars_of_it = ", ".join(period.calendar for period in found)
        raise UnknownPeriod(
            _("%(name)s is a period of %(calendars)s: say which calendar is meant.")
            % {"name": name, "calendars": calendars_of_it}
        )
    if not found:
        raise UnknownPeriod(_("There is no period %s.") % name)
    return found[0]


def span_of(period: Period) -> calendars.Period:
    """The period as the engine knows it."""
    return calendars.Period(period.name, period.calendar, period.first, period.last)


def check_closing(*, period: Period, at: datetime) -> None:
    """Whether it is this period's turn to be closed. Raises CannotClosePeriod."""
    if period.last >= business_day(at):
        raise CannotClosePeriod(
            _("%(period)s is not over yet: its last day is %(day)s.")
            % {"period": period.name, "day": period.last.isoformat()}
        )
    earlier = Period.objects.filter(calendar=period.calendar, first__lt=period.first)
    waiting = earlier.filter(state=Period.State.OPEN).order_by("first").first()
    if waiting is not None:
        raise CannotClosePeriod(_("%s is to be closed first.") % waiting.name)
    before = earlier.order_by("first").last()
    if before and not before.runs.filter(state=Run.State.COMMITTED).exists():
        raise CannotClosePeriod(
            _("%s is to be committed first: what it carries over is among the inputs.")
            % before.name
        )


def _close_books(period: Period, actor: Actor, at: datetime) -> None:
    """Unless they are closed that far: by another calendar, or by a closing that was broken off."""
    try:
        if not _are_closed(period):
            close_books(through=period.last, author=actor.user, closed_at=at)
    except CannotClose as error:
        # Somebody else closed them meanwhile.
        if not _are_closed(period):
            raise CannotClosePeriod(str(error)) from error


def _are_closed(period: Period) -> bool:
    through = closed_through()
    return through is not None and through >= period.last


def _freeze_inputs(period: Period, version: PlanVersion) -> None:
    plan = load_plan(version.document)
    try:
        snapshot: Snapshot = take_snapshot(plan=plan, period=span_of(period))
        # What cannot be run must not be closed: a plan may ask for what nobody knows here.
        run_plan(plan=plan, snapshot=snapshot)
    except MISTAKES as mistake:
        raise CannotClosePeriod(
            _("%(period)s cannot be computed: %(mistake)s")
            % {"period": period.name, "mistake": mistake}
        ) from mistake
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inputs.zip"
        freeze(plan_text=version.document, frozen=snapshot, path=path)
        period.inputs, period.file_digest = keep_file(
            path=path, calendar=period.calendar, period=period.name, kind="inputs"
        )
    period.inputs_digest = snapshot.digest()
    period.member_count = snapshot.positions.size
    period.line_count = snapshot.lines.size
