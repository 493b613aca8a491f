"""Asking for money: by the member, or by the schedule; and taking the request back while it waits.

From the request on the money is reserved: `payout:<number>` is the key of everything that moves it
(`ledger.wallets`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day
from mlm_plugin.conf.payouts import PayoutSettings, get_payout_settings, list_payout_currencies
from mlm_plugin.ledger.actions import SCHEDULE, Actor, record_action
from mlm_plugin.ledger.models import Action
from mlm_plugin.ledger.wallet_selectors import list_wallets
from mlm_plugin.ledger.wallets import NotEnough, release, reserve
from mlm_plugin.payouts.holding import Price, price_payout, sums_of_year
from mlm_plugin.payouts.models import Payout
from mlm_plugin.payouts.money import write_money
from mlm_plugin.payouts.payees import Payee, get_payees
from mlm_plugin.payouts.steps import PayoutError, write_steps

# The schedule asks the database for so many wallets at a time.
WALLETS_AT_ONCE = 500
SCHEDULED = "payouts.schedule"


class CannotRequest(PayoutError):
    """This cannot be paid out; the text says why and what could be."""


@dataclass(frozen=True)
class Quote:
    """What a payout would cost and bring, and who would get it: shown before it is asked for."""

    payee: Payee
    price: Price
    settings: PayoutSettings


def payout_key(payout_id: int) -> str:
    """What the ledger's entries of a payout are called by."""
    return f"payout:{payout_id}"


def quote_payout(*, member_id: int, currency: str, amount: int, at: datetime) -> Quote:
    """Fee, tax and holds of a payout that is not asked for yet. Raises CannotRequest.

    `amount` is in the smallest unit, as it leaves the wallet. Whether so much is there is only known
    when it is asked for.
    """
    settings = get_payout_settings(currency=currency)
    if settings is None:
        raise CannotRequest(_("Nothing is paid out in %s.") % currency)
    if amount < settings.minimum:
        raise CannotRequest(
            _("The least that is paid out is %s.") % write_money(settings.minimum, currency)
        )
    payee = get_payees(member_ids=[member_id], at=at, delay_days=settings.delay_days)[member_id]
    day = business_day(at)
    before = sums_of_year(member_ids=[member_id], currency=currency, year=day.year)
    price = price_payout(
        payee=payee, amount=amount, before=before.get(member_id, 0), settings=settings, day=day
    )
    if price.net <= 0:
        raise CannotRequest(_("Nothing would be left of it after fee and tax."))
    return Quote(payee=payee, price=price, settings=settings)


def request_payout(
    *,
    key: str,
    member_id: int,
    currency: str,
    amount: int,
    actor: Actor,
    at: datetime,
    origin: str = Payout.Origin.MEMBER,
) -> Payout:
    """Reserve money of a wallet for a payout; once per key, however often it is sent.

    Fee and tax are those of this moment; preparing the batch works the tax out again, for the day of
    payment decides. The row of the wallet is locked while its balance is looked at. A payout that is
    held by missing data is taken in all the same and waits. Raises CannotRequest.
    """
    if known := Payout.objects.filter(key=key).first():
        return _own(known, member_id)
    quote = quote_payout(member_id=member_id, currency=currency, amount=amount, at=at)
    try:
        with transaction.atomic():
            payout = Payout.objects.create(
                key=key,
                member_id=member_id,
                currency=currency,
                amount=amount,
                fee=quote.price.fee,
                tax=quote.price.tax,
                net=quote.price.net,
                tax_rule=quote.price.rule,
                origin=origin,
                requested_at=at,
            )
            reserve(
                key=payout_key(payout.pk),
                owner=member_id,
                unit=currency,
                amount=amount,
                at=at,
                author_id=actor.user_id,
            )
            write_steps(payouts=[payout], state=payout.state, actor=actor, at=at)
            record_action(
                actor=actor,
                at=at,
                name="payout.request",
                subject=payout_key(payout.pk),
                after={"amount": amount, "currency": currency, "origin": str(origin)},
            )
    except NotEnough as error:
        words = _("There is less in the wallet: %s is available.")
        raise CannotRequest(words % write_money(error.available, currency)) from error
    except IntegrityError:
        # Somebody sent the same form at the same moment; any other broken constraint is raised.
        known = Payout.objects.filter(key=key).first()
        if known is None:
            raise
        return _own(known, member_id)
    return payout


def cancel_payout(*, payout_id: int, actor: Actor, at: datetime, reason: str = "") -> Payout:
    """Take a request back while it waits; the money is available again. Twice changes nothing.

    The payout's row is locked, so that it is either cancelled or taken into a batch. Raises
    PayoutError for one that is in a batch or further.
    """
    with transaction.atomic():
        payout = Payout.objects.select_for_update().get(pk=payout_id)
        if payout.state == Payout.State.CANCELLED:
            return payout
        if payout.state != Payout.State.REQUESTED:
            raise PayoutError(
                _("Payout %(number)s is on its way (%(state)s) and cannot be cancelled any more.")
                % {"number": payout.reference, "state": payout.get_state_display()}
            )
        release(key=payout_key(payout.pk), at=at, author_id=actor.user_id)
        payout.state, payout.reason = Payout.State.CANCELLED, reason[:200]
        payout.save(update_fields=["state", "reason"])
        write_steps(
            payouts=[payout], state=payout.state, actor=actor, at=at, notes={payout.pk: reason}
        )
        record_action(
            actor=actor,
            at=at,
            name="payout.cancel",
            subject=payout_key(payout.pk),
            reason=reason,
            before={"state": "requested"},
            after={"state": "cancelled"},
        )
    return payout


def request_by_schedule(*, at: datetime) -> int:
    """Ask for everybody who has the minimum, once a month from the setting's day on; how many were.

    The whole of what is available is asked for. Who is held by missing data is left alone: the money
    stays in the wallet. A turn that broke off is taken up again: each request has a key of its own.
    """
    today = business_day(at)
    count = 0
    for currency in list_payout_currencies():
        settings = get_payout_settings(currency=currency)
        assert settings is not None
        if settings.day and today.day >= settings.day:
            count += _request_month(settings, today, at)
    return count


def _request_month(settings: PayoutSettings, today: date, at: datetime) -> int:
    subject = f"{settings.currency}:{today:%Y-%m}"
    if Action.objects.filter(name=SCHEDULED, subject=subject).exists():
        return 0
    count = after = 0
    while wallets := list_wallets(
        unit=settings.currency, at_least=settings.minimum, after=after, limit=WALLETS_AT_ONCE
    ):
        after = wallets[-1].owner
        payees = get_payees(
            member_ids=[wallet.owner for wallet in wallets],
            at=at,
            delay_days=settings.delay_days,
        )
        for wallet in wallets:
            payee = payees.get(wallet.owner)
            if payee is None or payee.holds:
                continue
            try:
                request_payout(
                    key=f"schedule:{subject}:{wallet.owner}",
                    member_id=wallet.owner,
                    currency=settings.currency,
                    amount=wallet.available,
                    actor=SCHEDULE,
                    at=at,
                    origin=Payout.Origin.SCHEDULE,
                )
            except CannotRequest:
                # Spent meanwhile, or nothing left after the tax: the next month asks again.
                continue
            count += 1
    record_action(actor=SCHEDULE, at=at, name=SCHEDULED, subject=subject, after={"requests": count})
    return count


def _own(payout: Payout, member_id: int) -> Payout:
    if payout.member_id != member_id:
        raise CannotRequest(_("This form was sent by somebody else; please open it anew."))
    return payout
