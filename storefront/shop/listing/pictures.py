"""Pictures in the sizes pages show, made when a product is saved and never while a page is read."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

SMALL, LARGE = 480, 1200
EDGES = {"small": SMALL, "large": LARGE}
# What a link to the product shows where it is shared.
SHARE_SIZE = (1200, 630)
FORMATS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 82, "method": 4},
    "avif": {"format": "AVIF", "quality": 62, "speed": 8},
    "jpg": {"format": "JPEG", "quality": 84, "optimize": True},
}


def make_pictures(image: Any, *, known: Iterable[dict[str, Any]] = ()) -> dict[str, Any] | None:
    """A product image of Oscar's in the files that pages use, or None for an unreadable file.

    `small` and `large` each name a WebP (`path`, `width`, `height`) and an AVIF (`avif`); `share` is
    the JPEG for shared links. Files are named after the original, whose name the storage never
    gives twice, so work that was done before (`known`: the pictures the card has by now) is not
    done again.
    """
    name = image.original.name
    stem = PurePosixPath(name).with_suffix("").as_posix().removeprefix("images/products/")
    for entry in known:
        paths = _paths_in(entry)
        if paths == _expected_paths(stem) and all(map(default_storage.exists, paths)):
            return {**entry, "caption": image.caption}
    try:
        with default_storage.open(name) as file, Image.open(file) as opened:
            picture = ImageOps.exif_transpose(opened)
            if picture.mode not in {"RGB", "RGBA"}:
                picture = picture.convert("RGBA")
            found: dict[str, Any] = {"original": name, "caption": image.caption}
            for size, edge in EDGES.items():
                copy = picture.copy()
                copy.thumbnail((edge, edge))
                found[size] = {
                    "path": _keep(copy, f"products/{stem}-{edge}.webp"),
                    "avif": _keep(copy, f"products/{stem}-{edge}.avif"),
                    "width": copy.width,
                    "height": copy.height,
                }
            share = _for_sharing(picture)
            found["share"] = {"path": _keep(share, f"products/{stem}-share.jpg")}
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return found


def _paths_in(entry: dict[str, Any]) -> list[str]:
    paths = [entry.get(size, {}).get(kind, "") for size in EDGES for kind in ("path", "avif")]
    return [*paths, entry.get("share", {}).get("path", "")]


def _expected_paths(stem: str) -> list[str]:
    kinds = ("webp", "avif")
    paths = [f"products/{stem}-{edge}.{kind}" for edge in EDGES.values() for kind in kinds]
    return [*paths, f"products/{stem}-share.jpg"]


def _for_sharing(picture: Image.Image) -> Image.Image:
    """The whole picture in the middle of a wide one, on the colour of its own corner."""
    width, height = SHARE_SIZE
    whole = Image.new("RGB", picture.size, (255, 255, 255))
    whole.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    ground = Image.new("RGB", SHARE_SIZE, whole.getpixel((0, 0)))
    whole.thumbnail(SHARE_SIZE)
    ground.paste(whole, ((width - whole.width) // 2, (height - whole.height) // 2))
    return ground


def _keep(picture: Image.Image, path: str) -> str:
    if default_storage.exists(path):
        return path
    buffer = BytesIO()
    picture.save(buffer, **FORMATS[PurePosixPath(path).suffix.removeprefix(".")])
    return default_storage.save(path, ContentFile(buffer.getvalue()))
