"""Reads of joining: an application by its browser, account or number, and lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mlm_plugin.network.models import Application, Member

PAGE = 50
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class ApplicationPage:
    """Some applications, the newest first, and the cursor of the next page."""

    rows: Sequence[Application]
    next_cursor: str


def get_by_token(*, token: str) -> Application | None:
    """The application a browser or a mail's link names, while it is under way; one query."""
    if not token or "\0" in token:
        return None
    found = _whole().filter(token=token, state__in=Application.UNDER_WAY)
    return found.first()


def get_of_user(*, user_id: int) -> Application | None:
    """The application under way, or waiting, of somebody who is signed in; one query."""
    states = [*Application.UNDER_WAY, Application.State.SENT]
    return _whole().filter(user_id=user_id, state__in=states).first()


def get_last_declined(*, user_id: int) -> Application | None:
    """The person's last application, if it was declined."""
    last = Application.objects.filter(user_id=user_id).order_by("-pk").first()
    return last if last and last.state == Application.State.DECLINED else None


def get_application(*, application_id: int) -> Application:
    """One application with everything beside it. Raises Application.DoesNotExist."""
    return _whole().select_related("decided_by", "member", "invited_by").get(pk=application_id)


def list_ended_memberships(*, user_id: int | None) -> list[Member]:
    """Memberships of this sign-in that have ended, the last one first; none for nobody."""
    if user_id is None:
        return []
    own = Member.objects.filter(Q(user_id=user_id) | Q(former_user_id=user_id))
    ended = own.filter(status=Member.Status.TERMINATED)
    return list(ended.select_related("sponsor").order_by("-joined_at", "-pk"))


def list_invitations(*, member: Member) -> list[Application]:
    """Whom a member invited, the newest first; a name only while the invited one has not gone on."""
    found = Application.objects.filter(invited_by=member).select_related("personal", "member")
    return list(found.defer("member__path").order_by("-pk")[:PAGE])


def find_applications(*, text: str = "", state: str = "", cursor: str = "") -> ApplicationPage:
    """Applications whose name, company, mail address or sponsor's code has every word of `text`.

    Invitations nobody followed and what has expired are shown only when asked for by state.
    """
    rows = _whole().defer("sponsor__path")
    for word in text.split():
        rows = rows.filter(
            Q(personal__first_name__icontains=word)
            | Q(personal__last_name__icontains=word)
            | Q(personal__company__icontains=word)
            | Q(personal__email__icontains=word)
            | Q(sponsor__code__icontains=word)
        )
    states = Application.State
    hidden = [states.INVITED, states.EXPIRED]
    rows = rows.filter(state=state) if state else rows.exclude(state__in=hidden)
    if cursor.isascii() and cursor.isdecimal() and len(cursor) <= LONGEST_NUMBER:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return ApplicationPage(rows=found[:PAGE], next_cursor=more)


def count_waiting() -> int:
    """How many applications wait for the staff."""
    return Application.objects.filter(state=Application.State.SENT).count()


def _whole() -> QuerySet[Application]:
    return Application.objects.select_related("personal", "sponsor", "user")
