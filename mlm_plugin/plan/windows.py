"""Spans of several periods."""

from collections.abc import Mapping

from mlm_plugin.plan.calendars import EPOCH, Period, period_before
from mlm_plugin.plan.document.parts import Calendar


def first_day_of_window(*, period: Period, length: int, calendars: Mapping[str, Calendar]) -> int:
    """The first day (since 1970) of `length` periods that end with this one."""
    for _earlier in range(length - 1):
        before = period_before(period=period, calendars=calendars)
        if before is None:
            break
        period = before
    return (period.first - EPOCH).days
