"""Reads of payouts: for the member, for staff, for the checks of the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from mlm_plugin.conf import business_day
from mlm_plugin.conf.payouts import get_payout_settings, list_payout_currencies
from mlm_plugin.ledger.models import Entry
from mlm_plugin.ledger.wallet_selectors import get_wallets
from mlm_plugin.payouts.batches import Candidate, Filters, find_waiting, list_candidates
from mlm_plugin.payouts.models import Payout, PayoutBatch, PayoutResult, PayoutStep
from mlm_plugin.payouts.payees import Payee, get_payees
from mlm_plugin.payouts.requests import payout_key

PAGE = 50
State = Payout.State


@dataclass(frozen=True)
class Rows:
    """Some rows, and the cursor of the next page (empty on the last one)."""

    rows: Sequence[Any]
    next_cursor: str


@dataclass(frozen=True)
class Purse:
    """What a member can take out in one currency, and on which terms; smallest units."""

    currency: str
    available: int
    reserved: int
    minimum: int
    fee: int
    day: int

    @property
    def is_enough(self) -> bool:
        """Whether there is the minimum."""
        return self.available >= self.minimum


@dataclass(frozen=True)
class Waiting:
    """A page of waiting payouts as they would be paid, and what they come to."""

    candidates: Sequence[Candidate]
    next_cursor: str
    count: int
    amount: int


@dataclass(frozen=True)
class Totals:
    """Payouts and sums of those that could be paid, and of those that are held."""

    count: int
    amount: int
    fee: int
    tax: int
    net: int
    held_count: int
    held_amount: int


def list_purses(*, member_id: int) -> list[Purse]:
    """The currencies that are paid out, with what a member has of each; one query."""
    wallets = {wallet.unit: wallet for wallet in get_wallets(owner=member_id)}
    found = []
    for currency in list_payout_currencies():
        settings = get_payout_settings(currency=currency)
        assert settings is not None
        wallet = wallets.get(currency)
        found.append(
            Purse(
                currency=currency,
                available=wallet.available if wallet else 0,
                reserved=wallet.reserved if wallet else 0,
                minimum=settings.minimum,
                fee=settings.fee,
                day=settings.day,
            )
        )
    return found


def get_payee(*, member_id: int, at: datetime) -> Payee:
    """A member as the payouts know one, with everything that holds money back; three queries."""
    delays = [
        settings.delay_days
        for currency in list_payout_currencies()
        if (settings := get_payout_settings(currency=currency))
    ]
    return get_payees(member_ids=[member_id], at=at, delay_days=max(delays, default=0))[member_id]


def list_payouts_of(*, member_id: int, cursor: str = "") -> Rows:
    """A member's payouts, the newest first; one query."""
    return _cut(Payout.objects.filter(member_id=member_id), cursor)


def get_payout_of(*, member_id: int, number: int) -> Payout:
    """One of a member's own payouts. Raises Payout.DoesNotExist, also for one of somebody else."""
    return Payout.objects.get(member_id=member_id, pk=number)


def get_payout(*, number: int) -> Payout:
    """A payout with its member and batch. Raises Payout.DoesNotExist."""
    return Payout.objects.select_related("member", "batch").defer("member__path").get(pk=number)


def list_steps(*, payout_id: int) -> Sequence[PayoutStep]:
    """What a payout went through, in the order of time; one query."""
    return list(
        PayoutStep.objects.filter(payout_id=payout_id).select_related("author").order_by("pk")
    )


def list_entries(*, payout_id: int) -> Sequence[Entry]:
    """The entries of the books that moved a payout's money, with their postings; two queries."""
    key = payout_key(payout_id)
    keys = [f"{word}:{key}" for word in ("reserve", "release", "settle", "return")]
    keys += [f"{word}:{key}:bounce_fee" for word in ("reserve", "settle")]
    return list(
        Entry.objects.filter(key__in=keys).prefetch_related("postings__account").order_by("pk")
    )


def find_payouts(*, state: str = "", text: str = "", cursor: str = "") -> Rows:
    """Payouts by state, and by reference or the member's code, the newest first; one query."""
    rows = Payout.objects.select_related("member").defer("member__path")
    if state:
        rows = rows.filter(state=state)
    if text:
        digits = text.strip().upper().removeprefix("P")
        wanted = Q(member__code=text.strip().upper())
        if digits.isascii() and digits.isdigit() and len(digits) < 19:
            wanted |= Q(pk=int(digits))
        rows = rows.filter(wanted)
    return _cut(rows, cursor)


def list_waiting(*, filters: Filters, at: datetime, cursor: str = "") -> Waiting:
    """Waiting payouts with the reasons of those that are held, the oldest first."""
    settings = get_payout_settings(currency=filters.currency)
    if settings is None:
        return Waiting([], "", 0, 0)
    everything = find_waiting(filters=filters)
    total = everything.aggregate(count=Count("pk"), amount=Sum("amount"))
    rows = everything.select_related("member").defer("member__path").order_by("pk")
    if cursor.isdecimal() and len(cursor) < 19:
        rows = rows.filter(pk__gt=int(cursor))
    found = list(rows[: PAGE + 1])
    return Waiting(
        candidates=list_candidates(
            payouts=found[:PAGE], settings=settings, day=business_day(at), at=at
        ),
        next_cursor=str(found[PAGE - 1].pk) if len(found) > PAGE else "",
        count=total["count"],
        amount=total["amount"] or 0,
    )


def total_waiting(*, filters: Filters, at: datetime) -> Totals:
    """What a batch of everything that fits would come to; opens the data of every payee."""
    settings = get_payout_settings(currency=filters.currency)
    candidates: list[Candidate] = []
    if settings is not None:
        rows = find_waiting(filters=filters).order_by("pk")
        candidates = list_candidates(payouts=rows, settings=settings, day=business_day(at), at=at)
    free = [each for each in candidates if not each.reasons]
    held = [each for each in candidates if each.reasons]
    return Totals(
        count=len(free),
        amount=sum(each.price.amount for each in free),
        fee=sum(each.price.fee for each in free),
        tax=sum(each.price.tax for each in free),
        net=sum(each.price.net for each in free),
        held_count=len(held),
        held_amount=sum(each.price.amount for each in held),
    )


def list_batches(*, cursor: str = "") -> Rows:
    """Batches, the newest first, with who prepared and approved them; one query."""
    rows = PayoutBatch.objects.select_related("prepared_by", "approved_by").annotate(
        number_now=Count("payouts"), net_now=Sum("payouts__net")
    )
    return _cut(rows, cursor)


def get_batch(*, number: int) -> PayoutBatch:
    """A batch with everybody who worked on it. Raises PayoutBatch.DoesNotExist."""
    people = ("prepared_by", "approved_by", "handed_over_by")
    return PayoutBatch.objects.select_related(*people).get(pk=number)


def list_payouts_in(*, batch: PayoutBatch, cursor: str = "") -> Rows:
    """The payouts of a batch, the newest first; one query."""
    rows = Payout.objects.filter(batch=batch).select_related("member").defer("member__path")
    return _cut(rows, cursor)


def sum_batch(*, batch: PayoutBatch) -> dict[str, int]:
    """Count, amount, fee, tax and net of a batch as it is now, and how many have which state."""
    names = ("amount", "fee", "tax", "net")
    sums: dict[str, Any] = {name: Sum(name) for name in names}
    states = {
        f"{state}_count": Count("pk", filter=Q(state=state))
        for state in (State.HANDED_OVER, State.PAID, State.BOUNCED)
    }
    found = Payout.objects.filter(batch=batch).aggregate(count=Count("pk"), **sums, **states)
    return {name: value or 0 for name, value in found.items()}


def list_results(*, cursor: str = "") -> Rows:
    """Answers of the bank, the newest first; one query."""
    return _cut(PayoutResult.objects.select_related("uploaded_by", "applied_by"), cursor)


def get_result(*, number: int) -> PayoutResult:
    """An answer of the bank. Raises PayoutResult.DoesNotExist."""
    return PayoutResult.objects.select_related("uploaded_by", "applied_by").get(pk=number)


def find_problems() -> list[str]:
    """Payouts whose state and entries contradict each other, in words; for the checks of the books."""
    wanted: dict[str, set[str]] = {State.PAID: {"settle"}, State.CANCELLED: {"release"}}
    keys = {
        key
        for key in Entry.objects.filter(key__contains=":payout:").values_list("key", flat=True)
        if not key.endswith(":bounce_fee")
    }
    problems = []
    for number, state in Payout.objects.values_list("pk", "state").iterator():
        key = payout_key(number)
        ends = {word for word in ("release", "settle", "return") if f"{word}:{key}" in keys}
        if f"reserve:{key}" not in keys:
            problems.append(f"{key} has no reservation")
        if state == State.BOUNCED:
            is_right = ends in ({"release"}, {"settle", "return"})
        else:
            is_right = ends == wanted.get(state, set())
        if not is_right:
            problems.append(f"{key} is {state}, its entries: {sorted(ends)}")
    return problems


def _cut(rows: QuerySet[Any], cursor: str) -> Rows:
    """The newest `PAGE` rows below the primary key `cursor`; one that is no number is ignored."""
    if cursor.isascii() and cursor.isdecimal() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return Rows(rows=found[:PAGE], next_cursor=more)
