"""Readable colours, computed: the pairs a theme promises, and the WCAG ratio of any two colours.

Used by the tests for the shipped tokens and for any customer theme's `tokens.css`.
"""

import re

TEXT = 4.5
SHAPE = 3.0

# (foreground, background, least ratio). Text needs 4.5, borders of controls and focus rings 3.
PAIRS: list[tuple[str, str, float]] = [
    *[
        (ink, ground, TEXT)
        for ink in (
            "text",
            "text-muted",
            "accent",
            "accent-strong",
            "good",
            "warn",
            "bad",
            "info",
        )
        for ground in ("surface", "surface-raised", "surface-sunken")
    ],
    ("accent-text", "accent", TEXT),
    ("accent-text", "accent-strong", TEXT),
    ("accent-soft-text", "accent-soft", TEXT),
    ("text", "accent-soft", TEXT),
    ("second-text", "second", TEXT),
    ("second-soft-text", "second-soft", TEXT),
    ("text", "second-soft", TEXT),
    *[
        (ink, f"{state}-soft", TEXT)
        for state in ("good", "warn", "bad", "info")
        for ink in (state, "text")
    ],
    *[("text", f"tint-{tint}", TEXT) for tint in ("leaf", "apricot", "mist", "clay")],
    *[
        (shape, ground, SHAPE)
        for shape in (
            "line-strong",
            "focus",
            "chart-first",
            "chart-second",
            "chart-third",
            "chart-fourth",
        )
        for ground in ("surface", "surface-raised", "surface-sunken")
    ],
]


def contrast_ratio(first: str, second: str) -> float:
    """The WCAG 2 contrast of two colours written `#rrggbb`, between 1 and 21."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def read_tokens(css: str) -> dict[str, dict[str, str]]:
    """The opaque colours of a `tokens.css`, as `{"light": {...}, "dark": {...}}`.

    What the dark set leaves out it takes from the light one, as the browser does.
    """
    light_part, _, dark_part = css.partition("prefers-color-scheme: dark")
    light = _colours(light_part)
    return {"light": light, "dark": {**light, **_colours(dark_part)}}


def _colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--t-([a-z0-9-]+):\s*(#[0-9a-fA-F]{6})\s*;", css))


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
