"""A small drawing kit: rounded shapes with soft light on a tinted ground, drawn with Pillow.

Coordinates run from 0 to 100 in both directions; things stand on y = `GROUND`.
"""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

EDGE = 960
# Masks are drawn larger and scaled down, which smooths their edges.
FINE = 2
GROUND = 80.0

Point = tuple[float, float, float]
Color = tuple[float, float, float]


def color(text: str) -> Color:
    """Red, green and blue of "#rrggbb"."""
    return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def mix(first: Color, second: Color, part: float) -> Color:
    """`part` of the second color in the first."""
    return (
        first[0] + (second[0] - first[0]) * part,
        first[1] + (second[1] - first[1]) * part,
        first[2] + (second[2] - first[2]) * part,
    )


def darker(base: Color, part: float) -> Color:
    """The same color in less light."""
    return mix(base, (24, 33, 27), part)


def lighter(base: Color, part: float) -> Color:
    """The same color in more light."""
    return mix(base, (255, 253, 249), part)


def profile(center: float, *half: Point) -> list[Point]:
    """The outline of something turned on a lathe: half widths from top to bottom, mirrored."""
    right = [(center + width, y, radius) for width, y, radius in half]
    left = [(center - width, y, radius) for width, y, radius in reversed(half)]
    return right + left


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> list[Point]:
    """A rectangle with rounded corners."""
    return [
        (x, y, radius),
        (x + width, y, radius),
        (x + width, y + height, radius),
        (x, y + height, radius),
    ]


def oval(x: float, y: float, width: float, height: float) -> list[Point]:
    """An ellipse around (x, y), as a polygon."""
    return [
        (x + width * math.cos(turn * math.tau / 72), y + height * math.sin(turn * math.tau / 72), 0)
        for turn in range(72)
    ]


def leaf(x: float, y: float, size: float, tilt: float = 0.35) -> list[Point]:
    """The linden leaf of the mark: a heart with a drawn-out tip."""
    points = []
    for step in range(64):
        turn = step * math.tau / 64
        across = 16 * math.sin(turn) ** 3
        down = -(13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn))
        down += math.cos(4 * turn)
        across, down = across / 17, (down * 1.15 if down > 0 else down) / 17
        points.append(
            (
                x + size * (across * math.cos(tilt) - down * math.sin(tilt)),
                y + size * (across * math.sin(tilt) + down * math.cos(tilt)),
                0.0,
            )
        )
    return points


def turned(points: Sequence[Point], *, around: tuple[float, float], by: float) -> list[Point]:
    """The points turned around one of them, by degrees."""
    angle = math.radians(by)
    cos, sin = math.cos(angle), math.sin(angle)
    x0, y0 = around
    return [
        (x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos, radius)
        for x, y, radius in points
    ]


class Drawing:
    """A picture that grows from back to front."""

    def __init__(self, tint: Color) -> None:
        rows = np.linspace(0, 1, EDGE)[:, None]
        columns = np.linspace(0, 1, EDGE)[None, :]
        glow = np.exp(-(((columns - 0.36) / 0.46) ** 2 + ((rows - 0.34) / 0.44) ** 2))
        floor = np.clip((rows - 0.70) / 0.04, 0, 1) * 0.045
        light = 0.975 + 0.035 * glow - floor * (1 - 0.4 * columns)
        self.pixels = np.clip(np.asarray(tint)[None, None, :] * light[:, :, None], 0, 255)

    def shadow(self, x: float, width: float, y: float = GROUND, depth: float = 0.34) -> None:
        """The soft dark where something touches the ground, drawn out to the right."""
        small = Image.new("L", (240, 240))
        pen, unit = ImageDraw.Draw(small), 2.4
        for stretch, strength in ((1.22, 70), (1.0, 170)):
            away = x + (stretch - 1) * width * 0.9
            reach, height = width * stretch, 2.2 * stretch
            pen.ellipse(
                [
                    (away - reach) * unit,
                    (y - height) * unit,
                    (away + reach) * unit,
                    (y + height) * unit,
                ],
                fill=strength,
            )
        soft = small.filter(ImageFilter.GaussianBlur(3.2)).resize((EDGE, EDGE), Image.BILINEAR)
        amount = np.asarray(soft, dtype=np.float64)[:, :, None] / 255 * depth
        self.pixels = self.pixels * (1 - amount) + np.asarray((52, 44, 34)) * amount

    def fill(
        self, points: Sequence[Point], paint: Color, *, light: str = "round", alpha: float = 1.0
    ) -> None:
        """Paint a shape; its light is "round" (a cylinder), "flat" (a face) or "none"."""
        outline = _rounded(points)
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        left, top = max(int(min(xs) * EDGE / 100), 0), max(int(min(ys) * EDGE / 100), 0)
        right = min(math.ceil(max(xs) * EDGE / 100) + 1, EDGE)
        bottom = min(math.ceil(max(ys) * EDGE / 100) + 1, EDGE)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
        scale = EDGE * FINE / 100
        ImageDraw.Draw(mask).polygon(
            [(x * scale - left * FINE, y * scale - top * FINE) for x, y in outline], fill=255
        )
        cover = np.asarray(mask.reduce(FINE), dtype=np.float64)[:, :, None] / 255 * alpha
        painted = np.asarray(paint)[None, None, :] * _light(light, cover.shape[0], cover.shape[1])
        part = self.pixels[top:bottom, left:right]
        self.pixels[top:bottom, left:right] = part * (1 - cover) + np.clip(painted, 0, 255) * cover

    def wash(self, paint: Color, part: float) -> None:
        """`part` of a color over all that is there, as for a sky."""
        self.pixels = self.pixels * (1 - part) + np.asarray(paint)[None, None, :] * part

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        width: float,
        paint: Color,
        *,
        light: str = "none",
        alpha: float = 1.0,
    ) -> None:
        """A straight stroke with round ends."""
        (x0, y0), (x1, y1) = start, end
        length = math.hypot(x1 - x0, y1 - y0) or 1
        across = ((y1 - y0) / length * width / 2, (x0 - x1) / length * width / 2)
        outline = [
            (x0 + across[0], y0 + across[1], width / 2),
            (x1 + across[0], y1 + across[1], width / 2),
            (x1 - across[0], y1 - across[1], width / 2),
            (x0 - across[0], y0 - across[1], width / 2),
        ]
        self.fill(outline, paint, light=light, alpha=alpha)

    def finish(self) -> Image.Image:
        """The picture."""
        return Image.fromarray(self.pixels.astype(np.uint8), "RGB")


def _light(kind: str, height: int, width: int) -> np.ndarray:
    """How much light falls on each place of a shape: from the left and a little from above."""
    if kind == "none":
        return np.ones((1, 1, 1))
    if kind == "flat":
        return np.linspace(1.04, 0.95, height)[:, None, None]
    across = np.linspace(0, 1, width)
    bright = 0.13 * np.exp(-(((across - 0.27) / 0.13) ** 2))
    edge = 0.10 * np.clip((0.12 - across) / 0.12, 0, 1)
    dark = 0.27 * np.clip((across - 0.5) / 0.5, 0, 1) ** 1.6
    return (1 + bright - edge - dark)[None, :, None]


def _rounded(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The polygon with each corner replaced by a curve of its radius."""
    outline = []
    for index, (x, y, radius) in enumerate(points):
        if not radius:
            outline.append((x, y))
            continue
        before, after = points[index - 1], points[(index + 1) % len(points)]
        start = _towards((x, y), before, radius)
        end = _towards((x, y), after, radius)
        for step in range(9):
            part = step / 8
            outline.append(
                (
                    (1 - part) ** 2 * start[0] + 2 * part * (1 - part) * x + part**2 * end[0],
                    (1 - part) ** 2 * start[1] + 2 * part * (1 - part) * y + part**2 * end[1],
                )
            )
    return outline


def _towards(corner: tuple[float, float], other: Point, radius: float) -> tuple[float, float]:
    length = math.hypot(other[0] - corner[0], other[1] - corner[1]) or 1
    part = min(radius / length, 0.5)
    return (
        corner[0] + (other[0] - corner[0]) * part,
        corner[1] + (other[1] - corner[1]) * part,
    )
