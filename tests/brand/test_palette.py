"""Whatever colour a brand has, people can read its site; and a marketer is told what was changed."""

import random

import pytest

from storefront.brand.palette import (
    MODES,
    Colours,
    Unreadable,
    derive_palette,
    get_pairs,
)
from storefront.brand.presets import PRESETS
from storefront.brand.stylesheet import get_theme_colours
from theme.contrast import PAIRS, contrast_ratio


def derive(**chosen):
    own = get_theme_colours()
    return derive_palette(light=own["light"], dark=own["dark"], colours=Colours(**chosen))


def unreadable(palette):
    return [
        (mode, ink, ground)
        for mode in MODES
        for ink, ground, least in PAIRS
        if contrast_ratio(palette.of(mode)[ink], palette.of(mode)[ground]) < least
    ]


def test_any_colours_give_two_sets_that_can_be_read():
    dice = random.Random(7)
    for _turn in range(150):
        accent, second, surface, dark = (f"#{dice.randrange(1 << 24):06x}" for _ in range(4))
        palette = derive(
            accent=accent, second=second, surface=surface, accent_dark=dice.choice(["", dark])
        )
        assert unreadable(palette) == [], (accent, second, surface, dark)


@pytest.mark.parametrize("code", PRESETS)
def test_presets_are_readable_as_they_are(code):
    values = PRESETS[code].values
    palette = derive(**{name: values.get(name, "") for name in ("accent", "second", "surface")})
    assert unreadable(palette) == []
    assert palette.changes == ()


def test_no_colour_leaves_the_theme_alone():
    own = get_theme_colours()
    palette = derive()
    assert (palette.light, palette.dark) == (own["light"], own["dark"])


def test_a_readable_accent_is_used_as_it_was_chosen():
    palette = derive(accent="#24527a")
    assert palette.light["accent"] == "#24527a"
    assert palette.changes == ()


def test_a_pale_accent_is_darkened_and_the_change_is_told():
    palette = derive(accent="#f5c518")
    [change] = palette.changes
    assert (change.field, change.mode, change.asked) == ("accent", "light", "#f5c518")
    assert change.used == palette.light["accent"] != "#f5c518"
    assert change.because.ratio < 4.5 <= change.because.least
    assert contrast_ratio(change.used, palette.light["surface-sunken"]) >= 4.5


def test_an_exact_accent_that_cannot_be_read_is_refused_with_its_worst_pair():
    with pytest.raises(Unreadable) as refusal:
        derive(accent="#f5c518", exact=True)
    pair = refusal.value.pairs["accent"]
    assert "accent" in (pair.ink, pair.ground)
    assert pair.ratio == pytest.approx(1.39, abs=0.01)


def test_an_exact_accent_of_the_dark_set_is_checked_on_dark_ground():
    with pytest.raises(Unreadable) as refusal:
        derive(accent_dark="#203040", exact=True)
    assert refusal.value.pairs["accent_dark"].mode == "dark"


def test_a_grey_ground_is_lightened_or_refused():
    assert derive(surface="#888888").changes[0].field == "surface"
    with pytest.raises(Unreadable) as refusal:
        derive(surface="#888888", exact=True)
    assert not refusal.value.pairs["surface"].is_readable


def test_pairs_of_a_colour_come_worst_first():
    pairs = get_pairs(palette=derive(accent="#24527a"), role="accent")
    spare = [pair.ratio / pair.least for pair in pairs]
    assert spare == sorted(spare) and all(pair.is_readable for pair in pairs)
