"""Keeps the copy of points by which large downlines are sorted; see `TeamPoints`.

One statement per period, which writes only what differs; run by the worker. A network that is small
needs no copy and gets none.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from mlm_plugin.conf import business_day, period_start
from mlm_plugin.network.models import Member
from mlm_plugin.volumes.models import TeamPoints, TeamPointsCount

# Up to here the members of a branch are named one by one, and their points are read as they are.
SMALL_BRANCH = 2_000

COPY = """
    INSERT INTO mlm_plugin_teampoints (member_id, period, group_pv, own_pv)
    SELECT member.id, %s, coalesce(total.group_pv, 0),
           coalesce(total.personal_pv + total.customers_pv, 0)
    FROM mlm_plugin_member member
    LEFT JOIN mlm_plugin_periodtotal total ON total.member_id = member.id AND total.period = %s
    WHERE true
    ON CONFLICT (member_id, period) DO UPDATE
        SET group_pv = excluded.group_pv, own_pv = excluded.own_pv
        WHERE mlm_plugin_teampoints.group_pv <> excluded.group_pv
           OR mlm_plugin_teampoints.own_pv <> excluded.own_pv
"""


def copy_points(*, at: datetime) -> int:
    """Bring the copies of the open period and the one before up to date; rows written.

    Older periods lose theirs. Two workers at once write the same.
    """
    if Member.objects.order_by()[SMALL_BRANCH : SMALL_BRANCH + 1].count() == 0:
        return 0
    present = period_start(business_day(at))
    periods = [present, period_start(present - timedelta(days=1))]
    TeamPoints.objects.exclude(period__in=periods).delete()
    TeamPointsCount.objects.exclude(period__in=periods).delete()
    return sum(_copy(period, at) for period in periods)


def copied_at(*, period: date) -> datetime | None:
    """When the copy of this period was last brought up to date; None where there is none."""
    counts = TeamPointsCount.objects.filter(period=period)
    return counts.values_list("counted_at", flat=True).first()


def _copy(period: date, at: datetime) -> int:
    day = connection.ops.adapt_datefield_value(period)
    with transaction.atomic():
        # The row's lock lets a second worker wait instead of writing in another order.
        TeamPointsCount.objects.update_or_create(period=period, defaults={"counted_at": at})
        with connection.cursor() as cursor:
            cursor.execute(COPY, [day, day])
            return int(cursor.rowcount)
