"""Whether the upline may see how to reach a member: said and taken back by the member alone."""

from dataclasses import dataclass
from datetime import datetime

from mlm_plugin.network.models import Member, PersonalData


@dataclass(frozen=True)
class ContactData:
    """How to reach a member who agreed to it."""

    email: str
    phone: str


def set_contact_consent(*, member_id: int, agrees: bool, at: datetime) -> bool:
    """Agree, or take it back; whether anything changed. The time of a consent that holds stays."""
    wanted = Member.objects.filter(pk=member_id, shows_contact_since__isnull=agrees)
    return wanted.update(shows_contact_since=at if agrees else None) == 1


def get_contact(*, member: Member) -> ContactData:
    """Mail address and phone of a member; call it only where `network.visibility` allows it."""
    personal = PersonalData.objects.filter(member=member).first()
    account = member.user.email if member.user else ""
    if personal is None:
        return ContactData(email=account, phone="")
    return ContactData(email=personal.email or account, phone=personal.phone)
