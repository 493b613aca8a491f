"""Looks that are chosen with one press. Logos and icon stay as they are."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.brand.models import Corners, Footer, Header, HeadingFont, MailHead, TextFont


@dataclass(frozen=True)
class Preset:
    """A complete look; `values` are fields of BrandSettings, what is missing is the default."""

    code: str
    name: str | Promise
    note: str | Promise
    values: dict[str, object] = field(default_factory=dict)


PRESETS: dict[str, Preset] = {
    preset.code: preset
    for preset in (
        Preset("linden", _("Linden"), _("Warm paper and linden green: the theme as it comes.")),
        Preset(
            "nordic",
            _("Nordic"),
            _("Cool white, deep blue and amber; clear letters, square corners, one row on top."),
            {
                "accent": "#24527a",
                "second": "#e0a94a",
                "surface": "#f6f8fa",
                "text_font": TextFont.SOURCE_SANS,
                "heading_font": HeadingFont.AS_TEXT,
                "corners": Corners.NONE,
                "header": Header.COMPACT,
                "footer": Footer.DEEP,
                "mail_head": MailHead.BAND,
            },
        ),
        Preset(
            "clay",
            _("Clay"),
            _("Rose paper, fired clay and sage; round corners, the mark in the middle."),
            {
                "accent": "#9c452b",
                "second": "#a9bd8c",
                "surface": "#fcf5f0",
                "text_font": TextFont.MANROPE,
                "heading_font": HeadingFont.SOURCE_SERIF,
                "corners": Corners.ROUND,
                "header": Header.CENTRED,
                "footer": Footer.CENTRED,
                "mail_head": MailHead.NAME,
            },
        ),
    )
}
DEFAULT = "linden"
