"""The two typefaces of the theme, cut down to the letters that the site's languages need.

They come from PyPI packages, so nothing is pasted into the repository and nothing is loaded from
another host. Their licence reserves the name "Source", so the cut files carry names of the theme.
"""

from importlib.metadata import version
from pathlib import Path

import font_manrope
import font_source_serif_pro
from fontTools import subset
from fontTools.ttLib import TTFont

# Latin with accents, Cyrillic, punctuation, arrows that tables use, and signs of currencies.
LETTERS = ",".join(
    [
        "U+0020-017F",
        "U+0400-045F,U+0490-0491",
        "U+2010-2027,U+202F-203A,U+2074",
        "U+20A0-20BF,U+2116,U+2122",
        "U+2190-2193,U+2212,U+2248,U+2264-2265",
    ]
)
FEATURES = [
    "kern",
    "liga",
    "calt",
    "tnum",
    "lnum",
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "case",
    "frac",
]

SOURCES = {
    "sans": Path(font_manrope.__file__).parent / "files" / "Manrope-VariableFont_wght.ttf",
    "serif": Path(font_source_serif_pro.__file__).parent / "files" / "SourceSerifPro-Semibold.ttf",
}
NAMES = {"sans": "Theme Sans", "serif": "Theme Serif"}


def get_recipe() -> str:
    """What a built file depends on; a change of any of it builds the fonts again."""
    packages = ("fonttools", "font-manrope", "font-source-serif-pro")
    return "\n".join(
        [LETTERS, " ".join(FEATURES), *(f"{name} {version(name)}" for name in packages)]
    )


def build_font(*, source: Path, name: str, target: Path) -> None:
    """Write the letters of `source` as WOFF2 to `target`, under a name of the theme."""
    options = subset.Options(
        flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(LETTERS))
    subsetter.subset(font)
    _rename(font, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    subset.save_font(font, str(part), options)
    part.replace(target)


def _rename(font: TTFont, name: str) -> None:
    """Family, full and PostScript names; the copyright line stays as the licence asks."""
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = name
        elif record.nameID in (3, 6):
            record.string = name.replace(" ", "")
