"""How times grow with the number of members, drawn: both axes by powers of ten."""

from collections.abc import Sequence
from math import log10

LEFT, RIGHT, BOTTOM, DECADE = 80, 480, 260, 60
LEAST = 0.001
MARKS = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "0.1 s"), (1.0, "1 s"), (10.0, "10 s"))
DASHES = ("", "6 4", "2 3", "10 3 2 3", "1 5", "12 6")
LABEL_HEIGHT = 14


def draw_growth(seconds: dict[str, list[float]], *, sizes: Sequence[int]) -> str:
    """One line per name, its value at each size; labels keep out of each other's way."""
    step = (RIGHT - LEFT) / (len(sizes) - 1)
    columns = [round(LEFT + number * step) for number in range(len(sizes))]
    shapes, words = [], []
    for size, x in zip(sizes, columns, strict=True):
        words.append(f'<text x="{x}" y="{BOTTOM + 30}" text-anchor="middle">{size:,}</text>')
    for value, label in MARKS:
        y = _height(value)
        shapes.append(f'<path d="M{LEFT - 10} {y}H{RIGHT + 10}" opacity=".25"/>')
        words.append(f'<text x="{LEFT - 18}" y="{y + 4}" text-anchor="end">{label}</text>')
    lowest = float(BOTTOM)
    for number, (name, values) in enumerate(sorted(seconds.items(), key=lambda each: each[1][-1])):
        points = " ".join(f"{x},{_height(value)}" for x, value in zip(columns, values, strict=True))
        dash = DASHES[number % len(DASHES)]
        shapes.append(f'<polyline points="{points}" stroke-width="2" stroke-dasharray="{dash}"/>')
        lowest = min(_height(values[-1]), lowest - LABEL_HEIGHT)
        words.append(f'<text x="{RIGHT + 16}" y="{lowest + 4}">{name}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {BOTTOM + 40}"'
        ' font-family="sans-serif" font-size="12">'
        f'<g fill="none" stroke="currentColor">{"".join(shapes)}</g>'
        f'<g fill="currentColor">{"".join(words)}</g></svg>\n'
    )


def _height(seconds: float) -> float:
    return round(BOTTOM - 10 - DECADE * log10(max(seconds, LEAST) / LEAST), 1)
