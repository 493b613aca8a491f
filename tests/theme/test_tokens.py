"""Colours are readable, live in one file, and the style sheets stay light."""

import re
from pathlib import Path

import pytest
from rcssmin import cssmin

import theme
from theme.bundles import BUNDLES
from theme.contrast import PAIRS, contrast_ratio, read_tokens

STATIC = Path(theme.__file__).parent / "static" / "theme"
ACME = Path(__file__).parent / "acme_theme" / "static" / "theme"
STYLES = sorted(STATIC.glob("*.css"))
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklch|oklab|color)a?\(", re.IGNORECASE
)


@pytest.mark.parametrize("folder", [STATIC, ACME], ids=["default", "acme"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_declared_pair_of_colours_is_readable(folder: Path, mode: str) -> None:
    colours = read_tokens((folder / "tokens.css").read_text())[mode]
    too_weak = [
        f"{ink} on {ground}: {ratio:.2f} < {least}"
        for ink, ground, least in PAIRS
        if (ratio := contrast_ratio(colours[ink], colours[ground])) < least
    ]
    assert not too_weak


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast_ratio("#ffffff", "#777777") == contrast_ratio("#777777", "#ffffff")


def test_the_dark_set_declares_its_own_colours() -> None:
    colours = read_tokens((STATIC / "tokens.css").read_text())
    assert colours["dark"]["surface"] != colours["light"]["surface"]
    assert colours["dark"].keys() == colours["light"].keys()


def test_colours_live_in_tokens_alone() -> None:
    stray = [
        f"{path.name}: {line.strip()}"
        for path in [*STYLES, *STATIC.glob("*.js")]
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if COLOUR.search(re.sub(r'closest\("#|getElementById|querySelector.*', "", line))
        and not re.match(r"\s*[#.][\w-]+[^{};]*[{,]\s*$", line)
    ]
    assert not stray


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"(--t-[a-z0-9-]+):", (STATIC / "tokens.css").read_text()))
    used = {
        name for path in STYLES for name in re.findall(r"var\((--t-[a-z0-9-]+)", path.read_text())
    }
    assert used <= declared, used - declared


def test_style_sheets_of_a_shop_page_stay_below_sixty_kilobytes() -> None:
    """What every page links, and what one template adds of its own, as production serves it."""
    sheets = re.compile(r"{% static ['\"]theme/([a-z_]+\.css)['\"]")
    templates = STATIC.parent.parent / "templates"
    shared = {name.removeprefix("theme/") for name in BUNDLES["theme/all.css"]}
    sizes = {path.name: len(cssmin(path.read_text()).encode()) for path in STYLES}
    of_staff = {"dashboard.css", "admin.css"}
    for path in templates.rglob("*.html"):
        own = set(sheets.findall(path.read_text())) - shared
        if not own & of_staff:
            assert sum(sizes[name] for name in shared | own) < 60_000, path
