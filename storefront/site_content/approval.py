"""Mails of the approval workflow, in our frame and the reader's language, in place of Wagtail's.

Who gets one follows Wagtail's rules (members of the task's groups, whoever asked) and each person's
own settings for notifications.
"""

from typing import Any

from django.db import transaction
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from storefront.mails.services import send_mail


def connect() -> None:
    """Take the places of Wagtail's own mails; called once, from the app's `ready()`.

    A signal keeps one receiver per `dispatch_uid`: whoever comes second is ignored, so it does not
    matter whether Wagtail's app is ready before or after ours.
    """
    replaced = (
        (task_submitted, TaskState, "group_approval_task_submitted", write_to_approvers),
        (workflow_submitted, WorkflowState, "workflow_state_submitted", say_nothing),
        (workflow_approved, WorkflowState, "workflow_state_approved", write_of_approval),
        (workflow_rejected, WorkflowState, "workflow_state_rejected", write_of_rejection),
    )
    for signal, sender, name, receiver in replaced:
        place = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=place)
        signal.connect(receiver, sender=sender, dispatch_uid=place)


def say_nothing(**kwargs: Any) -> None:
    """Approvers hear of the task; a second mail about the whole workflow would say the same."""


def write_to_approvers(*, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """Something waits for approval: its approvers hear of it."""
    notifier = GroupApprovalTaskStateSubmissionEmailNotifier()
    if notifier.can_handle(instance):
        people = notifier.get_valid_recipients(instance, user=user)
        _schedule("page_submitted", instance.workflow_state, people, by=user)


def write_of_approval(*, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """Whoever submitted hears that it is published."""
    people = WorkflowStateApprovalEmailNotifier().get_valid_recipients(instance, user=user)
    _schedule("page_approved", instance, people, by=user)


def write_of_rejection(*, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """Whoever submitted hears what is to be changed."""
    people = WorkflowStateRejectionEmailNotifier().get_valid_recipients(instance, user=user)
    task_state = instance.current_task_state
    comment = task_state.specific.get_comment() if task_state else ""
    _schedule("page_rejected", instance, people, by=user, comment=comment)


def _schedule(kind: str, state: WorkflowState, people: Any, *, by: Any, comment: str = "") -> None:
    page = state.content_object
    context = {
        # As it was submitted: what is live may be called otherwise.
        "title": str(page.get_latest_revision_as_object()),
        "by": _full_name(by),
        "comment": comment,
        "url": get_admin_base_url() + AdminURLFinder().get_edit_url(page),
    }
    letters = [
        (person.email, person.first_name, person.wagtail_userprofile.get_preferred_language())
        for person in people
    ]

    def send() -> None:
        for address, name, language in letters:
            send_mail(kind=kind, to=address, language=language, context={**context, "name": name})

    transaction.on_commit(send, robust=True)


def _full_name(person: Any) -> str:
    return (person.get_full_name() or person.email) if person else ""
