"""The check sheet leaves no page out, and its sheets can be written."""

from pathlib import Path

import pytest
from PIL import Image

from tests.check_sheet.camera import LANGUAGES, MODES, SIZES
from tests.check_sheet.pages import AREAS, NOT_PAGES, Shot, shots_of_table
from tests.check_sheet.paper import join_thumbs, write_area, write_page
from tests.test_pages import ROLES, read_table

THUMBS = {
    (size, language, mode): Image.new("RGB", (width, round(screen[1] * width / screen[0])), "red")
    for size, (screen, width) in SIZES.items()
    for language in LANGUAGES
    for mode in MODES
}


def test_every_page_that_opens_to_somebody_is_photographed() -> None:
    shots = shots_of_table({role: role for role in ROLES})
    open_pages = {name for name, answers in read_table() if "ok" in answers.values()}
    assert {shot.name for shot in shots} == open_pages - NOT_PAGES
    assert {shot.area for shot in shots} <= set(AREAS)


def test_a_page_is_seen_by_the_first_role_that_may() -> None:
    seen_by = {shot.name: shot.who for shot in shots_of_table({role: role for role in ROLES})}
    assert seen_by["catalogue:index"] == "stranger"
    assert seen_by["customer:order-list"] == "customer"
    assert seen_by["mlm:my-points"] == "member"
    assert seen_by["style-page"] == "operator"


def test_sheets_and_their_page_are_written(tmp_path: Path) -> None:
    shots = [Shot("shop", f"page {number}", "", f"/{number}/") for number in range(3)]
    write_area(tmp_path, "shop", [(shot, THUMBS) for shot in shots])
    write_page(tmp_path / "check_sheet.md", shots)
    for size in SIZES:
        assert f"sheet/shop-{size}.webp" in (tmp_path / "check_sheet.md").read_text()
        with Image.open(tmp_path / f"shop-{size}.webp") as sheet:
            assert sheet.format == "WEBP"


def test_more_pages_than_a_sheet_holds_are_refused() -> None:
    shot = Shot("shop", "page", "", "/")
    with pytest.raises(ValueError, match="make two areas"):
        join_thumbs([(shot, THUMBS)] * 80, size="desk")
