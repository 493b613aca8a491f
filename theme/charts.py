"""Geometry of small charts that the server draws as SVG: no script, so they print and travel by mail.

Everything is in whole units of the drawing's own grid; the components give it colours and words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100
STEP = 40
BAR = 24
WIDTH = 480
# Room beside the lines for their names.
NAMES = 120
# How near each other two names at the end of lines may stand.
LEAST_GAP = 16
# So many neighbours on either side a figure above a bar may reach over.
REACH = 2
LEAST_HEIGHT = 2


@dataclass(frozen=True)
class Bar:
    """One bar, with the place of the figure above it."""

    label: str
    shown: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    is_chosen: bool
    # Where the figure is held, so that a long one stays inside the drawing, and its foot: above
    # every bar it may reach over.
    anchor: str
    anchor_x: int
    figure_y: int


@dataclass(frozen=True)
class Bars:
    """A bar chart of `width` by `height`."""

    width: int
    height: int
    bars: tuple[Bar, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no bar to see."""
        return not any(bar.height for bar in self.bars)


@dataclass(frozen=True)
class Line:
    """One line of a line chart, named at its end."""

    name: str
    points: str
    order: str
    end_x: int
    end_y: int
    name_y: int
    last: str


@dataclass(frozen=True)
class Lines:
    """A line chart: lines, and the labels below with their places."""

    width: int
    height: int
    plot_width: int
    lines: tuple[Line, ...]
    labels: tuple[tuple[int, str], ...]


def draw_bars(
    *,
    labels: Sequence[str],
    values: Sequence[float],
    shown: Sequence[str],
    chosen: int | None = None,
) -> Bars:
    """One bar a value; what is below zero stays flat, a little is always seen.

    `chosen` is the place of the bar that says its figure; the last one unless told.
    """
    tallest = max([*values, 0])
    heights = [
        max(LEAST_HEIGHT, round(value * HEIGHT / tallest)) if value > 0 and tallest else 0
        for value in values
    ]
    last = len(values) - 1
    chosen = last if chosen is None else chosen
    bars = []
    for place, label in enumerate(labels):
        x = place * STEP + (STEP - BAR) // 2
        anchor, anchor_x = "middle", place * STEP + STEP // 2
        if place < REACH:
            anchor, anchor_x = "start", x
        elif place > last - REACH:
            anchor, anchor_x = "end", x + BAR
        near = heights[max(0, place - REACH) : place + REACH + 1]
        bars.append(
            Bar(
                label=str(label),
                shown=str(shown[place]),
                x=x,
                y=HEIGHT - heights[place],
                width=BAR,
                height=heights[place],
                middle=place * STEP + STEP // 2,
                is_chosen=place == chosen,
                anchor=anchor,
                anchor_x=anchor_x,
                figure_y=HEIGHT - max(near),
            )
        )
    return Bars(width=max(1, len(values)) * STEP, height=HEIGHT, bars=tuple(bars))


def draw_lines(
    *, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float], str]]
) -> Lines:
    """Lines over the same labels from zero up; each is (name, values, last value in words).

    At most four: more cannot be told apart.
    """
    names = ("first", "second", "third", "fourth")
    tallest = max([value for _name, values, _last in series for value in values] or [0]) or 1
    step = WIDTH / max(1, len(labels) - 1)
    drawn = []
    for order, (name, values, last) in zip(names, series, strict=False):
        places = [
            (round(place * step), HEIGHT - round(max(value, 0) * HEIGHT / tallest))
            for place, value in enumerate(values)
        ]
        end_x, end_y = places[-1] if places else (0, HEIGHT)
        points = " ".join(f"{x},{y}" for x, y in places)
        drawn.append(Line(str(name), points, order, end_x, end_y, end_y, str(last)))
    marks = tuple((round(place * step), str(label)) for place, label in enumerate(labels))
    return Lines(
        width=WIDTH + NAMES,
        height=HEIGHT,
        plot_width=WIDTH,
        lines=_spread(drawn),
        labels=_thin(marks),
    )


def _spread(lines: list[Line]) -> tuple[Line, ...]:
    """Names at the ends, moved apart where two lines end at nearly the same height."""
    placed: dict[str, int] = {}
    free = -HEIGHT
    for line in sorted(lines, key=lambda line: line.end_y):
        free = max(line.end_y, free + LEAST_GAP)
        placed[line.order] = free
    return tuple(
        Line(x.name, x.points, x.order, x.end_x, x.end_y, placed[x.order], x.last) for x in lines
    )


def _thin(marks: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
    """As many labels as fit below: first and last stay."""
    if len(marks) <= 6:
        return marks
    every = -(-(len(marks) - 1) // 5)
    return tuple(mark for place, mark in enumerate(reversed(marks)) if place % every == 0)[::-1]
