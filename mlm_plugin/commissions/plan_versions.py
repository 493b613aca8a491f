"""Writes of plan versions: drafted (from a plan of the library, say), approved by a second person."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mlm_plugin.commissions import locks
from mlm_plugin.commissions.models import Period, PlanVersion
from mlm_plugin.plan.calendars import period_of_day
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.library import find_plan
from mlm_plugin.plan.plans import Plan, load_plan

LONGEST_NAME = 64
LONGEST_CALENDAR = 32


class CannotApprove(ValueError):
    """The version cannot be approved like that; the text says why and what would be right."""


class NotADraft(ValueError):
    """The version is approved already, so its document stays as it is."""


def draft_plan(*, document: str, author: AbstractBaseUser, at: datetime) -> PlanVersion:
    """Keep a new draft of a document (TOML). Raises PlanError, which names each wrong place."""
    fields = _read(document)
    with transaction.atomic():
        locks.hold_plans()
        last = PlanVersion.objects.aggregate(last=Max("number"))["last"] or 0
        return PlanVersion.objects.create(
            number=last + 1, author_id=author.pk, changed_at=at, **fields
        )


def draft_library_plan(*, name: str, author: AbstractBaseUser, at: datetime) -> PlanVersion:
    """Keep a draft that begins as a shipped plan. Raises KeyError for a name the library lacks."""
    return draft_plan(document=find_plan(name).read_text(encoding="utf-8"), author=author, at=at)


def change_draft(
    *, version_id: int, document: str, author: AbstractBaseUser, at: datetime
) -> PlanVersion:
    """Give a draft another document; who does so is its author from then on, and cannot approve it.

    Raises PlanError for the document and NotADraft for an approved version.
    """
    fields = _read(document)
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        if version.state != PlanVersion.State.DRAFT:
            raise NotADraft(_("The version is approved; draft a new one from it."))
        for name, value in fields.items():
            setattr(version, name, value)
        version.author_id = author.pk
        version.changed_at = at
        version.save()
    return version


def approve_plan(
    *, version_id: int, digest: str, approver: AbstractBaseUser, effective_from: date, at: datetime
) -> PlanVersion:
    """Approve a draft: it counts for the periods that begin on `effective_from` or later.

    `digest` is that of the document the approver saw, so that nobody approves what was changed
    meanwhile. Approving twice alike changes nothing. Raises CannotApprove.
    """
    with transaction.atomic():
        locks.hold_plans()
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        if version.state == PlanVersion.State.APPROVED:
            if (version.effective_from, version.approved_by_id) != (effective_from, approver.pk):
                raise CannotApprove(_("The version is approved already."))
            return version
        if version.digest != digest:
            raise CannotApprove(_("The document was changed meanwhile; read it again."))
        if version.author_id == approver.pk:
            raise CannotApprove(_("Nobody approves the own plan: ask a second person."))
        _check_begin(load_plan(version.document), effective_from)
        version.state = PlanVersion.State.APPROVED
        version.approved_by_id = approver.pk
        version.approved_at = at
        version.effective_from = effective_from
        version.save()
    return version


def _check_begin(plan: Plan, effective_from: date) -> None:
    calendar = plan.document.plan.calendar
    period = period_of_day(day=effective_from, key=calendar, calendar=plan.calendars[calendar])
    if period is None or period.first != effective_from:
        begins = _("no period of the plan holds that day") if period is None else (
            _("the period %(name)s begins on %(day)s")
            % {"name": period.id, "day": period.first.isoformat()}
        )  # fmt: skip
        raise CannotApprove(_("A plan begins with a period; %(begins)s.") % {"begins": begins})
    closed = Period.objects.filter(state=Period.State.CLOSED, last__gte=effective_from)
    last = closed.aggregate(last=Max("last"))["last"]
    if last is not None:
        raise CannotApprove(
            _("Periods are closed through %s; a plan begins after that.") % last.isoformat()
        )


def _read(document: str) -> dict[str, Any]:
    """What a version keeps of a document. Raises PlanError."""
    plan = load_plan(document)
    head = plan.document.plan
    names = {"plan.id": head.id, **{f"bonuses.{name}": name for name in plan.document.bonuses}}
    for place, name in names.items():
        if len(name) > LONGEST_NAME:
            raise PlanError(f"{place}: a name has at most {LONGEST_NAME} letters")
    for name in plan.document.calendars:
        if len(name) > LONGEST_CALENDAR:
            raise PlanError(f"calendars.{name}: a name has at most {LONGEST_CALENDAR} letters")
    for name, calendar in plan.document.calendars.items():
        for listed in calendar.periods:
            if len(listed.id) > LONGEST_CALENDAR:
                raise PlanError(
                    f"calendars.{name}.periods: a name has at most {LONGEST_CALENDAR} letters"
                )
    return {
        "plan": head.id,
        "title": head.title[:200],
        "document": document,
        "digest": plan.digest(),
    }
