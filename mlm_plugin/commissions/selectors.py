"""Reads of the books: a member's statement, previews of open periods, and whether all of it agrees."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from mlm_plugin.commissions.models import Award, Period, Run, SettledLine
from mlm_plugin.commissions.periods import find_version, span_of
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.commissions.stored_files import stored_file
from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import run_plan


@dataclass(frozen=True)
class StatementAward:
    """One award as its payee reads it; `amount` in the smallest unit."""

    bonus: str
    source: str
    order: str
    line: str
    level: int
    base: str
    rate: str
    amount: int
    because: str


@dataclass(frozen=True)
class Statement:
    """A member's committed period, line by line.

    `total` is the sum of the awards, and what the wallet received for them; `held` is what of it
    waits, less what was released. `settled` are the engine's lines from what was carried to what is
    left. Money is in the currency's smallest unit, with `places` decimals.
    """

    period: Period
    run_number: int
    committed_at: datetime
    currency: str
    places: int
    awards: tuple[StatementAward, ...]
    total: int
    held: int
    settled: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Preview:
    """What a period would pay if it ended as of now: sums by member code, in the smallest unit."""

    period: Period
    at: datetime
    inputs_digest: str
    result_digest: str
    currency: str
    places: int
    total: int
    totals: dict[str, dict[str, int]]


def get_statement(*, member_id: int, period_id: int) -> Statement | None:
    """A member's statement of a period, or None while no run of it is committed; four queries."""
    run = (
        Run.objects.filter(period_id=period_id, state=Run.State.COMMITTED)
        .select_related("period")
        .first()
    )
    if run is None:
        return None
    assert run.committed_at is not None
    rows = (
        Award.objects.filter(run=run, payee_id=member_id)
        .order_by("pk")
        .values_list(
            "bonus", "source__code", "order", "line", "level", "base", "rate", "amount", "because"
        )
    )
    awards = tuple(StatementAward(*row) for row in rows)
    settled = tuple(
        SettledLine.objects.filter(run=run, payee_id=member_id)
        .order_by("pk")
        .values_list("name", "amount")
    )
    return Statement(
        period=run.period,
        run_number=run.number,
        committed_at=run.committed_at,
        currency=run.currency,
        places=run.places,
        awards=awards,
        total=sum(award.amount for award in awards),
        held=-sum(amount for name, amount in settled if name in ("held", "released")),
        settled=settled,
    )


def preview_period(*, period_id: int, at: datetime) -> Preview:
    """Compute an open period on what is known by now; nothing is frozen, kept or posted.

    What it carries over comes from the periods committed so far. Raises NoPlan, and BadInput or
    PlanError where facts and plan do not fit.
    """
    period = Period.objects.get(pk=period_id)
    plan = load_plan(find_version(day=period.first).document)
    snapshot = take_snapshot(plan=plan, period=span_of(period))
    result = run_plan(plan=plan, snapshot=snapshot)
    owners = snapshot.positions.owners.tolist()
    totals: dict[str, dict[str, int]] = {}
    for bonus, column in result.totals().items():
        for owner, amount in zip(owners, column.tolist(), strict=True):
            if amount:
                totals.setdefault(owner, {})[bonus] = amount
    return Preview(
        period=period,
        at=at,
        inputs_digest=snapshot.digest(),
        result_digest=result.digest(),
        currency=plan.document.plan.currency,
        places=plan.document.plan.places,
        total=sum(sum(sums.values()) for sums in totals.values()),
        totals=totals,
    )


def read_differences(*, run_id: int) -> str:
    """A run's differences.csv: what it pays otherwise than the run before; empty for the first one."""
    run = Run.objects.get(pk=run_id)
    if run.compared_with_id is None:
        return ""
    with (
        stored_file(name=run.result, digest=run.file_digest) as path,
        zipfile.ZipFile(path) as kept,
    ):
        return kept.read("differences.csv").decode()


def find_problems() -> Iterator[str]:
    """Where awards of committed runs and the wallets' entries differ, in words; nothing is right."""
    for run in Run.objects.filter(state=Run.State.COMMITTED).select_related("period"):
        awarded = {
            f"commission:{run.period_id}:{bonus}:{payee}": total
            for payee, bonus, total in Award.objects.filter(run=run)
            .values_list("payee_id", "bonus")
            .annotate(total=Sum("amount"))
            if total
        }
        posted = dict(
            Posting.objects.filter(
                entry__key__startswith=f"commission:{run.period_id}:",
                account__kind=Account.Kind.WALLET,
                account__unit=run.currency,
            )
            .values_list("entry__key")
            .annotate(total=Sum("amount"))
        )
        for key in sorted(awarded.keys() | posted.keys()):
            if awarded.get(key, 0) != posted.get(key, 0):
                yield (
                    f"{run.period.name}: {key} was awarded {awarded.get(key, 0)} and posted"
                    f" {posted.get(key, 0)}"
                )
