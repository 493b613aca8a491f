"""Frozen inputs: one file from which a result comes out again byte for byte."""

import zipfile
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.test_command_line import Folder

HISTORY = "period,member,name,value\n2025-12,ben,cv,120\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A plan with its files."""
    return Folder(tmp_path)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file that holds nothing of the clock."""
    return {
        file.name: file.read_bytes() for file in folder.iterdir() if file.name != "summary.json"
    }


def from_snapshot(folder: Folder, out: str, *more: str) -> int:
    """Run again from the frozen file."""
    return main(
        ["run", str(folder.path / "plan.toml"), "--snapshot", str(folder.path / "frozen.zip"),
         "--out", str(folder.path / out), *more]
    )  # fmt: skip


def test_frozen_inputs_give_the_same_result_byte_for_byte(folder: Folder) -> None:
    folder.write("history.csv", HISTORY)
    frozen = folder.path / "frozen.zip"
    more = ("--skips", "--history", str(folder.path / "history.csv"))
    assert main(folder.arguments("--freeze", str(frozen), *more)) == 0
    first = files_of(folder.path / "out")
    assert from_snapshot(folder, "again", "--skips") == 0
    assert files_of(folder.path / "again") == first
    # What is frozen again is the same file, and lies beside every result.
    assert first["inputs.zip"] == frozen.read_bytes()


def test_a_result_goes_on_from_frozen_carry(folder: Folder) -> None:
    """The state that an earlier result left is part of what is frozen."""
    folder.write("plan.toml", BINARY)
    folder.write("members.csv", "member,sponsor,side\nada,,\nben,ada,left\ncleo,ada,right\n")
    folder.write("volumes.csv", VOLUMES)
    assert main(folder.arguments()) == 0
    arguments = folder.arguments("--prior", str(folder.path / "out"))
    arguments[arguments.index("--out") + 1] = str(folder.path / "february")
    arguments[arguments.index("2026-01")] = "2026-02"
    frozen = folder.path / "frozen.zip"
    assert main([*arguments, "--freeze", str(frozen)]) == 0
    assert from_snapshot(folder, "again") == 0
    assert files_of(folder.path / "again") == files_of(folder.path / "february")
    # 300 carried on the left against 200 new on the right: 10 % of 200.
    assert b"ada,legs,ada,,,0,200,0.1,20.00,paid" in files_of(folder.path / "again")["awards.csv"]


BINARY = """
[plan]
id = "test"
currency = "EUR"
[trees.binary]
parent = "sponsor"
side = "side"
[volumes.cv]
of = "line.cv"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
"""
VOLUMES = (
    "order,line,member,buyer,date,pv,cv\n"
    "B1,1,ben,self,2026-01-31,300,300\n"
    "C1,1,cleo,self,2026-02-01,200,200\n"
)


def test_a_frozen_file_that_was_changed_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    frozen = folder.path / "frozen.zip"
    assert main(folder.arguments("--freeze", str(frozen))) == 0
    with zipfile.ZipFile(frozen) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    changed = entries["contents.json"].replace(b'"2026-01"', b'"2026-02"')
    assert changed != entries["contents.json"]
    with zipfile.ZipFile(frozen, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, changed if name == "contents.json" else data)
    assert from_snapshot(folder, "again") == 2
    assert "its digest does not fit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "more", "said"),
    [
        ('"10%", "5%"', '"10%", "6%"', (), "was frozen for another plan than plan.toml"),
        ("", "", ("--period", "2026-02"), "holds the period 2026-01"),
        ("", "", ("--members", "x.csv"), "--members is part of the frozen file"),
    ],
)
def test_a_frozen_file_goes_with_its_own_plan_and_period(
    folder: Folder, capsys: pytest.CaptureFixture[str], old: str, new: str,
    more: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    assert main(folder.arguments("--freeze", str(folder.path / "frozen.zip"))) == 0
    folder.write("plan.toml", (folder.path / "plan.toml").read_text().replace(old, new, 1))
    assert from_snapshot(folder, "again", *more) == 2
    assert said in capsys.readouterr().err
