"""The typefaces of the theme, cut down to the letters that the site's languages need.

They come from PyPI packages, so nothing is pasted into the repository and nothing is loaded from
another host. Their licence reserves the name "Source", so the cut files carry names of the theme.
"""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import font_manrope
import font_roboto
import font_source_sans_pro
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


@dataclass(frozen=True)
class Cut:
    """One file of a family: where the letters come from, and which weights it draws."""

    file: str
    source: Path
    weight: str


@dataclass(frozen=True)
class Family:
    """A typeface that a site may choose.

    `name` is what people call it (and a typesetter finds it under), `css_name` what the cut files
    are called. The stand-in `fallback` takes `size_adjust`, `ascent` and `descent` (percent), so
    that nothing moves when the real letters arrive.
    """

    code: str
    name: str
    css_name: str
    package: str
    cuts: tuple[Cut, ...]
    fallback: tuple[str, ...]
    size_adjust: float
    ascent: float
    descent: float
    generic: str

    @property
    def folder(self) -> Path:
        """Where the package keeps the uncut files, for paper."""
        return self.cuts[0].source.parent


ARIAL = ("Arial", "Liberation Sans", "Helvetica Neue", "Roboto")
SANS = 'system-ui, "Segoe UI", Roboto, sans-serif'
SERIF = 'Georgia, "Times New Roman", serif'


def _files(module: object) -> Path:
    return Path(str(module.__file__)).parent / "files"  # type: ignore[attr-defined]


FAMILIES: dict[str, Family] = {
    family.code: family
    for family in (
        Family(
            code="manrope",
            name="Manrope",
            css_name="Theme Sans",
            package="font-manrope",
            cuts=(Cut("sans", _files(font_manrope) / "Manrope-VariableFont_wght.ttf", "200 800"),),
            fallback=ARIAL,
            size_adjust=103.1,
            ascent=103.4,
            descent=29.1,
            generic=SANS,
        ),
        Family(
            code="source-sans",
            name="Source Sans Pro",
            css_name="Theme Sans Two",
            package="font-source-sans-pro",
            cuts=(
                Cut(
                    "source-sans-400",
                    _files(font_source_sans_pro) / "SourceSansPro-Regular.ttf",
                    "200 500",
                ),
                Cut(
                    "source-sans-600",
                    _files(font_source_sans_pro) / "SourceSansPro-Semibold.ttf",
                    "600 900",
                ),
            ),
            fallback=ARIAL,
            size_adjust=94.1,
            ascent=104.6,
            descent=29.0,
            generic=SANS,
        ),
        Family(
            code="roboto",
            name="Roboto",
            css_name="Theme Sans Three",
            package="font-roboto",
            cuts=(
                Cut("roboto-400", _files(font_roboto) / "Roboto-Regular.ttf", "200 500"),
                Cut("roboto-700", _files(font_roboto) / "Roboto-Bold.ttf", "600 900"),
            ),
            fallback=ARIAL,
            size_adjust=100.7,
            ascent=92.1,
            descent=24.2,
            generic=SANS,
        ),
        Family(
            code="source-serif",
            name="Source Serif Pro",
            css_name="Theme Serif",
            package="font-source-serif-pro",
            cuts=(
                Cut("serif", _files(font_source_serif_pro) / "SourceSerifPro-Semibold.ttf", "600"),
            ),
            fallback=("Georgia", "Liberation Serif", "Times New Roman"),
            size_adjust=103,
            ascent=100.6,
            descent=32.5,
            generic=SERIF,
        ),
    )
}


def get_recipe() -> str:
    """What a built file depends on; a change of any of it builds the fonts again."""
    packages = ("fonttools", *(family.package for family in FAMILIES.values()))
    files = (cut.file for family in FAMILIES.values() for cut in family.cuts)
    return "\n".join(
        [
            LETTERS,
            " ".join(FEATURES),
            " ".join(files),
            *(f"{name} {version(name)}" for name in packages),
        ]
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
