"""What becomes of an application that was sent or left behind, and until when joining is taken back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import get_setting
from mlm_plugin.network import application_tasks
from mlm_plugin.network.applications import NotUnderWay, expire_application, join_applicant
from mlm_plugin.network.models import Application, Member
from mlm_plugin.network.personal import erase_application

State = Application.State


def approve_application(
    *, application_id: int, author_id: int, reason: str, decided_at: datetime
) -> Application:
    """Make a member of it; approving again changes nothing.

    Raises NotUnderWay where it was declined or never sent, and what joining raises (the sponsor may
    have been suspended meanwhile).
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=application_id)
        if application.state == State.JOINED:
            return application
        if application.state != State.SENT:
            raise NotUnderWay(_("This application does not wait for a decision."))
        join_applicant(
            application=application, author_id=author_id, reason=reason, joined_at=decided_at
        )
    return application


def decline_application(
    *, application_id: int, author_id: int, reason: str, decided_at: datetime
) -> Application:
    """Say no, with a reason that the applicant reads; declining again changes nothing.

    Raises NotUnderWay where it became a member or was never sent.
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=application_id)
        if application.state == State.DECLINED:
            return application
        if application.state != State.SENT:
            raise NotUnderWay(_("This application does not wait for a decision."))
        application.state = State.DECLINED
        application.reason = reason
        application.decided_at, application.decided_by_id = decided_at, author_id
        application.save()
        application_tasks.mail_declined.enqueue(application_id=application.pk)
    return application


def get_cooling_off_end(*, member: Member) -> datetime:
    """Until when a member may end the membership as if it had never been."""
    return member.joined_at + timedelta(days=get_setting("COOLING_OFF_DAYS"))


def remind_of_applications(*, at: datetime) -> int:
    """Remind everybody who left an application behind, once; returns how many."""
    before = at - timedelta(days=get_setting("APPLICATION_REMINDER_DAYS"))
    waiting = Application.objects.filter(
        state__in=Application.UNDER_WAY, changed_at__lte=before, reminded_at=None
    ).exclude(personal__email="")
    reminded = 0
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            # Two workers at once: one of them finds the row unmarked.
            found = Application.objects.filter(
                pk=pk, state__in=Application.UNDER_WAY, reminded_at=None
            )
            if found.update(reminded_at=at):
                application_tasks.mail_reminder.enqueue(application_id=pk)
                reminded += 1
    return reminded


def expire_applications(*, at: datetime) -> int:
    """Erase what was left behind or declined long ago; returns how many."""
    before = at - timedelta(days=get_setting("APPLICATION_EXPIRY_DAYS"))
    left = Application.objects.filter(state__in=Application.UNDER_WAY, changed_at__lte=before)
    declined = Application.objects.filter(
        state=State.DECLINED, decided_at__lte=before, personal__isnull=False
    )
    count = 0
    for pk in [*left.values_list("pk", flat=True), *declined.values_list("pk", flat=True)]:
        with transaction.atomic():
            application = Application.objects.select_for_update().get(pk=pk)
            if application.state in Application.UNDER_WAY and application.changed_at <= before:
                expire_application(application=application)
            elif application.state == State.DECLINED:
                erase_application(application=application)
            else:
                continue
            count += 1
    return count
