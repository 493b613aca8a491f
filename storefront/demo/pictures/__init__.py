"""Pictures of the demo company's products and pages: drawn once, then kept under `var/`."""

import hashlib
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.conf import settings

from storefront.demo.pictures import drawing, parts, scenes, things, vessels
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


# Each with the tint of its ground.
SCENES: dict[str, tuple[str, Callable[[drawing.Drawing], None]]] = {
    "still_life": ("apricot", scenes.still_life),
    "workshop": ("clay", scenes.workshop),
    "linden": ("leaf", scenes.linden),
    "hands": ("apricot", scenes.hands),
    "loom": ("mist", scenes.loom),
    "meadow": ("leaf", scenes.meadow),
    "parcel": ("leaf", scenes.parcel),
    "kitchen": ("clay", scenes.kitchen),
    "street": ("mist", scenes.street),
    "evening": ("lilac", scenes.evening),
    "ada": ("leaf", scenes.ada),
    "joao": ("apricot", scenes.joao),
    "ilze": ("mist", scenes.ilze),
}


def get_scene(*, name: str) -> bytes:
    """A scene for pages as a WebP file."""
    sources = "\0".join(Path(module.__file__ or "").read_text() for module in (drawing, scenes))
    digest = hashlib.sha256(sources.encode()).hexdigest()[:20]
    return _keep(f"{name}-{digest}", lambda: draw_scene(name))


def draw_scene(name: str) -> bytes:
    """Draw it anew."""
    tint, scene = SCENES[name]
    canvas = drawing.Drawing(TINTS[tint])
    scene(canvas)
    return _as_webp(canvas)


def get_picture(*, item: Item) -> bytes:
    """The picture of a product as a WebP file."""
    return _keep(_name(item.picture), lambda: draw(item.picture))


def draw(picture: Picture) -> bytes:
    """Draw it anew."""
    canvas = drawing.Drawing(TINTS[picture.tint])
    SHAPES[picture.shape](canvas, drawing.color(picture.body), drawing.color(picture.accent))
    return _as_webp(canvas)


def _as_webp(canvas: drawing.Drawing) -> bytes:
    buffer = BytesIO()
    canvas.finish().save(buffer, "WEBP", quality=90, method=2)
    return buffer.getvalue()


def _keep(name: str, draw_it: Callable[[], bytes]) -> bytes:
    """What lies under `var/` by this name; drawn when it does not yet."""
    kept = _folder() / f"{name}.webp"
    if not kept.exists():
        growing = kept.with_suffix(f".{os.getpid()}.growing")
        growing.write_bytes(draw_it())
        growing.replace(kept)
    return kept.read_bytes()


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
