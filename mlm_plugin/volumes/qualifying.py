"""Ends the wait for a place of members who have reached the points that the settings ask for."""

from datetime import datetime

from django.db.models import F

from mlm_plugin.conf import business_day, period_start
from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.releasing import release_qualified
from mlm_plugin.volumes.models import PeriodTotal

BATCH = 500


def place_qualified(*, at: datetime) -> int:
    """Place who waits for qualification and has enough own and customers' PV; returns how many.

    Points of the period that is open at `at` count. Nothing to do without a placement tree.
    """
    settings = get_placement_settings()
    if not settings.is_used:
        return 0
    totals = PeriodTotal.objects.filter(
        period=period_start(business_day(at)),
        member__held_placement__isnull=False,
        member__held_placement__deadline=None,
    )
    enough = totals.alias(pv=F("personal_pv") + F("customers_pv")).filter(
        pv__gte=settings.qualifying_pv
    )
    members = enough.order_by("member__held_placement__since").values_list("member_id", flat=True)
    return release_qualified(member_ids=list(members[:BATCH]), at=at)
