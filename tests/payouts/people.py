"""Members with a bank account and money, and the three of the staff who pay them."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.utils import timezone

from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.ledger.wallets import get_wallet
from mlm_plugin.network.models import Member, PersonalData
from mlm_plugin.network.personal import write_secrets
from mlm_plugin.payouts.batches import Filters, approve_batch, hand_over_batch, prepare_batch
from mlm_plugin.payouts.models import Payout, PayoutBatch
from mlm_plugin.payouts.requests import request_payout
from mlm_plugin.payouts.selectors import sum_batch
from tests.factories import make_member, make_user

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TODAY = NOON.date()
IBANS = ("DE89370400440532013000", "DE02120300000000202051", "AT611904300234573201")
TERMS = {
    "minimum": 1_000,
    "fee": 50,
    "bounce_fee": 300,
    "delay_days": 7,
    "files": ["sepa", "csv"],
    "name": "Linden & Loom GmbH",
    "iban": "DE02120300000000202051",
    "bic": "BYLADEM1001",
}


def with_terms(settings: Any, **terms: Any) -> None:
    """Euros are paid out on these terms."""
    settings.MLM = {**settings.MLM, "PAYOUTS": {"EUR": {**TERMS, **terms}}}


def make_payee(
    name: str = "ada",
    *,
    sponsor: Member | None = None,
    money: int = 10_000,
    account: str = IBANS[0],
    country: str = "DE",
    is_verified: bool = True,
    changed_at: datetime | None = None,
    **secrets: Any,
) -> Member:
    """A member with so many cents in the wallet and data that were compared with papers."""
    member = make_member(name, sponsor, last_name="Lindt", user_id=make_user(name).pk)
    give_data(
        member, account=account, country=country, is_verified=is_verified, changed_at=changed_at,
        **secrets,
    )  # fmt: skip
    earn(member, money)
    return member


def give_data(
    member: Member,
    *,
    account: str = IBANS[0],
    country: str = "DE",
    is_verified: bool = True,
    changed_at: datetime | None = None,
    kind: str = "person",
    **secrets: Any,
) -> PersonalData:
    """Personal data in place of those that were there."""
    PersonalData.objects.filter(member=member).delete()
    personal = PersonalData(
        member=member,
        kind=kind,
        first_name=member.first_name,
        last_name=member.last_name,
        company="Lindt & Co" if kind == "company" else "",
        country=country,
        account_changed_at=changed_at,
    )
    if is_verified:
        personal.verified_at = NOON
        personal.verified_by_id = member.user_id
    values = {"tax_number": "36574261809", "account": account, "bank_code": "", **secrets}
    write_secrets(personal=personal, **values)
    personal.save()
    return personal


def earn(member: Member, amount: int) -> None:
    """Commission arrives in the wallet."""
    if amount:
        sides = (
            NewPosting(member.pk, Account.Kind.WALLET, "EUR", amount),
            NewPosting(COMPANY, Account.Kind.COMMISSIONS, "EUR", -amount),
        )
        entry = NewEntry(key=f"commission:test:{uuid4()}", happened_at=NOON, postings=sides)
        post_entries(entries=[entry])


def amounts(member: Member) -> tuple[int, int]:
    """Available and reserved cents."""
    wallet = get_wallet(owner=member.pk, unit="EUR")
    return wallet.available, wallet.reserved


def company(kind: str) -> int:
    """What is in one of the company's accounts."""
    from mlm_plugin.ledger.selectors import get_balance

    return get_balance(owner=COMPANY, kind=kind, unit="EUR")


def ask(member: Member, amount: int = 5_000, *, key: str = "", at: datetime = NOON) -> Payout:
    """The member asks for money."""
    return request_payout(
        key=key or f"form:{uuid4()}",
        member_id=member.pk,
        currency="EUR",
        amount=amount,
        actor=Actor(),
        at=at,
    )


class Staff(NamedTuple):
    """Finn prepares, greta approves, paul hands over."""

    finn: Actor
    greta: Actor
    paul: Actor


def make_staff() -> Staff:
    """Three of the staff."""
    return Staff(*(Actor(make_user(name), "192.0.2.7") for name in Staff._fields))


def prepare(staff: Staff, *, key: str = "", on: date = TODAY, at: datetime = NOON) -> PayoutBatch:
    """Finn prepares everything that waits."""
    return prepare_batch(
        key=key or str(uuid4()),
        filters=Filters(currency="EUR"),
        execute_on=on,
        actor=staff.finn,
        at=at,
    )


def approve(batch: PayoutBatch, by: Actor, *, at: datetime = NOON) -> PayoutBatch:
    """As the approver sees it."""
    sums = sum_batch(batch=batch)
    return approve_batch(batch_id=batch.pk, expected=(sums["count"], sums["net"]), actor=by, at=at)


def hand_over(staff: Staff) -> PayoutBatch:
    """Everything that waits goes to the bank."""
    batch = approve(prepare(staff), staff.greta)
    return hand_over_batch(batch_id=batch.pk, actor=staff.paul, at=NOON)


def now() -> datetime:
    """For pages, which read the clock themselves."""
    return timezone.now()
