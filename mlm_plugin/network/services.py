"""Writes of the network: who joins below whom, moves, changes status, belongs to whom."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mlm_plugin.network import history, locks
from mlm_plugin.network.codes import make_code, normalise_code
from mlm_plugin.network.models import MAX_DEPTH, CustomerBinding, Member, StatusChange

ATTEMPTS = 5
STATUS = Member.Status
# From which status a member may come into which; whoever has ended stays ended.
TRANSITIONS = {
    STATUS.APPLICANT: {STATUS.ACTIVE, STATUS.TERMINATED},
    STATUS.ACTIVE: {STATUS.SUSPENDED, STATUS.TERMINATED},
    STATUS.SUSPENDED: {STATUS.ACTIVE, STATUS.TERMINATED},
    STATUS.TERMINATED: set(),
}


class NetworkError(Exception):
    """Something the network refuses; the text is meant for the person who asked for it."""


class TooDeep(NetworkError):
    """The chain above is as long as a chain can be."""


class SponsorNotActive(NetworkError):
    """Nobody can join below this member now."""


class AlreadyMember(NetworkError):
    """This sign-in belongs to a member already, below another sponsor."""


class CodeTaken(NetworkError):
    """Another member has this code, or it cannot be a code."""


class WrongTransition(NetworkError):
    """A member cannot come from the present status into that one."""


class Cycle(NetworkError):
    """A member cannot be below itself or its own downline."""


def join_member(
    *,
    sponsor_id: int | None,
    joined_at: datetime,
    first_name: str = "",
    last_name: str = "",
    user_id: int | None = None,
    code: str | None = None,
    scheme: str = "",
    status: str = Member.Status.ACTIVE,
) -> Member:
    """Enrol a member below a sponsor, or as a root where `sponsor_id` is None.

    Once per user: joining again below the same sponsor returns the member there is. A membership that
    has ended keeps its place and hands the sign-in over to the new one. Without `code` one is made.
    Safe under any number of concurrent joins and moves: joining shares the tree with other joins,
    keeps moves out, and reads the sponsor's row again under its lock. A new root has the tree alone,
    as roots have no parent whose lock could order them.

    Raises SponsorNotActive, TooDeep, AlreadyMember, CodeTaken.
    """
    wanted = _read_code(code)
    details = {
        "user_id": user_id,
        "joined_at": joined_at,
        "first_name": first_name,
        "last_name": last_name,
        "scheme": scheme,
        "status": status,
    }
    with transaction.atomic():
        if sponsor_id is None:
            locks.hold_tree()
        else:
            locks.share_tree()
        existing = _get_existing(user_id=user_id, sponsor_id=sponsor_id)
        if existing:
            return existing
        _free_sign_in(user_id)
        sponsor = None if sponsor_id is None else _lock_sponsor(sponsor_id=sponsor_id)

        for attempts_left in reversed(range(ATTEMPTS)):
            member_code = wanted or make_code()
            try:
                with transaction.atomic():
                    return _add(sponsor=sponsor, code=member_code, details=details)
            except IntegrityError:
                # Either the user joined in another request, or the code is taken.
                existing = _get_existing(user_id=user_id, sponsor_id=sponsor_id)
                if existing:
                    return existing
                if wanted and Member.objects.filter(code=wanted).exists():
                    raise CodeTaken(_("The code {code} is taken.").format(code=wanted)) from None
                if not attempts_left:
                    raise
    raise AssertionError("the last attempt returns or raises")


def move_branch(*, member_id: int, new_sponsor_id: int, moved_at: datetime) -> Member:
    """Put a member with the whole downline below another sponsor; returns the member as it is now.

    Moves the tree only: call `volumes.rebuilding.move_branch`, which shifts the points too.
    Moving to the present sponsor changes nothing. Afterwards paths of members loaded earlier are
    stale. `moved_at` must not lie before the member joined or was last moved: history is added to,
    never changed.

    Raises Cycle, SponsorNotActive, TooDeep, and ValueError for a moment before the joining.
    """
    with transaction.atomic():
        locks.hold_tree()
        member = Member.objects.select_for_update().get(pk=member_id)
        if moved_at < member.joined_at:
            raise ValueError("a member cannot move before joining")
        if member.sponsor_id == new_sponsor_id:
            return member
        sponsor = Member.objects.select_for_update().get(pk=new_sponsor_id)
        check_new_sponsor(member=member, sponsor=sponsor)
        member.move(sponsor, "last-child")
        Member.objects.filter(pk=member_id).update(sponsor_id=new_sponsor_id)
        history.change_sponsor(member_id=member_id, sponsor_id=new_sponsor_id, since=moved_at)
        return Member.objects.get(pk=member_id)


def check_new_sponsor(*, member: Member, sponsor: Member) -> None:
    """Whether the branch may stand below this sponsor, as both are now.

    Raises Cycle, SponsorNotActive, TooDeep.
    """
    if sponsor.path.startswith(member.path):
        raise Cycle(
            _("{member} cannot be placed below {sponsor}, who is in the same branch.").format(
                member=member, sponsor=sponsor
            )
        )
    if sponsor.status != Member.Status.ACTIVE:
        raise SponsorNotActive(_not_active(sponsor))
    branch = Member.objects.filter(path__startswith=member.path).order_by()
    deepest = branch.aggregate(deepest=Max("depth"))["deepest"]
    if deepest - member.depth + sponsor.depth + 1 > MAX_DEPTH:
        raise TooDeep(_too_deep(sponsor))


def change_status(
    *, member_id: int, after: str, reason: str, author_id: int | None, changed_at: datetime
) -> StatusChange | None:
    """Bring a member into another status and keep who did it, when and why; once.

    Without an author the system decided. A member who is in that status already stays as is, and
    None comes back. The member's row is locked, so that of two changes at once the second sees the
    first; joins under way below the member, which hold the row too, end before.
    Raises WrongTransition, and ValueError for a status there is not.
    """
    wanted = Member.Status(after)
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member_id)
        before = Member.Status(member.status)
        if before == wanted:
            return None
        if wanted not in TRANSITIONS[before]:
            raise WrongTransition(
                _("{member} is {before} and cannot become {after}.").format(
                    member=member, before=before.label, after=wanted.label
                )
            )
        Member.objects.filter(pk=member_id).update(status=wanted)
        return StatusChange.objects.create(
            member=member,
            before=before,
            after=wanted,
            reason=reason,
            author_id=author_id,
            changed_at=changed_at,
        )


def set_status(*, member_id: int, status: str) -> bool:
    """Put a member into a status without a word why; returns whether it was another one before.

    For imported and made-up members: what a person decides goes through `change_status`.
    The downline stays where it is. Waits for joins under way below the member, which hold its row,
    so nobody joins below a member whose suspension has been committed.
    Raises ValueError for a status there is not.
    """
    wanted = Member.Status(status)
    changed = Member.objects.filter(pk=member_id).exclude(status=wanted).update(status=wanted)
    return changed == 1


def erase_name(*, member_id: int) -> bool:
    """Take the name off a terminated member, whose place and points stay; False for any other."""
    ended = Member.objects.filter(pk=member_id, status=Member.Status.TERMINATED)
    return ended.update(first_name="", last_name="") == 1


def bind_customer(
    *, user_id: int, member_id: int, source: str, campaign: str, bound_at: datetime
) -> CustomerBinding:
    """Let a customer belong to a member; the first binding stays, whatever is asked later."""
    binding, _created = CustomerBinding.objects.get_or_create(
        user_id=user_id,
        defaults={
            "member_id": member_id,
            "source": source,
            "campaign": campaign,
            "bound_at": bound_at,
        },
    )
    return binding


def _add(*, sponsor: Member | None, code: str, details: dict[str, Any]) -> Member:
    if sponsor is None:
        member = Member.add_root(code=code, **details)
    else:
        member = sponsor.add_child(code=code, sponsor_id=sponsor.pk, **details)
    history.begin_sponsor(member=member)
    return member


def _read_code(code: str | None) -> str | None:
    if code is None:
        return None
    wanted = normalise_code(code)
    if not wanted:
        raise CodeTaken(_("A code has letters, digits, “-” and “_”, 32 at most."))
    return wanted


def _free_sign_in(user_id: int | None) -> None:
    """Take the sign-in off an ended membership, which remembers whose it was."""
    if user_id is not None:
        ended = Member.objects.filter(user_id=user_id, status=Member.Status.TERMINATED)
        ended.update(user=None, former_user_id=user_id)


def _get_existing(*, user_id: int | None, sponsor_id: int | None) -> Member | None:
    present = Member.objects.exclude(status=Member.Status.TERMINATED)
    member = None if user_id is None else present.filter(user_id=user_id).first()
    if member and member.sponsor_id != sponsor_id:
        raise AlreadyMember(_("This sign-in belongs to the member {member}.").format(member=member))
    return member


def _lock_sponsor(*, sponsor_id: int) -> Member:
    sponsor = Member.objects.select_for_update().get(pk=sponsor_id)
    if sponsor.status != Member.Status.ACTIVE:
        raise SponsorNotActive(_not_active(sponsor))
    if sponsor.depth >= MAX_DEPTH:
        raise TooDeep(_too_deep(sponsor))
    return sponsor


def _not_active(sponsor: Member) -> str:
    return _("Nobody can join below {sponsor} at the moment.").format(sponsor=sponsor)


def _too_deep(sponsor: Member) -> str:
    return _("Below {sponsor} the network would be deeper than {limit} levels.").format(
        sponsor=sponsor, limit=MAX_DEPTH
    )
