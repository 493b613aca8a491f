"""The demo company's books: a plan, two months that are paid, and one that runs.

Frieda of finance prepares, Konrad the controller approves; all of it on the days on which it would
have been done, so it is the same every time.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from mlm_plugin.commissions.estimates import estimate_period
from mlm_plugin.commissions.overrides import decide_override, propose_override
from mlm_plugin.commissions.periods import close_period, find_period_by_name, open_periods
from mlm_plugin.commissions.plan_versions import approve_plan, draft_library_plan, submit_plan
from mlm_plugin.commissions.runs import run_period
from mlm_plugin.commissions.services import commit_run, lock_run
from mlm_plugin.conf import business_day, plan_time_zone
from mlm_plugin.ledger.actions import Actor
from storefront.accounts.models import User

PLAN = "complete"
MEETING_ROOM: dict[str, Any] = {
    "key": UUID(int=2319),
    "kind": "amount",
    "amount": 1_500,
    "reason": "She paid for the room of the team’s meeting.",
}
LEADER: dict[str, Any] = {
    "key": UUID(int=2320),
    "kind": "rank",
    "value": "Leader",
    "reason": "Agreed when she came to us from another company with her team.",
}


def keep_books(*, members: dict[str, Any], at: datetime) -> None:
    """From the approved plan to the estimate of the running month."""
    prepares, approves = (
        Actor(User.objects.get(email=f"{name}@example.com")) for name in ("finance", "controller")
    )
    months = _months(business_day(at))
    draft = draft_library_plan(name=PLAN, actor=prepares, at=_on(months[0], -20, at))
    agreed: dict[str, Any] = {
        "version_id": draft.pk,
        "digest": draft.digest,
        "effective_from": months[0],
    }
    submit_plan(**agreed, actor=prepares, at=_on(months[0], -20, at))
    approve_plan(**agreed, actor=approves, at=_on(months[0], -18, at))
    open_periods(through=months[-1], actor=prepares, at=_on(months[0], -18, at))
    *over, running = (
        find_period_by_name(name=f"{month:%Y-%m}", calendar="month") for month in months
    )
    for period, following in zip(over, months[1:], strict=True):
        close_period(period_id=period.pk, actor=prepares, at=_on(following, 0, at))
        run = run_period(period_id=period.pk, actor=prepares, started_at=_on(following, 1, at))
        if period == over[-1]:
            proposed = propose_override(
                **MEETING_ROOM,
                period_id=period.pk,
                member_id=members["Cleo"].pk,
                actor=prepares,
                at=_on(following, 1, at),
            )
            decide_override(
                override_id=proposed.pk, is_approved=True, actor=approves, at=_on(following, 2, at)
            )
            run = run_period(period_id=period.pk, actor=prepares, started_at=_on(following, 2, at))
        lock_run(run_id=run.pk, actor=approves, at=_on(following, 2, at))
        commit_run(run_id=run.pk, actor=prepares, at=_on(following, 3, at))
    # One more waits for the controller.
    propose_override(
        **LEADER, period_id=running.pk, member_id=members["Dora"].pk, actor=prepares, at=at
    )
    estimate_period(period_id=running.pk, at=at)


def _months(day: date) -> list[date]:
    """The first days of this month and of the two before it."""
    this = day.replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    return [(before - timedelta(days=1)).replace(day=1), before, this]


def _on(first: date, days: int, at: datetime) -> datetime:
    """Nine in the morning so many days after a day, or `at` where that is earlier."""
    morning = datetime.combine(first + timedelta(days=days), time(9), tzinfo=plan_time_zone())
    return min(morning, at)
