"""Two people with the same mail address, phone, tax number or account: found, and shown to staff only."""

from dataclasses import dataclass

from django.db.models import Q

from mlm_plugin.network.models import Application, Fingerprint, Member, PersonalData
from mlm_plugin.network.personal import make_fingerprints
from mlm_plugin.network.personal_checks import normalise_mail

MOST_SHOWN = 20
# What applications that came to nothing left behind is no sign of a second membership.
COUNTED = (Application.State.SENT, Application.State.JOINED, Application.State.DECLINED)


@dataclass(frozen=True)
class Duplicate:
    """Somebody else with the same thing: a member, or an application that was sent."""

    kind: str
    label: str
    member: Member | None
    application: Application | None


def find_duplicates(
    *, personal: PersonalData, user_id: int | None, with_names: bool = False
) -> list[Duplicate]:
    """Others who gave the same mail address, phone, tax number or bank account; two queries.

    A mail address is also looked for among the sign-ins of members. The person's own records are no
    duplicates; own applications that were declined, and own memberships that have ended, are. With
    `with_names` also those of the same name and date of birth, who may be somebody else.
    """
    wanted = Q(pk=None)
    for kind, digest in make_fingerprints(personal=personal):
        if with_names or kind != Fingerprint.Kind.NAME:
            wanted |= Q(kind=kind, digest=digest)
    is_counted = Q(personal__member__isnull=False) | Q(personal__application__state__in=COUNTED)
    same = (
        Fingerprint.objects.filter(wanted)
        .filter(is_counted)
        .exclude(personal=personal)
        .select_related("personal__member", "personal__application")
        .order_by("pk")[:MOST_SHOWN]
    )
    found = [
        Duplicate(
            kind=each.kind,
            label=each.get_kind_display(),
            member=each.personal.member,
            application=each.personal.application,
        )
        for each in same
    ]
    known = {each.member.pk for each in found if each.member}
    members = Member.objects.filter(user__email__iexact=normalise_mail(personal.email))
    own = Q(user_id=user_id) if user_id is not None else Q(pk=None)
    mail = Fingerprint.Kind.MAIL
    if personal.email:
        found += [
            Duplicate(kind=mail, label=str(mail.label), member=member, application=None)
            for member in members.exclude(own).exclude(pk__in=known)[:MOST_SHOWN]
        ]
    return found
