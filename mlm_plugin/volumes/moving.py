"""Moves in either tree: proposed, decided by a second person, carried out on their day, undone.

A move that counts from today is carried out when it is approved; one of a later day by `carry_out_due`
on that day. Whatever has become impossible by then fails with the reason and changes nothing. Tree,
history and open totals change in one transaction. Locks in the order tree, books, move.
"""

import logging
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day, plan_time_zone
from mlm_plugin.ledger import locks as books
from mlm_plugin.network import locks as tree
from mlm_plugin.network.models import Member, Move
from mlm_plugin.network.moving import Overtaken, moment_of_change
from mlm_plugin.network.moving_places import move_placement
from mlm_plugin.network.placing import get_placement
from mlm_plugin.network.services import NetworkError
from mlm_plugin.volumes.effects import Effects, describe_placement_move, describe_sponsor_move
from mlm_plugin.volumes.rebuilding import move_branch

logger = logging.getLogger(__name__)

STATE, TREE = Move.State, Move.Tree
UNDER_WAY = (STATE.PROPOSED, STATE.APPROVED)
_APPROVED = (STATE.APPROVED, STATE.CARRIED_OUT, STATE.FAILED)
_UNDOING = (*UNDER_WAY, STATE.CARRIED_OUT)
LONGEST_REASON = 500


class MoveRefused(NetworkError):
    """A move cannot be proposed like this; the text says why."""


class AlreadyDecided(NetworkError):
    """Somebody else decided this move, or withdrew it."""


class OwnMove(NetworkError):
    """Nobody decides a move they proposed or that is about themselves."""


def preview_move(
    *, member_id: int, tree_name: str, parent_id: int, slot: int | None, at: datetime
) -> Effects:
    """What the move would change now, as `volumes.effects` says; raises why it is impossible."""
    member, parent = (Member.objects.get(pk=pk) for pk in (member_id, parent_id))
    if TREE(tree_name) == TREE.SPONSOR:
        return describe_sponsor_move(member=member, sponsor=parent)
    if slot is None:
        raise MoveRefused(_("Choose a slot."))
    return describe_placement_move(member=member, parent=parent, slot=slot, at=at)


def propose_move(
    *,
    key: str,
    member_id: int,
    tree_name: str,
    parent_id: int,
    slot: int | None = None,
    reason: str,
    effective_on: date,
    proposed_by_id: int,
    proposed_at: datetime,
    undoes_id: int | None = None,
) -> Move:
    """Keep a checked proposal with its effects; the same key again returns the first one.

    `effective_on` is a day in the plan's time zone, today or later. Raises MoveRefused (no reason, a
    day that is over, another move of the member under way), and what makes the move impossible.
    """
    existing = Move.objects.filter(key=key).first()
    if existing:
        return existing
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise MoveRefused(_("A move needs a reason, of 500 characters at most."))
    if effective_on < business_day(proposed_at):
        raise MoveRefused(_("A move counts from today or a later day."))
    wanted = TREE(tree_name)
    with transaction.atomic():
        tree.share_tree()
        effects = preview_move(
            member_id=member_id, tree_name=wanted, parent_id=parent_id, slot=slot, at=proposed_at
        )
        parent_before, slot_before = _stands(member_id, wanted)
        try:
            with transaction.atomic():
                return Move.objects.create(
                    key=key,
                    tree=wanted,
                    member_id=member_id,
                    parent_before_id=parent_before,
                    slot_before=slot_before,
                    parent_after_id=parent_id,
                    slot_after=slot if wanted == TREE.PLACEMENT else None,
                    reason=reason,
                    effective_on=effective_on,
                    effects=effects,
                    proposed_by_id=proposed_by_id,
                    proposed_at=proposed_at,
                    undoes_id=undoes_id,
                )
        except IntegrityError:
            existing = Move.objects.filter(key=key).first()
            if existing:
                return existing
            if undoes_id and Move.objects.filter(undoes=undoes_id, state__in=_UNDOING).exists():
                raise MoveRefused(_("Somebody has proposed to undo this move already.")) from None
            raise MoveRefused(
                _("Another move of this member is under way. Decide or withdraw it first.")
            ) from None


def propose_undoing(
    *,
    key: str,
    move_id: int,
    reason: str,
    effective_on: date,
    proposed_by_id: int,
    proposed_at: datetime,
) -> Move:
    """Propose the move back to where the member stood before a move that was carried out.

    It is decided like any other. Raises MoveRefused where there is nothing to undo, and what
    `propose_move` raises.
    """
    done = Move.objects.get(pk=move_id)
    if done.state != STATE.CARRIED_OUT:
        raise MoveRefused(_("Only a move that was carried out can be undone."))
    if done.parent_before_id is None:
        raise MoveRefused(_("The member stood at the top before; nobody moves there."))
    return propose_move(
        key=key,
        member_id=done.member_id,
        tree_name=done.tree,
        parent_id=done.parent_before_id,
        slot=done.slot_before,
        reason=reason,
        effective_on=effective_on,
        proposed_by_id=proposed_by_id,
        proposed_at=proposed_at,
        undoes_id=done.pk,
    )


def approve_move(*, move_id: int, decided_by_id: int, decided_at: datetime, note: str = "") -> Move:
    """Approve a proposal, and carry it out if its day has come; the move as it is then.

    Approving once more changes nothing. If the move has become impossible it is kept as failed, with
    the reason. Raises OwnMove and AlreadyDecided.
    """
    effective_on = Move.objects.values_list("effective_on", flat=True).get(pk=move_id)
    is_due = effective_on <= business_day(decided_at)
    with transaction.atomic():
        if is_due:
            _hold_trees()
        move = _lock(move_id)
        if move.state in _APPROVED and move.decided_by_id == decided_by_id:
            return move
        _decide(move, decided_by_id=decided_by_id, decided_at=decided_at, note=note)
        move.state = STATE.APPROVED
        move.save()
        if is_due:
            _carry_out(move, at=decided_at)
        return move


def decline_move(*, move_id: int, decided_by_id: int, decided_at: datetime, note: str) -> Move:
    """Decline a proposal; the note says why. Raises OwnMove, AlreadyDecided, MoveRefused."""
    if not note.strip():
        raise MoveRefused(_("Say why the move is declined."))
    with transaction.atomic():
        move = _lock(move_id)
        if move.state == STATE.DECLINED and move.decided_by_id == decided_by_id:
            return move
        _decide(move, decided_by_id=decided_by_id, decided_at=decided_at, note=note)
        move.state = STATE.DECLINED
        move.save()
        return move


def withdraw_move(*, move_id: int, withdrawn_by_id: int, withdrawn_at: datetime) -> Move:
    """Take a move back before it is carried out; doing so twice changes nothing more.

    Raises AlreadyDecided for one that is over.
    """
    with transaction.atomic():
        move = _lock(move_id)
        if move.state == STATE.WITHDRAWN:
            return move
        if move.state not in UNDER_WAY:
            raise AlreadyDecided(_over(move))
        move.state = STATE.WITHDRAWN
        move.withdrawn_by_id, move.withdrawn_at = withdrawn_by_id, withdrawn_at
        move.save()
        return move


def carry_out_due(*, at: datetime) -> int:
    """Carry out what was approved for today or an earlier day; how many moves were settled.

    Each in a transaction of its own, so that one that breaks neither stops nor spoils the others.
    """
    due = Move.objects.filter(state=STATE.APPROVED, effective_on__lte=business_day(at))
    settled = 0
    for move_id in list(due.order_by("effective_on", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                _hold_trees()
                move = _lock(move_id)
                if move.state == STATE.APPROVED:
                    _carry_out(move, at=at)
                    settled += 1
        except Exception:
            logger.exception("move %s could not be carried out; it stays approved", move_id)
    return settled


def _hold_trees() -> None:
    tree.hold_tree()
    books.share_books()


def _lock(move_id: int) -> Move:
    return Move.objects.select_for_update().get(pk=move_id)


def _decide(move: Move, *, decided_by_id: int, decided_at: datetime, note: str) -> None:
    if move.state != STATE.PROPOSED:
        raise AlreadyDecided(_over(move))
    people = [move.member_id, move.parent_before_id, move.parent_after_id]
    is_about = Member.objects.filter(pk__in=people, user_id=decided_by_id).exists()
    if is_about or move.proposed_by_id == decided_by_id:
        raise OwnMove(
            _("A second person decides, who neither proposed the move nor takes part in it.")
        )
    move.decided_by_id, move.decided_at = decided_by_id, decided_at
    move.note = note.strip()[:LONGEST_REASON]


def _carry_out(move: Move, *, at: datetime) -> None:
    """Do it, or keep why it cannot be done; the tree and the books are held."""
    try:
        with transaction.atomic():
            _change(move, at=at)
    except NetworkError as error:
        move.state, move.failure = STATE.FAILED, str(error)[:LONGEST_REASON]
    else:
        move.state, move.carried_out_at = STATE.CARRIED_OUT, at
    move.save()


def _change(move: Move, *, at: datetime) -> None:
    if _stands(move.member_id, move.tree) != (move.parent_before_id, move.slot_before):
        raise Overtaken(
            _("The member stands elsewhere by now than when this was proposed; propose it again.")
        )
    if move.tree == TREE.PLACEMENT:
        assert move.slot_after is not None
        move_placement(
            member_id=move.member_id,
            parent_id=move.parent_after_id,
            slot=move.slot_after,
            moved_at=at,
        )
        return
    moved_at = moment_of_change(
        member_id=move.member_id,
        sponsor_id=move.parent_after_id,
        wanted=_promised(move, at),
    )
    move_branch(member_id=move.member_id, new_sponsor_id=move.parent_after_id, moved_at=moved_at)


def _promised(move: Move, at: datetime) -> datetime:
    """The beginning of the day the move was approved for, or now where it was approved later."""
    midnight = datetime.combine(move.effective_on, time(), tzinfo=plan_time_zone())
    return midnight if move.decided_at and move.decided_at < midnight else at


def _stands(member_id: int, tree_name: Any) -> tuple[int | None, int | None]:
    """Whom the member stands below now, and in which slot."""
    if tree_name == TREE.PLACEMENT:
        place = get_placement(member_id=member_id)
        return place.parent_id, place.slot
    return Member.objects.values_list("sponsor_id", flat=True).get(pk=member_id), None


def _over(move: Move) -> str:
    return _("This move is {state}.").format(state=move.get_state_display())
