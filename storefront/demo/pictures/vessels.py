"""Bottles, jars, tins and what else holds something; they stand on the ground."""

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
)
from storefront.demo.pictures.parts import INK, WOOD, gleam, label


def bottle(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 16)
    draw.fill(box(44, 22, 12, 13, 1.2), darker(body, 0.55))
    draw.fill(profile(50, (5, 33, 0.5), (5, 37, 2), (15, 45, 6), (15, GROUND, 3)), body)
    gleam(draw, 38.5, 48, 27)
    label(draw, (50, 50, 24, 24), accent)


def pump(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 17)
    metal = color("#39423c")
    draw.fill(box(48.7, 19, 2.6, 14), metal)
    draw.fill(box(37, 16, 17, 4, 1.8), metal, light="flat")
    draw.fill(box(36.6, 17, 2.6, 6, 1), metal, light="flat")
    draw.fill(box(43, 29, 14, 7, 1), metal)
    draw.fill(profile(50, (6, 35, 0.5), (6, 37, 1), (17, 43, 6), (17, GROUND, 3.5)), body)
    gleam(draw, 37, 48, 26)
    label(draw, (50, 49, 27, 25), accent)


def dropper(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 14)
    draw.fill(profile(50, (2.8, 21, 2.6), (3.2, 33, 1)), color("#3a332c"))
    draw.fill(box(44.5, 32, 11, 8, 0.8), color("#d8cdb8"))
    draw.fill(profile(50, (5, 39, 0.5), (5, 43, 2), (13.5, 49, 5), (13.5, GROUND, 2.5)), body)
    gleam(draw, 39.6, 51, 24)
    label(draw, (50, 53, 22, 21), accent)


def spray(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 12.5)
    draw.fill(box(45.5, 25, 9, 8, 1.5), color("#f3eee4"))
    draw.fill(box(43, 27, 3.2, 2.4, 0.8), color("#e4ddd0"), light="flat")
    draw.fill(box(44, 32, 12, 7, 0.8), color("#d8cdb8"))
    draw.fill(profile(50, (5.4, 38, 0.5), (5.4, 41, 1.5), (12, 46, 4.5), (12, GROUND, 2.5)), body)
    gleam(draw, 40.8, 49, 26)
    label(draw, (50, 51, 20, 23), accent)


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
    draw.fill(
        [
            (36.5, 30, 0.5),
            (46.5, 30, 0.5),
            (46.5, 34, 2),
            (67, 38, 5),
            (70, 44, 4),
            (70, GROUND, 3.5),
            (30, GROUND, 3.5),
            (30, 43, 6),
            (36.5, 36, 3),
        ],
        body,
    )
    draw.fill(
        [(54, 42, 2.5), (65, 44.5, 2.5), (65, 58, 3), (61, 58, 2), (61, 48, 2), (54, 46, 1.5)],
        darker(body, 0.22),
        light="none",
    )
    label(draw, (46, 52, 26, 23), accent, light="flat")


def diffuser(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 14)
    for top, lean in ((22, -13), (18, -7), (16, 0), (19, 7), (23, 13)):
        draw.line((50 + lean * 0.22, 50), (50 + lean, top), 0.9, color("#8a6a48"))
    draw.fill(box(45, 46, 10, 6, 0.8), color("#d8cdb8"))
    draw.fill(
        profile(50, (4.4, 51, 0.4), (4.4, 53, 1), (14, 58, 4.5), (14, GROUND, 3)), body, alpha=0.93
    )
    gleam(draw, 39, 60, 16)
    label(draw, (50, 60, 19, 16), accent)


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
    draw.fill(
        [(x, 53.6 + (y - 53.6) * 0.34, 0) for x, y, _ in leaf(50, 53.6, 7.5)], accent, light="none"
    )


def jar(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 21)
    draw.fill(profile(50, (19.5, 46, 1), (19.5, GROUND, 4.5)), body)
    gleam(draw, 34.5, 51, 23, 1.8)
    draw.fill(box(30, 35, 40, 12, 1.6), WOOD)
    for row in (38.4, 41.6, 44.2):
        draw.line((31.2, row), (68.8, row), 0.25, darker(WOOD, 0.35), alpha=0.4)
    label(draw, (50, 53, 27, 20), accent, paper=lighter(body, 0.6))


def honey(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (15, 38, 2), (18, 44, 4), (18, GROUND, 4)), lighter(body, 0.62))
    draw.fill(profile(50, (15.6, 43, 3), (16.4, 47, 2), (16.4, GROUND - 1.6, 3.4)), body)
    gleam(draw, 36.6, 48, 26, 1.8)
    draw.fill(profile(50, (16.5, 29, 1.4), (16.5, 38.5, 1)), color("#f1e7d2"))
    draw.line((33.5, 36), (66.5, 36), 0.9, accent, alpha=0.7)
    label(draw, (50, 51, 25, 20), accent)


def cork(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 16)
    draw.fill(box(43, 32, 14, 10, 1.5), color("#c49a6c"))
    draw.fill(
        profile(50, (8, 40, 0.6), (8, 43, 2), (15, 48, 5), (15, GROUND, 3.6)),
        lighter(body, 0.6),
        alpha=0.8,
    )
    draw.fill(profile(50, (12.6, 52, 2), (13.6, 54, 1), (13.6, GROUND - 1.5, 3)), body)
    gleam(draw, 38.4, 50, 25)
    label(draw, (50, 56, 20, 18), accent)


def candle(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (17, 44, 0.6), (16, GROUND, 3.5)), (255, 255, 255), alpha=0.5)
    draw.fill(profile(50, (15.6, 51, 0), (14.8, GROUND - 2, 3)), body)
    draw.fill(oval(50, 51, 15.6, 3), lighter(body, 0.5), light="none")
    draw.line((50, 51), (50, 46.5), 0.7, INK)
    draw.fill(
        [(50, 35, 0.2), (53, 43, 3), (50, 47.5, 3), (47, 43, 3)], color("#f6b552"), light="none"
    )
    draw.fill(
        [(50, 39, 0.2), (51.5, 44, 1.5), (50, 47, 1.5), (48.5, 44, 1.5)],
        color("#fdf0c8"),
        light="none",
    )
    gleam(draw, 37.4, 48, 26)
    label(draw, (50, 57, 22, 18), accent)


def caddy(draw: Drawing, body: Color, accent: Color) -> None:
    draw.shadow(50, 19)
    draw.fill(profile(50, (17, 38, 0), (17, GROUND, 3)), body)
    draw.fill(profile(50, (17.8, 30, 2.6), (17.8, 39.5, 0.8)), darker(body, 0.2))
    draw.line((32.6, 37.6), (67.4, 37.6), 0.5, lighter(body, 0.5), alpha=0.6)
    gleam(draw, 36.6, 43, 32, 1.8)
    label(draw, (50, 46, 26, 24), accent)
