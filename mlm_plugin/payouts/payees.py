"""Who is paid: name, bank account and tax status as they are now, and what holds a payout back.

Tax and bank data are opened here, for as long as the answer lives; nothing of them is written anywhere
but sealed (`network.sealing`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mlm_plugin.conf import business_day
from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.payment_details import BankDetails, list_bank_details
from mlm_plugin.network.personal import read_secrets
from mlm_plugin.network.personal_checks import mask
from mlm_plugin.network.sealing import open_sealed, seal
from mlm_plugin.payouts.models import TaxStatus


class Hold(StrEnum):
    """Why a payout waits; `holding.write_hold` says it in words."""

    DATA = "data"
    ACCOUNT = "account"
    TAX_NUMBER = "tax_number"
    NOT_VERIFIED = "not_verified"
    ACCOUNT_CHANGED = "account_changed"
    SUSPENDED = "suspended"
    TAX_RULE = "tax_rule"
    NOT_BY_THIS_BANK = "not_by_this_bank"


@dataclass(frozen=True)
class Destination:
    """Where money goes: the account's holder, an IBAN or a local account with its bank's code."""

    holder: str
    account: str
    bank_code: str
    country: str

    @property
    def shown(self) -> str:
        """As pages show it: the last four characters."""
        return mask(self.account)

    @property
    def has_iban(self) -> bool:
        """Local accounts are all digits."""
        return self.account[:2].isalpha()


@dataclass(frozen=True)
class Payee:
    """A member as the payouts know one; `holds` is why nothing is paid yet, empty if nothing hinders."""

    member_id: int
    country: str
    status: str
    destination: Destination | None
    # Until this moment a changed account waits; None where it does not.
    waits_until: datetime | None
    holds: tuple[Hold, ...]


def get_payees(*, member_ids: Iterable[int], at: datetime, delay_days: int) -> dict[int, Payee]:
    """The payees, by member; four queries for any number of them. Raises sealing.CannotOpen."""
    numbers = sorted(set(member_ids))
    details = list_bank_details(member_ids=numbers)
    kinds = _kinds(numbers)
    statuses = _tax_statuses(numbers, day=business_day(at))
    return {
        number: _describe(
            number,
            details=details.get(number),
            is_suspended=status == Member.Status.SUSPENDED,
            tax_status=statuses.get(number) or kinds.get(number) or TaxStatus.Status.PERSON,
            at=at,
            delay=timedelta(days=delay_days),
        )
        for number, status in Member.objects.filter(pk__in=numbers).values_list("pk", "status")
    }


def seal_destination(destination: Destination) -> str:
    """As it is kept with a payout."""
    return seal(vars(destination))


def open_destination(sealed: str) -> Destination:
    """Raises sealing.CannotOpen."""
    return Destination(**open_sealed(sealed))


def _describe(
    number: int,
    *,
    details: BankDetails | None,
    is_suspended: bool,
    tax_status: str,
    at: datetime,
    delay: timedelta,
) -> Payee:
    holds = [Hold.SUSPENDED] if is_suspended else []
    destination = waits_until = None
    if details is None or not details.country:
        holds.append(Hold.DATA)
    elif not details.is_tax_data_complete:
        holds.append(Hold.TAX_NUMBER)
    if details is None or not details.account:
        holds.append(Hold.ACCOUNT)
    else:
        has_iban = details.account[:2].isalpha()
        destination = Destination(
            holder=details.holder,
            account=details.account,
            bank_code=details.bank_code,
            country=details.account[:2] if has_iban else details.country,
        )
        if not details.is_verified:
            holds.append(Hold.NOT_VERIFIED)
        if details.changed_at and at < details.changed_at + delay:
            waits_until = details.changed_at + delay
            holds.append(Hold.ACCOUNT_CHANGED)
    return Payee(
        member_id=number,
        country=details.country if details else "",
        status=tax_status,
        destination=destination,
        waits_until=waits_until,
        holds=tuple(holds),
    )


def _kinds(numbers: Sequence[int]) -> dict[int, str]:
    """What the personal data say: a company, somebody with a VAT number, or nothing of the kind."""
    found: dict[int, str] = {}
    for row in PersonalData.objects.filter(member_id__in=numbers).only(
        "member_id", "kind", "sealed"
    ):
        assert row.member_id is not None
        if row.kind == PersonalData.Kind.COMPANY:
            found[row.member_id] = TaxStatus.Status.COMPANY
        elif read_secrets(personal=row).vat_number:
            found[row.member_id] = TaxStatus.Status.VAT_PAYER
    return found


def _tax_statuses(numbers: Sequence[int], *, day: date) -> dict[int, str]:
    """Written down by staff: the newest one that holds on the day, by member."""
    rows = TaxStatus.objects.filter(member_id__in=numbers, valid_from__lte=day)
    # Later rows overwrite earlier ones.
    return dict(rows.order_by("valid_from", "pk").values_list("member_id", "status"))
