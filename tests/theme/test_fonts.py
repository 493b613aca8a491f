"""Fonts are cut once, hold Latin and Cyrillic, and give up the reserved name."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from fontTools.ttLib import TTFont

from theme.fonts import FAMILIES


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FONT_DIR = tmp_path
    call_command("build_fonts", stdout=StringIO())
    return tmp_path / "theme" / "fonts"


CUTS = [(family, cut) for family in FAMILIES.values() for cut in family.cuts]


def test_every_typeface_is_small_and_knows_our_letters(folder: Path) -> None:
    for family, cut in CUTS:
        path = folder / f"{cut.file}.woff2"
        assert path.stat().st_size < 45_000
        font = TTFont(path)
        assert {ord(letter) for letter in "Aéß₽€жЁ−№0"} <= set(font.getBestCmap())
        names = {record.toUnicode() for record in font["name"].names if record.nameID == 1}
        assert names == {family.css_name}


def test_a_second_build_does_nothing_until_a_file_is_missing(folder: Path) -> None:
    sans, serif = folder / "sans.woff2", folder / "serif.woff2"
    before = sans.stat().st_mtime_ns
    call_command("build_fonts")
    assert sans.stat().st_mtime_ns == before
    serif.unlink()
    call_command("build_fonts")
    assert serif.is_file()
