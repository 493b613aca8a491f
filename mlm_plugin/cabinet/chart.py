"""Twelve months as bars: the geometry, in whole units of the drawing's own grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mlm_plugin.volumes.selectors import PeriodPoints

HEIGHT = 100
STEP = 40
BAR = 24


@dataclass(frozen=True)
class Bar:
    """One month: where its bar stands, how tall it is, and what it says."""

    period: date
    pv: int
    x: int
    y: int
    width: int
    height: int
    middle: int
    chosen: bool


@dataclass(frozen=True)
class Chart:
    """Bars in a drawing of `width` by `height`."""

    width: int
    height: int
    bars: tuple[Bar, ...]


def draw_history(*, history: Sequence[PeriodPoints], chosen: date) -> Chart:
    """Group PV of each month; months that end below zero (more came back than went) stay flat."""
    tallest = max((points.group_pv for points in history), default=0)
    bars = []
    for place, points in enumerate(history):
        height = HEIGHT * max(points.group_pv, 0) // tallest if tallest > 0 else 0
        # A month with any points is never invisible.
        height = max(height, 2) if points.group_pv > 0 else height
        bars.append(
            Bar(
                period=points.period,
                pv=points.group_pv,
                x=place * STEP + (STEP - BAR) // 2,
                y=HEIGHT - height,
                width=BAR,
                height=height,
                middle=place * STEP + STEP // 2,
                chosen=points.period == chosen,
            )
        )
    return Chart(width=STEP * len(history), height=HEIGHT, bars=tuple(bars))
