"""Chained runs give the same bytes whatever the order of rows, of folders and the hash seed."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.state import State, StateRows
from tests.plan.test_time_priors import HEAD

PLAN = (
    HEAD
    + """
[volumes.cv]
of = "line.cv"
[tables.amounts]
by = "rank"
rows = { Bronze = 10, Silver = 25 }
[metrics.three]
value = "sum_last(cv, 3)"
[ladders.rank]
grace_periods = 1
ranks = [
  { name = "Bronze", requires = ["cv >= 50"] },
  { name = "Silver", requires = ["three >= 200", 'times(rank >= "Bronze", 3) >= 2'] },
]
[codes.coder]
receiver = "payee.cv >= source.cv"
[bonuses.team]
kind = "unilevel"
tree = "coder"
base = "cv"
levels = 3
rate = "5%"
[bonuses.advance]
kind = "one_time"
key = "rank"
amount = "amounts(key)"
instalments = 2
[returns]
later_period = "reverse"
[money]
payout_minimum = 15
hold_periods = 1
"""
)
MEMBERS = "member,sponsor\n" + "ada,\nben,ada\ncleo,ben\ndora,cleo\neve,ada\n"
LINES = (
    "order,line,member,buyer,date,pv,cv,refund_of\n"
    "A1,1,ada,self,2026-01-05,120,120,\nB1,1,ben,self,2026-01-06,60,60,\n"
    "D1,1,dora,self,2026-01-07,55.55,55.55,\nD1,2,dora,self,2026-01-07,30,30,\n"
    "A2,1,ada,self,2026-02-05,90,90,\nC2,1,cleo,self,2026-02-06,70,70,\n"
    "R1,1,dora,self,2026-02-07,-11.11,-11.11,D1/1\nE3,1,eve,self,2026-03-01,80,80,\n"
    "R2,1,dora,self,2026-03-02,-44.44,-44.44,D1/1\nR3,1,dora,self,2026-03-02,-30,-30,D1/2\n"
)
HISTORY = (
    "period,member,name,value\n2025-12,ada,rank,Bronze\n2025-12,cleo,cv,44\n2025-11,eve,cv,9\n"
)


def chain(folder: Path, seed: str) -> dict[str, bytes]:
    """Three months in processes of their own, with rows and folders in an order of the seed."""
    folder.mkdir()
    chance = random.Random(seed)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    for name, text in (("members", MEMBERS), ("volumes", LINES), ("history", HISTORY)):
        head, *rows = text.splitlines()
        chance.shuffle(rows)
        (folder / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    done: list[str] = []
    for month in ("2026-01", "2026-02", "2026-03"):
        chance.shuffle(done)
        prior = [argument for each in done for argument in ("--prior", str(folder / each))]
        command = [
            sys.executable, "-m", "mlm_plugin.plan", "run", str(folder / "plan.toml"),
            "--members", str(folder / "members.csv"), "--volumes", str(folder / "volumes.csv"),
            "--history", str(folder / "history.csv"), "--period", month,
            "--out", str(folder / month), *prior,
        ]  # fmt: skip
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        done.append(month)
    return {
        f"{month}/{file.name}": file.read_bytes()
        for month in sorted(done)
        for file in sorted((folder / month).glob("*.csv"))
    }


def test_chained_runs_give_the_same_bytes(tmp_path: Path) -> None:
    first = chain(tmp_path / "first", "1")
    assert chain(tmp_path / "second", "2") == first
    carried = first["2026-03/carry.csv"].decode()
    for kind in ("balance", "career", "code", "hold", "instalments", "once", "reached", "returned"):
        assert f"\n{kind}," in carried, kind


def test_the_digest_of_what_is_carried_knows_numbers_and_not_their_decimals() -> None:
    """5 and 12 as such, and as 5.00 and 12.00; 5.10 is another number."""

    def digest(values: list[int], places: int) -> str:
        rows = StateRows.make(member=np.arange(2), value=Numbers(np.array(values), places))
        total = hashlib.sha256()
        State({("balance", ""): rows}).add_to(total)
        return total.hexdigest()

    assert digest([5, 12], 0) == digest([500, 1200], 2) == digest([50, 120], 1)
    assert digest([510, 1200], 2) == digest([5100, 12000], 3) != digest([500, 1200], 2)
