"""Twelve months as bars: the geometry, in whole units of the drawing's own grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mlm_plugin.volumes.selectors import PeriodPoints

HEIGHT = 100
STEP = 40
BAR = 24
# So many neighbours on either side a figure may reach over.
REACH = 2


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
    # Where the figure above the bar is held, so that a long one stays inside the drawing.
    anchor: str
    anchor_x: int
    # The foot of that figure: above every bar it may reach over.
    figure_y: int


@dataclass(frozen=True)
class Chart:
    """Bars in a drawing of `width` by `height`."""

    width: int
    height: int
    bars: tuple[Bar, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no bar to see."""
        return not any(bar.height for bar in self.bars)


def draw_history(*, history: Sequence[PeriodPoints], chosen: date) -> Chart:
    """Group PV of each month; months that end below zero (more came back than went) stay flat."""
    tallest = max((points.group_pv for points in history), default=0)
    bars = []
    last = len(history) - 1
    heights = [_height(points.group_pv, tallest=tallest) for points in history]
    for place, points in enumerate(history):
        height = heights[place]
        x = place * STEP + (STEP - BAR) // 2
        anchor, anchor_x = "middle", place * STEP + STEP // 2
        if place < 2:
            anchor, anchor_x = "start", x
        elif place > last - 2:
            anchor, anchor_x = "end", x + BAR
        bars.append(
            Bar(
                period=points.period,
                pv=points.group_pv,
                x=x,
                y=HEIGHT - height,
                width=BAR,
                height=height,
                middle=place * STEP + STEP // 2,
                chosen=points.period == chosen,
                anchor=anchor,
                anchor_x=anchor_x,
                figure_y=HEIGHT - max(heights[max(place - REACH, 0) : place + REACH + 1]),
            )
        )
    return Chart(width=STEP * len(history), height=HEIGHT, bars=tuple(bars))


def _height(group_pv: int, *, tallest: int) -> int:
    """A month with any points is never invisible."""
    if group_pv <= 0 or tallest <= 0:
        return 0
    return max(HEIGHT * group_pv // tallest, 2)
