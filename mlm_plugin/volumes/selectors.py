"""Reads of points: totals of a period, what is pending, and the feed of what moved.

The feed has a module of its own, `feed`. Everything here is bounded: a number of queries that does
not depend on how many members, orders or levels there are, and pages that continue from a cursor
instead of counting rows. All points are in 1/100 point.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from mlm_plugin.conf import business_day, period_start
from mlm_plugin.volumes.models import BuyerKind, CreditedLine, PeriodTotal
from mlm_plugin.volumes.totals import COLUMNS


@dataclass(frozen=True)
class PeriodPoints:
    """One member's points in one period, in 1/100 point; group includes personal and customers'."""

    period: date
    personal_pv: int = 0
    personal_cv: int = 0
    customers_pv: int = 0
    customers_cv: int = 0
    group_pv: int = 0
    group_cv: int = 0


@dataclass(frozen=True)
class PendingPoints:
    """Points of orders that are placed and neither paid nor cancelled, in 1/100 point."""

    personal_pv: int = 0
    personal_cv: int = 0
    customers_pv: int = 0
    customers_cv: int = 0

    @property
    def pv(self) -> int:
        """Own and customers' together."""
        return self.personal_pv + self.customers_pv


def get_recent_periods(*, now: datetime, count: int = 12) -> list[date]:
    """The first days of the current period and of those before it, the oldest first."""
    periods = [period_start(business_day(now))]
    while len(periods) < count:
        periods.append(period_start(periods[-1] - timedelta(days=1)))
    return periods[::-1]


def get_period_totals(*, member_id: int, period: date) -> PeriodPoints:
    """The points of a member in the period that begins on `period`; zeros where nothing moved."""
    row = PeriodTotal.objects.filter(member_id=member_id, period=period).values(*COLUMNS).first()
    return PeriodPoints(period=period, **(row or {}))


def get_history(*, member_id: int, periods: Iterable[date]) -> list[PeriodPoints]:
    """The points of a member in each of these periods, in their order, in one query."""
    wanted = list(periods)
    rows = PeriodTotal.objects.filter(member_id=member_id, period__in=wanted)
    found = {row.pop("period"): row for row in rows.values("period", *COLUMNS)}
    return [PeriodPoints(period=period, **found.get(period, {})) for period in wanted]


def get_pending_points(*, member_id: int) -> PendingPoints:
    """What a member's own and customers' orders will bring once they are paid."""
    own = Q(order__buyer_kind=BuyerKind.MEMBER)
    sums = CreditedLine.objects.filter(
        order__member_id=member_id, order__paid_at=None, order__cancelled_at=None
    ).aggregate(
        personal_pv=Coalesce(Sum("pv", filter=own), 0),
        personal_cv=Coalesce(Sum("cv", filter=own), 0),
        customers_pv=Coalesce(Sum("pv", filter=~own), 0),
        customers_cv=Coalesce(Sum("cv", filter=~own), 0),
    )
    return PendingPoints(**sums)
