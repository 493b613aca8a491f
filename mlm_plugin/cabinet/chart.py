"""Twelve months as bars: what the theme's chart is to show."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format

from mlm_plugin.volumes.selectors import PeriodPoints
from mlm_plugin.volumes.writing import write_points


def list_bars(*, history: Sequence[PeriodPoints], chosen: date) -> tuple[dict[str, Any], ...]:
    """Group PV (1/100) of each month in the reader's words; none when there is nothing to see.

    `chosen` is the month that says its figure.
    """
    if not any(points.group_pv > 0 for points in history):
        return ()
    return tuple(
        {
            "label": date_format(points.period, "F Y"),
            "short": date_format(points.period, "M"),
            "value": points.group_pv,
            "shown": f"{write_points(points.group_pv)} PV",
            "chosen": points.period == chosen,
        }
        for points in history
    )
