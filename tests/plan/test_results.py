"""The files of a result: their contract, and that nothing but the facts decides any byte of them."""

import csv
import json
import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.test_command_line import Folder

PLAN = """
[plan]
id = "full"
currency = "EUR"
[trees.sponsor]
parent = "sponsor"
[attributes.scheme]
kind = "choice"
words = ["old", "new"]
[volumes.pv]
of = "line.pv"
[volumes.cv]
of = "line.cv"
[counts.buyers]
distinct = "customer"
where = 'line.buyer != "self"'
[metrics.group]
value = "total(pv, subtree)"
[statuses.active]
when = "pv >= 10 or buyers >= 1"
[views.team]
of = "sponsor"
keep = "active"
move = ["children", "volume"]
volume = "cv"
[ladders.rank]
cumulative = true
[[ladders.rank.ranks]]
name = "star"
requires = ["pv >= 10 and group >= 100"]
[[ladders.rank.ranks]]
name = "gold"
requires = ["group >= 300", 'legs_with(rank >= "star") >= 2']
[[ladders.rank.variants]]
when = 'member.scheme == "old"'
[[ladders.rank.variants.ranks]]
name = "star"
requires = ["pv >= 10"]
[[ladders.rank.variants.ranks]]
name = "gold"
requires = ["group >= 250"]
[tables.rates]
by = "rank"
rows = {star = ["10%"], gold = ["10%", "5%"]}
[guards.ten]
kind = "customers"
count = "buyers"
least = 1
volume = "pv"
least_volume = 1
applies = 'member.scheme == "new"'
bonuses = ["direct"]
[bonuses.team]
kind = "unilevel"
tree = "team"
base = "team.cv"
levels = 3
rate = "rates(rank, level)"
grain = "line"
[bonuses.direct]
kind = "direct"
base = "cv"
rate = "3.333%"
[bonuses.leaders]
kind = "pool"
fund = "company(cv) * 1%"
share = '1 if rank >= "star" else 0'
[limits.each]
scope = "payee"
most = "15"
"""
MEMBERS = (
    "member,sponsor,scheme\n"
    "ada,,old\nben,ada,new\ncleo,ada,old\ndora,ben,new\neve,cleo,\nfinn,dora,new\n"
)
VOLUMES = (
    "order,line,member,buyer,date,pv,cv,customer,amount\n"
    "A1,1,ada,self,2026-01-03,20,20,,24.00\n"
    "B1,1,ben,self,2026-01-04,50,45.50,,60.00\n"
    "C1,1,cleo,self,2026-01-05,10,10,,12.00\n"
    "C1,2,cleo,retail,2026-01-05,95.55,90.05,mia,130.00\n"
    "D1,1,dora,preferred,2026-01-06,60.10,60.10,noa,80.00\n"
    "E1,1,eve,self,2026-01-07,3,3,,4.00\n"
    "F1,1,finn,self,2026-01-08,40,40,,48.00\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A plan that uses much of the language, with its files."""
    folder = Folder(tmp_path)
    folder.write("plan.toml", PLAN)
    folder.write("members.csv", MEMBERS)
    folder.write("volumes.csv", VOLUMES)
    return folder


def table(folder: Folder, name: str) -> list[dict[str, str]]:
    """A file of the result by its headings."""
    with (folder.path / "out" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def summary(folder: Folder) -> dict[str, Any]:
    """The summary of the result."""
    read: dict[str, Any] = json.loads((folder.path / "out" / "summary.json").read_text())
    return read


def test_no_order_of_rows_and_no_hash_seed_changes_a_byte(folder: Folder) -> None:
    results = []
    # With these seeds Python orders the two words of the view's `move` differently.
    for seed in ("1", "2"):
        for name, text in (("members.csv", MEMBERS), ("volumes.csv", VOLUMES)):
            head, *rows = text.splitlines()
            random.Random(seed).shuffle(rows)
            folder.write(name, "\n".join([head, *rows]) + "\n")
        command = [sys.executable, "-m", "mlm_plugin.plan", *folder.arguments("--skips")]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        files = {
            file.name: file.read_bytes()
            for file in (folder.path / "out").iterdir()
            if file.name != "summary.json"
        }
        told = summary(folder)
        del told["seconds"]
        results.append((files, told))
    assert results[0] == results[1]
    assert {"awards.csv", "skips.csv", "ranks.csv", "inputs.zip"} <= results[0][0].keys()


def test_other_facts_have_other_digests(folder: Folder) -> None:
    assert main(folder.arguments()) == 0
    before = summary(folder)["digests"]
    folder.write("volumes.csv", VOLUMES.replace("90.05", "95.05"))
    assert main(folder.arguments()) == 0
    after = summary(folder)["digests"]
    assert after["plan"] == before["plan"]
    assert after["inputs"] != before["inputs"]
    assert after["results"] != before["results"]


def test_every_file_has_the_columns_of_the_contract(folder: Folder) -> None:
    assert main(folder.arguments("--skips")) == 0
    headings = {
        file.name: file.read_text().splitlines()[0] for file in (folder.path / "out").glob("*.csv")
    }
    assert headings.items() >= {
        ("awards.csv", "payee,bonus,source,order,line,level,base,rate,amount,reason"),
        ("skips.csv", "payee,bonus,source,order,line,level,base,rate,amount,reason,would_be"),
        ("totals.csv", "payee,bonus,amount"),
        ("ranks.csv", "member,ladder,kind,rank,requirement,value,threshold,met"),
        ("metrics.csv", "member,name,value"),
        ("positions.csv", "member,tree,parent,side"),
        ("carry.csv", "kind,member,name,leg,date,order,line,value"),
    }


def test_ranks_show_each_requirement_of_the_members_own_variant(folder: Folder) -> None:
    """Ada of the old scheme needs 250 for gold. Ben of the new one lacks both parts of gold."""
    assert main(folder.arguments()) == 0
    rows = [tuple(row.values())[1:] for row in table(folder, "ranks.csv") if row["member"] == "ben"]
    assert rows == [
        ("rank", "paid_as", "star", "pv >= 10", "50", "10", "yes"),
        ("rank", "paid_as", "star", "group >= 100", "150.1", "100", "yes"),
        ("rank", "career", "star", "", "", "", "yes"),
        ("rank", "next", "gold", "group >= 300", "150.1", "300", "no"),
        ("rank", "next", "gold", 'legs_with(rank >= "star") >= 2', "1", "2", "no"),
    ]
    ada = [tuple(row.values())[1:] for row in table(folder, "ranks.csv") if row["member"] == "ada"]
    assert ada == [
        ("rank", "paid_as", "gold", "group >= 250", "278.65", "250", "yes"),
        ("rank", "career", "gold", "", "", "", "yes"),
    ]


def test_the_summary_counts_and_gives_the_payout_ratio(folder: Folder) -> None:
    assert main(folder.arguments("--skips")) == 0
    told, awards = summary(folder), table(folder, "awards.csv")
    assert sum(told["awards"].values()) == len(awards)
    assert sum(told["skips"].values()) == len(table(folder, "skips.csv"))
    total = sum(int(row["amount"].replace(".", "")) for row in awards)
    assert told["total"] == f"{total / 100:.2f}"
    assert told["sales"] == {"cv": "268.65", "amount": "358"}
    assert abs(float(told["payout_ratio"]["cv"]) - total / 26865) < 1e-5
    assert all(float(row["amount"]) for row in awards)


def test_the_summary_says_what_limits_took_and_what_is_above_those_that_report(
    folder: Folder,
) -> None:
    """All are paid together; at most 20 would be allowed."""
    more = '[limits.told]\nscope = "company"\nmode = "report"\nmost = "20"\n'
    folder.write("plan.toml", PLAN + more)
    assert main(folder.arguments("--skips")) == 0
    told, skips = summary(folder), table(folder, "skips.csv")
    taken = sum(Decimal(row["would_be"]) for row in skips if row["reason"] == "limit:each")
    assert told["limits"] == {
        "each": {"taken": str(taken)},
        "told": {"above": str(Decimal(told["total"]) - 20)},
    }


def test_reasons_carry_the_figures_that_decided(folder: Folder) -> None:
    """What the limit takes from Ada is the same in both files; Ben has no customer of his own."""
    assert main(folder.arguments("--skips")) == 0
    lowered = [row for row in table(folder, "awards.csv") if row["reason"] != "paid"]
    assert {row["payee"] for row in lowered} == {"ada"}
    assert all(row["reason"].startswith("limit:each [was=") for row in lowered)
    was = sum(Decimal(row["reason"].split("=")[1].rstrip("]")) for row in lowered)
    taken = [row for row in table(folder, "skips.csv") if row["reason"] == "limit:each"]
    kept = sum(Decimal(row["amount"]) for row in lowered)
    assert was - kept == sum(Decimal(row["would_be"]) for row in taken)
    guarded = [row["reason"] for row in table(folder, "skips.csv") if row["payee"] == "ben"]
    assert "guard:ten [buyers=0/1; pv.customers=0/1]" in guarded


def test_a_column_that_the_volumes_lack_is_named(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("plan.toml", PLAN.replace('of = "line.cv"', 'of = "line.weight"'))
    text = (folder.path / "plan.toml").read_text()
    folder.write(
        "plan.toml",
        text.replace("[volumes.pv]", '[attributes."line.weight"]\nkind = "number"\n[volumes.pv]'),
    )
    assert main(folder.arguments()) == 2
    assert "the volumes' file has no column “weight”" in capsys.readouterr().err
