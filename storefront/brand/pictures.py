"""Logos and icons: cleaned when they come in, drawn in the sizes that browsers, phones and mails ask
for.

An SVG is a program of sorts, so it passes a filter that keeps what draws and drops scripts, links
and outside files; every other picture is decoded and written anew as PNG.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import py_svg_hush
import resvg_py
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

MOST_BYTES = 1_000_000
MOST_PIXELS = 4000
# A logo stands at most this tall on a screen of twice the density.
KEPT_HEIGHT = 320
FORMATS = ("PNG", "WEBP", "JPEG")


class Refused(ValueError):
    """A file that is no usable picture; the message says why, for who uploaded it."""


@dataclass(frozen=True)
class CleanPicture:
    """What is kept of an upload: a file named after its content, and its proportions."""

    file: ContentFile
    width: int
    height: int


def clean_picture(*, content: bytes) -> CleanPicture:
    """A harmless copy of an uploaded logo or icon. Raises Refused with the reason."""
    if len(content) > MOST_BYTES:
        raise Refused(_("The file is larger than 1 MB."))
    head = content[:1000].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--", b"\xef\xbb\xbf<")):
        return _clean_svg(content)
    return _clean_bitmap(content)


def draw_icon(
    *, source: bytes | None, accent: str, ground: str, size: int, is_filled: bool
) -> bytes:
    """The site's icon as a square PNG of `size` pixels.

    `source` is the uploaded icon; without one the mark of the theme is drawn in `accent`. Filled
    icons stand on `ground` up to the edges, with room to be cut round: phones do that.
    """
    inner = round(size * 0.72) if is_filled else size
    picture = Image.open(BytesIO(_square(source, accent=accent, size=inner))).convert("RGBA")
    back = Image.new("RGBA", (size, size), ground if is_filled else (0, 0, 0, 0))
    picture.thumbnail((inner, inner))
    back.alpha_composite(picture, ((size - picture.width) // 2, (size - picture.height) // 2))
    out = BytesIO()
    (back.convert("RGB") if is_filled else back).save(out, "PNG", optimize=True)
    return out.getvalue()


def draw_favicon(*, source: bytes | None, accent: str, ground: str) -> bytes:
    """The same in one `.ico` of 16, 32 and 48 pixels, for whoever asks for that."""
    png = draw_icon(source=source, accent=accent, ground=ground, size=48, is_filled=False)
    out = BytesIO()
    Image.open(BytesIO(png)).save(out, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return out.getvalue()


def draw_png(*, content: bytes, height: int) -> bytes:
    """A logo as PNG, `height` pixels tall: mail programs show no SVG."""
    if is_svg(content):
        return resvg_py.svg_to_bytes(
            svg_string=content.decode(), height=height, skip_system_fonts=True
        )
    picture = Image.open(BytesIO(content))
    picture.thumbnail((picture.width, height))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def is_svg(content: bytes) -> bool:
    """Whether a kept file is a vector drawing; all others are PNG."""
    return not content.startswith(b"\x89PNG")


def get_theme_mark(*, accent: str) -> bytes:
    """The mark of the theme in front, as SVG in one colour."""
    svg = Path(str(finders.find("theme/mark.svg"))).read_text()
    plain = re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)
    return plain.replace("currentColor", accent).encode()


def _square(source: bytes | None, *, accent: str, size: int) -> bytes:
    content = get_theme_mark(accent=accent) if source is None else source
    if is_svg(content):
        return resvg_py.svg_to_bytes(
            svg_string=content.decode(), height=size, skip_system_fonts=True
        )
    return content


def _clean_svg(content: bytes) -> CleanPicture:
    try:
        clean = py_svg_hush.filter_svg(content)
        drawn = Image.open(
            BytesIO(
                resvg_py.svg_to_bytes(
                    svg_string=clean.decode(), height=KEPT_HEIGHT, skip_system_fonts=True
                )
            )
        )
    except (ValueError, UnicodeDecodeError, Image.DecompressionBombError):
        raise Refused(_("This SVG cannot be drawn.")) from None
    if drawn.getbbox() is None:
        raise Refused(_("Nothing can be seen on this SVG."))
    return CleanPicture(_named(clean, "svg"), drawn.width, drawn.height)


def _clean_bitmap(content: bytes) -> CleanPicture:
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if max(picture.size) > MOST_PIXELS:
            raise Refused(_("The picture is larger than 4000 pixels."))
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise Refused(_("Upload an SVG, PNG, WebP or JPEG.")) from None
    picture = picture.convert("RGBA")
    picture.thumbnail((MOST_PIXELS, KEPT_HEIGHT * 2))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return CleanPicture(_named(out.getvalue(), "png"), picture.width, picture.height)


def _named(content: bytes, ending: str) -> ContentFile:
    return ContentFile(content, name=f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}")
