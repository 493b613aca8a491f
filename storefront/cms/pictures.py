"""In which sizes and formats pages show their pictures: one place, so that all are read at once.

A picture comes as AVIF with WebP for browsers that cannot read it, in widths for phone and desk.
Cuts follow the focal point that the editor sets at the picture.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from wagtail.images.models import Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

FORMATS = ("avif", "webp")
# From 0, slow, to 10. Pillow's own 6 takes ten times as long, for files as large.
AVIF_SPEED = 8


@dataclass(frozen=True)
class Use:
    """A place on a page: the cuts made for it, and how wide it is there (`sizes` of HTML)."""

    cuts: tuple[str, ...]
    sizes: str

    @property
    def specs(self) -> tuple[str, ...]:
        """What Wagtail calls each cut in each format."""
        return tuple(f"{cut}|format-{kind}" for kind in FORMATS for cut in self.cuts)


HALF = "(min-width: 75rem) 36rem, (min-width: 64rem) 50vw, 100vw"
USES = {
    "half": Use(("fill-640x480", "fill-1200x900"), HALF),
    "text": Use(("width-640", "width-1056"), "(min-width: 48rem) 33rem, 100vw"),
    "wide": Use(("width-640", "width-1440"), "(min-width: 75rem) 75rem, 100vw"),
    "card": Use(("fill-480x320", "fill-960x640"), "(min-width: 48rem) 24rem, 100vw"),
    "tile": Use(("fill-360x360", "fill-720x720"), "(min-width: 48rem) 18rem, 50vw"),
    "portrait": Use(("fill-96x96", "fill-192x192"), "6rem"),
}
# Where each kind of block puts its pictures.
BLOCK_USES = {
    "hero": ("half",),
    "text_with_picture": ("half",),
    "picture": ("text", "wide"),
    "gallery": ("tile",),
    "quote": ("portrait",),
    "category_tiles": ("tile",),
    "video": ("half",),
}
PAGE_PICTURE_USE = "card"
ALL_SPECS = tuple(dict.fromkeys(spec for use in USES.values() for spec in use.specs))


def picture_of(image: Any, *, use: str, lazy: bool = True, alt: str | None = None) -> SafeString:
    """The `<picture>` for one place of `USES`; `alt` wins over the text kept with the picture.

    Reads nothing when the image came from `find_images`, and makes what cuts are missing.
    """
    place = USES[use]
    attributes: dict[str, Any] = {"sizes": place.sizes, "decoding": "async"}
    if lazy:
        attributes["loading"] = "lazy"
    else:
        attributes["fetchpriority"] = "high"
    if alt is None:
        own = getattr(image, "contextual_alt_text", None)
        alt = image.default_alt_text if own is None else own
    attributes["alt"] = alt
    cuts = get_renditions_or_not_found(image, place.specs)
    return SafeString(Picture(cuts, attributes).__html__())


def find_images(*, image_ids: Iterable[int]) -> dict[int, Any]:
    """Images with all their cuts, in two queries (none for no ids)."""
    from wagtail.images import get_image_model

    ids = set(image_ids)
    if not ids:
        return {}
    images = get_image_model().objects.filter(pk__in=ids).prefetch_renditions(*ALL_SPECS)
    return {image.pk: image for image in images}


def make_cuts(*, uses: Mapping[int, Iterable[str]]) -> None:
    """Make ahead of the first visitor what the uses of each image need; what exists stays."""
    images = find_images(image_ids=uses)
    for number, image in images.items():
        specs = dict.fromkeys(spec for use in sorted(uses[number]) for spec in USES[use].specs)
        get_renditions_or_not_found(image, tuple(specs))


def encode_quickly() -> None:
    """Let AVIF files be written with less effort; neither Wagtail nor Willow has a setting."""
    from PIL import AvifImagePlugin, Image

    usual = Image.SAVE[AvifImagePlugin.AvifImageFile.format]

    def save(image: Any, *args: Any) -> None:
        image.encoderinfo.setdefault("speed", AVIF_SPEED)
        usual(image, *args)

    Image.register_save(AvifImagePlugin.AvifImageFile.format, save)
