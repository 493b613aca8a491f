"""Examples as files: a plan of the folder run through the command line, as anybody outside would."""

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlm_plugin.plan.__main__ import main

PLANS = Path(__file__).parent / "plans"
EXAMPLES = Path(__file__).parents[3] / "shared" / "plans" / "examples.json"
PERIOD = "2026-01"


def read_examples() -> dict[str, Any]:
    """The examples by id; tests that need them are skipped where they are not."""
    if not EXAMPLES.exists():
        pytest.skip("the examples (../shared/plans/examples.json) are not here")
    read = json.loads(EXAMPLES.read_text(encoding="utf-8"), parse_float=Decimal)
    return {example["id"]: example for example in read}


class Desk:
    """A folder with members and order lines, and the result of running a plan on them.

    Members are rows of `member,sponsor` and whatever `columns` add; lines are dictionaries with at
    least a member, everything else has a default.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def out(self) -> Path:
        """Where results are written."""
        return self.folder / "out"

    def members(self, *rows: Sequence[object], columns: str = "member,sponsor") -> None:
        """Write members.csv."""
        lines = [columns, *(",".join(map(str, row)) for row in rows)]
        (self.folder / "members.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def lines(self, *lines: dict[str, object]) -> None:
        """Write volumes.csv: `pv` stands for `cv` too where that is left out."""
        more = sorted(
            {key for line in lines for key in line} - {"member", "pv", "cv", "buyer", "date"}
        )
        columns = ["order", "line", "member", "buyer", "date", "pv", "cv", *more]
        with (self.folder / "volumes.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            for number, line in enumerate(lines):
                pv = line.get("pv", 0)
                given = {"order": f"{number:04d}", "line": 1, "buyer": "self", "pv": pv, "cv": pv}
                writer.writerow({**given, "date": f"{PERIOD}-01", **line})

    def run(self, plan: str | Path, *more: str, period: str = PERIOD) -> int:
        """Run a plan of the folder; the number is the exit code."""
        path = plan if isinstance(plan, Path) else PLANS / f"{plan}.toml"
        return main(
            [
                "run", str(path), "--members", str(self.folder / "members.csv"),
                "--volumes", str(self.folder / "volumes.csv"), "--period", period,
                "--out", str(self.out), *more,
            ]
        )  # fmt: skip

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a file of the result."""
        with (self.out / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def paid(self, bonus: str) -> dict[str, Decimal]:
        """What each payee gets by a bonus."""
        rows = self.rows("totals.csv")
        return {row["payee"]: Decimal(row["amount"]) for row in rows if row["bonus"] == bonus}

    def metric(self, name: str) -> dict[str, Decimal]:
        """A metric by member."""
        rows = self.rows("metrics.csv")
        return {row["member"]: Decimal(row["value"]) for row in rows if row["name"] == name}
