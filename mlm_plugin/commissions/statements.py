"""Reads of statements: a member's committed period line by line, and the list of such periods.

A period has one committed run and any number of difference runs that correct it; what all of them
paid a member, and nothing else, is what the wallet received for the period.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from mlm_plugin.commissions.models import Award, Period, Run, SettledLine
from mlm_plugin.commissions.overrides import ADJUSTMENT
from mlm_plugin.commissions.services import entry_prefix
from mlm_plugin.commissions.statements_details import (
    AwardDetails,
    MemberDetails,
    award_key,
    read_details,
)
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.models import COMPANY, Account, Posting
from mlm_plugin.plan.numbers import LARGEST

# So many awards are on one page of a statement.
PAGE = 20
PERIODS = 24
HELD = ("held", "released")
OUT = (Account.Kind.PAID, Account.Kind.FEES, Account.Kind.TAXES)


@dataclass(frozen=True)
class StatementAward:
    """One award as its payee reads it; `amount` in the smallest unit.

    `details` has the order lines behind it, once they are written.
    """

    bonus: str
    source: str
    order: str
    line: str
    level: int
    base: str
    rate: str
    amount: int
    because: str
    details: AwardDetails | None = None


@dataclass(frozen=True)
class BonusSum:
    """What one bonus paid: how many awards, and how much."""

    bonus: str
    count: int
    amount: int


@dataclass(frozen=True)
class Correction:
    """What a difference run paid or took back later."""

    run_number: int
    committed_at: datetime
    award: StatementAward


@dataclass(frozen=True)
class Statement:
    """A member's committed period, line by line.

    `total` is the sum of all awards and `corrected` with the corrections of difference runs;
    `received` is what the wallet was credited with for the period, held money included, read from the
    ledger. `held` is what of it waits, less what was released. `settled` are the engine's lines from
    what was carried to what is left. `awards` are those of one page where a page was asked for.
    `out` is what left the wallet since, until the next period was paid: paid out, fees, tax withheld.
    Money is in the currency's smallest unit, with `places` decimals.
    """

    period: Period
    run_id: int
    run_number: int
    committed_at: datetime
    currency: str
    places: int
    plan: str
    document: str
    bonuses: tuple[BonusSum, ...]
    awards: tuple[StatementAward, ...]
    award_count: int
    total: int
    corrections: tuple[Correction, ...]
    corrected: int
    received: int
    held: int
    settled: tuple[tuple[str, int], ...]
    out: tuple[tuple[str, int], ...]
    details: MemberDetails | None


@dataclass(frozen=True)
class StatementHead:
    """A period in the list of statements; money in the smallest unit.

    `earned` is the sum of the period's own awards, `corrections` what difference runs changed since.
    """

    period: Period
    committed_at: datetime
    currency: str
    places: int
    earned: int
    corrections: int
    held: int

    @property
    def total(self) -> int:
        """What the wallet received for the period."""
        return self.earned + self.corrections


def list_statements(*, member_id: int, joined_at: datetime) -> list[StatementHead]:
    """The committed periods of a member, the newest first; four queries.

    A period in which nothing was earned is among them: its statement says why not.
    """
    runs = list(
        _committed()
        .filter(period__last__gte=business_day(joined_at))
        .select_related("period")
        .order_by("-period__last", "-pk")[:PERIODS]
    )
    period_of = {run.pk: run.period_id for run in runs}
    differences = dict(
        _differences().filter(period__in=period_of.values()).values_list("pk", "period_id")
    )
    earned, held, corrections = (dict.fromkeys(period_of.values(), 0) for _number in range(3))
    period_of |= differences
    lines = SettledLine.objects.filter(run__in=period_of, payee_id=member_id).filter(
        name__in=("earned", *HELD)
    )
    for run_id, name, amount in lines.values_list("run_id", "name", "amount"):
        if name in HELD:
            held[period_of[run_id]] -= amount
        elif run_id not in differences:
            earned[period_of[run_id]] += amount
    # What the engine settled is all but the amounts that were adjusted by hand.
    others = Award.objects.filter(payee_id=member_id).filter(
        Q(run__in=[run.pk for run in runs], bonus=ADJUSTMENT) | Q(run__in=list(differences))
    )
    for run_id, total in others.values_list("run_id").annotate(total=Sum("amount")):
        sums = corrections if run_id in differences else earned
        sums[period_of[run_id]] += total
    return [
        StatementHead(
            period=run.period,
            committed_at=run.committed_at,
            currency=run.currency,
            places=run.places,
            earned=earned[run.period_id],
            corrections=corrections[run.period_id],
            held=held[run.period_id],
        )
        for run in runs
        if run.committed_at is not None
    ]


def get_statement(*, member_id: int, period_id: int, page: int | None = None) -> Statement | None:
    """A member's statement of a period, or None while no run of it is committed; eleven queries.

    `page` counts from 1 and asks for some of the awards; without it all are there.
    """
    if period_id > LARGEST:
        return None
    run = _committed().filter(period_id=period_id).select_related("period", "plan_version").first()
    if run is None:
        return None
    assert run.committed_at is not None
    bonuses = tuple(
        BonusSum(bonus, count, total)
        for bonus, count, total, _first in Award.objects.filter(run=run, payee_id=member_id)
        .values_list("bonus")
        .annotate(count=Count("pk"), total=Sum("amount"), first=Min("pk"))
        .order_by("first")
    )
    rows = _awards(run, member_id)
    if page is not None:
        last = max(1, -(-sum(each.count for each in bonuses) // PAGE))
        start = (min(page, last) - 1) * PAGE
        rows = rows[start : start + PAGE]
    details = read_details(run_id=run.pk, member_id=member_id)
    differences = list(_differences().filter(period_id=period_id))
    corrections = _corrections(differences, member_id)
    lines = list(
        SettledLine.objects.filter(run__in=[run, *differences], payee_id=member_id)
        .order_by("pk")
        .values_list("run_id", "name", "amount")
    )
    total = sum(each.amount for each in bonuses)
    names = [each.bonus for each in bonuses] + [each.award.bonus for each in corrections]
    return Statement(
        period=run.period,
        run_id=run.pk,
        run_number=run.number,
        committed_at=run.committed_at,
        currency=run.currency,
        places=run.places,
        plan=run.plan_version.title or run.plan_version.plan,
        document=run.plan_version.document,
        bonuses=bonuses,
        awards=tuple(_with_details([StatementAward(*row) for row in rows], details)),
        award_count=sum(each.count for each in bonuses),
        total=total,
        corrections=corrections,
        corrected=total + sum(each.award.amount for each in corrections),
        received=_received([run, *differences], member_id, {*names}),
        held=-sum(amount for _run, name, amount in lines if name in HELD),
        settled=tuple((name, amount) for number, name, amount in lines if number == run.pk),
        out=_out(run, member_id),
        details=details,
    )


def read_page(text: str) -> int:
    """The page an address asks for; the first one where it says nothing that fits."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _committed() -> QuerySet[Run]:
    return Run.objects.filter(kind=Run.Kind.PERIOD, state=Run.State.COMMITTED)


def _differences() -> QuerySet[Run]:
    return Run.objects.filter(kind=Run.Kind.DIFFERENCE, state=Run.State.COMMITTED)


def _awards(run: Run, member_id: int) -> QuerySet[Award, Any]:
    return (
        Award.objects.filter(run=run, payee_id=member_id)
        .order_by("pk")
        .values_list(
            "bonus", "source__code", "order", "line", "level", "base", "rate", "amount", "because"
        )
    )


def _with_details(
    awards: list[StatementAward], details: MemberDetails | None
) -> Iterator[StatementAward]:
    """Awards that nothing tells apart have their details in order."""
    known = (details.awards if details else None) or {}
    seen: dict[str, int] = {}
    for award in awards:
        key = award_key(
            bonus=award.bonus, source=award.source, order=award.order, line=award.line,
            level=award.level,
        )  # fmt: skip
        alike = known.get(key, ())
        number = seen.get(key, 0)
        seen[key] = number + 1
        yield replace(award, details=alike[number]) if number < len(alike) else award


def _corrections(differences: list[Run], member_id: int) -> tuple[Correction, ...]:
    rows: Any = (
        Award.objects.filter(run__in=differences, payee_id=member_id)
        .order_by("run__number", "pk")
        .values_list(
            "run__number", "run__committed_at", "bonus", "source__code", "order", "line", "level",
            "base", "rate", "amount", "because",
        )
    )  # fmt: skip
    return tuple(
        Correction(number, committed_at, StatementAward(*award))
        for number, committed_at, *award in rows
        if committed_at is not None
    )


def _received(runs: list[Run], member_id: int, bonuses: set[str]) -> int:
    """What was posted to wallet and held money under the keys of these runs' entries."""
    keys = []
    for run in runs:
        commission, hold = entry_prefix(run=run), entry_prefix(run=run, what="hold")
        keys.append(f"{hold}{member_id}")
        keys += [f"{commission}{bonus}:{member_id}" for bonus in bonuses]
    postings = Posting.objects.filter(
        entry__key__in=keys,
        account__owner=member_id,
        account__kind__in=[Account.Kind.WALLET, Account.Kind.HELD],
        account__unit=runs[0].currency,
    )
    return postings.aggregate(total=Sum("amount"))["total"] or 0


def _out(run: Run, member_id: int) -> tuple[tuple[str, int], ...]:
    """Paid out, fees and tax withheld, from this period's commit until the next one's."""
    following = (
        _committed()
        .filter(period__calendar=run.period.calendar, committed_at__gt=run.committed_at)
        .order_by("committed_at")
        .values_list("committed_at", flat=True)
        .first()
    )
    entries = Posting.objects.filter(
        account__owner=member_id,
        account__kind__in=[Account.Kind.WALLET, Account.Kind.RESERVED],
        account__unit=run.currency,
        entry__happened_at__gte=run.committed_at,
    )
    if following is not None:
        entries = entries.filter(entry__happened_at__lt=following)
    rows = (
        Posting.objects.filter(
            account__owner=COMPANY,
            account__kind__in=OUT,
            account__unit=run.currency,
            # Few: found first, so that no database begins with all entries of the company.
            entry__in=list(entries.values_list("entry", flat=True)),
        )
        .values_list("account__kind")
        .annotate(total=Sum("amount"))
        .order_by("account__kind")
    )
    return tuple((kind, total) for kind, total in rows if total)
