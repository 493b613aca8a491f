"""Whether a move is possible, and from which moment: asked when it is proposed and when it is done."""

from datetime import datetime

from django.utils.translation import gettext as _

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network import history
from mlm_plugin.network.models import Member, Placement
from mlm_plugin.network.placement_selectors import is_placed_below
from mlm_plugin.network.placing import check_slot, get_placement
from mlm_plugin.network.selectors import list_upline
from mlm_plugin.network.services import Cycle, NetworkError, check_new_sponsor


class NothingToMove(NetworkError):
    """The member stands there already."""


class Overtaken(NetworkError):
    """The member stands elsewhere by now than when the move was proposed."""


def check_sponsor_move(*, member: Member, sponsor: Member) -> None:
    """Raises NothingToMove, Cycle, SponsorNotActive, TooDeep where the move is impossible now."""
    if member.sponsor_id == sponsor.pk:
        raise NothingToMove(
            _("{member} stands below {sponsor} already.").format(member=member, sponsor=sponsor)
        )
    check_new_sponsor(member=member, sponsor=sponsor)


def check_placement_move(*, member_id: int, parent_id: int, slot: int) -> Placement:
    """The present place; raises NothingToMove, Cycle, SlotUnknown, NotPlaced, NoTree."""
    check_slot(slot=slot, width=get_placement_settings().width)
    place, parent = get_placement(member_id=member_id), get_placement(member_id=parent_id)
    if (place.parent_id, place.slot) == (parent.member_id, slot):
        raise NothingToMove(_("The member stands in this place already."))
    if member_id == parent_id or is_placed_below(member_id=parent_id, of_member_id=member_id):
        raise Cycle(_("Nobody can be placed below themselves or somebody of the own branch."))
    return place


def moment_of_change(*, member_id: int, sponsor_id: int, wanted: datetime) -> datetime:
    """From when on the member can stand below the sponsor without a circle in the past.

    Call it with the tree held.
    """
    above = [member.pk for member in list_upline(member_id=sponsor_id)]
    return history.earliest_moment(
        member_id=member_id, sponsor_ids=[sponsor_id, *above], wanted=wanted
    )
