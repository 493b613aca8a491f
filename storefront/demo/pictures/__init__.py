"""Pictures of the demo company's products: drawn once, then kept under `var/`."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.conf import settings

from storefront.demo.pictures import drawing, parts, things, vessels
from storefront.demo.products.item import Item, Picture

TINTS = {
    "leaf": drawing.color("#e6ecdc"),
    "apricot": drawing.color("#f6e5d5"),
    "mist": drawing.color("#e0e8e7"),
    "clay": drawing.color("#eee2d8"),
    "lilac": drawing.color("#e7e3ec"),
}

Shape = Callable[[drawing.Drawing, drawing.Color, drawing.Color], None]

SHAPES: dict[str, Shape] = {
    shape.__name__: shape
    for shape in (
        vessels.bottle,
        vessels.pump,
        vessels.dropper,
        vessels.spray,
        vessels.flask,
        vessels.canister,
        vessels.diffuser,
        vessels.tube,
        vessels.tin,
        vessels.jar,
        vessels.honey,
        vessels.cork,
        vessels.candle,
        vessels.caddy,
        things.pouch,
        things.soap,
        things.board,
        things.brush,
        things.folded,
        things.stack,
        things.blanket,
        things.mask,
        things.roll,
        things.balls,
        things.sachets,
    )
}


def get_picture(*, item: Item) -> bytes:
    """The picture of a product as a WebP file."""
    kept = _folder() / f"{_name(item.picture)}.webp"
    if not kept.exists():
        growing = kept.with_suffix(".growing")
        growing.write_bytes(draw(item.picture))
        growing.replace(kept)
    return kept.read_bytes()


def draw(picture: Picture) -> bytes:
    """Draw it anew."""
    canvas = drawing.Drawing(TINTS[picture.tint])
    SHAPES[picture.shape](canvas, drawing.color(picture.body), drawing.color(picture.accent))
    buffer = BytesIO()
    canvas.finish().save(buffer, "WEBP", quality=90, method=2)
    return buffer.getvalue()


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "demo-pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _name(picture: Picture) -> str:
    """Changes with the product's colors and with the code that draws."""
    sources = (
        Path(module.__file__ or "").read_text() for module in (drawing, parts, things, vessels)
    )
    return hashlib.sha256("\0".join((repr(picture), *sources)).encode()).hexdigest()[:20]
