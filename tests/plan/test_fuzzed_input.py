"""Plans and files with parts replaced at random: the command line ends with 0, or with 2 and words."""

import random
import re
from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main

LIBRARY = sorted((Path(__file__).parents[2] / "mlm_plugin/plan/library").glob("*.toml"))
MEMBERS = """\
member,sponsor,placement,side,joined
ada,,,,2025-01-01
ben,ada,ada,left,2025-02-01
cleo,ada,ada,right,2026-01-05
dora,ben,ben,left,2026-01-07
"""
VOLUMES = """\
order,line,member,buyer,date,pv,cv,customer,refund_of,party,host
1,1,ada,self,2026-01-28,100,100,,,,
2,1,ben,self,2026-01-28,0,1500,,,,
3,1,cleo,retail,2026-01-28,100,1000,k1,,p1,cleo
4,1,dora,preferred,2026-01-29,60.5,70.25,k2,,p1,cleo
5,1,dora,preferred,2026-01-30,-60.5,-70.25,k2,4/1,p1,cleo
"""
FORMULAS = (
    "total(cv, subtree)", "leg(cv, 1)", "company(cv)", "earlier(cv)", "cv / 0", "-cv", "line.cv",
    "payee.rank", "source.cv", "level", "key", "rank >= 'x'", "cv * cv * cv * cv * cv", "500%",
    "member.ghost", "days_since(member.joined)", "on_side(cv, 2)", "1 if cv > 1 else -1", "(", "",
    "9" * 40, "0.0000000000000000001", "count(True, level(99))", "line.date", "best(cv, 3, 2)",
)  # fmt: skip
WORDS = (
    "", "0", "-1", "1e999", "NaN", "9" * 30, "0.0000000001", "2026-13-01", "0001-01-01", '"', "\0",
    "\n", "\ufeff", "١", "self", "1/1", "ghost", ",", "]", "true",
)  # fmt: skip


def replaced(chance: random.Random, text: str, pattern: str, others: tuple[str, ...]) -> str:
    """A text with one of the places that a pattern finds replaced."""
    spans = [match.span(1) for match in re.finditer(pattern, text, re.MULTILINE)]
    start, end = chance.choice(spans)
    return text[:start] + chance.choice(others) + text[end:]


@pytest.mark.parametrize("seed", range(40))
def test_the_command_line_never_ends_in_a_traceback(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    plan, members, volumes = chance.choice(LIBRARY).read_text(), MEMBERS, VOLUMES
    period = "2026-W05" if 'calendar = "week"' in plan else "2026-01"
    if seed % 4 == 0:
        members = replaced(chance, members, r"([^,\n]+)", WORDS)
    elif seed % 4 == 1:
        volumes = replaced(chance, volumes, r"([^,\n]+)", WORDS)
    else:
        plan = replaced(chance, plan, r'^\w+ = "([^"\n]*)"', FORMULAS)
    for name, text in (("plan.toml", plan), ("members.csv", members), ("volumes.csv", volumes)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    files = [f"--{name}={tmp_path / name}.csv" for name in ("members", "volumes")]
    asked = str(tmp_path / "plan.toml")
    for arguments in (
        ["run", asked, *files, "--period", period, "--out", str(out), "--skips"],
        ["check", asked, "--profile", "us"],
        ["explain", str(out), "--member", "ada", "--lang", "ru"],
    ):
        code = main(arguments)
        said = capsys.readouterr()
        assert code in (0, 2)
        assert code == 0 or said.err.strip()
