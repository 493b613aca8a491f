"""Scenes for pages: places, work and people of the company, in the language of its products.

What matters stands between y = 16 and y = 84: pages cut the square to 4:3 and 3:2.
"""

import math

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
    profile,
    turned,
)
from storefront.demo.pictures.parts import INK, PAPER, WOOD, gleam, label

LINDEN = color("#4f7a4a")
DEEP = color("#2c6a3b")
APRICOT = color("#e2a171")
LINEN = color("#d9cbb4")
CREAM = color("#f3ead9")
SKY = color("#dfe9ea")
CLAY = color("#c98a63")
MIST = color("#8fa9a8")


def _glass(draw: Drawing, x: float, width: float, top: float, paint: Color) -> None:
    """A bottle that stands at x."""
    draw.shadow(x, width * 1.1)
    half = width / 2
    draw.fill(
        profile(
            x,
            (half * 0.36, top, 0.8),
            (half * 0.36, top + 9, 1),
            (half, top + 17, 5),
            (half, GROUND, 3),
        ),
        paint,
    )
    draw.fill(profile(x, (half * 0.44, top - 6, 1), (half * 0.44, top + 3, 0.6)), INK)
    gleam(draw, x - half * 0.66, top + 20, GROUND - top - 28, 1.2)


def _fold(draw: Drawing, place: tuple[float, float, float, float], paint: Color) -> None:
    """Folded cloth in four layers; `place`: left, bottom, width and height."""
    x, y, width, height = place
    layers = 4
    step = height / layers
    for number in range(layers):
        top = y - (number + 1) * step
        shade = lighter(paint, 0.10 * (number % 2))
        draw.fill(box(x, top, width, step + 0.4, step * 0.48), shade, light="flat")
        draw.line(
            (x + 3, top + step), (x + width - 2, top + step), 0.35, darker(paint, 0.35), alpha=0.45
        )


def _bar(draw: Drawing, x: float, y: float, paint: Color, width: float = 15) -> None:
    draw.fill(box(x, y - 7, width, 7, 1.8), paint, light="flat")
    draw.fill(box(x + 0.8, y - 7, width - 1.6, 2.2, 1), lighter(paint, 0.35), light="none")
    draw.fill(leaf(x + width / 2, y - 2.8, 1.8), darker(paint, 0.25), light="none", alpha=0.6)


def still_life(draw: Drawing) -> None:
    """Linen, oil, a jar and a twig: what the shop is about."""
    draw.shadow(29, 20)
    _fold(draw, (10, GROUND, 37, 20), LINEN)
    _bar(draw, 18, GROUND - 20, color("#e9c9a6"), 17)
    _glass(draw, 58, 17, 30, DEEP)
    label(draw, (58, 54, 13, 17), LINDEN)
    draw.shadow(80, 12)
    draw.fill(profile(80, (10.4, 56, 1), (10.8, GROUND, 2.4)), color("#efe0cd"))
    draw.fill(profile(80, (11.2, 50.5, 1.2), (11.2, 57, 0.8)), WOOD)
    label(draw, (80, 62, 12, 13), APRICOT)
    draw.line((9, 79), (36, 84), 0.7, darker(LINDEN, 0.2))
    for x, y, size in ((13, 77.5, 3.2), (21, 83.4, 3.4), (29, 80, 3), (36, 84, 2.6)):
        draw.fill(leaf(x, y, size, tilt=1.1), LINDEN, light="none")


def workshop(draw: Drawing) -> None:
    """A window, a shelf with soap drying, and the bench below."""
    draw.fill(box(9, 17, 30, 36, 1), PAPER, light="none")
    draw.fill(box(11, 19, 26, 32, 0.6), SKY, light="flat")
    draw.fill(oval(19, 48, 7, 5), color("#b9cbaa"), light="none")
    draw.fill(oval(31, 47, 5.6, 6.4), color("#a9c09b"), light="none")
    draw.fill(box(9, 51, 30, 4, 0.6), PAPER, light="none")
    draw.line((24, 19), (24, 51), 1.2, PAPER)
    draw.line((11, 34), (37, 34), 1.2, PAPER)
    for y, count, paints in (
        (35, 4, (color("#e9c9a6"), color("#cfd9c3"), color("#e7d9c9"), color("#d8c2b0"))),
        (53, 4, (color("#cfd9c3"), color("#e9c9a6"), color("#c9d6d6"), color("#e7d9c9"))),
    ):
        for number in range(count):
            _bar(draw, 46 + number * 11.4, y, paints[number], 9.6)
        draw.fill(box(44, y, 48, 2.2, 0.6), WOOD, light="flat")
    draw.fill(box(0, 70, 100, 5, 0.4), WOOD, light="flat")
    draw.fill(box(0, 75, 100, 25, 0), darker(WOOD, 0.28), light="flat")
    draw.fill(profile(22, (12, 61, 1), (9, 70, 2.4)), color("#b9c1c2"))
    draw.fill(oval(22, 61, 12, 2.2), color("#efe6d2"), light="none")
    draw.line((26, 61), (34, 50), 1.4, darker(WOOD, 0.2))
    _bar(draw, 50, 70, color("#dfe6d2"), 26)
    for x in (58, 66):
        draw.line((x, 63), (x, 70), 0.4, darker(LINEN, 0.3), alpha=0.6)
    draw.fill(box(80, 60, 9, 10, 1.2), DEEP)
    draw.fill(box(82.4, 56.5, 4.2, 4, 0.6), INK)


def linden(draw: Drawing) -> None:
    """The old linden tree above the town."""
    draw.wash(SKY, 0.65)
    draw.fill(oval(50, 98, 78, 24), color("#b7c9a4"), light="flat")
    draw.fill(oval(20, 100, 46, 20), color("#a6bd93"), light="flat")
    draw.shadow(52, 20, y=79)
    draw.fill([(46, 80, 2), (48, 50, 1), (54, 50, 1), (57, 80, 2)], darker(WOOD, 0.4))
    for start, end in (((50, 58), (38, 44)), ((51, 56), (64, 42)), ((51, 60), (50, 38))):
        draw.line(start, end, 2.2, darker(WOOD, 0.4))
    for x, y, width, height, shade in (
        (50, 40, 30, 19, 0.10),
        (35, 45, 17, 13, 0.0),
        (66, 44, 17, 13, 0.05),
        (50, 29, 20, 13, -0.1),
        (43, 38, 15, 11, -0.18),
        (58, 37, 15, 11, -0.12),
    ):
        paint = darker(LINDEN, shade) if shade > 0 else lighter(LINDEN, -shade)
        draw.fill(oval(x, y, width, height), paint, light="round")
    for number in range(46):
        turn = number * 2.39996
        reach = math.sqrt(number / 46)
        x, y = 50 + 29 * reach * math.cos(turn), 38 + 17 * reach * math.sin(turn)
        paint = lighter(LINDEN, 0.3) if number % 3 else color("#d6cf7e")
        draw.fill(leaf(x, y, 1.7, tilt=turn), paint, light="none", alpha=0.75)
    draw.fill(box(66, 72, 15, 1.8, 0.4), WOOD, light="flat")
    for x in (68, 79):
        draw.line((x, 73), (x, 78), 1.1, darker(WOOD, 0.3))


def _hand(draw: Drawing, x: float, side: float, sleeve: Color, skin: Color) -> None:
    """A forearm from below, a palm and four fingers; side is 1 for the right hand."""
    draw.line((x + side * 24, 96), (x + side * 14, 74), 15, sleeve, light="none")
    draw.line((x + side * 15, 76), (x + side * 8, 64), 9.5, skin)
    draw.fill(turned(oval(x + side * 5, 59, 8.4, 7.6), around=(x, 59), by=side * 18), skin)
    for number in range(4):
        start = (x + side * (9 - number * 3.2), 55 - number * 0.4)
        end = (x + side * (1.5 - number * 2.6), 47.5 - number * 0.7 + abs(number - 1) * 0.9)
        draw.line(start, end, 3.3, skin)
        draw.line(start, end, 0.3, darker(skin, 0.3), alpha=0.18)
    draw.line((x + side * 1, 62), (x - side * 6, 60.5), 3.4, skin)


def hands(draw: Drawing) -> None:
    """Two hands that press a bar of soap into its mould."""
    draw.fill(box(0, 66, 100, 40, 0), lighter(WOOD, 0.25), light="flat")
    for y in (72, 79, 87):
        draw.line((0, y), (100, y + 0.8), 0.35, darker(WOOD, 0.2), alpha=0.35)
    draw.shadow(50, 26, y=67)
    draw.fill(box(27, 48, 46, 19, 2.4), WOOD, light="flat")
    draw.fill(box(30, 45.5, 40, 14, 2.6), color("#e9dcc4"), light="flat")
    draw.fill(leaf(50, 51, 5), darker(LINEN, 0.2), light="none", alpha=0.7)
    skin = color("#dcae8c")
    _hand(draw, 30, -1, LINDEN, skin)
    _hand(draw, 70, 1, LINDEN, skin)
    for x, y, size in ((16, 38, 3), (83, 36, 2.6), (77, 29, 2)):
        draw.fill(leaf(x, y, size, tilt=x), LINDEN, light="none", alpha=0.8)


def loom(draw: Drawing) -> None:
    """A frame with its warp, half of it woven."""
    draw.shadow(50, 36, y=84)
    draw.fill(box(17, 16, 4.6, 68, 1.6), WOOD)
    draw.fill(box(78.4, 16, 4.6, 68, 1.6), WOOD)
    draw.fill(box(14, 19, 72, 5, 2), darker(WOOD, 0.12), light="flat")
    for number in range(28):
        x = 24 + number * 1.93
        draw.line((x, 23), (x, 80), 0.42, CREAM if number % 2 else LINEN)
    for number in range(17):
        y = 80 - number * 1.95
        paint = (LINEN, lighter(LINEN, 0.3), APRICOT if number in {5, 6} else CREAM)[number % 3]
        draw.fill(box(23, y - 1.9, 54, 2.1, 0.9), paint, light="flat")
    draw.fill(box(14, 79.4, 72, 5, 2), darker(WOOD, 0.12), light="flat")
    draw.fill(turned(box(36, 40, 26, 3.6, 1.8), around=(49, 42), by=-6), DEEP, light="flat")
    draw.line((62, 41), (77, 46), 0.5, APRICOT)


def meadow(draw: Drawing) -> None:
    """Camomile in July, with the hills behind."""
    draw.wash(SKY, 0.75)
    draw.fill(oval(78, 25, 6.5, 6.5), color("#f4d9a0"), light="none")
    for x, y, width, height, paint in (
        (22, 66, 46, 22, color("#b9ccbd")),
        (80, 68, 48, 25, color("#a9c1ab")),
        (46, 86, 84, 28, color("#8fae86")),
    ):
        draw.fill(oval(x, y, width, height), paint, light="flat")
    for number in range(36):
        # Squares strew them without rows; those in front come last.
        x = 3 + (number * number * 7.31 + number * 29.7) % 94
        y = 66 + number * 0.72
        size = 1.0 + (y - 62) / 22
        draw.line((x, y), (x + 0.6, y + 5 * size), 0.4 * size, LINDEN)
        for petal in range(7):
            turn = petal * math.tau / 7
            draw.fill(
                oval(x + 1.3 * size * math.cos(turn), y + 1.1 * size * math.sin(turn),
                     0.75 * size, 0.6 * size),
                PAPER, light="none",
            )  # fmt: skip
        draw.fill(oval(x, y, 0.85 * size, 0.75 * size), color("#e5b549"), light="none")


def parcel(draw: Drawing) -> None:
    """A box with twine, ready to go."""
    draw.shadow(50, 34)
    card = color("#cfa97c")
    draw.fill(box(24, 42, 52, 38, 1), card, light="flat")
    lid = [(24, 42, 0.6), (31, 32, 0.6), (83, 32, 0.6), (76, 42, 0.6)]
    side = [(76, 42, 0.6), (83, 32, 0.6), (83, 70, 0.6), (76, 80, 0.6)]
    draw.fill(lid, lighter(card, 0.25), light="none")
    draw.fill(side, darker(card, 0.2), light="none")
    draw.line((50, 42), (50, 80), 1.1, PAPER)
    draw.line((50, 42), (57, 32), 1.1, PAPER)
    draw.line((24, 60), (76, 60), 1.1, PAPER)
    draw.line((76, 60), (83, 51), 1.1, PAPER)
    draw.fill(oval(46.6, 57.8, 3.4, 2), PAPER, light="none")
    draw.fill(oval(53.4, 57.8, 3.4, 2), PAPER, light="none")
    draw.fill(oval(46.6, 57.9, 1.9, 0.9), card, light="none")
    draw.fill(oval(53.4, 57.9, 1.9, 0.9), card, light="none")
    draw.fill(box(29, 65, 15, 10, 0.5), PAPER, light="flat")
    draw.fill(leaf(33.5, 69, 2.4), LINDEN, light="none")
    for y in (68, 71):
        draw.line((37.5, y), (42, y), 0.5, INK, alpha=0.5)
    draw.fill(leaf(61, 55.5, 4.2, tilt=1.3), LINDEN, light="none")
    draw.fill(leaf(65.5, 57.6, 3.2, tilt=2.0), lighter(LINDEN, 0.2), light="none")


def kitchen(draw: Drawing) -> None:
    """A kettle, a cup and the steam above."""
    draw.shadow(37, 21)
    draw.fill(profile(37, (9, 45, 2), (17, 56, 8), (16, GROUND, 4)), MIST)
    draw.fill(profile(37, (9.6, 42, 1.6), (10.4, 47, 1)), darker(MIST, 0.2))
    draw.fill(oval(37, 40, 2, 2), INK)
    draw.line((51, 62), (62, 51), 4, MIST, light="none")
    draw.line((24, 50), (27, 32), 1.8, INK)
    draw.line((27, 32), (47, 32), 1.8, INK)
    draw.line((47, 32), (50, 50), 1.8, INK)
    gleam(draw, 27, 56, 18)
    draw.shadow(76, 11)
    draw.fill(oval(86, 69, 4.4, 4.8), CREAM, light="none")
    draw.fill(oval(86, 69, 2.6, 3), color("#e9dccb"), light="none")
    draw.fill(profile(76, (10.5, 60, 0.6), (7.6, GROUND, 4)), CREAM)
    draw.fill(oval(76, 60, 10.5, 2), color("#b98d4f"), light="none")
    for x, lift in ((72, 0), (76, -4), (80, 1)):
        for number in range(9):
            y = 55 + lift - number * 2.6
            draw.fill(
                oval(x + 1.7 * math.sin(number * 0.8 + x), y, 1.0, 1.9), PAPER, light="none",
                alpha=0.34 - number * 0.03,
            )  # fmt: skip
    draw.line((5, 81), (20, 83), 0.6, darker(LINDEN, 0.2))
    for x, y in ((7, 79), (13, 83.6), (18, 80.6)):
        draw.fill(leaf(x, y, 2.7, tilt=x), LINDEN, light="none")


def street(draw: Drawing) -> None:
    """Houses of the town on the day the doors are open."""
    draw.wash(SKY, 0.65)
    for x, top, width, wall, roof in (
        (4, 44, 21, color("#ead9c2"), color("#b5714f")),
        (25, 36, 19, color("#d8e0d0"), color("#8d5d49")),
        (44, 40, 25, color("#f1e4d0"), DEEP),
        (69, 33, 17, color("#e3cdbb"), color("#a8674b")),
        (86, 46, 18, color("#dbe3e2"), color("#7d5648")),
    ):
        gable = [
            (x - 1.4, top, 0.6),
            (x + width / 2, top - 14, 0.8),
            (x + width + 1.4, top, 0.6),
        ]
        draw.fill(gable, roof, light="flat")
        draw.fill(box(x, top, width, 84 - top, 0.3), wall, light="flat")
        for row in range(2):
            for column in range(2):
                draw.fill(
                    box(x + width * (0.18 + column * 0.42), top + 5 + row * 12, width * 0.22, 7, 0.5),
                    lighter(MIST, 0.25), light="flat",
                )  # fmt: skip
    draw.fill(box(0, 80, 100, 20, 0), color("#cdc4b3"), light="flat")
    draw.fill(box(51, 62, 11, 18, 1), darker(WOOD, 0.2), light="flat")
    draw.fill(box(47, 58, 19, 3.4, 0.6), APRICOT, light="flat")
    for number in range(5):
        x = 46.5 + number * 4.2
        stripe = [(x, 61, 0.3), (x + 4.2, 61, 0.3), (x + 2.1, 64.4, 0.8)]
        draw.fill(stripe, (APRICOT, PAPER)[number % 2], light="none")
    for number in range(15):
        x = 3 + number * 6.8
        y = 26 + 5 * math.sin(number * math.pi / 14)
        paint = (LINDEN, APRICOT, PAPER)[number % 3]
        draw.fill([(x, y, 0.2), (x + 4.4, y, 0.2), (x + 2.2, y + 5, 0.5)], paint, light="none")
        draw.line((x - 1, y), (x + 6, y), 0.3, INK, alpha=0.5)


def evening(draw: Drawing) -> None:
    """A made bed under the moon."""
    draw.fill(box(30, 12, 44, 36, 1), darker(MIST, 0.45), light="flat")
    draw.fill(oval(62, 25, 6, 6), color("#f3e3b5"), light="none")
    draw.fill(oval(59.4, 23.6, 5.4, 5.4), darker(MIST, 0.45), light="none")
    for x, y in ((37, 20), (45, 30), (52, 18), (70, 38)):
        draw.fill(oval(x, y, 0.7, 0.7), PAPER, light="none")
    draw.line((52, 12), (52, 48), 1.3, PAPER)
    draw.fill(box(7, 48, 86, 9, 3), WOOD, light="flat")
    draw.fill(box(10, 57, 80, 25, 2), CREAM, light="flat")
    draw.fill(box(14, 51, 31, 13, 5.6), PAPER, light="flat")
    draw.fill(box(52, 51, 31, 13, 5.6), PAPER, light="flat")
    draw.fill(box(8, 63, 84, 21, 4.5), color("#b9c6bb"), light="flat")
    draw.fill(box(8, 62, 84, 5, 2.4), lighter(color("#b9c6bb"), 0.4), light="flat")
    for x in (24, 40, 56, 72):
        draw.line((x, 67), (x + 1.4, 84), 0.4, darker(MIST, 0.3), alpha=0.4)


def portrait(draw: Drawing, hair: Color, skin: Color, coat: Color, style: str) -> None:
    """A face as simple as a stamp; style is "bun", "short" or "long"."""
    if style == "long":
        draw.fill(box(28, 26, 44, 50, 21), hair, light="none")
    draw.fill(box(18, 74, 64, 44, 22), coat, light="flat")
    draw.fill(box(43.5, 62, 13, 18, 6), darker(skin, 0.1), light="none")
    draw.fill([(40, 73, 2), (60, 73, 2), (50, 84, 3)], lighter(coat, 0.5), light="none")
    draw.fill(oval(50, 47, 16.5, 20), skin, light="none")
    if style == "bun":
        draw.fill(oval(50, 20, 8, 7), hair, light="none")
    top = [
        (33, 44, 1),
        (32.4, 26, 12),
        (50, 21, 10),
        (67.6, 26, 12),
        (67, 44, 1),
        (62, 34, 4),
        (42, 33, 6),
    ]
    draw.fill(top, hair, light="none")
    for x in (43.6, 56.4):
        draw.fill(oval(x, 47, 1.25, 1.5), INK, light="none")
        draw.line((x - 2.4, 42.8), (x + 2.2, 42.6), 0.8, darker(hair, 0.2))
    draw.line((50, 48), (49, 53), 0.7, darker(skin, 0.28))
    draw.line((45.6, 58.6), (50, 60), 0.9, darker(skin, 0.45))
    draw.line((50, 60), (54.4, 58.6), 0.9, darker(skin, 0.45))
    for x in (39.6, 60.4):
        draw.fill(oval(x, 54, 2.8, 2), APRICOT, light="none", alpha=0.35)


def ada(draw: Drawing) -> None:
    """Who began it."""
    portrait(draw, color("#8d8378"), color("#ecc7a8"), DEEP, "bun")


def joao(draw: Drawing) -> None:
    """The weaver in Portugal."""
    portrait(draw, color("#33291f"), color("#c89370"), CLAY, "short")


def ilze(draw: Drawing) -> None:
    """Who gathers the tea in Latvia."""
    portrait(draw, color("#b88a52"), color("#efcdb2"), MIST, "long")
