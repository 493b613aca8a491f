"""Whether two memberships can become one, and what of the network goes over besides people below.

The membership that ends keeps its code, its place in both trees and everything that was counted for
it; only what lies ahead goes over. `volumes.merging` proposes, decides and carries out.
"""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from mlm_plugin.network.models import Application, HeldPlacement, Member, Move, PersonalData
from mlm_plugin.network.services import NetworkError

State = Application.State


class NotMergeable(NetworkError):
    """These two cannot become one membership now; the text says why, and what to do first."""


def check_merge(*, kept: Member, ended: Member) -> None:
    """Raise NotMergeable where `ended` cannot be merged into `kept` as both are now."""
    if kept.pk == ended.pk:
        raise NotMergeable(_("A membership cannot be merged with itself. Enter another code."))
    if kept.status != Member.Status.ACTIVE:
        raise NotMergeable(
            _(
                "{member} is {status}. Only an active membership can go on; activate it first."
            ).format(member=kept, status=kept.get_status_display())
        )
    if kept.path.startswith(ended.path):
        raise NotMergeable(
            _(
                "{kept} stands below {ended}. Keep {ended} instead, or move {kept} out of that branch"
                " first."
            ).format(kept=kept, ended=ended)
        )
    under_way = Move.objects.filter(
        Q(member__in=[kept, ended]), state__in=[Move.State.PROPOSED, Move.State.APPROVED]
    ).first()
    if under_way is not None:
        raise NotMergeable(
            _("Move {number} of {member} is under way. Decide or withdraw it first.").format(
                number=under_way.pk, member=kept if under_way.member_id == kept.pk else ended
            )
        )


def takes_sign_in_over(*, kept: Member, ended: Member) -> bool:
    """Whether the membership that goes on has no sign-in yet and gets the other one's."""
    return kept.user_id is None and ended.user_id is not None


def hand_over(*, kept: Member, ended: Member, at: datetime) -> None:
    """Applications, the waiting line, and sign-in and personal data where the kept one has none.

    Called in the transaction that merges, with the tree held and both members locked.
    """
    below = Application.objects.filter(
        sponsor=ended, state__in=[*Application.UNDER_WAY, State.SENT]
    )
    # A wished side was one below the other member.
    below.update(sponsor=kept, placement_wish={})
    HeldPlacement.objects.filter(enroller=ended).exclude(member=kept).update(enroller=kept)
    # Who has ended needs no place any more.
    HeldPlacement.objects.filter(member=ended).delete()
    if takes_sign_in_over(kept=kept, ended=ended):
        user_id = ended.user_id
        Member.objects.filter(pk=ended.pk).update(user=None, former_user=user_id)
        Member.objects.filter(pk=kept.pk).update(user=user_id)
    if not PersonalData.objects.filter(member=kept).exists():
        PersonalData.objects.filter(member=ended).update(member=kept)
