"""What became of payouts at the bank: by a file, looked at first and then entered whole, or by hand.

What such a file looks like stands in `result_lines`.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from mlm_plugin.conf import business_day
from mlm_plugin.conf.payouts import get_payout_settings
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.ledger.models import Account
from mlm_plugin.ledger.wallets import (
    Settlement,
    get_wallet,
    give_back,
    release,
    reserve,
    settle,
    settle_all,
)
from mlm_plugin.payouts.files import keep_content, read_content
from mlm_plugin.payouts.models import Payout, PayoutResult
from mlm_plugin.payouts.money import NotAnAmount, read_money, write_plain
from mlm_plugin.payouts.requests import payout_key
from mlm_plugin.payouts.result_lines import CannotEnter, Line, read_lines
from mlm_plugin.payouts.steps import BATCH_SIZE, person_of, write_steps

LARGEST_FILE = 4_000_000
PAID, BOUNCED = "paid", "bounced"


class Effect(StrEnum):
    """What a line would do."""

    PAYS = "pays"
    BOUNCES = "bounces"
    NOTHING = "nothing"
    WRONG = "wrong"


@dataclass(frozen=True)
class Answer:
    """What a line says, and what it would do; `problem` says why it cannot be done."""

    line: Line
    payout: Payout | None
    effect: Effect
    day: date | None = None
    problem: str = ""


@dataclass(frozen=True)
class DryRun:
    """What a file would do, line by line; with one wrong line nothing of it is done."""

    answers: tuple[Answer, ...]

    @property
    def counts(self) -> Counter[str]:
        """Lines by effect."""
        return Counter(str(answer.effect) for answer in self.answers)

    @property
    def may_be_entered(self) -> bool:
        """Whether no line is wrong."""
        return not self.counts[Effect.WRONG]


def keep_result(*, name: str, content: bytes, actor: Actor, at: datetime) -> PayoutResult:
    """Keep a file to look at and then enter; the same bytes are the same answer, kept once.

    Raises CannotEnter for what is no such table.
    """
    if len(content) > LARGEST_FILE:
        raise CannotEnter(_("The file is too large."))
    read_lines(content)
    digest = hashlib.sha256(content).hexdigest()
    stored = keep_content(content=content, digest=digest, ending="csv")
    with transaction.atomic():
        result, is_new = PayoutResult.objects.get_or_create(
            digest=digest,
            defaults={
                "name": name[-120:],
                "stored": stored,
                "uploaded_by_id": person_of(actor),
                "uploaded_at": at,
            },
        )
        if is_new:
            record_action(
                actor=actor,
                at=at,
                name="payout_result.upload",
                subject=f"payout_result:{result.pk}",
                after={"file": result.name, "digest": digest},
            )
    return result


def dry_run(*, result: PayoutResult, at: datetime) -> DryRun:
    """What the file would do now; three queries at most. Nothing is written."""
    content = read_content(stored=result.stored, digest=result.digest)
    return _judge(read_lines(content), at=at, is_locked=False)


def apply_result(*, result_id: int, actor: Actor, at: datetime) -> PayoutResult:
    """Enter everything a file says, or nothing; a second time changes nothing.

    The answer's row is locked, then its payouts in the order of their numbers. Raises CannotEnter when
    a line is wrong.
    """
    with transaction.atomic():
        result = PayoutResult.objects.select_for_update().get(pk=result_id)
        if result.state == PayoutResult.State.APPLIED:
            return result
        content = read_content(stored=result.stored, digest=result.digest)
        judged = _judge(read_lines(content), at=at, is_locked=True)
        wrong = [each for each in judged.answers if each.effect == Effect.WRONG]
        if wrong:
            raise CannotEnter(
                _("Line %(line)s: %(problem)s Nothing was entered.")
                % {"line": wrong[0].line.number, "problem": wrong[0].problem}
            )
        paid = [each for each in judged.answers if each.effect == Effect.PAYS]
        bounced = [each for each in judged.answers if each.effect == Effect.BOUNCES]
        _pay(paid, actor=actor, at=at)
        for answer in bounced:
            _bounce(answer, actor=actor, at=at)
        result.state = PayoutResult.State.APPLIED
        result.applied_by_id, result.applied_at = actor.user_id, at
        result.paid_count, result.bounced_count = len(paid), len(bounced)
        result.save()
        record_action(
            actor=actor,
            at=at,
            name="payout_result.apply",
            subject=f"payout_result:{result.pk}",
            after={"paid": len(paid), "bounced": len(bounced), "digest": result.digest},
        )
    return result


def enter_by_hand(
    *, payout_id: int, result: str, day: date, reason: str, actor: Actor, at: datetime
) -> Payout:
    """Enter what became of one payout. Twice the same changes nothing. Raises CannotEnter."""
    line = Line(number=1, payout=str(payout_id), result=result, day=day.isoformat(), reason=reason)
    with transaction.atomic():
        [answer] = _judge([line], at=at, is_locked=True).answers
        if answer.effect == Effect.WRONG:
            raise CannotEnter(answer.problem)
        if answer.effect == Effect.PAYS:
            _pay([answer], actor=actor, at=at)
        if answer.effect == Effect.BOUNCES:
            _bounce(answer, actor=actor, at=at)
        assert answer.payout is not None
        if answer.effect != Effect.NOTHING:
            record_action(
                actor=actor,
                at=at,
                name=f"payout.{result}",
                subject=payout_key(payout_id),
                reason=reason,
                after={"state": answer.payout.state, "date": day.isoformat()},
            )
    return answer.payout


def _judge(lines: Sequence[Line], *, at: datetime, is_locked: bool) -> DryRun:
    numbers = [_read_number(line.payout) for line in lines]
    rows = Payout.objects.filter(pk__in={number for number in numbers if number}).order_by("pk")
    found = rows.select_for_update(of=("self",)) if is_locked else rows
    payouts = {payout.pk: payout for payout in found.select_related("batch")}
    seen = Counter(number for number in numbers if number)
    today = business_day(at)
    return DryRun(
        tuple(
            _judge_line(line, payouts.get(number or 0), is_twice=seen[number or 0] > 1, today=today)
            for line, number in zip(lines, numbers, strict=True)
        )
    )


def _judge_line(line: Line, payout: Payout | None, *, is_twice: bool, today: date) -> Answer:
    try:
        if payout is None:
            raise CannotEnter(_("There is no payout “%s”.") % line.payout[:40])
        if is_twice:
            raise CannotEnter(_("Payout %s stands in more than one line.") % payout.reference)
        day = _read_day(line.day, today=today)
        _check_amount(line, payout)
        return Answer(line, payout, _effect_of(line, payout), day=day)
    except CannotEnter as error:
        return Answer(line, payout, Effect.WRONG, problem=str(error))


def _effect_of(line: Line, payout: Payout) -> Effect:
    if line.result not in (PAID, BOUNCED):
        raise CannotEnter(
            _("“%(word)s” is no result; it must be paid or bounced.") % {"word": line.result[:40]}
        )
    if line.result == BOUNCED and not line.reason:
        raise CannotEnter(_("A payment that came back needs the bank’s reason."))
    if payout.state == line.result:
        return Effect.NOTHING
    if line.result == PAID and payout.state == Payout.State.HANDED_OVER:
        return Effect.PAYS
    # A bank may send a payment back days after it said that it was made.
    if line.result == BOUNCED and payout.state in (Payout.State.HANDED_OVER, Payout.State.PAID):
        return Effect.BOUNCES
    raise CannotEnter(
        _("Payout %(number)s is not with the bank: %(state)s.")
        % {"number": payout.reference, "state": payout.get_state_display()}
    )


def _read_number(text: str) -> int | None:
    digits = text.strip().upper().removeprefix("P")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _read_day(text: str, *, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CannotEnter(_("“%s” is no date such as 2026-05-31.") % text[:40]) from error
    if day > today:
        raise CannotEnter(_("%s is still to come.") % day.isoformat())
    return day


def _check_amount(line: Line, payout: Payout) -> None:
    if not line.amount:
        return
    try:
        amount = read_money(line.amount, currency=payout.currency)
    except NotAnAmount as error:
        raise CannotEnter(str(error)) from error
    if amount != payout.net:
        raise CannotEnter(
            _("Payout %(number)s is %(right)s, not %(wrong)s.")
            % {
                "number": payout.reference,
                "right": write_plain(payout.net, payout.currency),
                "wrong": write_plain(amount, payout.currency),
            }
        )


def _pay(answers: Sequence[Answer], *, actor: Actor, at: datetime) -> None:
    """Let the reserved money go where it went: to the member's bank, to fees and taxes."""
    payouts = []
    for answer in answers:
        payout = answer.payout
        assert payout is not None
        payout.state, payout.paid_on = Payout.State.PAID, answer.day
        payouts.append(payout)
    if not payouts:
        return
    Payout.objects.bulk_update(payouts, ["state", "paid_on"], batch_size=BATCH_SIZE)
    settle_all(
        settlements=[
            Settlement(key=payout_key(payout.pk), into=_parts(payout)) for payout in payouts
        ],
        at=at,
        author_id=actor.user_id,
    )
    write_steps(payouts=payouts, state=Payout.State.PAID, actor=actor, at=at)


def _bounce(answer: Answer, *, actor: Actor, at: datetime) -> None:
    """Back into the wallet, fee and tax included; then what the setting keeps for the trouble."""
    payout = answer.payout
    assert payout is not None
    key = payout_key(payout.pk)
    if payout.state == Payout.State.PAID:
        give_back(
            key=key,
            owner=payout.member_id,
            unit=payout.currency,
            parts=_parts(payout),
            at=at,
            reason=answer.line.reason,
            author_id=actor.user_id,
        )
    else:
        release(key=key, at=at, author_id=actor.user_id)
    _keep_bounce_fee(payout, key=f"{key}:bounce_fee", actor=actor, at=at)
    payout.state, payout.reason = Payout.State.BOUNCED, answer.line.reason[:200]
    payout.save(update_fields=["state", "reason"])
    write_steps(
        payouts=[payout],
        state=payout.state,
        actor=actor,
        at=at,
        notes={payout.pk: answer.line.reason},
    )


def _keep_bounce_fee(payout: Payout, *, key: str, actor: Actor, at: datetime) -> None:
    settings = get_payout_settings(currency=payout.currency)
    fee = settings.bounce_fee if settings else 0
    # The money that came back may have filled a hole: no more than there is.
    fee = min(fee, get_wallet(owner=payout.member_id, unit=payout.currency).available)
    if fee > 0:
        reserve(
            key=key,
            owner=payout.member_id,
            unit=payout.currency,
            amount=fee,
            at=at,
            author_id=actor.user_id,
        )
        settle(key=key, into={Account.Kind.FEES: fee}, at=at, author_id=actor.user_id)


def _parts(payout: Payout) -> dict[str, int]:
    return {
        Account.Kind.PAID: payout.net,
        Account.Kind.FEES: payout.fee,
        Account.Kind.TAXES: payout.tax,
    }
