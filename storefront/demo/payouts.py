"""The demo company's payouts: a batch that the bank has paid, one request that waits and one that is held.

Frieda of finance prepares, Konrad the controller approves, Paula the payer hands over.
"""

from datetime import datetime, timedelta
from typing import Any

from django_tasks_db.models import DBTaskResult

from mlm_plugin.conf import business_day
from mlm_plugin.ledger.actions import Actor
from mlm_plugin.network.payment_details import (
    begin_personal,
    change_payment_details,
    verify_details,
    version_of,
)
from mlm_plugin.payouts.batches import Filters, approve_batch, hand_over_batch, prepare_batch
from mlm_plugin.payouts.models import Payout
from mlm_plugin.payouts.requests import request_payout
from mlm_plugin.payouts.results import PAID, enter_by_hand
from mlm_plugin.payouts.selectors import list_purses, sum_batch
from storefront.accounts.models import User

CURRENCY = "EUR"
# Numbers from the examples of banks and tax offices.
DETAILS = {
    "Ada": ("36574261809", "DE89370400440532013000"),
    "Ben": ("47036892816", "DE02500105170137075030"),
    "Cleo": ("65929970489", "DE88100900001234567892"),
}
PAID_OUT = ("Ada", "Ben")
WAITS = "Cleo"
# Gave neither account nor tax number: what she asked for is held, and her cabinet says why.
HELD = "Dora"
LONG_AGO = timedelta(days=60)


def pay_members(*, members: dict[str, Any], at: datetime) -> None:
    """From the members' data to the bank's answer; what is asked for today waits."""
    staff = {
        name: Actor(User.objects.get(email=f"{name}@example.com"))
        for name in ("finance", "controller", "payer")
    }
    for name, (tax_number, account) in DETAILS.items():
        _give_details(members[name], tax_number, account, by=staff["finance"], at=at - LONG_AGO)
    earlier = at - timedelta(hours=20)
    payouts = [payout for name in PAID_OUT if (payout := _ask(members[name], at=earlier))]
    if payouts:
        _pay(payouts, staff=staff, at=at)
    for name in (WAITS, HELD):
        _ask(members[name], at=at - timedelta(hours=1))
    # Nobody waits for mails about what never was.
    DBTaskResult.objects.filter(
        task_path__regex=r"^mlm_plugin\..*\.mail_(payout|account_changed)$"
    ).delete()


def _give_details(member: Any, tax_number: str, account: str, *, by: Actor, at: datetime) -> None:
    """Given by the member, compared with papers by staff."""
    begin_personal(member=member, country="DE")
    personal = change_payment_details(
        member_id=member.pk,
        tax_number=tax_number,
        vat_number="",
        account=account,
        bank_code="",
        holder="",
        changed_at=at,
    )
    assert by.user_id is not None
    verify_details(
        member_id=member.pk,
        seen=version_of(personal=personal),
        verified_by_id=by.user_id,
        verified_at=at + timedelta(days=1),
    )


def _ask(member: Any, *, at: datetime) -> Payout | None:
    """Everything in whole euros, where that is enough."""
    purse = next(purse for purse in list_purses(member_id=member.pk) if purse.currency == CURRENCY)
    amount = purse.available // 100 * 100
    if amount < purse.minimum:
        return None
    return request_payout(
        key=f"demo:{member.code}",
        member_id=member.pk,
        currency=CURRENCY,
        amount=amount,
        actor=Actor(member.user),
        at=at,
    )


def _pay(payouts: list[Payout], *, staff: dict[str, Actor], at: datetime) -> None:
    def before(hours: int) -> datetime:
        return at - timedelta(hours=hours)

    batch = prepare_batch(
        key="demo",
        filters=Filters(currency=CURRENCY),
        execute_on=business_day(before(18)),
        actor=staff["finance"],
        at=before(18),
    )
    sums = sum_batch(batch=batch)
    seen = (sums["count"], sums["net"])
    approve_batch(batch_id=batch.pk, expected=seen, actor=staff["controller"], at=before(16))
    hand_over_batch(batch_id=batch.pk, actor=staff["payer"], at=before(15))
    for payout in payouts:
        enter_by_hand(
            payout_id=payout.pk,
            result=PAID,
            day=business_day(before(2)),
            reason="",
            actor=staff["payer"],
            at=before(2),
        )
