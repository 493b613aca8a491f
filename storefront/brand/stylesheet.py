"""The few lines that turn the theme's tokens into a brand: a stylesheet of custom properties."""

from functools import lru_cache
from pathlib import Path

from coloraide import Color
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from storefront.brand.models import Corners, HeadingFont, TextFont
from storefront.brand.palette import Palette
from theme.contrast import read_tokens
from theme.fonts import FAMILIES, SANS, SERIF, Family

ROUNDINGS = {
    Corners.NONE: {
        "radius": "0px",
        "radius-large": "0px",
        "radius-control": "0px",
        "radius-pill": "0px",
    },
    Corners.SMALL: {},
    Corners.ROUND: {"radius": "12px", "radius-large": "24px", "radius-control": "999px"},
}
# How bright pictures are in a set that is shown whatever the system asks for; as in tokens.css.
PICTURE_LIGHT = {"light": "1", "dark": "0.84"}


def get_family(*, code: str) -> Family | None:
    """A packaged typeface, or None for those of the visitor's system."""
    return FAMILIES.get(code)


def get_preloads(*, text_font: str) -> tuple[str, ...]:
    """Static names of the files that a page needs at once."""
    family = get_family(code=text_font)
    return (f"theme/fonts/{family.cuts[0].file}.woff2",) if family else ()


@lru_cache(maxsize=1)
def get_theme_colours() -> dict[str, dict[str, str]]:
    """The opaque colours of the theme in front, as `{"light": …, "dark": …}`."""
    return read_tokens(Path(str(finders.find("theme/tokens.css"))).read_text())


def write_stylesheet(
    *, palette: Palette, text_font: str, heading_font: str, corners: str, mode: str = ""
) -> str:
    """Only what differs from the theme. With `mode` every colour of that set, whatever the
    visitor's system asks for: for previews."""
    own = get_theme_colours()
    fonts = _fonts(text_font=text_font, heading_font=heading_font)
    shape = {**fonts, **ROUNDINGS[Corners(corners)]}
    parts = [*_font_faces(text_font)]
    if mode:
        values = {**palette.of(mode), "picture-light": PICTURE_LIGHT[mode], **shape}
        parts.append(_rule(values, before=f"color-scheme: {mode};"))
    else:
        light = _differing(palette.light, own["light"])
        dark = {
            name: value
            for name, value in palette.dark.items()
            if value != own["dark"].get(name) or name in light
        }
        if light or shape:
            parts.append(_rule({**light, **shape}))
        if dark:
            parts.append(f"@media (prefers-color-scheme: dark) {{\n{_rule(dark)}\n}}")
    parts.append(_admin(palette.light["accent"]))
    return "\n".join(parts) + "\n"


def _differing(chosen: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value != own.get(name)}


def _rule(values: dict[str, str], *, before: str = "") -> str:
    # Twice :root, so that it also wins over the dark set of the theme where a mode is forced.
    lines = [f"  --t-{name}: {value};" for name, value in sorted(values.items())]
    return "\n".join([":root:root {", *([f"  {before}"] if before else []), *lines, "}"])


def _stack(family: Family) -> str:
    return f'"{family.css_name}", "{family.css_name} Fallback", {family.generic}'


def _fonts(*, text_font: str, heading_font: str) -> dict[str, str]:
    values = {}
    text = SANS
    if family := get_family(code=text_font):
        text = _stack(family)
    if text_font != TextFont.MANROPE:
        values["sans"] = text
    if heading_font == HeadingFont.AS_TEXT:
        values["serif"] = text
    elif heading_font == HeadingFont.SYSTEM:
        values["serif"] = SERIF
    return values


def _font_faces(text_font: str) -> list[str]:
    """The faces that `fonts.css` does not declare."""
    family = get_family(code=text_font)
    if family is None or text_font == TextFont.MANROPE:
        return []
    faces = [
        f'@font-face {{ font-family: "{family.css_name}"; '
        f'src: url("{static(f"theme/fonts/{cut.file}.woff2")}") format("woff2"); '
        f"font-weight: {cut.weight}; font-display: swap; }}"
        for cut in family.cuts
    ]
    local = ", ".join(f'local("{name}")' for name in family.fallback)
    faces.append(
        f'@font-face {{ font-family: "{family.css_name} Fallback"; src: {local}; '
        f"size-adjust: {family.size_adjust}%; ascent-override: {family.ascent}%; "
        f"descent-override: {family.descent}%; line-gap-override: 0%; }}"
    )
    return faces


def _admin(accent: str) -> str:
    """The CMS derives its shades from hue, saturation and lightness of two colours."""
    if accent == get_theme_colours()["light"]["accent"]:
        return ""
    hue, saturation, lightness = Color(accent).convert("hsl").coords(nans=False)
    return (
        ":root:root {\n"
        f"  --w-color-primary-hue: {hue:.0f};\n"
        f"  --w-color-primary-saturation: {min(saturation, 0.3) * 100:.0f}%;\n"
        "  --w-color-primary-lightness: 15%;\n"
        f"  --w-color-secondary-hue: {hue:.0f};\n"
        f"  --w-color-secondary-saturation: {saturation * 100:.0f}%;\n"
        f"  --w-color-secondary-lightness: {min(lightness, 0.3) * 100:.0f}%;\n"
        "}"
    )
