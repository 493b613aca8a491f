"""Production serves style sheets without what only their writers need."""

from pathlib import Path

from django.core.files.base import ContentFile

from storefront.static_files import SmallStaticFilesStorage
from theme.bundles import BUNDLES


def test_a_collected_style_sheet_is_small_and_says_the_same(tmp_path: Path) -> None:
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    name = storage.save(
        "theme/a.css", ContentFile(b"/* why */\n.a {\n  color: var(--t-text);\n}\n")
    )
    assert (tmp_path / name).read_text() == ".a{color:var(--t-text)}"


def test_other_files_stay_as_they_are(tmp_path: Path) -> None:
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    name = storage.save("theme/a.js", ContentFile(b"// why\nlet a;\n"))
    assert (tmp_path / name).read_text() == "// why\nlet a;\n"


def test_what_every_page_needs_is_one_file_that_a_theme_in_front_takes_part_in(
    tmp_path: Path,
) -> None:
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    # As collected: the file of the theme in front is the only one of its path.
    for part in BUNDLES["theme/all.css"]:
        storage.save(part, ContentFile(f"/* {part} */ .of{Path(part).stem} {{ top: 0 }}".encode()))
    paths = {part: (storage, part) for part in BUNDLES["theme/all.css"]}
    assert all(not isinstance(done, Exception) for _, _, done in storage.post_process(paths))
    joined = (tmp_path / storage.stored_name("theme/all.css")).read_text()
    assert joined.index(".oftokens{top:0}") < joined.index(".ofshop{top:0}")
    assert (tmp_path / storage.stored_name("theme/all.css")).with_suffix(".css.gz").exists()
