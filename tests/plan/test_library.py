"""The plans of the library: each runs, has a page, and the page's worked example comes out as printed."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.document.kinds import KINDS
from mlm_plugin.plan.document.model import PlanDocument
from mlm_plugin.plan.document.reference import make_reference
from mlm_plugin.plan.expressions.functions import FUNCTIONS
from mlm_plugin.plan.library import list_plans
from mlm_plugin.plan.plans import check_document
from mlm_plugin.plan.registered import register

PAGES = Path(__file__).parents[2] / "docs" / "plans"
PLANS = dict(list_plans())
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> dict[str, str]:
    """The files a page prints, by name."""
    return {name: text for _kind, name, text in BLOCK.findall(page.read_text("utf-8")) if name}


def test_every_plan_has_a_page_and_every_page_a_plan() -> None:
    pages = {page.stem for page in PAGES.glob("*.md")} - {
        "README",
        "reference",
        "simulating",
        "proof",
    }
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


# What the page's example of a function names; plans that name none that is registered do not load.
register("largest_below")(lambda given: given.columns[0])

README = (PAGES / "README.md").read_text("utf-8")
TOML = [text for kind, _name, text in BLOCK.findall(README) if kind == "toml"]


@pytest.mark.parametrize("block", TOML, ids=lambda block: block.splitlines()[0].strip("[]"))
def test_every_example_of_the_format_loads_beside_the_smallest_plan(block: str) -> None:
    """An example adds to the smallest plan, which is the first one of the page."""
    document = tomllib.loads(TOML[0], parse_float=Decimal)
    for section, parts in tomllib.loads(block, parse_float=Decimal).items():
        document[section] = {**document.get(section, {}), **parts}
    check_document(PlanDocument.model_validate(document))


def test_every_section_and_function_is_explained() -> None:
    headings = "".join(line for line in README.splitlines() if line.startswith("#"))
    sections = set(PlanDocument.model_fields)
    assert {each for each in sections if f"[{each}]" not in headings} == set()
    assert {each for each in FUNCTIONS if f"`{each}(" not in README} == set()
    assert {each for each in KINDS if f"`{each}`" not in README} == set()


def test_the_reference_names_every_field() -> None:
    """Made anew with `python -m mlm_plugin.plan schema --page > docs/plans/reference.md`."""
    assert (PAGES / "reference.md").read_text("utf-8") == make_reference()


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_links_of_the_plans_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_field_has_a_meaning() -> None:
    rows = [line for line in make_reference().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []
