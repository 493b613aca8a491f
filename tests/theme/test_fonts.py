"""Fonts are cut once, hold Latin and Cyrillic, and give up the reserved name."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from fontTools.ttLib import TTFont

from theme.fonts import FAMILIES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    with override_settings(FONT_DIR=folder):
        call_command("build_fonts", stdout=StringIO())
    return folder


@pytest.fixture
def folder(settings: Any, built: Path) -> Path:
    settings.FONT_DIR = built
    return built / "theme" / "fonts"


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
