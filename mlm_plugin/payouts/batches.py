"""Batches: one person prepares, another approves, a third hands the files over to the bank.

Payouts are locked in the order of their numbers, after the batch they are in.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day
from mlm_plugin.conf.payouts import PayoutSettings, get_payout_settings
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.payouts.files import keep_files
from mlm_plugin.payouts.holding import Price, price_payout, sums_of_year, write_hold
from mlm_plugin.payouts.models import Payout, PayoutBatch
from mlm_plugin.payouts.payees import Payee, get_payees, open_destination, seal_destination
from mlm_plugin.payouts.steps import BATCH_SIZE, PayoutError, person_of, write_steps


class CannotPrepare(PayoutError):
    """No batch can be made of what was asked for; the text says why."""


class CannotApprove(PayoutError):
    """The batch cannot be approved; the text says why, and which payouts to take out."""


@dataclass(frozen=True)
class Filters:
    """Which of the waiting payouts a batch takes; empty ones take everything."""

    currency: str
    country: str = ""
    origin: str = ""
    requested_through: date | None = None
    at_least: int = 0


@dataclass(frozen=True)
class Candidate:
    """A waiting payout as it would be paid on a day, and why it is held, in words, if it is."""

    payout: Payout
    payee: Payee
    price: Price
    reasons: tuple[str, ...]


def list_candidates(
    *, payouts: Iterable[Payout], settings: PayoutSettings, day: date, at: datetime
) -> list[Candidate]:
    """Payouts with holds as of now, and the tax of the day they are paid; five queries for any number.

    Several payouts of one member count for one year's tax, one after the other.
    """
    rows = list(payouts)
    members = {payout.member_id for payout in rows}
    payees = get_payees(member_ids=members, at=at, delay_days=settings.delay_days)
    before = sums_of_year(
        member_ids=members,
        currency=settings.currency,
        year=day.year,
        without=[payout.pk for payout in rows],
    )
    found = []
    for payout in rows:
        payee = payees[payout.member_id]
        price = price_payout(
            payee=payee,
            amount=payout.amount,
            before=before.get(payout.member_id, 0),
            # The fee is what the member was told.
            settings=replace(settings, fee=payout.fee),
            day=day,
        )
        reasons = [write_hold(hold, payee=payee) for hold in price.holds]
        if price.net <= 0:
            reasons.append(_("Nothing is left of it after fee and tax."))
        if not reasons:
            before[payout.member_id] = before.get(payout.member_id, 0) + payout.amount
        found.append(Candidate(payout, payee, price, tuple(reasons)))
    return found


def prepare_batch(
    *, key: str, filters: Filters, execute_on: date, actor: Actor, at: datetime
) -> PayoutBatch:
    """Take every waiting payout that fits and is not held; once per key.

    Rows are locked, so that a payout is in one batch, whoever prepares at the same time. Tax is worked
    out anew, and the bank account is kept with the payout, sealed. Raises CannotPrepare.
    """
    if known := PayoutBatch.objects.filter(key=key).first():
        return known
    settings = get_payout_settings(currency=filters.currency)
    if settings is None:
        raise CannotPrepare(_("Nothing is paid out in %s.") % filters.currency)
    if execute_on < business_day(at):
        raise CannotPrepare(_("The date of payment is over already."))
    try:
        with transaction.atomic():
            rows = find_waiting(filters=filters).select_for_update(of=("self",)).order_by("pk")
            candidates = [
                each
                for each in list_candidates(payouts=rows, settings=settings, day=execute_on, at=at)
                if not each.reasons
            ]
            if not candidates:
                raise CannotPrepare(_("No payout fits that is not held."))
            batch = PayoutBatch.objects.create(
                key=key,
                currency=filters.currency,
                execute_on=execute_on,
                prepared_by_id=person_of(actor),
                prepared_at=at,
            )
            _take_in(batch, candidates, actor=actor, at=at)
            record_action(
                actor=actor,
                at=at,
                name="payout_batch.prepare",
                subject=_subject(batch),
                after={
                    "payouts": len(candidates),
                    "net": sum(each.price.net for each in candidates),
                    "currency": batch.currency,
                    "execute_on": execute_on.isoformat(),
                },
            )
    except IntegrityError:
        known = PayoutBatch.objects.filter(key=key).first()
        if known is None:
            raise
        return known
    return batch


def find_waiting(*, filters: Filters) -> QuerySet[Payout]:
    """Requested payouts that fit, held ones included."""
    rows = Payout.objects.filter(state=Payout.State.REQUESTED, currency=filters.currency)
    if filters.country:
        rows = rows.filter(member__personal__country=filters.country)
    if filters.origin:
        rows = rows.filter(origin=filters.origin)
    if filters.requested_through:
        rows = rows.filter(requested_at__date__lte=filters.requested_through)
    if filters.at_least:
        rows = rows.filter(amount__gte=filters.at_least)
    return rows


def take_out(*, payout_id: int, actor: Actor, at: datetime, reason: str) -> Payout:
    """Put a payout of a batch that is not approved yet back among those that wait. Raises PayoutError."""
    with transaction.atomic():
        batch_id = Payout.objects.values_list("batch_id", flat=True).get(pk=payout_id)
        batch = PayoutBatch.objects.select_for_update().filter(pk=batch_id).first()
        payout = Payout.objects.select_for_update().get(pk=payout_id)
        if payout.batch_id is None and payout.state == Payout.State.REQUESTED:
            return payout
        if (
            batch is None
            or batch.state != PayoutBatch.State.PREPARED
            or payout.batch_id != batch_id
        ):
            raise PayoutError(_("Only a batch that is not approved yet gives payouts back."))
        _give_back([payout], actor=actor, at=at, reason=reason)
        record_action(
            actor=actor,
            at=at,
            name="payout_batch.take_out",
            subject=_subject(batch),
            reason=reason,
            before={"payout": payout.pk},
        )
    return payout


def cancel_batch(*, batch_id: int, actor: Actor, at: datetime, reason: str) -> PayoutBatch:
    """Dissolve a batch that is not approved yet: all of its payouts wait again. Raises PayoutError."""
    with transaction.atomic():
        batch = PayoutBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state == PayoutBatch.State.CANCELLED:
            return batch
        if batch.state != PayoutBatch.State.PREPARED:
            raise PayoutError(_("The batch is approved already; it cannot be dissolved any more."))
        _give_back(_lock_payouts(batch), actor=actor, at=at, reason=reason)
        batch.state = PayoutBatch.State.CANCELLED
        batch.save(update_fields=["state"])
        record_action(
            actor=actor,
            at=at,
            name="payout_batch.cancel",
            subject=_subject(batch),
            reason=reason,
            before={"state": "prepared"},
            after={"state": "cancelled"},
        )
    return batch


def approve_batch(
    *, batch_id: int, expected: tuple[int, int], actor: Actor, at: datetime
) -> PayoutBatch:
    """A second person says yes: only now the files for the bank exist. Approving twice changes nothing.

    `expected` is the number of payouts and the sum paid out that the approver saw. Every payout is
    looked at again: one whose member is suspended or whose account changed since stops the batch until
    it is taken out. Raises CannotApprove.
    """
    with transaction.atomic():
        # Of two who approve at once, the second waits here and finds it done.
        batch = PayoutBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state in (PayoutBatch.State.APPROVED, PayoutBatch.State.HANDED_OVER):
            return batch
        if batch.state == PayoutBatch.State.CANCELLED:
            raise CannotApprove(_("The batch was dissolved."))
        if actor.user_id is None or batch.prepared_by_id == actor.user_id:
            raise CannotApprove(_("Nobody approves the own batch: ask a second person."))
        payouts = _lock_payouts(batch)
        total = sum(payout.net for payout in payouts)
        if not payouts:
            raise CannotApprove(_("The batch is empty; dissolve it."))
        if (len(payouts), total) != expected:
            raise CannotApprove(_("The batch has changed since you opened it; look at it again."))
        settings = get_payout_settings(currency=batch.currency)
        if settings is None:
            raise CannotApprove(_("Nothing is paid out in %s.") % batch.currency)
        _check_again(payouts, settings=settings, day=batch.execute_on, at=at)
        batch.state = PayoutBatch.State.APPROVED
        batch.approved_by_id, batch.approved_at = actor.user_id, at
        batch.payout_count, batch.total = len(payouts), total
        batch.save()
        _set_state(payouts, Payout.State.APPROVED, actor=actor, at=at)
        files = keep_files(batch=batch, payouts=payouts, settings=settings, at=at)
        record_action(
            actor=actor,
            at=at,
            name="payout_batch.approve",
            subject=_subject(batch),
            before={"state": "prepared"},
            after={
                "state": "approved",
                "payouts": len(payouts),
                "net": total,
                "files": {file.name: file.digest for file in files},
            },
        )
    return batch


def hand_over_batch(*, batch_id: int, actor: Actor, at: datetime) -> PayoutBatch:
    """The files are with the bank: members are told. Twice changes nothing. Raises PayoutError."""
    with transaction.atomic():
        batch = PayoutBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state == PayoutBatch.State.HANDED_OVER:
            return batch
        if batch.state != PayoutBatch.State.APPROVED:
            raise PayoutError(_("A batch is approved before it goes to the bank."))
        batch.state = PayoutBatch.State.HANDED_OVER
        batch.handed_over_by_id, batch.handed_over_at = actor.user_id, at
        batch.save()
        _set_state(_lock_payouts(batch), Payout.State.HANDED_OVER, actor=actor, at=at)
        record_action(
            actor=actor,
            at=at,
            name="payout_batch.hand_over",
            subject=_subject(batch),
            before={"state": "approved"},
            after={"state": "handed_over"},
        )
    return batch


def record_download(*, batch: PayoutBatch, name: str, actor: Actor, at: datetime) -> None:
    """Write down who took a file for the bank."""
    record_action(
        actor=actor,
        at=at,
        name="payout_batch.download",
        subject=_subject(batch),
        after={"file": name},
    )


def _subject(batch: PayoutBatch) -> str:
    return f"payout_batch:{batch.pk}"


def _lock_payouts(batch: PayoutBatch) -> list[Payout]:
    return list(Payout.objects.select_for_update().filter(batch=batch).order_by("pk"))


def _take_in(
    batch: PayoutBatch, candidates: Sequence[Candidate], *, actor: Actor, at: datetime
) -> None:
    payouts = []
    for each in candidates:
        payout, destination = each.payout, each.payee.destination
        assert destination is not None, "who has no account is held"
        payout.batch = batch
        payout.state = Payout.State.IN_BATCH
        payout.fee, payout.tax, payout.net = each.price.fee, each.price.tax, each.price.net
        payout.tax_rule = each.price.rule
        payout.destination = seal_destination(destination)
        payout.destination_shown = destination.shown
        payouts.append(payout)
    _save(payouts, ("batch", "state", "fee", "tax", "net", "tax_rule"), with_account=True)
    write_steps(payouts=payouts, state=Payout.State.IN_BATCH, actor=actor, at=at)


def _give_back(payouts: Sequence[Payout], *, actor: Actor, at: datetime, reason: str) -> None:
    for payout in payouts:
        payout.batch = None
        payout.state = Payout.State.REQUESTED
        payout.destination = payout.destination_shown = ""
    _save(payouts, ("batch", "state"), with_account=True)
    write_steps(
        payouts=payouts,
        state=Payout.State.REQUESTED,
        actor=actor,
        at=at,
        notes=dict.fromkeys([payout.pk for payout in payouts], reason),
        # To the member nothing has changed.
        is_told=False,
    )


def _save(
    payouts: Sequence[Payout], fields: Collection[str], *, with_account: bool = False
) -> None:
    account = ("destination", "destination_shown") if with_account else ()
    Payout.objects.bulk_update(payouts, [*fields, *account], batch_size=BATCH_SIZE)


def _set_state(payouts: Sequence[Payout], state: str, *, actor: Actor, at: datetime) -> None:
    for payout in payouts:
        payout.state = state
    numbers = [payout.pk for payout in payouts]
    Payout.objects.filter(pk__in=numbers).update(state=state)
    write_steps(payouts=payouts, state=state, actor=actor, at=at)


def _check_again(
    payouts: Sequence[Payout], *, settings: PayoutSettings, day: date, at: datetime
) -> None:
    """Raises CannotApprove for payouts that could not be prepared like this any more."""
    wrong = []
    for each in list_candidates(payouts=payouts, settings=settings, day=day, at=at):
        payout = each.payout
        if each.reasons:
            wrong.append(f"{payout.reference}: {' '.join(each.reasons)}")
        elif each.payee.destination != open_destination(payout.destination):
            wrong.append(_("%s: the bank account is another one now.") % payout.reference)
        elif each.price.net != payout.net:
            wrong.append(_("%s: the tax is another one now.") % payout.reference)
    if wrong:
        raise CannotApprove(
            _("Take these payouts out of the batch first: %s") % " ".join(wrong[:20])
        )
