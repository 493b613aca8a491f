"""The plans of the library: each runs, has a page, and the page's worked example comes out as printed."""

import re
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.library import list_plans

PAGES = Path(__file__).parents[2] / "docs" / "plans"
PLANS = dict(list_plans())
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> dict[str, str]:
    """The files a page prints, by name."""
    return {name: text for _kind, name, text in BLOCK.findall(page.read_text("utf-8")) if name}


def test_every_plan_has_a_page_and_every_page_a_plan() -> None:
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
    assert pages == set(PLANS)
    assert len(PLANS) >= 8


@pytest.mark.parametrize("name", PLANS)
def test_the_worked_example_comes_out_as_the_page_has_it(name: str, tmp_path: Path) -> None:
    page = PAGES / f"{name}.md"
    files = blocks(page)
    for file in ("members.csv", "volumes.csv"):
        (tmp_path / file).write_text(files[file], encoding="utf-8")
    period = re.search(r"`--period ([^`]+)`", page.read_text("utf-8"))
    assert period
    arguments = [
        "run", str(PLANS[name]), "--members", str(tmp_path / "members.csv"),
        "--volumes", str(tmp_path / "volumes.csv"), "--period", period[1],
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    assert main(arguments) == 0
    head, *rows = (tmp_path / "out" / "totals.csv").read_text("utf-8").splitlines()
    assert "\n".join([head, *sorted(rows)]) + "\n" == files["totals.csv"]


@pytest.mark.parametrize("name", PLANS)
def test_without_order_lines_nothing_is_paid(name: str, tmp_path: Path) -> None:
    files = blocks(PAGES / f"{name}.md")
    (tmp_path / "members.csv").write_text(files["members.csv"], encoding="utf-8")
    (tmp_path / "volumes.csv").write_text(files["volumes.csv"].splitlines()[0] + "\n")
    arguments = [
        "run", str(PLANS[name]), "--members", str(tmp_path / "members.csv"),
        "--volumes", str(tmp_path / "volumes.csv"), "--out", str(tmp_path / "out"),
        "--period", "2026-W05" if "binary" in name else "2026-01",
    ]  # fmt: skip
    assert main(arguments) == 0
    assert (tmp_path / "out" / "totals.csv").read_text("utf-8") == "payee,bonus,amount\n"


def test_the_library_is_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library"]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()] == list(PLANS)
    assert main(["library", "unilevel"]) == 0
    assert capsys.readouterr().out == PLANS["unilevel"].read_text("utf-8")
    assert main(["library", "binari"]) == 2
    assert "the library has no plan “binari”" in capsys.readouterr().err
