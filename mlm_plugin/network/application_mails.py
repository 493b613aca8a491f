"""Mails of joining and to members: what each of them knows. The site sends them in its look."""

from typing import Any

from django.urls import reverse

from mlm_plugin.conf import get_content, get_setting
from mlm_plugin.network.models import Application, Member

# Of these the person may go on with the application.
GOING_ON = ("application_invited", "application_reminder")


def send_mail(*, kind: str, application_id: int) -> None:
    """One mail about an application; nothing if it was erased or moved on meanwhile."""
    application = Application.objects.select_related(
        "user", "sponsor", "invited_by", "personal", "member"
    ).get(pk=application_id)
    personal = getattr(application, "personal", None)
    if personal is None or (kind in GOING_ON and application.state not in Application.UNDER_WAY):
        return
    # What a signed-in person does is told to the address that is known to be theirs.
    to = application.user.email if application.user else personal.email
    context: dict[str, Any] = {
        "name": personal.first_name,
        "reason": application.reason,
        "path": _path(kind, application),
        "by": application.invited_by.full_name if application.invited_by else "",
        "code": application.member.code if application.member else "",
        "days": get_setting("APPLICATION_EXPIRY_DAYS"),
    }
    get_content().send_mail(kind=kind, to=to, language=application.language, context=context)


def send_ended(*, member_id: int) -> None:
    """The membership has ended; the account stays."""
    _tell(member_id, kind="membership_ended", path="")


def send_account_changed(*, member_id: int) -> None:
    """Another bank account was given; without its number, which others may read over the shoulder."""
    _tell(member_id, kind="bank_account_changed", path=reverse("mlm:my-details"))


def _tell(member_id: int, *, kind: str, path: str) -> None:
    member = Member.objects.select_related("user", "former_user").get(pk=member_id)
    if member.account is None:
        return
    application = Application.objects.filter(member=member).first()
    get_content().send_mail(
        kind=kind,
        to=member.account.email,
        language=application.language if application else "",
        context={"name": member.first_name, "path": path},
    )


def _path(kind: str, application: Application) -> str:
    if kind in GOING_ON:
        return reverse("mlm:join-link", args=[application.token])
    return reverse("mlm:my-home") if kind == "application_approved" else ""
