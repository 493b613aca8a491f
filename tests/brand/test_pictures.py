"""What comes in as a logo is harmless before anyone sees it."""

from io import BytesIO

import pytest
from PIL import Image

from storefront.brand.pictures import Refused, clean_picture, get_theme_mark

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  viewBox="0 0 40 10" onload="alert(1)"><script>alert(2)</script>
  <a xlink:href="javascript:alert(3)"><rect width="40" height="9" fill="#24527a"/></a>
  <foreignObject><iframe src="https://evil.example/"/></foreignObject>
  <image href="https://evil.example/x.png" width="1" height="1"/></svg>"""


def as_file(kind: str, size=(30, 20)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#24527a").save(out, kind)
    return out.getvalue()


def test_an_svg_keeps_what_draws_and_loses_what_acts():
    kept = clean_picture(content=SVG)
    text = kept.file.read().decode()
    assert "<rect" in text and kept.file.name.endswith(".svg")
    for bad in ("script", "alert", "javascript", "foreignObject", "iframe", "evil.example"):
        assert bad not in text
    assert kept.width == 4 * kept.height


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_are_written_anew_as_png(kind):
    kept = clean_picture(content=as_file(kind))
    assert kept.file.read().startswith(b"\x89PNG")
    assert (kept.width, kept.height) == (30, 20)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>',
        as_file("GIF"),
        as_file("PNG")[:60],
        as_file("PNG", (4001, 2)),
        b"\x89PNG" + b"0" * 1_000_001,
    ],
    ids=["empty", "text", "half", "page", "blank", "gif", "cut", "wide", "heavy"],
)
def test_anything_else_is_refused_with_a_reason(content):
    with pytest.raises(Refused) as refusal:
        clean_picture(content=content)
    assert str(refusal.value)


def test_entities_do_not_grow():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    bomb += (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&b;&b;&b;</text></svg>'
    )
    with pytest.raises(Refused):
        clean_picture(content=bomb)


def test_the_mark_of_the_theme_takes_a_colour():
    assert b"#24527a" in get_theme_mark(accent="#24527a")
    assert b"<style" not in get_theme_mark(accent="#24527a")
