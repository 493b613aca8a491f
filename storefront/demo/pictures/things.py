"""Cloth, wood, soap and pouches; they stand or lie on the ground."""

from storefront.demo.pictures.drawing import (
    GROUND,
    Color,
    Drawing,
    box,
    color,
    darker,
    leaf,
    lighter,
    oval,
    turned,
)
from storefront.demo.pictures.parts import INK, PAPER, STEEL, label


def pouch(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(
        [
            (34, 27, 0.6),
            (66, 27, 0.6),
            (69, 50, 6),
            (69.5, GROUND, 3),
            (30.5, GROUND, 3),
            (31, 50, 6),
        ],
        body,
    )
    draw.fill(box(33.6, 25, 32.8, 6.5, 0.6), darker(body, 0.1), light="flat")
    for row in (27, 29):
        draw.line((35, row), (65, row), 0.3, darker(body, 0.3), alpha=0.5)
    draw.fill([(31, 74, 1), (69, 74, 1), (69.5, GROUND, 3), (30.5, GROUND, 3)], darker(body, 0.1))
    label(draw, (50, 41, 23, 25), accent, light="flat")


def soap(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 27)
    draw.fill(box(23, 66, 54, 14, 4), darker(body, 0.06), light="flat")
    draw.fill(box(24, 50, 52, 18, 4.5), lighter(body, 0.35), light="flat")
    draw.fill(box(38, 49.5, 24, 30.5, 0.8), PAPER, light="flat")
    draw.fill(box(38, 49.5, 3, 30.5), accent, light="flat", alpha=0.9)
    draw.fill(leaf(51, 61, 4.4), accent, light="none")
    draw.line((51, 62), (49.6, 67.5), 0.6, accent)
    draw.line((46.5, 72.5), (55.5, 72.5), 0.7, INK)


def board(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 23)
    draw.fill(box(46, 16, 8, 12, 3.6), body, light="flat")
    draw.fill(box(29, 24, 42, 56, 6), body, light="flat")
    draw.fill(oval(50, 20.5, 1.6, 1.6), darker(body, 0.5), light="none")
    for x, sway in ((34, 1), (39.5, -1.5), (45, 1.5), (55.5, -1), (60.5, 1.2), (66, -0.8)):
        draw.line((x, 28), (x + sway, 77), 0.45, accent, alpha=0.3)
    draw.fill(box(32.6, 28, 34.8, 48, 4), darker(body, 0.25), light="flat", alpha=0.18)
    draw.fill(box(34, 29.4, 32, 45.2, 3.4), body, light="flat", alpha=0.75)


def brush(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(46, 22)
    tilt = {"around": (43.0, 66.0), "by": 24.0}
    draw.fill(turned(box(40.6, 14, 5.4, 50, 2.6), **tilt), body)
    draw.fill(turned(oval(43.3, 18, 0.9, 0.9), **tilt), darker(body, 0.6), light="none")
    draw.fill(turned(box(40, 55, 6.6, 4, 0.8), **tilt), STEEL)
    draw.fill(box(27, 64, 27, 7, 3.2), body, light="flat")
    for tuft in range(8):
        x = 28.5 + tuft * 3.2
        draw.fill(
            [
                (x, 70, 0.3),
                (x + 2.6, 70, 0.3),
                (x + 3 + (tuft - 3.5) * 0.35, GROUND, 0.5),
                (x - 0.4 + (tuft - 3.5) * 0.35, GROUND, 0.5),
            ],
            color("#eee0c4"),
        )
    draw.line((33, 67.5), (48, 67.5), 0.4, accent, alpha=0.4)


def _cloth(
    draw: Drawing, y: float, height: float, body: Color, *, left: float = 24, width: float = 52
) -> None:
    """One folded piece of cloth seen from the side of its folds."""
    draw.fill(box(left, y, width, height, height * 0.48), body, light="flat")
    for part in (0.36, 0.68):
        draw.line(
            (left + height * 0.5, y + height * part),
            (left + width - 0.8, y + height * part),
            0.4,
            darker(body, 0.45),
            alpha=0.45,
        )


def folded(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 28)
    _cloth(draw, 67, 13, body)
    _cloth(draw, 54.5, 13, lighter(body, 0.3))
    draw.fill(box(57, 54, 7, 26.4, 0.4), accent, light="flat", alpha=0.85)
    draw.fill(oval(60.5, 67, 3.1, 3.1), PAPER, light="none")
    draw.fill(leaf(60.5, 66.8, 1.8), accent, light="none")


def stack(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 29)
    tones = (darker(body, 0.12), body, lighter(body, 0.35), lighter(body, 0.6))
    for index, tone in enumerate(tones):
        _cloth(draw, 68.5 - index * 11.3, 11.8, tone, left=23 + index * 0.8, width=54 - index * 1.6)
    for row in (38.2, 40.2):
        draw.line((29, row), (71, row), 0.5, accent, alpha=0.5)


def blanket(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 29)
    _cloth(draw, 62, 18, body, left=22, width=56)
    _cloth(draw, 46, 17, lighter(body, 0.14), left=24, width=52)
    for strand in range(15):
        x = 30 + strand * 2.7
        draw.line((x, 62), (x + (strand % 3 - 1) * 0.5, 68.5), 0.8, lighter(body, 0.35))
    for row in (50, 53):
        draw.line((33, row), (75, row), 0.7, accent, alpha=0.6)


def mask(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 27, y=76)
    draw.fill(
        [(24, 46, 3), (10, 58, 4), (14, 66, 3), (12, 58, 3), (26, 50, 2)], accent, light="none"
    )
    draw.fill(
        [(76, 46, 3), (90, 58, 4), (86, 66, 3), (88, 58, 3), (74, 50, 2)], accent, light="none"
    )
    outline = [
        (23, 45, 7),
        (50, 41, 14),
        (77, 45, 7),
        (79, 62, 9),
        (66, 74, 9),
        (54, 68, 5),
        (50, 61, 4),
        (46, 68, 5),
        (34, 74, 9),
        (21, 62, 9),
    ]
    draw.fill(outline, darker(body, 0.2), light="flat")
    inner = [(50 + (x - 50) * 0.94, 57 + (y - 57) * 0.92, radius) for x, y, radius in outline]
    draw.fill(inner, lighter(body, 0.12), light="flat")
    draw.fill(leaf(68, 55, 3.2), lighter(body, 0.7), light="none")


def roll(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(51, 31)
    draw.fill(box(24, 54, 56, 26, 6), body, light="flat")
    for x, y in ((40, 60), (47, 72), (55, 63), (61, 74), (68, 60), (73, 69), (50, 57), (36, 70)):
        draw.fill(oval(x, y, 0.6, 0.45), accent, light="none", alpha=0.6)
    for x in (42, 64):
        draw.fill(box(x, 53.6, 4, 26.8, 1), color("#e9dfc8"), light="flat")
    for ring, size in enumerate((13, 10.4, 7.8, 5.2, 2.6)):
        tone = darker(body, 0.34) if ring % 2 else lighter(body, 0.15)
        draw.fill(oval(26, 67, size * 0.62, size), tone, light="none")


def balls(draw: Drawing, body: Color, accent: Color) -> None:
    for x, y, size in ((60, 61, 16), (37, 66, 14)):
        draw.shadow(x, size * 0.8, y=y + size - 0.6)
        draw.fill(oval(x, y, size, size), body)
        draw.fill(
            oval(x - size * 0.25, y - size * 0.3, size * 0.42, size * 0.36),
            (255, 255, 255),
            light="none",
            alpha=0.12,
        )
        for across, down in (
            (-0.5, 0.1),
            (0.1, 0.5),
            (0.4, -0.2),
            (-0.1, -0.5),
            (0.55, 0.35),
            (-0.3, 0.6),
            (0.15, 0.05),
        ):
            draw.fill(
                oval(x + across * size, y + down * size, 0.8, 0.6), accent, light="none", alpha=0.6
            )


def sachets(draw: Drawing, body: Color, accent: Color) -> None:
    for x, tilt, tone in ((31, -9, 0.0), (69, 10, 0.12), (50, 0, 0.4)):
        around, paint = (x, GROUND - 4), lighter(body, tone)
        front = 1.5 if not tilt else 0
        foot = GROUND + front
        draw.shadow(x, 13, y=foot - 0.5, depth=0.28)
        bag = [
            (x - 12, foot - 30, 4),
            (x - 4, foot - 37, 3),
            (x + 4, foot - 37, 3),
            (x + 12, foot - 30, 4),
            (x + 12.5, foot, 3),
            (x - 12.5, foot, 3),
        ]
        collar = [
            (x - 8, foot - 45, 1.5),
            (x + 8, foot - 45, 1.5),
            (x + 3.6, foot - 36, 1),
            (x - 3.6, foot - 36, 1),
        ]
        draw.fill(turned(collar, around=around, by=tilt), darker(paint, 0.08), light="flat")
        draw.fill(turned(bag, around=around, by=tilt), paint, light="flat")
        for seam in (-5, 0, 5):
            (start, end) = turned(
                [(x + seam * 0.5, foot - 35, 0), (x + seam, foot - 29, 0)], around=around, by=tilt
            )
            draw.line(start[:2], end[:2], 0.4, darker(paint, 0.4), alpha=0.4)
        draw.fill(turned(box(x - 4.4, foot - 38, 8.8, 2.2, 1), around=around, by=tilt), accent)
        draw.fill(turned(leaf(x, foot - 15, 4.6), around=around, by=tilt), accent, light="none")
