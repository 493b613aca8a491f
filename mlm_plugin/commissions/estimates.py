"""Estimates: what every open period would pay everybody if it ended now, kept up to date by the worker.

An estimate is derived and replaced whole, in one transaction. It is made again when something happened
since: as soon as nothing more does for a second, or when things have not stopped happening for a while.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Q

from mlm_plugin.commissions import tasks
from mlm_plugin.commissions.estimate_models import Estimate, PeriodEstimate
from mlm_plugin.commissions.models import Period, Run
from mlm_plugin.commissions.override_models import Override
from mlm_plugin.commissions.overrides import (
    ADJUSTMENT,
    adjustments_in,
    apply_overrides,
    approved_overrides,
)
from mlm_plugin.commissions.periods import MISTAKES, NoPlan, find_version, span_of
from mlm_plugin.commissions.snapshots import take_snapshot
from mlm_plugin.conf import business_day
from mlm_plugin.ledger.models import Entry
from mlm_plugin.network.bulk_writing import write_rows
from mlm_plugin.network.models import Member, PlacementEdge, SponsorEdge, StatusChange
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.money import POINT_PLACES, to_minor
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.rank_rows import LadderRows, RankRow
from mlm_plugin.plan.running import Result, run_plan
from mlm_plugin.plan.snapshot import Snapshot
from mlm_plugin.plan.writing import sales_of

# Orders that do not stop are not waited for any longer.
LONGEST_WAIT = timedelta(seconds=10)
# An estimate that was asked for and is not there by then broke off.
BROKEN_OFF = timedelta(minutes=5)


@dataclass(frozen=True)
class MemberEstimate:
    """What a member would have of an open period, and when that was so.

    Money in the smallest unit. `ranks` by ladder: `rank`, `next`, and `needs`, each with `text`, `value`,
    `threshold` and `met`.
    """

    period: Period
    at: datetime
    currency: str
    places: int
    total: int
    bonuses: dict[str, int]
    ranks: dict[str, Any]


def get_estimate(*, member_id: int) -> MemberEstimate | None:
    """A member's estimate of the open period that began last, or None before the first; one query."""
    row = (
        Estimate.objects.filter(
            member_id=member_id,
            period__state=Period.State.OPEN,
            period__estimate__at__isnull=False,
        )
        .select_related("period__estimate")
        .order_by("-period__first")
        .first()
    )
    if row is None:
        return None
    of = row.period.estimate
    assert of.at is not None
    return MemberEstimate(
        row.period, of.at, of.currency, of.places, row.total, row.bonuses, row.ranks
    )


def refresh_estimates(*, at: datetime) -> None:
    """Let every running period that lacks something have a new estimate; `PERIODIC`, each second."""
    running = list(
        Period.objects.filter(state=Period.State.OPEN, first__lte=business_day(at)).values_list(
            "pk", flat=True
        )
    )
    if not running:
        return
    facts = latest_facts()
    states = PeriodEstimate.objects.in_bulk(running)
    for number in running:
        state = states.get(number)
        if state is None:
            ask_for_estimate(period_id=number, at=at)
        elif state.facts != facts:
            _look(state, facts, at)


def ask_for_estimate(*, period_id: int, at: datetime) -> None:
    """Let the worker make an estimate now, unless one is under way."""
    PeriodEstimate.objects.get_or_create(period_id=period_id)
    free = Q(asked_at=None) | Q(asked_at__lte=at - BROKEN_OFF)
    with transaction.atomic():
        if PeriodEstimate.objects.filter(free, period_id=period_id).update(asked_at=at):
            tasks.estimate_period.enqueue(period_id=period_id)


def estimate_period(*, period_id: int, at: datetime) -> PeriodEstimate:
    """Compute an open period on what is known by now and replace everybody's estimate.

    Where facts and plan do not fit, the estimate says so and the one before stays.
    """
    facts = latest_facts()
    begun = time.perf_counter()
    period = Period.objects.get(pk=period_id)
    try:
        plan = load_plan(find_version(day=period.first).document)
        snapshot = take_snapshot(plan=plan, period=span_of(period))
        places = plan.document.plan.places
        if overrides := approved_overrides(period_id=period_id):
            snapshot = apply_overrides(snapshot=snapshot, overrides=overrides, places=places)
        result = run_plan(plan=plan, snapshot=snapshot)
    except (NoPlan, PlanError, *MISTAKES) as mistake:
        return _settle(period, facts=facts, failure=str(mistake))
    totals = _totals(result, snapshot, places)
    # Before the rows are copied, for meanwhile the connection answers nothing else.
    keys = dict(Member.objects.values_list("code", "pk"))
    cv = sales_of(result).get("cv")
    with transaction.atomic():
        state, _new = PeriodEstimate.objects.get_or_create(period=period)
        state = PeriodEstimate.objects.select_for_update().get(pk=state.pk)
        # Somebody made a later one meanwhile.
        if state.at is not None and state.at > at:
            return state
        old = Estimate.objects.filter(period=period)
        old._raw_delete(old.db)
        payees = write_rows(
            table="mlm_plugin_estimate",
            columns=("period_id", "member_id", "total", "bonuses", "ranks"),
            rows=_rows(period, plan, result, totals, keys),
        )
        return _settle(
            period,
            facts=facts,
            at=at,
            milliseconds=round((time.perf_counter() - begun) * 1000),
            currency=plan.document.plan.currency,
            places=places,
            total=sum(sum(sums.values()) for sums in totals.values()),
            cv=int(cv.to_places(POINT_PLACES).values) if cv is not None else 0,
            payee_count=sum(1 for sums in totals.values() if any(sums.values())) if payees else 0,
            bonuses=_by_bonus(totals),
        )


def latest_facts() -> str:
    """How far everything went that estimates depend on; something else as soon as more is known."""
    numbers = [
        model._default_manager.aggregate(last=Max("pk"))["last"]
        for model in (Entry, Member, SponsorEdge, PlacementEdge, StatusChange)
    ]
    decided = Override.objects.filter(state=Override.State.APPROVED).count()
    committed = Run.objects.filter(state=Run.State.COMMITTED).aggregate(last=Max("committed_at"))
    moment = committed["last"].isoformat() if committed["last"] else ""
    return "-".join(str(number or 0) for number in (*numbers, decided)) + moment[:19]


def _look(state: PeriodEstimate, facts: str, at: datetime) -> None:
    behind_since = state.behind_since or at
    is_quiet = state.quiet == facts
    PeriodEstimate.objects.filter(pk=state.pk).update(quiet=facts, behind_since=behind_since)
    if is_quiet or at - behind_since >= LONGEST_WAIT or state.at is None:
        ask_for_estimate(period_id=state.pk, at=at)


def _settle(period: Period, *, facts: str, failure: str = "", **figures: Any) -> PeriodEstimate:
    """Write down what came out of an estimate; what happened meanwhile is for the next one."""
    return PeriodEstimate.objects.update_or_create(
        period=period,
        defaults={
            "facts": facts,
            "asked_at": None,
            "behind_since": None,
            "failure": failure,
            **figures,
        },
    )[0]


def _totals(result: Result, snapshot: Snapshot, places: int) -> dict[str, dict[str, int]]:
    """Money by member code and bonus, in the smallest unit."""
    owners = snapshot.positions.owners
    totals: dict[str, dict[str, int]] = {}
    for bonus, column in result.totals().items():
        for row in np.flatnonzero(column).tolist():
            totals.setdefault(str(owners[row]), {})[bonus] = int(column[row])
    for payee, _bonus, *_rest, amount, _why in adjustments_in(snapshot=snapshot):
        totals.setdefault(payee, {})[ADJUSTMENT] = to_minor(Decimal(amount), places=places)
    return totals


def _by_bonus(totals: dict[str, dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in totals.values():
        for bonus, amount in each.items():
            sums[bonus] = sums.get(bonus, 0) + amount
    return dict(sorted(sums.items()))


def _rows(
    period: Period,
    plan: Plan,
    result: Result,
    totals: dict[str, dict[str, int]],
    keys: dict[str, int],
) -> Iterator[tuple[object, ...]]:
    """A row for each member."""
    # Most members stand alike: what is said of them is written once.
    written: dict[tuple[RankRow, ...], str] = {}
    ladders = [LadderRows(result.computation, name) for name in plan.document.ladders]
    for row, code in enumerate(result.computation.snapshot.positions.ids.tolist()):
        bonuses = totals.get(code, {})
        standing = tuple(each for ladder in ladders for each in ladder.of(row))
        if standing not in written:
            ranks = {ladder.name: _describe(ladder.name, standing) for ladder in ladders}
            written[standing] = json.dumps(ranks, ensure_ascii=False)
        yield (
            period.pk, keys[code], sum(bonuses.values()), json.dumps(bonuses) if bonuses else "{}",
            written[standing],
        )  # fmt: skip


def _describe(ladder: str, rows: tuple[RankRow, ...]) -> dict[str, Any]:
    """The rank held, the next one, and what that one needs."""
    needs = []
    held = following = ""
    for each in rows:
        if each.ladder != ladder:
            continue
        if each.kind == "paid_as":
            held = each.rank
        elif each.kind == "next":
            following = each.rank
            if each.requirement:
                needs.append(
                    {
                        "text": each.requirement,
                        "value": each.value,
                        "threshold": each.threshold,
                        "met": each.met == "yes",
                    }
                )
    return {"rank": held, "next": following, "needs": needs}
