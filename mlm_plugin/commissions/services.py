"""Writes of runs: computed on frozen inputs, locked by a second person, committed to wallets."""

import csv
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Award, Period, Run, SettledLine
from mlm_plugin.commissions.stored_files import keep_file, pack_folder, stored_file, unpack_folder
from mlm_plugin.ledger.models import COMPANY, Account
from mlm_plugin.ledger.services import NewEntry, NewPosting, post_entries
from mlm_plugin.network.bulk_writing import chunks, write_rows
from mlm_plugin.network.models import Member
from mlm_plugin.plan.differing import difference, read_paid_lines, write_differences
from mlm_plugin.plan.freezing import thaw
from mlm_plugin.plan.money import to_minor
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.writing import write_result

AWARD_COLUMNS = (
    "run_id", "payee_id", "bonus", "source_id", '"order"', "line", "level", "base", "rate", "amount",
    "because",
)  # fmt: skip
HELD, RELEASED = "held", "released"


class NotClosed(ValueError):
    """Only a closed period is run; an open one is previewed."""


class CannotLock(ValueError):
    """The run cannot be locked; the text says why."""


class CannotCommit(ValueError):
    """The run cannot be committed; the text says why."""


@dataclass(frozen=True)
class _Difference:
    run: Run | None
    count: int = 0
    total: int = 0


def run_period(*, period_id: int, author: AbstractBaseUser | None, started_at: datetime) -> Run:
    """Compute a closed period on its frozen inputs and keep the result; a run more each time.

    Nothing is locked while it computes, and nothing of it is seen before all of it is written.
    Raises NotClosed, and ChangedFile where the frozen file is not what it was.
    """
    period = Period.objects.get(pk=period_id)
    if period.state != Period.State.CLOSED:
        raise NotClosed(_("%s is open: close it first, or preview it.") % period.name)
    assert period.plan_version_id is not None
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with stored_file(name=period.inputs, digest=period.file_digest) as path:
            plan, snapshot = thaw(path)
        result = run_plan(plan=plan, snapshot=snapshot)
        out = folder / "result"
        # Without the time it took: the same result is the same file.
        write_result(result=result, folder=out, skips=False, seconds={})
        before = _compare(plan, result, period, folder)
        pack_folder(folder=out, path=folder / "result.zip")
        stored, digest = keep_file(
            path=folder / "result.zip",
            calendar=period.calendar,
            period=period.name,
            kind="result",
        )
        head = plan.document.plan
        amounts = [int(awards.amount.sum()) for awards in result.awards.values()]
        with transaction.atomic():
            # The period's row gives out the numbers of its runs.
            Period.objects.select_for_update().get(pk=period_id)
            last = Run.objects.filter(period=period).aggregate(last=Max("number"))["last"] or 0
            run = Run.objects.create(
                period=period,
                number=last + 1,
                plan_version_id=period.plan_version_id,
                author_id=author.pk if author else None,
                started_at=started_at,
                milliseconds=round((time.perf_counter() - begun) * 1000),
                inputs_digest=snapshot.digest(),
                result_digest=result.digest(),
                result=stored,
                file_digest=digest,
                currency=head.currency,
                places=head.places,
                total=sum(amounts),
                award_count=_count_rows(out / "awards.csv"),
                payee_count=sum(1 for column in _payee_sums(result) if column),
                compared_with=before.run,
                difference_count=before.count,
                difference_total=before.total,
            )
            _write_lines(run, out)
    return run


def lock_run(*, run_id: int, author: AbstractBaseUser, at: datetime) -> Run:
    """Choose the run that will be paid; a second person does so. Locking twice changes nothing.

    Raises CannotLock for one's own run, and where another run of the period is locked.
    """
    with transaction.atomic():
        run = Run.objects.select_related("period").get(pk=run_id)
        # One row for all runs of the period: of two that are locked at once, the second is told.
        Period.objects.select_for_update().get(pk=run.period_id)
        run.refresh_from_db(fields=["state", "locked_by"])
        if run.state != Run.State.COMPUTED:
            return run
        if run.author_id == author.pk:
            raise CannotLock(_("Nobody locks the own run: ask a second person."))
        other = Run.objects.filter(
            period_id=run.period_id, state__in=[Run.State.LOCKED, Run.State.COMMITTED]
        ).first()
        if other is not None:
            raise CannotLock(
                _("Run %(number)s of %(period)s is locked already.")
                % {"number": other.number, "period": run.period.name}
            )
        run.state = Run.State.LOCKED
        run.locked_by_id = author.pk
        run.locked_at = at
        run.save(update_fields=["state", "locked_by", "locked_at"])
    return run


def release_run(*, run_id: int) -> Run:
    """Take the lock off a run that is not committed, so that another one can be chosen.

    Raises CannotLock for a committed run.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == Run.State.COMMITTED:
            raise CannotLock(_("A committed run stays as it is: correct by adding."))
        run.state = Run.State.COMPUTED
        run.locked_by = None
        run.locked_at = None
        run.save(update_fields=["state", "locked_by", "locked_at"])
    return run


def commit_run(*, run_id: int, author: AbstractBaseUser | None, at: datetime) -> int:
    """Post the awards of a locked run to wallets; returns how many entries were written.

    One entry per payee and bonus, balanced against the company's commissions, and one per payee for
    what is held or released; its key names period, bonus and payee, so that no two runs of a period
    can both be paid. All or nothing. The run's row is locked from the look at its state on: a second
    commit waits, sees it committed and returns 0. Raises CannotCommit for a run that is not locked.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == Run.State.COMMITTED:
            return 0
        if run.state != Run.State.LOCKED:
            raise CannotCommit(_("A run is locked by a second person before it is committed."))
        written = 0
        for batch in chunks(_entries_of(run, author, at)):
            written += len(post_entries(entries=batch))
        run.state = Run.State.COMMITTED
        run.committed_by_id = author.pk if author else None
        run.committed_at = at
        run.save(update_fields=["state", "committed_by", "committed_at"])
    return written


def _entries_of(run: Run, author: AbstractBaseUser | None, at: datetime) -> Iterator[NewEntry]:
    """The entries a run is paid by, in one order."""
    author_id = author.pk if author else None
    sums = (
        Award.objects.filter(run=run)
        .values_list("payee_id", "bonus")
        .annotate(total=Sum("amount"))
        .order_by("payee_id", "bonus")
    )
    for payee, bonus, total in sums.iterator():
        if total:
            yield NewEntry(
                key=f"commission:{run.period_id}:{bonus}:{payee}",
                happened_at=at,
                postings=(
                    NewPosting(payee, Account.Kind.WALLET, run.currency, total),
                    NewPosting(COMPANY, Account.Kind.COMMISSIONS, run.currency, -total),
                ),
                author_id=author_id,
            )
    held = (
        SettledLine.objects.filter(run=run, name__in=[HELD, RELEASED])
        .values_list("payee_id")
        .annotate(total=Sum("amount"))
        .order_by("payee_id")
    )
    for payee, total in held:
        if total:
            yield NewEntry(
                key=f"hold:{run.period_id}:{payee}",
                happened_at=at,
                postings=(
                    NewPosting(payee, Account.Kind.WALLET, run.currency, total),
                    NewPosting(payee, Account.Kind.HELD, run.currency, -total),
                ),
                author_id=author_id,
            )


def _compare(plan: Plan, result: Result, period: Period, folder: Path) -> _Difference:
    """What the result pays otherwise than the period's run before, as differences.csv beside it."""
    before = Run.objects.filter(period=period).order_by("number").last()
    if before is None:
        return _Difference(None)
    unpack_folder(name=before.result, digest=before.file_digest, folder=folder / "before")
    paid = read_paid_lines(plan=plan, period=result.computation.snapshot.period,
                           folder=folder / "before")  # fmt: skip
    found = difference(before=paid, after=result)
    write_differences(found=found, places=plan.document.plan.places, folder=folder / "result")
    return _Difference(before, len(found), sum(each.amount for each in found))


def _payee_sums(result: Result) -> list[int]:
    """The money of each owner over all bonuses."""
    columns = list(result.totals().values())
    return [sum(amounts) for amounts in zip(*(column.tolist() for column in columns), strict=True)]


def _write_lines(run: Run, folder: Path) -> None:
    """Awards and what becomes of their sums, as the result's own files say them."""
    keys = dict(Member.objects.values_list("code", "pk"))

    def awards() -> Iterator[Sequence[object]]:
        for row in _read_rows(folder / "awards.csv"):
            payee, bonus, source, order, line, level, base, rate, amount, because = row
            yield (
                run.pk, keys[payee], bonus, keys[source], order, line, int(level), base, rate,
                to_minor(Decimal(amount), places=run.places), because,
            )  # fmt: skip

    def settled() -> Iterator[Sequence[object]]:
        for payee, name, amount in _read_rows(folder / "payouts.csv"):
            yield run.pk, keys[payee], name, to_minor(Decimal(amount), places=run.places)

    write_rows(table="mlm_plugin_award", columns=AWARD_COLUMNS, rows=awards())
    write_rows(
        table="mlm_plugin_settledline",
        columns=("run_id", "payee_id", "name", "amount"),
        rows=settled(),
    )


def _read_rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _count_rows(path: Path) -> int:
    return sum(1 for _row in _read_rows(path))
