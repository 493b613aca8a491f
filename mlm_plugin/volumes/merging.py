"""Two memberships of one person become one: proposed with a reason, carried out by a second person.

Of the membership that ends the front line, the customers, open applications and people who wait for a
place go over to the one that goes on, in one transaction. What was counted stays where it was: points,
orders, awards and entries of the books are facts of the ended membership, its place stays taken, and its
code stays reserved. Money is never carried over: while there is any, the merge is refused.
Locks in the order tree, books, merge, members.
"""

from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mlm_plugin.ledger import locks as books
from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.network import locks as tree
from mlm_plugin.network.customers import hand_over_customers
from mlm_plugin.network.duplicate_pairs import close_pairs
from mlm_plugin.network.merging import NotMergeable, check_merge, hand_over, takes_sign_in_over
from mlm_plugin.network.models import (
    Application,
    CustomerBinding,
    HeldPlacement,
    Member,
    Merge,
    Placement,
)
from mlm_plugin.network.moving import moment_of_change
from mlm_plugin.network.services import NetworkError, change_status, check_new_sponsor
from mlm_plugin.plan.money import from_minor
from mlm_plugin.volumes.models import CreditedOrder, PeriodTotal
from mlm_plugin.volumes.rebuilding import first_open_period, move_branch

STATE, KIND = Merge.State, Account.Kind
LONGEST_REASON = 500
# What a member has, in any stage.
MONEY = (KIND.WALLET, KIND.HELD, KIND.RESERVED, KIND.OPENING)
POINT_UNITS = ("PV", "CV")

Effects = dict[str, Any]


class MergeDecided(NetworkError):
    """Somebody else decided this merge, or withdrew it."""


class OwnMerge(NetworkError):
    """Nobody decides a merge they proposed or that is about themselves."""


def preview_merge(*, kept_id: int, ended_id: int) -> Effects:
    """What would go over and what would stay, as plain data; at most twenty queries.

    Raises NotMergeable and what moving the front line raises: Cycle, TooDeep.
    """
    kept, ended = Member.objects.get(pk=kept_id), Member.objects.get(pk=ended_id)
    _check(kept=kept, ended=ended)
    totals = PeriodTotal.objects.filter(member=ended, period__gte=first_open_period())
    pending = CreditedOrder.objects.filter(member=ended, paid_at=None, cancelled_at=None)
    sums = totals.aggregate(
        own=Sum("personal_pv"), customers=Sum("customers_pv"), group=Sum("group_pv")
    )
    states = [*Application.UNDER_WAY, Application.State.SENT]
    return {
        "front_line": Member.objects.filter(sponsor=ended).exclude(pk=kept.pk).count(),
        "customers": CustomerBinding.objects.filter(member=ended).count(),
        "applications": Application.objects.filter(sponsor=ended, state__in=states).count(),
        "waiting": HeldPlacement.objects.filter(enroller=ended).count(),
        "open_pv": (sums["own"] or 0) + (sums["customers"] or 0),
        "moving_pv": (sums["group"] or 0) - (sums["own"] or 0) - (sums["customers"] or 0),
        "pending_orders": pending.count(),
        "has_place": Placement.objects.filter(pk=ended.pk).exists(),
        "placed_below": Placement.objects.filter(parent=ended).count(),
        "takes_sign_in": takes_sign_in_over(kept=kept, ended=ended),
        "keeps_sign_in": ended.user_id is not None and kept.user_id is not None,
    }


def propose_merge(
    *,
    key: str,
    kept_id: int,
    ended_id: int,
    reason: str,
    proposed_by_id: int,
    proposed_at: datetime,
) -> Merge:
    """Keep a checked proposal with its effects; the same key again returns the first one.

    Raises NotMergeable (no reason, another merge of the member that ends), and what `preview_merge`
    raises.
    """
    if existing := Merge.objects.filter(key=key).first():
        return existing
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise NotMergeable(_("A merge needs a reason, of 500 characters at most."))
    with transaction.atomic():
        tree.share_tree()
        effects = preview_merge(kept_id=kept_id, ended_id=ended_id)
        try:
            with transaction.atomic():
                return Merge.objects.create(
                    key=key,
                    kept_id=kept_id,
                    ended_id=ended_id,
                    reason=reason,
                    effects=effects,
                    proposed_by_id=proposed_by_id,
                    proposed_at=proposed_at,
                )
        except IntegrityError:
            if existing := Merge.objects.filter(key=key).first():
                return existing
            raise NotMergeable(
                _("Another merge of the membership that ends is proposed or was carried out.")
            ) from None


def approve_merge(
    *, merge_id: int, decided_by_id: int, decided_at: datetime, note: str = ""
) -> Merge:
    """Carry a proposal out; the merge as it is then. Approving once more changes nothing.

    What has become impossible is kept as failed, with the reason, and changes nothing else.
    Raises OwnMerge and MergeDecided.
    """
    with transaction.atomic():
        tree.hold_tree()
        books.share_books()
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        is_done = merge.state in (STATE.CARRIED_OUT, STATE.FAILED)
        if is_done and merge.decided_by_id == decided_by_id:
            return merge
        _decide(merge, decided_by_id=decided_by_id, decided_at=decided_at, note=note)
        try:
            with transaction.atomic():
                _carry_out(merge, at=decided_at)
        except NetworkError as error:
            merge.state, merge.failure = STATE.FAILED, str(error)[:LONGEST_REASON]
        else:
            merge.state = STATE.CARRIED_OUT
        merge.save()
        return merge


def decline_merge(*, merge_id: int, decided_by_id: int, decided_at: datetime, note: str) -> Merge:
    """Decline a proposal; the note says why. Raises OwnMerge, MergeDecided, NotMergeable."""
    if not note.strip():
        raise NotMergeable(_("Say why the merge is declined."))
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        if merge.state == STATE.DECLINED and merge.decided_by_id == decided_by_id:
            return merge
        _decide(merge, decided_by_id=decided_by_id, decided_at=decided_at, note=note)
        merge.state = STATE.DECLINED
        merge.save()
        return merge


def withdraw_merge(*, merge_id: int, withdrawn_by_id: int, withdrawn_at: datetime) -> Merge:
    """Take a proposal back; doing so twice changes nothing more. Raises MergeDecided."""
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        if merge.state == STATE.WITHDRAWN:
            return merge
        if merge.state != STATE.PROPOSED:
            raise MergeDecided(_over(merge))
        merge.state = STATE.WITHDRAWN
        merge.withdrawn_by_id, merge.withdrawn_at = withdrawn_by_id, withdrawn_at
        merge.save()
        return merge


def _check(*, kept: Member, ended: Member) -> None:
    check_merge(kept=kept, ended=ended)
    money = (
        Posting.objects.filter(account__owner=ended.pk, account__kind__in=MONEY)
        .exclude(account__unit__in=POINT_UNITS)
        .values("account__kind", "account__unit")
        .annotate(total=Sum("amount"))
        .exclude(total=0)
        .order_by("account__kind", "account__unit")
        .first()
    )
    if money is not None:
        currency = money["account__unit"]
        places = get_currency_precision(currency)
        raise NotMergeable(
            _(
                "{member} still has {amount} {currency} ({account}). Money is never carried over by a"
                " merge: pay it out or book it over first."
            ).format(
                member=ended,
                amount=number_format(from_minor(money["total"], places=places), places),
                currency=currency,
                account=KIND(money["account__kind"]).label,
            )
        )
    for child in Member.objects.filter(sponsor=ended).order_by("pk")[:1]:
        check_new_sponsor(member=child, sponsor=kept)


def _decide(merge: Merge, *, decided_by_id: int, decided_at: datetime, note: str) -> None:
    if merge.state != STATE.PROPOSED:
        raise MergeDecided(_over(merge))
    people = [merge.kept_id, merge.ended_id]
    is_about = Member.objects.filter(pk__in=people, user_id=decided_by_id).exists()
    if is_about or merge.proposed_by_id == decided_by_id:
        raise OwnMerge(
            _("A second person decides, who neither proposed the merge nor takes part in it.")
        )
    merge.decided_by_id, merge.decided_at = decided_by_id, decided_at
    merge.note = note.strip()[:LONGEST_REASON]


def _carry_out(merge: Merge, *, at: datetime) -> None:
    """Everything, or a NetworkError and nothing; the tree and the books are held."""
    people = [merge.kept_id, merge.ended_id]
    members = Member.objects.select_for_update().filter(pk__in=people).order_by("pk").in_bulk()
    kept, ended = members[merge.kept_id], members[merge.ended_id]
    _check(kept=kept, ended=ended)
    front_line = Member.objects.filter(sponsor=ended).order_by("pk")
    for child_id in list(front_line.values_list("pk", flat=True)):
        moved_at = moment_of_change(member_id=child_id, sponsor_id=kept.pk, wanted=at)
        move_branch(member_id=child_id, new_sponsor_id=kept.pk, moved_at=moved_at)
    words = _("Merged into {member}: {reason}").format(member=kept.code, reason=merge.reason)
    hand_over_customers(
        from_id=ended.pk, to_id=kept.pk, reason=words[:LONGEST_REASON], changed_at=at
    )
    hand_over(kept=kept, ended=ended, at=at)
    change_status(
        member_id=ended.pk,
        after=Member.Status.TERMINATED,
        reason=words[:LONGEST_REASON],
        author_id=merge.decided_by_id,
        changed_at=at,
    )
    assert merge.decided_by_id is not None
    close_pairs(
        kept_id=kept.pk, ended_id=ended.pk, decided_by_id=merge.decided_by_id, decided_at=at
    )


def _over(merge: Merge) -> str:
    return _("This merge is {state}.").format(state=merge.get_state_display())
