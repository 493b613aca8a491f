"""What the drawn products look like: bottles, jars, tins, pouches, folded cloth and tools.

Each shape takes the drawing, the product's own color and its accent, and stands on the ground.
"""

from collections.abc import Callable
from storefront.demo.drawing import (
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

PAPER = color("#fbf8f1")
WOOD = color("#c99a66")
STEEL = color("#b9c1c2")
INK = color("#2b332d")

Shape = Callable[[Drawing, Color, Color], None]


def label(draw: Drawing, x: float, y: float, width: float, height: float, accent: Color,
          *, light: str = "round", paper: Color = PAPER) -> None:
    """A paper label with the leaf, two lines of small print and a band at its foot."""
    draw.fill(box(x - width / 2, y, width, height, 0.6), paper, light=light)
    draw.fill(leaf(x, y + height * 0.30, min(width, height) * 0.17), accent, light="none")
    draw.line((x, y + height * 0.34), (x - width * 0.05, y + height * 0.47), 0.5, accent)
    draw.line((x - width * 0.26, y + height * 0.60), (x + width * 0.26, y + height * 0.60), 0.8, INK)
    draw.line((x - width * 0.17, y + height * 0.69), (x + width * 0.17, y + height * 0.69), 0.5,
              INK, alpha=0.55)
    draw.fill(box(x - width / 2, y + height * 0.84, width, height * 0.16), accent, light=light,
              alpha=0.9)


def gleam(draw: Drawing, x: float, y: float, height: float, width: float = 1.4) -> None:
    """A streak of light on something smooth."""
    draw.line((x, y), (x, y + height), width, (255, 255, 255), alpha=0.26)


def bottle(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 16)
    draw.fill(box(44, 22, 12, 13, 1.2), darker(body, 0.55))
    draw.fill(profile(50, (5, 33, 0.5), (5, 37, 2), (15, 45, 6), (15, GROUND, 3)), body)
    gleam(draw, 38.5, 48, 27)
    label(draw, 50, 50, 24, 24, accent)


def pump(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 17)
    metal = color("#39423c")
    draw.fill(box(48.7, 19, 2.6, 14), metal)
    draw.fill(box(37, 16, 17, 4, 1.8), metal, light="flat")
    draw.fill(box(36.6, 17, 2.6, 6, 1), metal, light="flat")
    draw.fill(box(43, 29, 14, 7, 1), metal)
    draw.fill(profile(50, (6, 35, 0.5), (6, 37, 1), (17, 43, 6), (17, GROUND, 3.5)), body)
    gleam(draw, 37, 48, 26)
    label(draw, 50, 49, 27, 25, accent)


def dropper(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 14)
    draw.fill(profile(50, (2.8, 21, 2.6), (3.2, 33, 1)), color("#3a332c"))
    draw.fill(box(44.5, 32, 11, 8, 0.8), color("#d8cdb8"))
    draw.fill(profile(50, (5, 39, 0.5), (5, 43, 2), (13.5, 49, 5), (13.5, GROUND, 2.5)), body)
    gleam(draw, 39.6, 51, 24)
    label(draw, 50, 53, 22, 21, accent)


def spray(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 12.5)
    draw.fill(box(45.5, 25, 9, 8, 1.5), color("#f3eee4"))
    draw.fill(box(43, 27, 3.2, 2.4, 0.8), color("#e4ddd0"), light="flat")
    draw.fill(box(44, 32, 12, 7, 0.8), color("#d8cdb8"))
    draw.fill(profile(50, (5.4, 38, 0.5), (5.4, 41, 1.5), (12, 46, 4.5), (12, GROUND, 2.5)), body)
    gleam(draw, 40.8, 49, 26)
    label(draw, 50, 51, 20, 23, accent)


def flask(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 14)
    draw.fill(box(43.5, 16, 13, 7, 1.2), WOOD)
    draw.fill(profile(50, (6, 22, 0.4), (6, 26, 3), (13.5, 36, 7), (13.5, GROUND, 3)), body)
    draw.fill(profile(50, (13.5, 66, 0), (13.5, 69, 0)), accent, alpha=0.85)
    gleam(draw, 40, 39, 24, 1.8)
    draw.fill(leaf(50, 51, 4.2), accent, light="none")
    draw.line((50, 52), (48.6, 57.5), 0.7, accent)


def canister(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(51, 21)
    draw.fill(box(36, 23, 11, 8, 1.2), accent)
    draw.fill([(36.5, 30, 0.5), (46.5, 30, 0.5), (46.5, 34, 2), (67, 38, 5), (70, 44, 4),
               (70, GROUND, 3.5), (30, GROUND, 3.5), (30, 43, 6), (36.5, 36, 3)], body)
    draw.fill([(54, 42, 2.5), (65, 44.5, 2.5), (65, 58, 3), (61, 58, 2), (61, 48, 2),
               (54, 46, 1.5)], darker(body, 0.22), light="none")
    label(draw, 46, 52, 26, 23, accent, light="flat")


def diffuser(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 14)
    for top, lean in ((22, -13), (18, -7), (16, 0), (19, 7), (23, 13)):
        draw.line((50 + lean * 0.22, 50), (50 + lean, top), 0.9, color("#8a6a48"))
    draw.fill(box(45, 46, 10, 6, 0.8), color("#d8cdb8"))
    draw.fill(profile(50, (4.4, 51, 0.4), (4.4, 53, 1), (14, 58, 4.5), (14, GROUND, 3)), body,
              alpha=0.93)
    gleam(draw, 39, 60, 16)
    label(draw, 50, 60, 19, 16, accent)


def tube(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 11)
    draw.fill(box(43.2, 70, 13.6, 10, 1.2), accent)
    draw.fill([(37, 21, 0.6), (63, 21, 0.6), (57.5, 71, 1), (42.5, 71, 1)], body)
    draw.fill(box(36.6, 19, 26.8, 4, 0.5), darker(body, 0.16), light="flat")
    gleam(draw, 43.2, 27, 38)
    draw.fill(leaf(50, 37, 4.6), accent, light="none")
    draw.line((50, 38), (48.5, 44), 0.7, accent)
    draw.line((44.5, 50), (55.5, 50), 0.9, INK)
    draw.line((46, 53.5), (54, 53.5), 0.6, INK, alpha=0.55)


def tin(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 25)
    metal = color("#cfcabd")
    draw.fill(profile(50, (23, 62, 0), (23, GROUND, 3.5)), metal)
    draw.fill(oval(50, 62, 23, 6.5), darker(metal, 0.12), light="none")
    draw.fill(profile(50, (24, 54, 0), (24, 63.5, 4)), lighter(metal, 0.2))
    draw.fill(oval(50, 54, 24, 7), body, light="flat")
    draw.fill(oval(50, 53.8, 19.5, 5.3), lighter(body, 0.45), light="flat")
    draw.fill([(x, 53.6 + (y - 53.6) * 0.34, 0) for x, y, _ in leaf(50, 53.6, 7.5)], accent,
              light="none")


def jar(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 21)
    draw.fill(profile(50, (19.5, 46, 1), (19.5, GROUND, 4.5)), body)
    gleam(draw, 34.5, 51, 23, 1.8)
    draw.fill(box(30, 35, 40, 12, 1.6), WOOD)
    for row in (38.4, 41.6, 44.2):
        draw.line((31.2, row), (68.8, row), 0.25, darker(WOOD, 0.35), alpha=0.4)
    label(draw, 50, 53, 27, 20, accent, paper=lighter(body, 0.6))


def honey(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (15, 38, 2), (18, 44, 4), (18, GROUND, 4)), lighter(body, 0.62))
    draw.fill(profile(50, (15.6, 43, 3), (16.4, 47, 2), (16.4, GROUND - 1.6, 3.4)), body)
    gleam(draw, 36.6, 48, 26, 1.8)
    draw.fill(profile(50, (16.5, 29, 1.4), (16.5, 38.5, 1)), color("#f1e7d2"))
    draw.line((33.5, 36), (66.5, 36), 0.9, accent, alpha=0.7)
    label(draw, 50, 51, 25, 20, accent)


def cork(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 16)
    draw.fill(box(43, 32, 14, 10, 1.5), color("#c49a6c"))
    draw.fill(profile(50, (8, 40, 0.6), (8, 43, 2), (15, 48, 5), (15, GROUND, 3.6)),
              lighter(body, 0.6), alpha=0.8)
    draw.fill(profile(50, (12.6, 52, 2), (13.6, 54, 1), (13.6, GROUND - 1.5, 3)), body)
    gleam(draw, 38.4, 50, 25)
    label(draw, 50, 56, 20, 18, accent)


def candle(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (17, 44, 0.6), (16, GROUND, 3.5)), (255, 255, 255), alpha=0.5)
    draw.fill(profile(50, (15.6, 51, 0), (14.8, GROUND - 2, 3)), body)
    draw.fill(oval(50, 51, 15.6, 3), lighter(body, 0.5), light="none")
    draw.line((50, 51), (50, 46.5), 0.7, INK)
    draw.fill([(50, 35, 0.2), (53, 43, 3), (50, 47.5, 3), (47, 43, 3)], color("#f6b552"),
              light="none")
    draw.fill([(50, 39, 0.2), (51.5, 44, 1.5), (50, 47, 1.5), (48.5, 44, 1.5)], color("#fdf0c8"),
              light="none")
    gleam(draw, 37.4, 48, 26)
    label(draw, 50, 57, 22, 18, accent)


def caddy(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (17, 38, 0), (17, GROUND, 3)), body)
    draw.fill(profile(50, (17.8, 30, 2.6), (17.8, 39.5, 0.8)), darker(body, 0.2))
    draw.line((32.6, 37.6), (67.4, 37.6), 0.5, lighter(body, 0.5), alpha=0.6)
    gleam(draw, 36.6, 43, 32, 1.8)
    label(draw, 50, 46, 26, 24, accent)


def pouch(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill([(34, 27, 0.6), (66, 27, 0.6), (69, 50, 6), (69.5, GROUND, 3), (30.5, GROUND, 3),
               (31, 50, 6)], body)
    draw.fill(box(33.6, 25, 32.8, 6.5, 0.6), darker(body, 0.1), light="flat")
    for row in (27, 29):
        draw.line((35, row), (65, row), 0.3, darker(body, 0.3), alpha=0.5)
    draw.fill([(31, 74, 1), (69, 74, 1), (69.5, GROUND, 3), (30.5, GROUND, 3)],
              darker(body, 0.1))
    label(draw, 50, 41, 23, 25, accent, light="flat")


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
        draw.fill([(x, 70, 0.3), (x + 2.6, 70, 0.3), (x + 3 + (tuft - 3.5) * 0.35, GROUND, 0.5),
                   (x - 0.4 + (tuft - 3.5) * 0.35, GROUND, 0.5)], color("#eee0c4"))
    draw.line((33, 67.5), (48, 67.5), 0.4, accent, alpha=0.4)


def _cloth(draw: Drawing, y: float, height: float, body: Color, *, left: float = 24,
           width: float = 52) -> None:
    """One folded piece of cloth seen from the side of its folds."""
    draw.fill(box(left, y, width, height, height * 0.48), body, light="flat")
    for part in (0.36, 0.68):
        draw.line((left + height * 0.5, y + height * part), (left + width - 0.8, y + height * part),
                  0.4, darker(body, 0.45), alpha=0.45)


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
    draw.fill([(24, 46, 3), (10, 58, 4), (14, 66, 3), (12, 58, 3), (26, 50, 2)], accent,
              light="none")
    draw.fill([(76, 46, 3), (90, 58, 4), (86, 66, 3), (88, 58, 3), (74, 50, 2)], accent,
              light="none")
    outline = [(23, 45, 7), (50, 41, 14), (77, 45, 7), (79, 62, 9), (66, 74, 9), (54, 68, 5),
               (50, 61, 4), (46, 68, 5), (34, 74, 9), (21, 62, 9)]
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
        draw.fill(oval(x - size * 0.25, y - size * 0.3, size * 0.42, size * 0.36),
                  (255, 255, 255), light="none", alpha=0.12)
        for across, down in ((-0.5, 0.1), (0.1, 0.5), (0.4, -0.2), (-0.1, -0.5), (0.55, 0.35),
                             (-0.3, 0.6), (0.15, 0.05)):
            draw.fill(oval(x + across * size, y + down * size, 0.8, 0.6), accent, light="none",
                      alpha=0.6)


def sachets(draw: Drawing, body: Color, accent: Color) -> None:
    for x, y, tilt, tone in ((33, 30, -8, 0.0), (67, 30, 9, 0.1), (50, 36, 0, 0.35)):
        around = (x, y + 40)
        draw.shadow(x, 10, y=min(y + 44, 80.5), depth=0.26)
        paint = lighter(body, tone)
        draw.fill(turned([(x - 6, y, 1), (x + 6, y, 1), (x + 4, y + 9, 2), (x + 11, y + 18, 6),
                          (x + 11, y + 44, 4), (x - 11, y + 44, 4), (x - 11, y + 18, 6),
                          (x - 4, y + 9, 2)], around=around, by=tilt), paint)
        draw.fill(turned(box(x - 4.8, y + 8, 9.6, 2.2, 1), around=around, by=tilt), accent)
        draw.fill(turned(leaf(x, y + 27, 4), around=around, by=tilt), accent, light="none")


SHAPES: dict[str, Shape] = {
    shape.__name__: shape
    for shape in (
        balls, blanket, board, bottle, brush, caddy, candle, canister, cork, diffuser, dropper,
        flask, folded, honey, jar, mask, pouch, pump, roll, sachets, soap, spray, stack, tin, tube,
    )
}
