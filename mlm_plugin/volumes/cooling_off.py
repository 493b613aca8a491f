"""How a new member takes the membership back: ended as any other, with the starter kit paid back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mlm_plugin.network import application_tasks
from mlm_plugin.network.application_decisions import get_cooling_off_end
from mlm_plugin.network.models import Member
from mlm_plugin.network.services import NetworkError
from mlm_plugin.volumes.terminating import terminate_member

# Kept in English and shown in the reader's language.
REASON = gettext_noop("Ended by the member within the cooling-off period.")


class TooLate(NetworkError):
    """The cooling-off period is over."""


def end_in_cooling_off(*, member: Member, ended_at: datetime) -> bool:
    """The member ends the membership in time; False the second time.

    The refund of the starter kit is the worker's: it is asked for with the change and cannot get
    lost. Raises TooLate.
    """
    if ended_at >= get_cooling_off_end(member=member):
        raise TooLate(_("The time in which you could end your membership here is over."))
    with transaction.atomic():
        change = terminate_member(
            member_id=member.pk, reason=REASON, author_id=member.user_id, terminated_at=ended_at
        )
        if change is None:
            return False
        application_tasks.pay_back_kit.enqueue(member_id=member.pk)
        application_tasks.mail_ended.enqueue(member_id=member.pk)
    return True
