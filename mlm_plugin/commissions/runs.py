"""Runs of periods: computed on frozen inputs, kept with all their files, compared with the run before."""

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from heapq import nsmallest
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.overrides import (
    ADJUSTMENT,
    adjustments_in,
    apply_overrides,
    approved_overrides,
)
from mlm_plugin.commissions.stored_files import keep_file, pack_folder, stored_file, unpack_folder
from mlm_plugin.ledger.actions import Actor, record_action
from mlm_plugin.network.bulk_writing import write_rows
from mlm_plugin.network.models import Member
from mlm_plugin.plan.differing import (
    Difference,
    PaidLines,
    difference,
    join_paid_lines,
    paid_lines,
    read_paid_lines,
    write_differences,
)
from mlm_plugin.plan.freezing import freeze, thaw
from mlm_plugin.plan.money import POINT_PLACES, from_minor, to_minor
from mlm_plugin.plan.plans import Plan
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.writing import AWARDS, sales_of, write_result

AWARD_COLUMNS = (
    "run_id", "payee_id", "bonus", "source_id", '"order"', "line", "level", "base", "rate", "amount",
    "because",
)  # fmt: skip
AWARDS_FILE, ADJUSTMENTS_FILE, SETTLED_FILE = "awards.csv", "adjustments.csv", "payouts.csv"
TOP_PAYEES = 10
Row = tuple[str, ...]


class NotClosed(ValueError):
    """Only a closed period is run; an open one is previewed."""


@dataclass(frozen=True)
class StoredInputs:
    """A frozen file of a run in the private store."""

    name: str
    file_digest: str


@dataclass
class Computed:
    """A result in a folder of its own, before anything of it is kept."""

    plan: Plan
    snapshot: Snapshot
    result: Result
    folder: Path
    adjustments: list[Row]
    differences: list[Difference] = field(default_factory=list)

    @property
    def out(self) -> Path:
        """The folder of the result's files."""
        return self.folder / "result"


def run_period(*, period_id: int, actor: Actor, started_at: datetime) -> Run:
    """Compute a closed period on its frozen inputs and keep the result; a run more each time.

    Approved overrides are part of the inputs. Nothing is locked while it computes, and nothing of it is
    seen before all of it is written. Raises NotClosed, and ChangedFile where the frozen file is not what
    it was.
    """
    period = Period.objects.get(pk=period_id)
    if period.state != Period.State.CLOSED:
        raise NotClosed(_("%s is open: close it first, or preview it.") % period.name)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with stored_file(name=period.inputs, digest=period.file_digest) as path:
            plan, snapshot = thaw(path)
        inputs = StoredInputs(period.inputs, period.file_digest)
        if overrides := approved_overrides(period_id=period_id):
            places = plan.document.plan.places
            snapshot = apply_overrides(snapshot=snapshot, overrides=overrides, places=places)
            inputs = keep_inputs(period=period, snapshot=snapshot, folder=folder)
        computed = compute(plan=plan, snapshot=snapshot, folder=folder)
        before = period.runs.filter(kind=Run.Kind.PERIOD).order_by("number").last()
        compare(computed=computed, period=period, before=before)
        return keep_run(
            period=period,
            kind=Run.Kind.PERIOD,
            computed=computed,
            inputs=inputs,
            before=before,
            actor=actor,
            started_at=started_at,
            begun=begun,
        )


def keep_inputs(*, period: Period, snapshot: Snapshot, folder: Path) -> StoredInputs:
    """Freeze inputs that differ from the period's own, as a file beside it."""
    assert period.plan_version is not None
    path = folder / "inputs.zip"
    freeze(plan_text=period.plan_version.document, frozen=snapshot, path=path)
    return StoredInputs(
        *keep_file(path=path, calendar=period.calendar, period=period.name, kind="inputs")
    )


def compute(*, plan: Plan, snapshot: Snapshot, folder: Path) -> Computed:
    """Run the plan and write the result's files, with what was adjusted by hand beside them."""
    result = run_plan(plan=plan, snapshot=snapshot)
    computed = Computed(plan, snapshot, result, folder, adjustments_in(snapshot=snapshot))
    # Without the time it took: the same result is the same file.
    write_result(result=result, folder=computed.out, skips=False, seconds={})
    if computed.adjustments:
        with (computed.out / ADJUSTMENTS_FILE).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(AWARDS)
            writer.writerows(computed.adjustments)
    return computed


def compare(*, computed: Computed, period: Period, before: Run | None) -> None:
    """What a result pays otherwise than an earlier run of its period, as differences.csv beside it."""
    if before is None:
        return
    earlier = computed.folder / "before"
    unpack_folder(name=before.result, digest=before.file_digest, folder=earlier)
    engine_period = computed.snapshot.period
    places = computed.plan.document.plan.places
    was = [read_paid_lines(plan=computed.plan, period=engine_period, folder=earlier)]
    if (earlier / ADJUSTMENTS_FILE).exists():
        was.append(_as_paid(read_rows(earlier / ADJUSTMENTS_FILE), places))
    now = [paid_lines(computed.result), _as_paid(computed.adjustments, places)]
    computed.differences = difference(before=join_paid_lines(was), after=join_paid_lines(now))
    write_differences(found=computed.differences, places=places, folder=computed.out)


def keep_run(
    *,
    period: Period,
    kind: str,
    computed: Computed,
    inputs: StoredInputs,
    before: Run | None,
    actor: Actor,
    started_at: datetime,
    begun: float,
) -> Run:
    """Keep a result's files and write the run with its awards, all of it or nothing."""
    assert period.plan_version_id is not None
    out = computed.out
    pack_folder(folder=out, path=computed.folder / "result.zip")
    stored, digest = keep_file(
        path=computed.folder / "result.zip",
        calendar=period.calendar,
        period=period.name,
        kind="result",
    )
    head = computed.plan.document.plan
    is_difference = kind == Run.Kind.DIFFERENCE
    differing = sum(each.amount for each in computed.differences)
    paid = (
        count_awards((each.payee, each.bonus, each.amount) for each in computed.differences)
        if is_difference
        else count_awards(
            (row[0], row[1], to_minor(Decimal(row[8]), places=head.places))
            for row in _all_awards(computed)
        )
    )
    cv = sales_of(computed.result).get("cv")
    with transaction.atomic():
        # The period's row gives out the numbers of its runs.
        Period.objects.select_for_update().get(pk=period.pk)
        last = Run.objects.filter(period=period).aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            period=period,
            number=last + 1,
            kind=kind,
            plan_version_id=period.plan_version_id,
            author_id=actor.user_id,
            started_at=started_at,
            milliseconds=round((time.perf_counter() - begun) * 1000),
            inputs=inputs.name,
            inputs_file_digest=inputs.file_digest,
            inputs_digest=computed.snapshot.digest(),
            result_digest=computed.result.digest(),
            result=stored,
            file_digest=digest,
            currency=head.currency,
            places=head.places,
            total=paid.total,
            cv=int(cv.to_places(POINT_PLACES).values) if cv is not None else 0,
            award_count=paid.awards,
            payee_count=paid.payees,
            bonuses=paid.bonuses,
            top_payees=paid.top_payees,
            compared_with=before,
            difference_count=len(computed.differences),
            difference_total=differing,
        )
        if is_difference:
            _write_differences(run, computed)
        else:
            _write_awards(run, computed)
        record_action(
            actor=actor,
            at=started_at,
            name="run.compute",
            subject=f"run:{run.pk}",
            after={
                "period": str(period),
                "number": run.number,
                "kind": str(kind),
                "total": run.total,
                "inputs_digest": run.inputs_digest,
                "result_digest": run.result_digest,
            },
        )
    return run


@dataclass(frozen=True)
class Counted:
    """How much is paid in all, in how many awards and to how many; money in the smallest unit.

    `bonuses` by name: `amount` and `awards`. `top_payees` by code what those have who have most.
    """

    total: int
    awards: int
    payees: int
    bonuses: dict[str, dict[str, int]]
    top_payees: dict[str, int]


def count_awards(rows: Iterable[tuple[str, str, int]]) -> Counted:
    """Counts of awards, each as payee, bonus and amount."""
    bonuses: dict[str, list[int]] = {}
    payees: dict[str, int] = {}
    for payee, bonus, amount in rows:
        of_bonus = bonuses.setdefault(bonus, [0, 0])
        of_bonus[0] += amount
        of_bonus[1] += 1
        payees[payee] = payees.get(payee, 0) + amount
    most = nsmallest(TOP_PAYEES, payees.items(), key=lambda each: (-each[1], each[0]))
    return Counted(
        total=sum(payees.values()),
        awards=sum(count for _amount, count in bonuses.values()),
        payees=len(payees),
        bonuses={
            name: {"amount": amount, "awards": count}
            for name, (amount, count) in sorted(bonuses.items())
        },
        top_payees=dict(most),
    )


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of one of a result's files, without the heading."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield tuple(row)


def _all_awards(computed: Computed) -> Iterator[Row]:
    yield from read_rows(computed.out / AWARDS_FILE)
    yield from computed.adjustments


def _write_awards(run: Run, computed: Computed) -> None:
    """Awards and what becomes of their sums, as the result's own files say them."""
    keys = _member_keys()
    _insert_awards(run, _all_awards(computed), keys)

    def settled() -> Iterator[Sequence[object]]:
        for payee, name, amount in read_rows(computed.out / SETTLED_FILE):
            yield run.pk, keys[payee], name, to_minor(Decimal(amount), places=run.places)

    _insert_settled(settled())


def _write_differences(run: Run, computed: Computed) -> None:
    """The differences as awards, and of what is held what is held otherwise than before."""
    keys = _member_keys()
    # Base and rate of what is paid now, or of what was paid and is not any more.
    details: dict[Row, Row] = {}
    wanted = {_identity(each) for each in computed.differences}
    for folder in (computed.folder / "before", computed.out):
        for name in (AWARDS_FILE, ADJUSTMENTS_FILE):
            if (folder / name).exists():
                details |= {row[:6]: row for row in read_rows(folder / name) if row[:6] in wanted}
    places = run.places

    def rows() -> Iterator[Row]:
        for each in computed.differences:
            was, now, amount = (
                f"{from_minor(money, places=places):f}"
                for money in (each.before, each.after, each.amount)
            )
            identity = _identity(each)
            base, rate = details[identity][6:8]
            yield (*identity, base, rate, amount, f"difference [was={was}; now={now}]")

    _insert_awards(run, rows(), keys)
    sums: dict[tuple[str, str], int] = {}
    for folder, sign in ((computed.folder / "before", -1), (computed.out, 1)):
        for payee, name, money in read_rows(folder / SETTLED_FILE):
            if name in ("held", "released"):
                key = payee, name
                sums[key] = sums.get(key, 0) + sign * to_minor(Decimal(money), places=places)
    _insert_settled(
        (run.pk, keys[payee], name, amount)
        for (payee, name), amount in sorted(sums.items())
        if amount
    )


def _identity(each: Difference) -> Row:
    return each.payee, each.bonus, each.source, each.order, each.line, str(each.level)


def _member_keys() -> dict[str, int]:
    return dict(Member.objects.values_list("code", "pk"))


def _insert_awards(run: Run, rows: Iterable[Row], keys: dict[str, int]) -> None:
    write_rows(
        table="mlm_plugin_award",
        columns=AWARD_COLUMNS,
        rows=(
            (
                run.pk, keys[payee], bonus, keys[source], order, line, int(level), base, rate,
                to_minor(Decimal(amount), places=run.places), because,
            )
            for payee, bonus, source, order, line, level, base, rate, amount, because in rows
        ),
    )  # fmt: skip


def _insert_settled(rows: Iterable[Sequence[object]]) -> None:
    write_rows(
        table="mlm_plugin_settledline",
        columns=("run_id", "payee_id", "name", "amount"),
        rows=rows,
    )


def _as_paid(rows: Iterable[Row], places: int) -> PaidLines:
    """What was adjusted by hand, in the form in which results are compared."""
    return PaidLines.of(
        [
            (payee, ADJUSTMENT, source, order, line, int(level),
             to_minor(Decimal(amount), places=places))
            for payee, _bonus, source, order, line, level, _base, _rate, amount, _why in rows
        ]
    )  # fmt: skip
