"""What the schedule does with periods: open them ahead, close them when it is their time, tidy up."""

import logging
from datetime import datetime, time, timedelta

from mlm_plugin.commissions import jobs
from mlm_plugin.commissions.job_models import Job
from mlm_plugin.commissions.models import Period
from mlm_plugin.commissions.periods import (
    CannotClosePeriod,
    CannotOpen,
    NoPlan,
    check_closing,
    open_periods,
)
from mlm_plugin.conf import business_day, get_setting, plan_time_zone
from mlm_plugin.ledger.actions import SCHEDULE

logger = logging.getLogger(__name__)


def keep_books(*, at: datetime) -> None:
    """Everything that is due now; `PERIODIC`. What people do at the same moment is done once."""
    jobs.find_broken_off(at=at)
    open_ahead(at=at)
    close_due(at=at)


def open_ahead(*, at: datetime) -> None:
    """Open the periods of the days to come that `MLM["OPEN_PERIODS_DAYS_AHEAD"]` asks for."""
    through = business_day(at) + timedelta(days=get_setting("OPEN_PERIODS_DAYS_AHEAD"))
    try:
        open_periods(through=through, actor=SCHEDULE, at=at)
    except NoPlan:
        # Without an approved plan there is nothing to open.
        return
    except CannotOpen:
        logger.exception("Periods cannot be opened ahead")


def close_due(*, at: datetime) -> list[Job]:
    """Ask for the close of periods that ended `MLM["CLOSE_PERIODS_AFTER_HOURS"]` ago, if it is set.

    One that failed is left to people: whatever stopped it does not go away by itself.
    """
    hours = get_setting("CLOSE_PERIODS_AFTER_HOURS")
    if hours is None:
        return []
    asked = []
    ended = Period.objects.filter(state=Period.State.OPEN, last__lt=business_day(at))
    for period in ended.exclude(jobs__kind=Job.Kind.CLOSE).order_by("first"):
        end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=plan_time_zone())
        if at < end + timedelta(hours=hours):
            continue
        try:
            check_closing(period=period, at=at)
            asked.append(jobs.ask_for_close(period_id=period.pk, actor=SCHEDULE, at=at))
        except (CannotClosePeriod, NoPlan, jobs.Busy):
            # Its turn has not come: an earlier one is to be closed, run and committed first.
            continue
    return asked
