"""How an application comes to somebody: a member invites them, or they sign in where it was begun."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.network import application_tasks
from mlm_plugin.network.applications import expire_application, get_own_application
from mlm_plugin.network.models import Application, Member, PersonalData
from mlm_plugin.network.personal_checks import normalise_mail
from mlm_plugin.network.services import NetworkError

State = Application.State
MOST_INVITATIONS_A_DAY = 20


class TooManyInvitations(NetworkError):
    """A member invites no more people today."""


def invite(
    *,
    member: Member,
    first_name: str,
    last_name: str,
    email: str,
    language: str,
    invited_at: datetime,
) -> Application:
    """A member begins an application for somebody, who gets a personal link by mail.

    The same address again within the life of an invitation changes nothing and sends nothing. Raises
    TooManyInvitations, so that nobody writes to strangers through us.
    """
    wanted = normalise_mail(email)
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        sent = Application.objects.filter(invited_by=member)
        known = sent.filter(state__in=Application.UNDER_WAY, personal__email=wanted).first()
        if known is not None:
            return known
        today = sent.filter(started_at__gt=invited_at - timedelta(days=1)).count()
        if today >= MOST_INVITATIONS_A_DAY:
            raise TooManyInvitations(
                _("You have invited {count} people today. Please go on tomorrow.").format(
                    count=today
                )
            )
        application = Application.objects.create(
            state=State.INVITED,
            language=language,
            sponsor=member,
            is_sponsor_fixed=True,
            invited_by=member,
            started_at=invited_at,
            changed_at=invited_at,
        )
        PersonalData.objects.create(
            application=application, first_name=first_name, last_name=last_name, email=wanted
        )
        application_tasks.mail_invitation.enqueue(application_id=application.pk)
    return application


def claim_application(*, token: str, user: Any, claimed_at: datetime) -> Application | None:
    """Let the application of this browser belong to whoever signed in; the newer of two stays.

    None for a token that is nobody's, or somebody else's. An application that was sent stays the one.
    """
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        found = Application.objects.select_for_update().filter(
            token=token, user=None, state__in=Application.UNDER_WAY
        )
        application = found.first()
        own = get_own_application(user.pk)
        if application is None or (own and own.state == State.SENT):
            return own
        if own is not None:
            expire_application(application=own)
        application.user_id = user.pk
        application.changed_at = claimed_at
        application.save(update_fields=["user", "changed_at"])
        personal = application.personal
        personal.email = personal.email or user.email
        personal.save(update_fields=["email"])
    return application
