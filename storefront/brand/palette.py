"""From three colours of a brand to every colour of the theme, light and dark, all of them readable.

Pure: tokens of the theme in front and the marketer's colours go in, both sets come out, with what
was changed to keep the pairs of `theme.contrast` readable. Shades are made in OKLCH, where a darker
or lighter one keeps its hue.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from coloraide import Color

from theme.contrast import PAIRS, TEXT, contrast_ratio

MODES = ("light", "dark")
Roles = dict[str, str]

# The choices of the marketer, and the role that each of them sets.
ROLE_OF = {"accent": "accent", "second": "second", "surface": "surface"}
# Below this lightness a ground is no paper any more, and no dark ink reads well on its tints.
LEAST_PAPER = 0.93
STEP = 0.01


@dataclass(frozen=True)
class Colours:
    """What a marketer chose, as `#rrggbb`; empty means: as the theme has it.

    `accent_dark` is the accent of the dark set, otherwise derived. With `exact` nothing chosen is
    changed: what cannot be read is refused.
    """

    accent: str = ""
    accent_dark: str = ""
    second: str = ""
    surface: str = ""
    exact: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the theme's own colours stay."""
        return not (self.accent or self.accent_dark or self.second or self.surface)


@dataclass(frozen=True)
class Pair:
    """Two tokens that stand on each other in one set, and how well they read."""

    mode: str
    ink: str
    ground: str
    ratio: float
    least: float

    @property
    def is_readable(self) -> bool:
        """Whether the ratio reaches what WCAG asks for this pair."""
        return self.ratio >= self.least


@dataclass(frozen=True)
class Change:
    """A chosen colour that was moved so that it can be read, and the pair that asked for it."""

    field: str
    mode: str
    asked: str
    used: str
    because: Pair


@dataclass(frozen=True)
class Palette:
    """Both sets of opaque colours, by role, and what was changed on the way."""

    light: Roles
    dark: Roles
    changes: tuple[Change, ...] = ()

    def of(self, mode: str) -> Roles:
        """The set of `light` or `dark`."""
        return self.light if mode == "light" else self.dark


class Unreadable(ValueError):
    """Colours that are to be kept exactly and cannot be read; `pairs` by field."""

    def __init__(self, pairs: Mapping[str, Pair]) -> None:
        self.pairs = dict(pairs)
        super().__init__(", ".join(f"{pair.ink}/{pair.ground}" for pair in self.pairs.values()))


def derive_palette(*, light: Roles, dark: Roles, colours: Colours) -> Palette:
    """Every colour of the theme for this brand.

    `light` and `dark` are the theme's own tokens; what was not chosen stays theirs, unless a new
    ground makes it unreadable. Raises Unreadable when `exact` colours do not reach a ratio.
    """
    if colours.is_empty:
        return Palette(light=dict(light), dark=dict(dark))
    changes: list[Change] = []
    sets = {"light": dict(light), "dark": dict(dark)}
    if colours.surface:
        sets["light"] |= _light_grounds(_paper(colours, changes))
        sets["dark"] |= _dark_grounds(colours.surface)
    for mode in MODES:
        for field in ("accent", "second"):
            _apply(field=field, mode=mode, colours=colours, tokens=sets[mode], changes=changes)
    palette = Palette(light=sets["light"], dark=sets["dark"], changes=tuple(changes))
    if colours.exact:
        _refuse_unreadable(palette=palette, colours=colours)
    fixed = _chosen(colours) if colours.exact else set()
    for mode in MODES:
        _make_readable(tokens=sets[mode], keep={role for m, role in fixed if m == mode})
    return palette


def get_pairs(*, palette: Palette, role: str) -> list[Pair]:
    """How every pair with `role` reads, worst first by how much is to spare."""
    found = [pair for mode in MODES for pair in _pairs(mode=mode, tokens=palette.of(mode))]
    mine = [pair for pair in found if role in (pair.ink, pair.ground)]
    return sorted(mine, key=lambda pair: pair.ratio / pair.least)


def _apply(
    *, field: str, mode: str, colours: Colours, tokens: Roles, changes: list[Change]
) -> None:
    asked = getattr(colours, field)
    by_hand = field == "accent" and mode == "dark" and colours.accent_dark
    if by_hand:
        asked = colours.accent_dark
    if not asked:
        return
    make = _GROUPS[field, mode]
    # A dark set wants a lighter shade of the same hue; one that was named is taken as it is.
    base = asked if by_hand or mode == "light" else _moved(asked, lightness=0.78, most_chroma=0.12)
    if field == "accent":
        tokens["accent-text"] = make(base)["accent-text"]
        if not colours.exact or (mode == "dark" and not by_hand):
            used = _readable(base, role="accent", tokens=tokens)
            if used != base and (mode == "light" or by_hand):
                because = min(
                    _pairs(mode=mode, tokens={**tokens, "accent": base}, only="accent"),
                    key=lambda pair: pair.ratio / pair.least,
                )
                name = "accent_dark" if by_hand else field
                changes.append(Change(name, mode, asked, used, because))
            base = used
    tokens |= make(base)


def _accent_light(colour: str) -> Roles:
    return {
        "accent": colour,
        "accent-strong": _moved(colour, by=-0.08),
        "accent-text": "#fffdf9",
        "accent-soft": _moved(colour, lightness=0.935, most_chroma=0.035),
        "accent-soft-text": _moved(colour, lightness=0.37, most_chroma=0.1),
        "tint-leaf": _moved(colour, lightness=0.925, most_chroma=0.025),
        "chart-first": colour,
    }


def _accent_dark(colour: str) -> Roles:
    return {
        "accent": colour,
        "accent-strong": _moved(colour, by=0.07),
        "accent-text": _moved(colour, lightness=0.2, most_chroma=0.035),
        "accent-soft": _moved(colour, lightness=0.31, most_chroma=0.04),
        "accent-soft-text": _moved(colour, lightness=0.88, most_chroma=0.06),
        "tint-leaf": _moved(colour, lightness=0.3, most_chroma=0.025),
        "chart-first": colour,
    }


def _second_light(colour: str) -> Roles:
    return {
        "second": colour,
        "second-text": _ink_on(colour),
        "second-soft": _moved(colour, lightness=0.945, most_chroma=0.035),
        "second-soft-text": _moved(colour, lightness=0.42, most_chroma=0.11),
        "tint-apricot": _moved(colour, lightness=0.93, most_chroma=0.03),
        "chart-second": _moved(colour, lightness=0.58),
    }


def _second_dark(colour: str) -> Roles:
    return {
        "second": colour,
        "second-text": _ink_on(colour),
        "second-soft": _moved(colour, lightness=0.31, most_chroma=0.04),
        "second-soft-text": _moved(colour, lightness=0.86, most_chroma=0.08),
        "tint-apricot": _moved(colour, lightness=0.31, most_chroma=0.025),
        "chart-second": _moved(colour, lightness=0.8),
    }


_GROUPS: dict[tuple[str, str], Callable[[str], Roles]] = {
    ("accent", "light"): _accent_light,
    ("accent", "dark"): _accent_dark,
    ("second", "light"): _second_light,
    ("second", "dark"): _second_dark,
}


def _paper(colours: Colours, changes: list[Change]) -> str:
    """The chosen ground, lightened until it is paper."""
    lightness, _chroma, _hue = _oklch(colours.surface)
    if lightness >= LEAST_PAPER:
        return colours.surface
    muted = _light_grounds(colours.surface)["text-muted"]
    because = Pair("light", "text-muted", "surface", contrast_ratio(muted, colours.surface), TEXT)
    if colours.exact:
        if because.is_readable:
            return colours.surface
        raise Unreadable({"surface": because})
    paper = _moved(colours.surface, lightness=LEAST_PAPER)
    changes.append(Change("surface", "light", colours.surface, paper, because))
    return paper


def _light_grounds(colour: str) -> Roles:
    lightness, _chroma, _hue = _oklch(colour)
    return {
        "surface": colour,
        "surface-raised": _moved(colour, lightness=min(lightness + 0.02, 0.997), most_chroma=0.006),
        "surface-sunken": _moved(colour, by=-0.028),
        "line": _moved(colour, by=-0.085),
        "line-strong": _moved(colour, lightness=0.61, most_chroma=0.025),
        "text": _moved(colour, lightness=0.24, most_chroma=0.02),
        "text-muted": _moved(colour, lightness=0.47, most_chroma=0.02),
        "tint-mist": _moved(colour, lightness=0.925, most_chroma=0.012),
        "tint-clay": _moved(colour, lightness=0.91, most_chroma=0.02),
    }


def _dark_grounds(colour: str) -> Roles:
    """Ink in the hue of the paper; a paper is pale, so its ink is given more colour."""

    def ink(lightness: float, most_chroma: float = 0.018) -> str:
        return _moved(colour, lightness=lightness, most_chroma=most_chroma, times=4)

    return {
        "surface": ink(0.215),
        "surface-raised": ink(0.25),
        "surface-sunken": ink(0.185, 0.016),
        "line": ink(0.33),
        "line-strong": ink(0.6),
        "text": ink(0.94, 0.01),
        "text-muted": ink(0.75, 0.015),
        "tint-mist": ink(0.3),
        "tint-clay": ink(0.29, 0.022),
    }


def _make_readable(*, tokens: Roles, keep: set[str]) -> None:
    """Move every ink that does not reach its ratios, except those to `keep`."""
    for ink in dict.fromkeys(ink for ink, _ground, _least in PAIRS):
        if ink not in keep:
            tokens[ink] = _readable(tokens[ink], role=ink, tokens=tokens)


def _readable(colour: str, *, role: str, tokens: Roles) -> str:
    """The nearest shade of `colour` that reads on everything `role` stands on.

    For the accent this includes what stands on the accent itself.
    """
    needs = [(tokens[ground], least) for ink, ground, least in PAIRS if ink == role]
    needs += [(tokens[ink], least) for ink, ground, least in PAIRS if ground == role == "accent"]
    if _reads(colour, needs):
        return colour
    lightness, _chroma, _hue = _oklch(colour)
    steps = [round(step * STEP, 2) for step in range(1, round(1 / STEP) + 1)]
    for step in steps:
        for shade in (lightness - step, lightness + step):
            if 0 <= shade <= 1 and _reads(moved := _moved(colour, lightness=shade), needs):
                return moved
    return max(("#000000", "#ffffff"), key=lambda ink: _spare(ink, needs))


def _reads(colour: str, needs: Iterable[tuple[str, float]]) -> bool:
    return all(contrast_ratio(colour, other) >= least for other, least in needs)


def _spare(colour: str, needs: Iterable[tuple[str, float]]) -> float:
    return min(contrast_ratio(colour, other) / least for other, least in needs)


def _refuse_unreadable(*, palette: Palette, colours: Colours) -> None:
    bad: dict[str, Pair] = {}
    for mode, role in sorted(_chosen(colours)):
        field = "accent_dark" if (mode, role) == ("dark", "accent") else role
        pairs = _pairs(mode=mode, tokens=palette.of(mode), only=role)
        worst = min(pairs, key=lambda pair: pair.ratio / pair.least)
        # A second colour is a ground: its ink follows it. A paper is checked where it is chosen.
        if role == "accent" and not worst.is_readable:
            bad[field] = worst
    if bad:
        raise Unreadable(bad)


def _chosen(colours: Colours) -> set[tuple[str, str]]:
    """(mode, role) of every colour that was named."""
    named = {("light", ROLE_OF[field]) for field in ROLE_OF if getattr(colours, field)}
    return named | ({("dark", "accent")} if colours.accent_dark else set())


def _pairs(*, mode: str, tokens: Roles, only: str = "") -> list[Pair]:
    return [
        Pair(mode, ink, ground, contrast_ratio(tokens[ink], tokens[ground]), least)
        for ink, ground, least in PAIRS
        if not only or only in (ink, ground)
    ]


def _ink_on(colour: str) -> str:
    dark = _moved(colour, lightness=0.22, most_chroma=0.05)
    return max(
        (dark, "#ffffff", "#000000"),
        key=lambda ink: (
            # The tinted ink where it reads well enough, else whichever reads best.
            min(contrast_ratio(ink, colour), 7 if ink == dark else 6.9)
        ),
    )


@lru_cache(maxsize=2048)
def _oklch(colour: str) -> tuple[float, float, float]:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    return lightness, chroma, hue


@lru_cache(maxsize=4096)
def _moved(
    colour: str,
    *,
    by: float = 0,
    lightness: float | None = None,
    most_chroma: float = 0.4,
    times: float = 1,
) -> str:
    """The same hue, lighter or darker, `times` as colourful but not more than `most_chroma`."""
    own_lightness, chroma, hue = _oklch(colour)
    target = own_lightness + by if lightness is None else lightness
    shade = Color("oklch", [min(max(target, 0), 1), min(chroma * times, most_chroma), hue])
    return shade.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)
