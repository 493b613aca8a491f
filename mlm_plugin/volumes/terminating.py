"""The end of a membership, and what becomes of the front line and the customers by `TERMINATION`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import get_setting
from mlm_plugin.ledger import locks as books
from mlm_plugin.network import locks as tree
from mlm_plugin.network.customers import hand_over_customers
from mlm_plugin.network.models import Member, StatusChange
from mlm_plugin.network.moving import moment_of_change
from mlm_plugin.network.selectors import list_upline
from mlm_plugin.network.services import change_status
from mlm_plugin.volumes.rebuilding import move_branch

ROLL_UP = "roll_up"


def terminate_member(
    *, member_id: int, reason: str, author_id: int | None, terminated_at: datetime
) -> StatusChange | None:
    """End a membership; once, in one transaction. The member's code and place stay reserved.

    With the policy "roll_up" the front line, each with the whole branch and its open totals, comes
    below the nearest active member above, and so do the customers; where nobody above is active all
    stay. None comes back where the membership had ended before.
    Raises WrongTransition. Takes a few queries for each member of the front line.
    """
    with transaction.atomic():
        tree.hold_tree()
        books.share_books()
        change = change_status(
            member_id=member_id,
            after=Member.Status.TERMINATED,
            reason=reason,
            author_id=author_id,
            changed_at=terminated_at,
        )
        heir = _find_heir(member_id) if change and get_setting("TERMINATION") == ROLL_UP else None
        if heir is None:
            return change
        front_line = Member.objects.filter(sponsor_id=member_id).order_by("pk")
        for child_id in list(front_line.values_list("pk", flat=True)):
            moved_at = moment_of_change(
                member_id=child_id, sponsor_id=heir.pk, wanted=terminated_at
            )
            move_branch(member_id=child_id, new_sponsor_id=heir.pk, moved_at=moved_at)
        hand_over_customers(
            from_id=member_id,
            to_id=heir.pk,
            reason=_("The member's membership ended."),
            changed_at=terminated_at,
        )
        return change


def _find_heir(member_id: int) -> Member | None:
    above = list_upline(member_id=member_id)
    return next((member for member in above if member.may_be_credited), None)
