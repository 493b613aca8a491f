"""Tax and bank data of members after joining: changed by the member, compared by the staff, read once.

The account's number is opened in `get_bank_details` only, for whoever pays out; pages show its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf.markets import Market, get_market
from mlm_plugin.network import application_tasks
from mlm_plugin.network.duplicate_pairs import note_pairs
from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.personal import Secrets, keep_fingerprints, read_secrets, write_secrets
from mlm_plugin.network.services import NetworkError

TAX_FIELDS = ("tax_number", "vat_number")
ACCOUNT_FIELDS = ("account", "bank_code", "holder")


class NothingToVerify(NetworkError):
    """There is no data to compare with papers, or it was changed since the page was opened."""


@dataclass(frozen=True)
class BankDetails:
    """Where a member's money goes. `account` is empty while the member gave none.

    `changed_at` is when another account than before was given; None: as when joining.
    `is_verified`: somebody of the staff compared tax and bank data with papers since the last change.
    `is_tax_data_complete`: the country is known, and the tax number unless the market asks for none.
    """

    member_id: int
    holder: str
    account: str
    bank_code: str
    country: str
    is_verified: bool
    changed_at: datetime | None
    is_tax_data_complete: bool


def get_bank_details(*, member_id: int) -> BankDetails | None:
    """Where one member's money goes; None where nothing about the person is kept."""
    return next(iter(list_bank_details(member_ids=[member_id]).values()), None)


def list_bank_details(*, member_ids: Sequence[int]) -> dict[int, BankDetails]:
    """The same of many members, by member; one query. Who is missing gave nothing.

    Raises sealing.CannotOpen where a key is missing.
    """
    rows = PersonalData.objects.filter(member__in=list(member_ids)).order_by("pk")
    return {row.member_id: _read(row) for row in rows if row.member_id is not None}


def get_personal(*, member: Member) -> PersonalData | None:
    """What is kept about a member, sealed; one query."""
    return (
        PersonalData.objects.select_related("verified_by", "application")
        .filter(member=member)
        .first()
    )


def get_market_of(*, personal: PersonalData) -> Market:
    """The rules of the person's country, also where joining is not open any more."""
    return get_market(personal.country) or Market(country=personal.country)


def begin_personal(*, member: Member, country: str) -> PersonalData:
    """Begin to keep data of a member who brought none (imported), or say the country; the row.

    A country that is known stays: another one is a matter for the staff.
    """
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        personal, created = PersonalData.objects.get_or_create(
            member=member,
            defaults={
                "first_name": member.first_name,
                "last_name": member.last_name,
                "email": member.user.email if member.user else "",
                "country": country,
            },
        )
        if not created and not personal.country:
            personal.country = country
            personal.save(update_fields=["country"])
        return personal


def change_payment_details(
    *,
    member_id: int,
    tax_number: str,
    vat_number: str,
    account: str,
    bank_code: str,
    holder: str,
    changed_at: datetime,
) -> PersonalData:
    """Seal what the member gave, as the forms checked it; the same again changes nothing.

    Another account or holder is told to the member by mail and its time kept, for payouts wait after
    it. Any change takes the staff's verification away. Raises PersonalData.DoesNotExist.
    """
    given = {
        "tax_number": tax_number,
        "vat_number": vat_number,
        "account": account,
        "bank_code": bank_code,
        "holder": holder,
    }
    with transaction.atomic():
        personal = PersonalData.objects.select_for_update().get(member_id=member_id)
        before = vars(read_secrets(personal=personal))
        changed = {name for name, value in given.items() if value != before[name]}
        if not changed:
            return personal
        write_secrets(personal=personal, **given)
        personal.verified_at = personal.verified_by = None
        if changed.intersection(TAX_FIELDS):
            personal.tax_changed_at = changed_at
        if changed.intersection(ACCOUNT_FIELDS):
            personal.account_changed_at = changed_at
            application_tasks.mail_account_changed.enqueue(member_id=member_id)
        personal.save()
        keep_fingerprints(personal=personal)
        note_pairs(personal=personal, at=changed_at)
        return personal


def verify_details(
    *, member_id: int, seen: str, verified_by_id: int, verified_at: datetime
) -> PersonalData:
    """Keep that somebody compared tax and bank data with papers; the first one stays.

    `seen` is `version_of` the data that were on the screen. Raises NothingToVerify where they are
    others by now, where nothing was given, and for the own data.
    """
    with transaction.atomic():
        personal = (
            PersonalData.objects.select_for_update(of=("self",))
            .select_related("member")
            .filter(member_id=member_id)
            .first()
        )
        if personal is None or not any(vars(read_secrets(personal=personal)).values()):
            raise NothingToVerify(_("This member has given no tax or bank data."))
        if personal.member is not None and personal.member.user_id == verified_by_id:
            raise NothingToVerify(_("Somebody else compares your own data."))
        if version_of(personal=personal) != seen:
            raise NothingToVerify(
                _("The data were changed since this page was opened. Please compare them again.")
            )
        if personal.verified_at is None:
            personal.verified_by_id, personal.verified_at = verified_by_id, verified_at
            personal.save(update_fields=["verified_by", "verified_at"])
        return personal


def version_of(*, personal: PersonalData) -> str:
    """What differs after every change of tax or bank data; nothing of them can be read from it."""
    moments = (personal.account_changed_at, personal.tax_changed_at)
    return " ".join(moment.isoformat() if moment else "-" for moment in moments)


def _read(personal: PersonalData) -> BankDetails:
    secrets = read_secrets(personal=personal)
    name = personal.company or personal.full_name
    return BankDetails(
        member_id=personal.member_id or 0,
        holder=secrets.holder or name,
        account=secrets.account,
        bank_code=secrets.bank_code,
        country=personal.country,
        is_verified=personal.verified_at is not None,
        changed_at=personal.account_changed_at,
        is_tax_data_complete=_is_complete(personal, secrets),
    )


def _is_complete(personal: PersonalData, secrets: Secrets) -> bool:
    if not personal.country:
        return False
    asks = get_market_of(personal=personal).tax_number != "none"
    return bool(secrets.tax_number) or not asks
