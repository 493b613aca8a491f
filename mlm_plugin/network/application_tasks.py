"""Jobs of the worker for joining: mails, the paper of the agreement, refunds, and what is left behind."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

# A paper whose job broke off is taken up again after this.
LEFT_BEHIND = timedelta(minutes=5)


@task()
def mail_invitation(*, application_id: int) -> None:
    """A member invites somebody."""
    _mail("application_invited", application_id)


@task()
def mail_received(*, application_id: int) -> None:
    """The application waits for the staff."""
    _mail("application_received", application_id)


@task()
def mail_joined(*, application_id: int) -> None:
    """Welcome, with the code."""
    _mail("application_approved", application_id)


@task()
def mail_declined(*, application_id: int) -> None:
    """The staff said no, and why."""
    _mail("application_declined", application_id)


@task()
def mail_reminder(*, application_id: int) -> None:
    """An application was left behind."""
    _mail("application_reminder", application_id)


@task()
def mail_ended(*, member_id: int) -> None:
    """The membership was ended within the cooling-off period."""
    from mlm_plugin.network.application_mails import send_ended

    send_ended(member_id=member_id)


@task()
def mail_account_changed(*, member_id: int) -> None:
    """A member's payouts go to another bank account from now on."""
    from mlm_plugin.network.application_mails import send_account_changed

    send_account_changed(member_id=member_id)


@task()
def make_paper(*, agreement_id: int) -> None:
    """Draw the agreement and send it."""
    from mlm_plugin.network.agreements import make_paper as make

    make(agreement_id=agreement_id, at=timezone.now())


@task()
def pay_back_kit(*, member_id: int) -> None:
    """Pay the starter kit back to a member who ended the membership in time."""
    from mlm_plugin.network.agreements import pay_back_kit as pay_back

    pay_back(member_id=member_id, at=timezone.now())


def look_after_applications(*, at: datetime) -> None:
    """Remind, erase, and take up papers whose job broke off; see `PERIODIC`."""
    from mlm_plugin.network.agreements import list_missing_papers
    from mlm_plugin.network.agreements import make_paper as make
    from mlm_plugin.network.application_decisions import (
        expire_applications,
        remind_of_applications,
    )

    remind_of_applications(at=at)
    expire_applications(at=at)
    for agreement_id in list_missing_papers(before=at - LEFT_BEHIND):
        make(agreement_id=agreement_id, at=at)


def look_for_duplicates(*, at: datetime) -> None:
    """Keep the pairs of members who gave the same things; see `PERIODIC`."""
    from mlm_plugin.network.duplicate_pairs import find_pairs

    find_pairs(at=at)


def _mail(kind: str, application_id: int) -> None:
    from mlm_plugin.network.application_mails import send_mail

    send_mail(kind=kind, application_id=application_id)
