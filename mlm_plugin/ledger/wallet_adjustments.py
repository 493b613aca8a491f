"""Adjustments of wallets by staff: with a reason, and above a limit by two persons.

Whoever would get the money never gives it: `holder_id` is the user who owns the wallet, and may
neither ask for an adjustment of it nor approve one.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from mlm_plugin.conf import get_setting
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.ledger.wallet_models import WalletAdjustment
from mlm_plugin.ledger.wallet_selectors import ADJUST
from mlm_plugin.ledger.wallets import NotEnough, get_wallet, lock_wallets

State = WalletAdjustment.State
# What one person posted alone within this time counts together, so that a large sum is not cut up.
TOGETHER = timedelta(days=30)
LONGEST_REASON = 500


class CannotAdjust(ValueError):
    """The adjustment cannot be made or decided; the text says why."""


def ask_adjustment(
    *,
    key: str,
    owner: int,
    unit: str,
    amount: int,
    reason: str,
    holder_id: int | None,
    actor: Actor,
    at: datetime,
) -> WalletAdjustment:
    """Give money to a wallet or, below zero, take it; posted at once within the limit, else waiting.

    `key` makes it once: asking again returns the first one. Raises CannotAdjust, also where more is
    to be taken than is available.
    """
    reason = reason.strip()
    if not amount:
        raise CannotAdjust(_("Nothing is not an adjustment."))
    if not reason:
        raise CannotAdjust(_("Give a reason: the member reads it."))
    if actor.user is None:
        raise CannotAdjust(_("Somebody has to adjust a wallet; the schedule does not."))
    _refuse_holder(actor, holder_id)
    with transaction.atomic():
        # The wallet's row is what two adjustments at once wait for, so it has to be there.
        Account.objects.get_or_create(owner=owner, kind=Account.Kind.WALLET, unit=unit)
        lock_wallets(owners=[owner], unit=unit)
        known = WalletAdjustment.objects.filter(key=key).first()
        if known is not None:
            return known
        _refuse_overdraft(owner, unit, amount)
        adjustment = WalletAdjustment(
            key=key,
            owner=owner,
            unit=unit,
            amount=amount,
            reason=reason[:LONGEST_REASON],
            author_id=actor.user.pk,
            asked_at=at,
        )
        alone = not needs_second_person(
            owner=owner, unit=unit, amount=amount, author_id=actor.user.pk, at=at
        )
        if alone:
            adjustment.state, adjustment.decided_at = State.POSTED, at
        adjustment.save()
        _record(adjustment, "ask", actor=actor, at=at)
        if alone:
            _post(adjustment, at=at)
    return adjustment


def needs_second_person(
    *, owner: int, unit: str, amount: int, author_id: int, at: datetime
) -> bool:
    """Whether this would be more than one person may adjust alone, with the last thirty days."""
    recent = WalletAdjustment.objects.filter(
        owner=owner,
        unit=unit,
        author_id=author_id,
        state=State.POSTED,
        decided_by=None,
        asked_at__gt=at - TOGETHER,
    )
    before = recent.aggregate(total=Sum(Abs("amount")))["total"] or 0
    return bool(before + abs(amount) > get_setting("ADJUSTMENT_LIMIT"))


def approve_adjustment(
    *, adjustment_id: int, holder_id: int | None, actor: Actor, at: datetime
) -> WalletAdjustment:
    """Post an adjustment that waits, as a second person; approving twice posts once.

    Raises CannotAdjust for one's own, for a declined one, and where more is to be taken than is
    available by now.
    """
    _refuse_holder(actor, holder_id)
    with transaction.atomic():
        adjustment = _lock(adjustment_id)
        if adjustment.state == State.POSTED:
            return adjustment
        _refuse_author(adjustment, actor)
        if adjustment.state == State.DECLINED:
            raise CannotAdjust(_("This adjustment was declined."))
        lock_wallets(owners=[adjustment.owner], unit=adjustment.unit)
        _refuse_overdraft(adjustment.owner, adjustment.unit, adjustment.amount)
        _decide(adjustment, State.POSTED, actor=actor, at=at)
        _post(adjustment, at=at)
    return adjustment


def decline_adjustment(
    *, adjustment_id: int, note: str, actor: Actor, at: datetime
) -> WalletAdjustment:
    """Leave an adjustment that waits undone and say why, as a second person.

    Raises CannotAdjust for one that is posted, and without a note.
    """
    note = note.strip()
    if not note:
        raise CannotAdjust(_("Say why it is declined."))
    with transaction.atomic():
        adjustment = _lock(adjustment_id)
        if adjustment.state == State.DECLINED:
            return adjustment
        if adjustment.state == State.POSTED:
            raise CannotAdjust(_("This adjustment is posted: correct it by another one."))
        _refuse_author(adjustment, actor)
        adjustment.note = note[:LONGEST_REASON]
        _decide(adjustment, State.DECLINED, actor=actor, at=at)
    return adjustment


def _lock(adjustment_id: int) -> WalletAdjustment:
    return WalletAdjustment.objects.select_for_update().get(pk=adjustment_id)


def _refuse_author(adjustment: WalletAdjustment, actor: Actor) -> None:
    if actor.user_id is None or actor.user_id == adjustment.author_id:
        raise CannotAdjust(_("Nobody decides on the own adjustment: ask a second person."))


def _refuse_holder(actor: Actor, holder_id: int | None) -> None:
    if holder_id is not None and actor.user_id == holder_id:
        raise CannotAdjust(_("This is your own wallet: somebody else has to adjust it."))


def _refuse_overdraft(owner: int, unit: str, amount: int) -> None:
    available = get_wallet(owner=owner, unit=unit).available
    if amount < 0 and available + amount < 0:
        raise CannotAdjust(str(NotEnough(available)))


def _decide(adjustment: WalletAdjustment, state: str, *, actor: Actor, at: datetime) -> None:
    before = adjustment.state
    adjustment.state, adjustment.decided_by_id, adjustment.decided_at = state, actor.user_id, at
    adjustment.save()
    name = "approve" if state == State.POSTED else "decline"
    _record(adjustment, name, actor=actor, at=at, before=before)


def _post(adjustment: WalletAdjustment, *, at: datetime) -> None:
    owner, unit, amount = adjustment.owner, adjustment.unit, adjustment.amount
    post_entries(
        entries=[
            NewEntry(
                key=f"{ADJUST}{adjustment.pk}",
                happened_at=at,
                postings=(
                    NewPosting(owner, Account.Kind.WALLET, unit, amount),
                    NewPosting(COMPANY, Account.Kind.ADJUSTMENTS, unit, -amount),
                ),
                reason=adjustment.reason,
                author_id=adjustment.author_id,
            )
        ]
    )


def _record(
    adjustment: WalletAdjustment, name: str, *, actor: Actor, at: datetime, before: str = ""
) -> None:
    record_action(
        actor=actor,
        at=at,
        name=f"wallet_adjustment.{name}",
        subject=f"wallet_adjustment:{adjustment.pk}",
        reason=adjustment.note or adjustment.reason,
        before={"state": before} if before else {},
        after={
            "state": adjustment.state,
            "owner": adjustment.owner,
            "amount": adjustment.amount,
            "unit": adjustment.unit,
        },
    )
