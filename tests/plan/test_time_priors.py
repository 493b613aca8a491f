"""Looking back: earlier results and history.csv, and what is refused of them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main

MEMBERS = "member,sponsor,joined\nada,,2025-01-01\nben,ada,2026-01-10\ncleo,ben,2026-02-20\n"
HEAD = '[plan]\nid = "test"\ncurrency = "EUR"\n[trees.sponsor]\nparent = "sponsor"\n'
VOLUMES = '[volumes.cv]\nof = "line.cv"\n'
LINES = "order,line,member,buyer,date,pv,cv\n"


class Company:
    """A plan with its members and order lines, run period after period through the command line."""

    headings = LINES

    def __init__(self, path: Path, plan: str) -> None:
        self.path = path
        self.write("plan.toml", HEAD + plan)
        self.write("members.csv", MEMBERS)

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        file = self.path / name
        file.write_text(text, encoding="utf-8")
        return file

    def run(
        self,
        period: str,
        lines: Sequence[str] = (),
        *,
        prior: Sequence[str] = (),
        history: Sequence[str] = (),
    ) -> int:
        """Run a period into a folder of its name. Lines are `order,line,member,buyer,date,pv,cv`."""
        volumes = self.write("volumes.csv", self.headings + "".join(f"{line}\n" for line in lines))
        arguments = [
            "run", str(self.path / "plan.toml"), "--members", str(self.path / "members.csv"),
            "--volumes", str(volumes), "--period", period, "--out", str(self.path / period),
        ]  # fmt: skip
        for each in prior:
            arguments += ["--prior", str(self.path / each)]
        if history:
            rows = "".join(f"{row}\n" for row in history)
            file = self.write("history.csv", f"period,member,name,value\n{rows}")
            arguments += ["--history", str(file)]
        return main(arguments)

    def rows(self, period: str, name: str) -> list[dict[str, str]]:
        """A file of a result."""
        with (self.path / period / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def metric(self, period: str, name: str) -> Mapping[str, str]:
        """A metric by member, those with nothing left out."""
        rows = self.rows(period, "metrics.csv")
        return {row["member"]: row["value"] for row in rows if row["name"] == name}

    def totals(self, period: str) -> Mapping[tuple[str, str], str]:
        """What each payee got by each bonus."""
        return {
            (row["payee"], row["bonus"]): row["amount"] for row in self.rows(period, "totals.csv")
        }


WINDOWS = (
    VOLUMES
    + """
[metrics.before]
value = "earlier(cv)"
[metrics.three]
value = "sum_last(cv, 3)"
[metrics.past_two]
value = "max_last(cv, 2, past=True)"
[metrics.two_best]
value = "best(cv, 2, 3)"
[metrics.months]
value = "times(cv >= 50, 3)"
[metrics.ever]
value = "lifetime(cv)"
"""
)
# Cleo buys 40, 60 and 100 in three months.
MONTHS = {"2026-01": "A1,1,cleo,self,2026-01-05,40,40", "2026-02": "A2,1,cleo,self,2026-02-05,60,60",
          "2026-03": "A3,1,cleo,self,2026-03-05,100,100"}  # fmt: skip


def test_windows_read_earlier_results(tmp_path: Path) -> None:
    """In March: February 60, all three 200, the larger of two 60, the best two 160, two months of
    at least 50, ever 200."""
    company = Company(tmp_path, WINDOWS)
    done: list[str] = []
    for period, line in MONTHS.items():
        assert company.run(period, [line], prior=done) == 0
        done.append(period)
    expected = {"before": "60", "three": "200", "past_two": "60", "two_best": "160",
                "months": "2", "ever": "200"}  # fmt: skip
    assert {name: company.metric("2026-03", name)["cleo"] for name in expected} == expected


def test_history_is_read_as_earlier_results_are(tmp_path: Path) -> None:
    company = Company(tmp_path, WINDOWS)
    history = ["2026-01,cleo,cv,40", "2026-02,cleo,cv,60.00"]
    assert company.run("2026-03", [MONTHS["2026-03"]], history=history) == 0
    assert company.metric("2026-03", "three") == {"cleo": "200"}
    # The same fact from both is one fact; another value is a mistake.
    assert company.run("2026-02", [MONTHS["2026-02"]]) == 0
    again = ["2026-01,cleo,cv,40", "2026-02,cleo,cv,60"]
    assert company.run("2026-03", [MONTHS["2026-03"]], history=again, prior=["2026-02"]) == 0
    assert company.metric("2026-03", "three") == {"cleo": "200"}
    again[1] = "2026-02,cleo,cv,61"
    assert company.run("2026-03", [MONTHS["2026-03"]], history=again, prior=["2026-02"]) == 2


def test_a_month_builds_on_its_weeks(tmp_path: Path) -> None:
    """Cleo earns 10 % of 100 and of 200 in two weeks that end in January: 30.00; Ben is matched half
    of it, 15.00. The week that ends on the first of February belongs to February. The best week had
    200, which makes Cleo a star."""
    company = Company(
        tmp_path,
        VOLUMES
        + """
[metrics.best_week]
value = "max_within(cv, week)"
[ladders.rank]
calendar = "month"
ranks = [{ name = "Star", requires = ["best_week >= 200"] }]
[bonuses.own]
kind = "direct"
calendar = "week"
base = "cv"
rate = "10%"
[bonuses.match]
kind = "matching"
of = ["own"]
generations = 1
rate = "50%"
""",
    )
    weeks = {"2026-W02": "2026-01-06", "2026-W03": "2026-01-13", "2026-W05": "2026-02-01"}
    for number, (week, day) in enumerate(weeks.items()):
        cv = (number + 1) * 100
        assert company.run(week, [f"A{number},1,cleo,self,{day},{cv},{cv}"]) == 0
    assert company.run("2026-01", prior=["2026-W03", "2026-W02"]) == 0
    assert company.totals("2026-01") == {("ben", "match"): "15.00"}
    ranks = [(row["member"], row["rank"]) for row in company.rows("2026-01", "ranks.csv")
             if row["kind"] == "paid_as"]  # fmt: skip
    assert ranks == [("cleo", "Star")]
    assert company.run("2026-01", prior=["2026-W03", "2026-W05"]) == 2


def test_a_week_pays_by_the_rank_of_the_last_month(tmp_path: Path) -> None:
    """Cleo is Gold in January: 10 % of her first week of February, though that week has no rank. What
    a week leaves does not touch what the month remembers."""
    plan = (
        VOLUMES
        + """
[tables.rates]
by = "rank"
rows = { Gold = "10%" }
[ladders.rank]
calendar = "month"
ranks = [{ name = "Gold", requires = ["cv >= 500"] }]
[bonuses.own]
kind = "direct"
calendar = "week"
base = "cv"
rate = "rates(rank)"
"""
    )
    company = Company(tmp_path, plan)
    assert company.run("2026-01", ["A1,1,cleo,self,2026-01-10,600,600"]) == 0
    week = ["A2,1,cleo,self,2026-02-04,100,100"]
    assert company.run("2026-W06", week, prior=["2026-01"]) == 0
    assert company.totals("2026-W06") == {("cleo", "own"): "10.00"}
    assert company.run("2026-W07", week, prior=["2026-W06", "2026-01"]) == 0
    assert company.run("2026-02", week, prior=["2026-W06", "2026-01"]) == 0
    ranks = {row["kind"]: row["rank"] for row in company.rows("2026-02", "ranks.csv")
             if row["member"] == "cleo"}  # fmt: skip
    assert ranks["career"] == "Gold"
    assert "paid_as" not in ranks


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        (["2026-01", "2026-01"], "each period can be given once"),
        (["2026-03"], "2026-03, which is not before 2026-02"),
        (["2026-02"], "2026-02, which is not before 2026-02"),
        (["other"], "is a result of the plan “other”, not of “test”"),
        (["nothing"], "is no folder of an earlier result"),
    ],
)
def test_a_folder_that_cannot_be_earlier_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], prior: list[str], said: str
) -> None:
    company = Company(tmp_path, VOLUMES)
    for period in ("2026-01", "2026-02", "2026-03"):
        assert company.run(period, [MONTHS[period]]) == 0
    (tmp_path / "other").mkdir()
    text = (tmp_path / "2026-01" / "summary.json").read_text().replace('"test"', '"other"')
    company.write("other/summary.json", text)
    assert company.run("2026-02", [MONTHS["2026-02"]], prior=prior) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-01,eve,cv,1", "history.csv, line 2: there is no member eve"),
        ("2026-01,ada,cw,1", "the plan has no “cw”"),
        ("2026-13,ada,cv,1", "“2026-13” is no period"),
        ("2026-03,ada,cv,1", "2026-03 is not before 2026-03"),
        ("2026-01,ada,cv,much", "“much” is no number"),
    ],
)
def test_a_bad_row_of_history_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    company = Company(tmp_path, WINDOWS)
    assert company.run("2026-03", history=[row]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("earlier(total(cv, subtree))", "the trees of earlier periods are not known"),
        ("sum_last(paid.own, 3)", "add past=True"),
        ("sum_within(cv, fortnight)", "a calendar is needed"),
        ("times(cv, 3)", "yes or no is needed"),
        ("earlier(cw)", "there is no such name"),
        ("best(cv, 2)", "3 values are needed"),
    ],
)
def test_what_cannot_be_looked_back_at_is_said_by_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], formula: str, said: str
) -> None:
    plan = VOLUMES + f'[metrics.past]\nvalue = "{formula}"\n'
    plan += '[bonuses.own]\nkind = "direct"\nbase = "cv"\nrate = "10%"\n'
    Company(tmp_path, plan)
    assert main(["check", str(tmp_path / "plan.toml")]) == 2
    assert said in capsys.readouterr().err


def test_what_is_known_of_no_period_before_did_not_hold(tmp_path: Path) -> None:
    """In January nobody knows whether anybody was active in December; in February it is known."""
    plan = VOLUMES + (
        '[statuses.active]\nwhen = "cv >= 0"\n'
        '[metrics.was]\nvalue = "1 if earlier(active) else 0"\n'
    )
    company = Company(tmp_path, plan)
    assert company.run("2026-01", [MONTHS["2026-01"]]) == 0
    assert company.metric("2026-01", "was") == {}
    assert company.run("2026-02", [MONTHS["2026-02"]], prior=["2026-01"]) == 0
    assert company.metric("2026-02", "was") == {"ada": "1", "ben": "1", "cleo": "1"}
