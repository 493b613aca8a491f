"""Writes of plan versions: drafted, changed, submitted, and approved by a second person.

Whoever wrote a part of a version or submitted it is one of its editors, and no editor approves it.
"""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mlm_plugin.commissions import locks
from mlm_plugin.commissions.models import Period, PlanEditor, PlanVersion
from mlm_plugin.commissions.plan_comparison import compare_documents
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.plan.calendars import period_of_day
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.library import find_plan
from mlm_plugin.plan.plans import Plan, load_plan

LONGEST_NAME = 64
LONGEST_CALENDAR = 32
# So many changed values are named in the log; how many more there were is said beside them.
MOST_LOGGED = 200
State = PlanVersion.State


class CannotApprove(ValueError):
    """The version cannot be submitted or approved like that; the text says what would be right."""


class NotADraft(ValueError):
    """The version is no draft any more, so its document stays as it is; the text says what then."""


class ChangedMeanwhile(ValueError):
    """Somebody else changed the draft since it was read."""


def draft_plan(
    *, document: str, actor: Actor, at: datetime, based_on: PlanVersion | None = None
) -> PlanVersion:
    """Keep a new draft of a document (TOML). Raises PlanError, which names each wrong place."""
    fields = _read(document)
    with transaction.atomic():
        locks.hold_plans()
        last = PlanVersion.objects.aggregate(last=Max("number"))["last"] or 0
        version = PlanVersion.objects.create(
            number=last + 1,
            author_id=_user_of(actor),
            based_on=based_on,
            changed_at=at,
            **fields,
        )
        _add_editor(version, actor, at)
        record_action(
            actor=actor,
            at=at,
            name="plan.draft",
            subject=_subject(version),
            after={
                "plan": version.plan,
                "digest": version.digest,
                **({"based_on": based_on.number} if based_on else {}),
            },
        )
    return version


def draft_library_plan(*, name: str, actor: Actor, at: datetime) -> PlanVersion:
    """Keep a draft that begins as a shipped plan. Raises KeyError for a name the library lacks."""
    return draft_plan(document=find_plan(name).read_text(encoding="utf-8"), actor=actor, at=at)


def draft_next_version(*, version_id: int, actor: Actor, at: datetime) -> PlanVersion:
    """Keep a draft that begins as an earlier version, whatever became of that one."""
    earlier = PlanVersion.objects.get(pk=version_id)
    return draft_plan(document=earlier.document, actor=actor, at=at, based_on=earlier)


def change_draft(
    *, version_id: int, document: str, actor: Actor, at: datetime, seen: str | None = None
) -> PlanVersion:
    """Give a draft another document; whoever does so is among its editors from then on.

    `seen` is `digest_of_text` of the text the change began with, where somebody typed it:
    ChangedMeanwhile if the draft says something else by now. Raises PlanError for the document and
    NotADraft for a version that is submitted, approved or withdrawn. The same document again changes
    nothing.
    """
    fields = _read(document)
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        _check_draft(version)
        if version.document == document:
            return version
        if seen is not None and digest_of_text(version.document) != seen:
            raise ChangedMeanwhile(_("Somebody else changed the draft meanwhile."))
        before, after = _log_changes(version.document, document)
        for name, value in fields.items():
            if value != getattr(version, name) and name != "document":
                before[name], after[name] = getattr(version, name), value
            setattr(version, name, value)
        version.changed_at = at
        version.save()
        _add_editor(version, actor, at)
        record_action(
            actor=actor, at=at, name="plan.change", subject=_subject(version),
            before=before, after=after,
        )  # fmt: skip
    return version


def digest_of_text(document: str) -> str:
    """SHA-256 of a text as it stands, comments and spaces included."""
    return hashlib.sha256(document.encode()).hexdigest()


def submit_plan(
    *, version_id: int, digest: str, effective_from: date, actor: Actor, at: datetime
) -> PlanVersion:
    """Ask for the approval of a draft from a day on, the first of a period; it is not changed then.

    `digest` is that of the document that was seen. Submitting twice alike changes nothing. Raises
    CannotApprove for the day or the digest, NotADraft for a version that is approved or withdrawn.
    """
    with transaction.atomic():
        locks.hold_plans()
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        asked = (State.SUBMITTED, digest, effective_from)
        if (version.state, version.digest, version.effective_from) == asked:
            return version
        _check_draft(version)
        _check_digest(version, digest)
        _check_begin(load_plan(version.document), effective_from)
        version.state = State.SUBMITTED
        version.submitted_by_id = actor.user_id
        version.submitted_at = at
        version.effective_from = effective_from
        version.save()
        _add_editor(version, actor, at)
        _record_state(version, actor=actor, at=at, name="plan.submit", before=State.DRAFT)
    return version


def return_plan(*, version_id: int, reason: str, actor: Actor, at: datetime) -> PlanVersion:
    """Make a submitted version a draft again: taken back, or sent back by who was to approve it.

    One that is a draft already stays as it is. Raises NotADraft for one approved or withdrawn.
    """
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        if version.state == State.DRAFT:
            return version
        if version.state != State.SUBMITTED:
            _check_draft(version)
        _forget_submission(version)
        version.state = State.DRAFT
        version.save()
        _record_state(
            version, actor=actor, at=at, name="plan.return", before=State.SUBMITTED, reason=reason
        )
    return version


def withdraw_plan(*, version_id: int, reason: str, actor: Actor, at: datetime) -> PlanVersion:
    """Give a draft up, submitted or not; it is kept to be read. Raises NotADraft for an approved one."""
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        if version.state == State.WITHDRAWN:
            return version
        before = State(version.state)
        if before != State.SUBMITTED:
            _check_draft(version)
        _forget_submission(version)
        version.state = State.WITHDRAWN
        version.withdrawn_by_id = actor.user_id
        version.withdrawn_at = at
        version.save()
        _record_state(
            version, actor=actor, at=at, name="plan.withdraw", before=before, reason=reason
        )
    return version


def approve_plan(
    *, version_id: int, digest: str, actor: Actor, effective_from: date, at: datetime
) -> PlanVersion:
    """Approve a submitted version: it counts for the periods that begin on `effective_from` or later.

    `digest` is that of the document the approver saw, so that nobody approves what was changed
    meanwhile. Approving twice alike changes nothing. Raises CannotApprove, also for everybody who
    had a hand in the document: the version's row is locked while that is looked up, so nobody
    becomes an editor in between.
    """
    with transaction.atomic():
        locks.hold_plans()
        version = PlanVersion.objects.select_for_update().get(pk=version_id)
        if version.state == State.APPROVED:
            if (version.effective_from, version.approved_by_id) != (effective_from, actor.user_id):
                raise CannotApprove(_("The version is approved already."))
            return version
        _check_digest(version, digest)
        if actor.user_id is None or version.editors.filter(user_id=actor.user_id).exists():
            raise CannotApprove(_("Nobody approves the own plan: ask a second person."))
        if version.state != State.SUBMITTED:
            raise CannotApprove(_("The version is to be submitted first."))
        _check_begin(load_plan(version.document), effective_from)
        version.state = State.APPROVED
        version.approved_by_id = actor.user_id
        version.approved_at = at
        version.effective_from = effective_from
        version.save()
        _record_state(version, actor=actor, at=at, name="plan.approve", before=State.SUBMITTED)
    return version


def _check_draft(version: PlanVersion) -> None:
    if version.state == State.SUBMITTED:
        raise NotADraft(_("The version waits for its approval; take it back to change it."))
    if version.state == State.APPROVED:
        raise NotADraft(_("The version is approved; draft a new one from it."))
    if version.state == State.WITHDRAWN:
        raise NotADraft(_("The version is withdrawn; draft a new one from it."))


def _check_digest(version: PlanVersion, digest: str) -> None:
    if version.digest != digest:
        raise CannotApprove(_("The document was changed meanwhile; read it again."))


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


def _user_of(actor: Actor) -> int:
    assert actor.user_id is not None, "the schedule writes no plans"
    return actor.user_id


def _add_editor(version: PlanVersion, actor: Actor, at: datetime) -> None:
    PlanEditor.objects.get_or_create(version=version, user_id=_user_of(actor), defaults={"at": at})


def _forget_submission(version: PlanVersion) -> None:
    version.submitted_by = None
    version.submitted_at = None
    version.effective_from = None


def _subject(version: PlanVersion) -> str:
    return f"plan:{version.number}"


def _record_state(
    version: PlanVersion,
    *,
    actor: Actor,
    at: datetime,
    name: str,
    before: PlanVersion.State,
    reason: str = "",
) -> None:
    after: dict[str, Any] = {"state": version.state}
    if version.effective_from:
        after |= {"effective_from": version.effective_from.isoformat(), "digest": version.digest}
    record_action(
        actor=actor, at=at, name=name, subject=_subject(version), reason=reason,
        before={"state": before.value}, after=after,
    )  # fmt: skip


def _log_changes(before: str, after: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that a new document changes, by their place, as they were and as they are."""
    changes = compare_documents(before=before, after=after)
    logged = changes[:MOST_LOGGED]
    was: dict[str, Any] = {each.place: each.before for each in logged if each.before is not None}
    now: dict[str, Any] = {each.place: each.after for each in logged if each.after is not None}
    if len(changes) > MOST_LOGGED:
        now["…"] = len(changes) - MOST_LOGGED
    return was, now


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
