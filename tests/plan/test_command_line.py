"""The command line is the contract with everybody outside: files in, files out, 0 or 2."""

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main

PLAN = """
[plan]
id = "test"
currency = "EUR"
[trees.sponsor]
parent = "sponsor"
one_root = true
[volumes.cv]
of = "line.cv"
[statuses.active]
when = "cv > 0"
[tables.rates]
levels = ["10%", "5%"]
[bonuses.team]
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(level)"
payee = "active"
"""
MEMBERS = "member,sponsor\nada,\nben,ada\ncleo,ben\ndora,cleo\n"
VOLUMES = (
    "order,line,member,buyer,date,pv,cv\n"
    "A1,1,ada,self,2026-01-31,10,10\n"
    "D1,1,dora,self,2026-01-01,99.90,99.90\n"
    "D1,2,dora,retail,2026-01-31,0.10,0.10\n"
    "D2,1,dora,self,2026-02-01,500,500\n"
    "B1,1,ben,retail,2026-01-15,20,20\n"
)


class Folder:
    """A folder with a plan and its files, and the command run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("plan.toml", PLAN)
        self.write("members.csv", MEMBERS)
        self.write("volumes.csv", VOLUMES)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.path / name).write_text(text, encoding="utf-8")

    def arguments(self, *more: str) -> list[str]:
        """The arguments of a run."""
        return [
            "run", str(self.path / "plan.toml"), "--members", str(self.path / "members.csv"),
            "--volumes", str(self.path / "volumes.csv"), "--period", "2026-01",
            "--out", str(self.path / "out"), *more,
        ]  # fmt: skip

    def rows(self, name: str) -> list[list[str]]:
        """A file of the result, without its headings."""
        with (self.path / "out" / name).open(newline="") as file:
            return list(csv.reader(file))[1:]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A plan with its files."""
    return Folder(tmp_path)


def test_a_run_writes_awards_totals_and_skips(folder: Folder) -> None:
    """Dora's 100.00 of January: Cleo is inactive, Ben has 5 % = 5.00. Ben's 20: Ada 10 % = 2.00.
    Dora's order of February belongs to no January."""
    assert main(folder.arguments("--skips")) == 0
    assert folder.rows("awards.csv") == [
        ["ada", "team", "ben", "", "", "1", "20", "0.1", "2.00", "paid"],
        ["ben", "team", "dora", "", "", "2", "100", "0.05", "5.00", "paid"],
    ]
    assert folder.rows("totals.csv") == [["ada", "team", "2.00"], ["ben", "team", "5.00"]]
    assert folder.rows("skips.csv") == [
        [
            "cleo",
            "team",
            "dora",
            "",
            "",
            "1",
            "100",
            "0.1",
            "0.00",
            "inactive:active [cv=0/0]",
            "10.00",
        ]
    ]


def test_the_order_of_rows_and_the_hash_seed_change_no_byte(folder: Folder) -> None:
    results = []
    for seed in ("1", "2"):
        for name, text in (("members.csv", MEMBERS), ("volumes.csv", VOLUMES)):
            head, *rows = text.splitlines()
            random.Random(seed).shuffle(rows)
            folder.write(name, "\n".join([head, *rows]) + "\n")
        command = [sys.executable, "-m", "mlm_plugin.plan", *folder.arguments("--skips")]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        files = sorted((folder.path / "out").glob("*.csv"))
        results.append([(file.name, file.read_bytes()) for file in files])
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("members.csv", "ben,ada", "ben,eve", "members.csv, line 3: there is no member eve"),
        ("members.csv", "ada,\n", "ada,dora\n", "above itself in the tree “sponsor”"),
        ("members.csv", "cleo,ben", "cleo,", "may have one root only"),
        ("members.csv", "cleo,ben", "ben,ada", "member ben is there already"),
        ("members.csv", "sponsor", "upline", "there is no column “sponsor”; there is: member"),
        ("members.csv", "cleo,ben", "cleo,ben,x", "line 4: 2 values are needed, 3 are there"),
        ("volumes.csv", "B1,1,ben", "B1,1,eve", "volumes.csv, line 6: “eve” in column “member”"),
        ("volumes.csv", "retail,2026-01-15", "shop,2026-01-15", "a buyer is one of self"),
        ("volumes.csv", "2026-01-15", "15.01.2026", "a date is written like 2026-01-31"),
        ("volumes.csv", "2026-01-15,20,20", "2026-01-15,x,20", "“x” in column “pv” is no number"),
        ("volumes.csv", "2026-01-15,20,20", "2026-01-15,1e30,20", "is too large"),
        ("volumes.csv", "D1,2", "D1,1", "line 1 of order D1 is there already"),
        ("plan.toml", '"cv > 0"', '"cw > 0"', "statuses.active.when: “cw”: there is no such name"),
        ("plan.toml", "levels = 2\n", "", "bonuses.team.levels: Field required"),
        ("plan.toml", "[plan]", "[plan", "this is no TOML"),
    ],
)
def test_what_is_wrong_ends_with_two_and_names_the_place(
    folder: Folder, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    text = (folder.path / file).read_text()
    assert old in text
    folder.write(file, text.replace(old, new, 1))
    assert main(folder.arguments()) == 2
    assert said in capsys.readouterr().err
    assert not (folder.path / "out").exists()


def test_a_period_no_calendar_knows_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = folder.arguments()
    arguments[arguments.index("2026-01")] = "2026-13"
    assert main(arguments) == 2
    assert "is no period of the plan's calendars" in capsys.readouterr().err
