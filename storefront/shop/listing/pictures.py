"""Pictures in the sizes pages show, made when a product is saved and never while a page is read."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

SMALL, LARGE = 480, 1200


def make_pictures(image: Any, *, known: Iterable[dict[str, Any]] = ()) -> dict[str, Any] | None:
    """The small and the large WebP of one Oscar product image, or None for an unreadable file.

    Files are named after the original, whose name the storage never gives twice, so work that was
    done before (`known`: the pictures the card has by now) is not done again.
    """
    name = image.original.name
    stem = PurePosixPath(name).with_suffix("").as_posix().removeprefix("images/products/")
    for entry in known:
        paths = [entry["small"]["path"], entry["large"]["path"]]
        expected = [f"products/{stem}-{edge}.webp" for edge in (SMALL, LARGE)]
        if paths == expected and all(default_storage.exists(path) for path in paths):
            return {**entry, "caption": image.caption}
    try:
        with default_storage.open(name) as file, Image.open(file) as opened:
            picture = ImageOps.exif_transpose(opened)
            found: dict[str, Any] = {"original": name, "caption": image.caption}
            for size_name, edge in (("small", SMALL), ("large", LARGE)):
                path = f"products/{stem}-{edge}.webp"
                copy = (
                    picture.copy() if picture.mode in {"RGB", "RGBA"} else picture.convert("RGBA")
                )
                copy.thumbnail((edge, edge))
                if not default_storage.exists(path):
                    path = default_storage.save(path, _as_webp(copy))
                found[size_name] = {"path": path, "width": copy.width, "height": copy.height}
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return found


def _as_webp(picture: Image.Image) -> ContentFile:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=4)
    return ContentFile(buffer.getvalue())
