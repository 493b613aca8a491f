"""What README and guides name is there: files, pictures, commands."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

BASE_DIR = Path(__file__).resolve().parent.parent
README = BASE_DIR / "README.md"
GUIDES = sorted((BASE_DIR / "docs").glob("*.md"))
TEXTS = [README, BASE_DIR / "CHANGELOG.md", BASE_DIR / "theme" / "README.md", *GUIDES]
# Of packages that are installed when the setting is made which needs them.
ELSEWHERE = {"rebuild_modelsearch_index"}


def test_every_guide_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)\)", README.read_text()))
    assert {f"docs/{guide.name}" for guide in GUIDES} <= linked


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(text: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text.read_text())
    assert [target for target in targets if not (text.parent / target).exists()] == []


def test_no_picture_is_left_over() -> None:
    shown = set(
        re.findall(r"\((?:pictures|sheet)/([^)]+)\)", "".join(g.read_text() for g in GUIDES))
    )
    kept = {
        path.name
        for folder in ("pictures", "sheet")
        for path in (BASE_DIR / "docs" / folder).iterdir()
    }
    assert kept - shown == set()


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_commands_exist(text: Path) -> None:
    words = text.read_text()
    targets = set(re.findall(r"^([a-z]+):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z]+)", words)) <= targets
    commands = set(re.findall(r"manage\.py ([a-z_]+)", words)) - {"help"}
    assert commands <= set(get_commands()) | ELSEWHERE
