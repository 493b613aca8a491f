"""The look of a site as everyone reads it: pages, mails, paper, icons.

Looks are cached for all sites together and cost no query while warm. Saving one drops the cache at
once (`storefront.caching` says in which processes).
"""

import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Site

from storefront.brand.models import (
    BrandChange,
    BrandSettings,
    Corners,
    Footer,
    Header,
    HeadingFont,
    MailHead,
    TextFont,
)
from storefront.brand.palette import Colours, Palette, derive_palette
from storefront.brand.pictures import draw_favicon, draw_icon, draw_png
from storefront.brand.stylesheet import (
    get_family,
    get_preloads,
    get_theme_colours,
    write_stylesheet,
)
from storefront.caching import cache_seconds
from storefront.site_content.sites import get_site_id
from storefront.targets import full_address
from theme.fonts import FAMILIES

KEY = "brand:looks_by_site"

VALUES = (
    "accent",
    "accent_dark",
    "second",
    "surface",
    "exact",
    "text_font",
    "heading_font",
    "corners",
    "header",
    "footer",
    "mail_head",
)
FILES = ("logo", "logo_dark", "icon")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """A kept file: its name in the media store, its public address and its proportions."""

    name: str
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Look:
    """Everything that pages need to know about the brand of their site."""

    name: str
    digest: str
    css: str
    light: dict[str, str]
    dark: dict[str, str]
    text_font: str = TextFont.MANROPE
    heading_font: str = HeadingFont.SOURCE_SERIF
    corners: str = Corners.SMALL
    header: str = Header.CLASSIC
    footer: str = Footer.COLUMNS
    mail_head: str = MailHead.NAME
    logo: Picture | None = None
    logo_dark: Picture | None = None
    icon: str = ""
    preloads: tuple[str, ...] = ()
    # Set on drafts only: their stylesheet stands at an address that holds the draft itself.
    draft_stylesheet: str = ""

    @property
    def stylesheet(self) -> str:
        """The address of the colours, shapes and fonts; it changes when they do."""
        return self.draft_stylesheet or reverse("brand-stylesheet", args=[self.digest])

    @property
    def has_rules(self) -> bool:
        """Whether the stylesheet says anything: the theme as it comes needs none."""
        return bool(self.draft_stylesheet or self.css.strip())

    @property
    def is_themes_own(self) -> bool:
        """Whether the icon is the theme's mark in the theme's colour."""
        return not self.icon and self.light["accent"] == get_theme_colours()["light"]["accent"]

    @property
    def paper(self) -> str:
        """The ground of pages in the light set, for the frame of a phone's browser."""
        return self.light["surface"]

    @property
    def ink_paper(self) -> str:
        """The same in the dark set."""
        return self.dark["surface"]


@dataclass(frozen=True)
class PaperStyle:
    """What a PDF takes from the brand.

    `colours` are those of the light set by role with underscores (`accent`, `text_muted`, …) as
    `#rrggbb`. Fonts are family names; `font_folders` is where a typesetter finds them. `logo` is
    SVG or PNG (`logo_format` says which), None where the name is to be set instead.
    """

    name: str
    colours: dict[str, str]
    text_font: str
    heading_font: str
    font_folders: tuple[Path, ...]
    logo: bytes | None = None
    logo_format: str = ""


@dataclass(frozen=True)
class MailLook:
    """What a mail takes from the brand: colours by role in both sets, head, logo addresses."""

    name: str
    light: dict[str, str]
    dark: dict[str, str]
    head: str
    logo_url: str = ""
    logo_dark_url: str = ""
    logo_width: int = 0
    logo_height: int = 0
    radius: str = "6px"
    radius_large: str = "12px"

    @property
    def shop_name(self) -> str:
        """Whose mail it is, as the theme calls it."""
        return self.name


def get_look(*, request: HttpRequest | None = None, site_id: int | None = None) -> Look:
    """The look of the site that the request asks (a draft, if it shows one), of the site with this
    id, or of the default site. No query while the cache is warm."""
    draft = getattr(request, "brand_draft", None)
    if draft is not None:
        return draft
    site_id = site_id or get_site_id(request)
    look = _get_looks().get(site_id) if site_id is not None else None
    return look or _theme_look()


def find_look(*, digest: str) -> Look | None:
    """The look with this address, also when another process saved it a moment ago; else None."""
    for look in (*_get_looks().values(), _theme_look()):
        if look.digest == digest:
            return look
    fresh = _read_looks()
    cache.set(KEY, fresh, cache_seconds())
    return next((look for look in fresh.values() if look.digest == digest), None)


def make_look(*, values: dict[str, Any], pictures: dict[str, Picture] | None = None) -> Look:
    """The look that these field values give, saved or not.

    Raises palette.Unreadable for exact colours that do not reach their ratios.
    """
    palette = get_palette(values=values)
    shape = {name: values[name] for name in ("text_font", "heading_font", "corners")}
    css = write_stylesheet(palette=palette, **shape)
    pictures = pictures or {}
    icon = pictures.get("icon")
    marks = "|".join(
        f"{name}:{picture.name}" for name, picture in sorted(pictures.items()) if picture
    )
    digest = hashlib.sha256(f"{css}|{marks}|{values['accent']}".encode()).hexdigest()[:16]
    return Look(
        name=settings.OSCAR_SHOP_NAME,
        digest=digest,
        css=css,
        light=palette.light,
        dark=palette.dark,
        header=values["header"],
        footer=values["footer"],
        mail_head=values["mail_head"],
        logo=pictures.get("logo"),
        logo_dark=pictures.get("logo_dark"),
        icon=icon.name if icon else "",
        preloads=get_preloads(text_font=values["text_font"]),
        **shape,
    )


def get_palette(*, values: dict[str, Any]) -> Palette:
    """Both sets of colours for these field values. Raises palette.Unreadable."""
    own = get_theme_colours()
    return _derive(
        Colours(
            **{name: values[name] for name in ("accent", "accent_dark", "second", "surface")},
            exact=bool(values["exact"]),
        ),
        tuple(sorted(own["light"].items())),
        tuple(sorted(own["dark"].items())),
    )


def get_values(*, brand: BrandSettings) -> dict[str, Any]:
    """The fields of a look without its files."""
    return {name: getattr(brand, name) for name in VALUES}


def get_pictures(*, brand: BrandSettings) -> dict[str, Picture]:
    """The files of a look that are there."""
    sizes = {"logo": brand.logo_size, "logo_dark": brand.logo_dark_size}
    found = {}
    for name in FILES:
        if file := getattr(brand, name):
            width, _by, height = (sizes.get(name) or "1x1").partition("x")
            found[name] = Picture(file.name, file.url, int(width), int(height))
    return found


def get_history(*, site: Site, limit: int = 20) -> list[BrandChange]:
    """The latest changes of a site's look, newest first. One query."""
    return list(BrandChange.objects.filter(site=site).select_related("by")[:limit])


def get_paper_style(*, site_id: int | None = None) -> PaperStyle:
    """Colours, fonts and logo for a PDF of this site, or of the default one."""
    look = get_look(site_id=site_id)
    # A system font is none that a typesetter has: paper takes the theme's own then.
    text = get_family(code=look.text_font) or FAMILIES["manrope"]
    heading = FAMILIES["source-serif"]
    if look.heading_font == HeadingFont.AS_TEXT:
        heading = text
    logo = _read_file(look.logo.name) if look.logo else None
    return PaperStyle(
        name=look.name,
        colours=_by_role(look.light),
        text_font=text.name,
        heading_font=heading.name,
        font_folders=tuple(dict.fromkeys((text.folder, heading.folder))),
        logo=logo,
        logo_format=look.logo.name.rpartition(".")[2] if look.logo and logo else "",
    )


def get_mail_look(*, request: HttpRequest | None = None) -> MailLook:
    """Colours, head and logo for a mail of the default site, or of the page that shows one."""
    look = get_look(request=request)
    radii = {Corners.NONE: ("0", "0"), Corners.ROUND: ("22px", "20px")}
    radius, radius_large = radii.get(Corners(look.corners), ("6px", "12px"))
    logo = look.logo if look.mail_head == MailHead.LOGO else None
    head = MailHead.NAME if look.mail_head == MailHead.LOGO and not logo else look.mail_head
    height = 40
    return MailLook(
        name=look.name,
        light=_by_role(look.light),
        dark=_by_role(look.dark),
        head=head,
        logo_url=full_address(reverse("brand-logo", args=[look.digest, "logo"])) if logo else "",
        logo_dark_url=(
            full_address(reverse("brand-logo", args=[look.digest, "logo-dark"]))
            if logo and look.logo_dark
            else ""
        ),
        logo_width=round(logo.width * height / logo.height) if logo else 0,
        logo_height=height if logo else 0,
        radius=radius,
        radius_large=radius_large,
    )


def get_icon(*, look: Look, size: int, is_filled: bool = False) -> bytes:
    """The icon of a look as PNG, drawn once per process and size."""
    ground = look.light["surface"] if look.icon else look.light["accent"]
    accent = look.light["accent-text"] if is_filled and not look.icon else look.light["accent"]
    return _draw_icon(look.icon, accent, ground, size, is_filled)


def get_favicon(*, look: Look) -> bytes:
    """The icon of a look as `.ico`."""
    return draw_favicon(
        source=_read_file(look.icon) if look.icon else None,
        accent=look.light["accent"],
        ground=look.light["surface"],
    )


def get_logo_png(*, picture: Picture, height: int) -> bytes | None:
    """A logo as PNG for mails; None where its file is gone."""
    content = _read_file(picture.name)
    return None if content is None else draw_png(content=content, height=height)


@lru_cache(maxsize=64)
def _draw_icon(name: str, accent: str, ground: str, size: int, is_filled: bool) -> bytes:
    source = _read_file(name) if name else None
    return draw_icon(source=source, accent=accent, ground=ground, size=size, is_filled=is_filled)


def _read_file(name: str) -> bytes | None:
    from django.core.files.storage import default_storage

    try:
        with default_storage.open(name) as file:
            return file.read()
    except OSError:
        logger.warning("The file %s of the look is gone", name)
        return None


def _get_looks() -> dict[int, Look]:
    looks = cache.get(KEY)
    if looks is None:
        looks = _read_looks()
        cache.set(KEY, looks, cache_seconds())
    return looks


def _read_looks() -> dict[int, Look]:
    return {
        brand.site_id: make_look(values=get_values(brand=brand), pictures=get_pictures(brand=brand))
        for brand in BrandSettings.objects.all()
    }


@lru_cache(maxsize=1)
def _theme_look() -> Look:
    return make_look(values=get_values(brand=BrandSettings()))


@lru_cache(maxsize=64)
def _derive(
    colours: Colours, light: tuple[tuple[str, str], ...], dark: tuple[tuple[str, str], ...]
) -> Palette:
    return derive_palette(light=dict(light), dark=dict(dark), colours=colours)


def _by_role(colours: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): colour for name, colour in colours.items()}
