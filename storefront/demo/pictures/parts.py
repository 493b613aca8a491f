"""What many drawn products share: materials, the paper label, light on a smooth face."""

from storefront.demo.pictures.drawing import Color, Drawing, box, color, leaf

PAPER = color("#fbf8f1")
WOOD = color("#c99a66")
STEEL = color("#b9c1c2")
INK = color("#2b332d")


def label(
    draw: Drawing,
    place: tuple[float, float, float, float],
    accent: Color,
    *,
    light: str = "round",
    paper: Color = PAPER,
) -> None:
    """A paper label with the leaf, two lines of small print and a band at its foot.

    `place`: middle, top, width and height.
    """
    x, y, width, height = place
    draw.fill(box(x - width / 2, y, width, height, 0.6), paper, light=light)
    draw.fill(leaf(x, y + height * 0.30, min(width, height) * 0.17), accent, light="none")
    draw.line((x, y + height * 0.34), (x - width * 0.05, y + height * 0.47), 0.5, accent)
    draw.line(
        (x - width * 0.26, y + height * 0.60), (x + width * 0.26, y + height * 0.60), 0.8, INK
    )
    draw.line(
        (x - width * 0.17, y + height * 0.69),
        (x + width * 0.17, y + height * 0.69),
        0.5,
        INK,
        alpha=0.55,
    )
    draw.fill(
        box(x - width / 2, y + height * 0.84, width, height * 0.16), accent, light=light, alpha=0.9
    )


def gleam(draw: Drawing, x: float, y: float, height: float, width: float = 1.4) -> None:
    """A streak of light on something smooth."""
    draw.line((x, y), (x, y + height), width, (255, 255, 255), alpha=0.26)
