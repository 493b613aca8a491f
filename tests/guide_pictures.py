"""Pictures for the guides, taken by the tests that walk what a guide describes.

    GUIDE_PICTURES=docs/pictures .venv/bin/python -m pytest tests/browser/test_*_guide.py

Without the variable the fixture does nothing, so the walk is tested all the same.
"""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Locator, Page

Picture = Callable[..., None]
# As wide as a text column of a code host shows it; phones are narrower anyway.
WIDEST = 1200
COLOURS = 255


@pytest.fixture
def picture() -> Picture:
    """Return a function that saves what the browser shows: `picture("marketing-menus", page=page)`.

    It writes `<name>.png` to the folder of `GUIDE_PICTURES`. `part` takes one part of the page only,
    `whole` the page to its end.
    """

    if os.environ.get("GUIDE_PICTURES"):
        call_command("build_fonts", verbosity=0)

    def take(name: str, *, page: Page, part: Locator | None = None, whole: bool = False) -> None:
        folder = os.environ.get("GUIDE_PICTURES")
        if not folder:
            return
        path = Path(folder) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.evaluate("document.fonts.ready.then(() => true)")
        if part is not None:
            shot = part.screenshot(animations="disabled")
        else:
            shot = page.screenshot(full_page=whole, animations="disabled")
        path.write_bytes(make_small(shot))

    return take


def make_small(shot: bytes) -> bytes:
    """The picture as a PNG of few colours, at most as wide as a guide shows it."""
    with Image.open(BytesIO(shot)) as opened:
        image = opened.convert("RGB")
    if image.width > WIDEST:
        height = round(image.height * WIDEST / image.width)
        image = image.resize((WIDEST, height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
