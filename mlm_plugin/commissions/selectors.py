"""Reads of the books: previews of open periods, and whether all of it agrees."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from mlm_plugin.commissions.models import Award, Period, Run
from mlm_plugin.commissions.periods import find_version, span_of
from mlm_plugin.commissions.services import entry_prefix
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.commissions.stored_files import stored_file
from mlm_plugin.ledger.models import Account, Posting
from mlm_plugin.plan.plans import load_plan
from mlm_plugin.plan.running import run_plan


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
            f"{entry_prefix(run=run)}{bonus}:{payee}": total
            for payee, bonus, total in Award.objects.filter(run=run)
            .values_list("payee_id", "bonus")
            .annotate(total=Sum("amount"))
            if total
        }
        posted = dict(
            Posting.objects.filter(
                entry__key__startswith=entry_prefix(run=run),
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
